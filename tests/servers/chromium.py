"""The Chromium that browser tests drive, and how it is started."""

import os
import shutil
from pathlib import Path

# The shell first: it makes no window around the page and costs a quarter less, but keeps no page for "back".
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

# A browser that calls nobody by itself, and speaks to us over plain TCP.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-gpu",
)


def find_chromium(*, whole: bool = False) -> str | None:
    """$CHROMIUM, else the first known name on $PATH, else the one that Playwright has downloaded.

    A `whole` one can show windows and has a back/forward cache.
    """
    names = NAMES[1:] if whole else NAMES
    on_path = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *names) if name)
    return next(filter(None, on_path), None) or _playwrights_own()


def launch_arguments(*, whole: bool = False) -> dict[str, object]:
    """Playwright's launch arguments for it; root may not use Chromium's sandbox."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {"executable_path": find_chromium(whole=whole), "args": [*FLAGS, *sandbox]}


def _playwrights_own() -> str | None:
    """The newest download in Playwright's cache (asking Playwright itself would start its driver)."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    downloads = sorted(cache.glob("chromium-*/chrome-linux*/chrome"), key=lambda path: path.stat().st_mtime)
    return str(downloads[-1]) if downloads else None
