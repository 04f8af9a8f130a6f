"""The open example for a flood of commands: `python -m tests.realtime.lenient DATABASE_URL`."""

import sys

from realtime.examples.open import open_server, serve
from realtime.policies import Limits

if __name__ == "__main__":
    serve(open_server(sys.argv[1], limits=Limits(commands_per_second=1_000_000)), "127.0.0.1", 0)
