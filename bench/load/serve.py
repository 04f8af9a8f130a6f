"""`python -m bench.load.serve PORT`: the site as `relais serve` serves it, without limits per person."""

import gc
import sys

from forum.app import create_app
from forum.config import read_config
from forum.limits import Limits
from forum.logs import set_up_logs
from realtime.policies import Limits as LiveLimits
from realtime.server import LiveServer, allow_many_files, config, listening_socket, look_for_garbage_seldom

MANY = 1_000_000


def main(port: int) -> None:
    """Serve until told to stop."""
    settings = read_config()
    set_up_logs(settings.log)
    # As `relais serve` does with what has loaded.
    gc.freeze()
    allow_many_files()
    look_for_garbage_seldom()
    limits = LiveLimits(connections_per_address=MANY, connections_per_user=MANY)
    app = create_app(settings, Limits(enabled=False), limits)
    server = LiveServer(config(app, app.hub, log_config=None), app.hub)
    server.run(sockets=[listening_socket("127.0.0.1", port)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
