"""The wheel alone, in an empty environment, serves from an empty folder."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.waiting import until

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.servers
@pytest.mark.timeout(300)
async def test_the_wheel_serves_from_an_empty_folder(tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    python = str(tmp_path / "venv" / "bin" / "python")
    run(python, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path / "dist"), str(ROOT))
    (wheel,) = (tmp_path / "dist").glob("relais-*.whl")
    run(python, "-m", "pip", "install", "-q", str(wheel))
    folder = tmp_path / "empty"
    folder.mkdir()
    server = subprocess.Popen(
        [str(tmp_path / "venv" / "bin" / "relais"), "serve", "--port", "0", "--first-run"],
        cwd=folder,
        env=clean_environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = first_address(server)
        page = urllib.request.urlopen(address).read().decode()
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert "Derniers sujets" in page
        assert urllib.request.urlopen(address + style).status == 200
    finally:
        server.terminate()
        assert server.stderr is not None
        server.stderr.close()
        await until(lambda: server.poll() is not None, 15)


def run(*command: str) -> None:
    subprocess.run(command, check=True, env=clean_environment(), stdout=subprocess.DEVNULL)


def clean_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("RELAIS_", "PYTHONPATH"))
    }


def first_address(server: "subprocess.Popen[str]") -> str:
    """The address that the server says it answers at."""
    assert server.stderr is not None
    for line in server.stderr:
        if "http://" in line:
            return line[line.index("http://") :].strip()
    raise AssertionError("the server ended without an address")
