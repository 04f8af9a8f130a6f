"""An OpenID Connect provider of the tests' own: Canaille, in a process of its own, on a free port."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joserfc.jwk import RSAKey

from tests.servers.keeper import free_port, kept, listens

PROGRAM = Path(__file__).with_name("provider_process.py")
CLIENT_SECRET = "the secret of a client of the tests"
PASSWORD = "a door between two offices"


@contextmanager
def running_canaille(callbacks: list[str], key: RSAKey, port: int = 0) -> Iterator[str]:
    """Start a provider that sends browsers back to these addresses only; its issuer.

    It signs with that key, and is called by another name than the site is: to browsers it is another site.
    """
    port = port or free_port()
    folder = Path(tempfile.mkdtemp(prefix="relais-canaille-"))
    (folder / "key.json").write_text(json.dumps(key.as_dict(private=True)))
    with kept([sys.executable, str(PROGRAM), str(port), *callbacks], folder, lambda: listens(port)):
        yield f"http://localhost:{port}"
