"""`make run` on a machine that lacks something says so in one sentence."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_machine_without_a_recent_python_is_told_so_in_one_sentence(tmp_path):
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    install = subprocess.run(
        ["sh", tmp_path / "tools/install.sh"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": "false"},
        capture_output=True,
        text=True,
    )

    assert install.returncode == 1
    assert "Python 3.11 or newer is needed" in install.stderr
    assert not (tmp_path / ".venv").exists()


def test_each_command_is_listed_with_what_it_does():
    listed = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True, check=True).stdout

    for command in ("run", "test", "check"):
        assert f"make {command} " in listed
