"""Servers end with the run that asked for them, however that run ends."""

import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.servers.keeper import kept

KILLED_RUN = """
import os, signal
from tests.servers.redis import running_redis

with running_redis() as url:
    print(url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.servers
def test_a_killed_run_leaves_no_server_and_no_folder_behind(tmp_path):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_RUN],
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
    )

    assert killed.stdout.startswith(b"redis://"), killed.stderr
    deadline = monotonic() + 20
    while list(tmp_path.iterdir()) and monotonic() < deadline:
        sleep(0.01)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_refuses_to_start_is_quoted(tmp_path):
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    refusing = ["sh", "-c", "echo the port is taken >&2; exit 3"]

    with pytest.raises(RuntimeError, match="the port is taken"), kept(refusing, folder, lambda: False):
        raise AssertionError("it must not be said to run")

    assert not folder.exists()
