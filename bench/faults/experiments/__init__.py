"""One experiment a file; `ALL` lists them in the order in which they run."""

from bench.faults.experiment import Experiment
from bench.faults.experiments.clock import clock
from bench.faults.experiments.cuts import cuts
from bench.faults.experiments.disk import disk_full, file_limit
from bench.faults.experiments.kill import kill
from bench.faults.experiments.locked import locked
from bench.faults.experiments.postgres import postgres
from bench.faults.experiments.readers import readers
from bench.faults.experiments.redis import redis
from bench.faults.experiments.rights import rights, rights_of_many
from bench.faults.experiments.stop import stop
from bench.faults.experiments.trimmed import trimmed
from bench.faults.experiments.worker import worker

GROWN = "PostgreSQL + Redis"

ALL = (
    Experiment(
        "kill", "kill -9 under 50 writers, started again, integrity checked", kill,
        whole={"kills": 200}, short={"kills": 20, "writers": 20},
    ),
    Experiment(
        "cuts", "lines cut, reset, lost and silent, at random", cuts,
        whole={"faults": 1000}, short={"faults": 100, "writers": 20, "listeners": 20, "lost": 0},
    ),
    Experiment(
        "locked", "the database locked by another process 1, 5, 30 s", locked,
        # SQLite counts the naps of its five seconds, not the clock: on a busy machine they are more.
        whole={"seconds": (1.0, 5.0, 30.0)}, short={"seconds": (1.0, 10.0)},
    ),
    Experiment(
        "readers", "readers frozen, and on lines of 1 kB/s", readers,
        whole={"slow": 200, "posts": 1500}, short={"slow": 20, "posts": 250},
    ),
    Experiment(
        "disk", "the disk full, and space again", disk_full,
        whole={"times": 5}, short={"times": 1},
    ),
    Experiment(
        "file-limit", "files that may grow no further (RLIMIT_FSIZE), and again", file_limit,
        whole={"times": 5}, short={"times": 1},
    ),
    Experiment(
        "redis", "Redis stopped 30 s, emptied, frozen 30 s; two workers", redis,
        whole={"seconds": 30.0}, short={"seconds": 4.0}, engine=GROWN,
    ),
    Experiment(
        "postgres", "PostgreSQL restarted immediately under 50 writers, fsync on; two workers", postgres,
        whole={"times": 10}, short={"times": 1, "writers": 30}, engine=GROWN,
    ),
    Experiment(
        "worker", "one of two workers killed", worker,
        whole={"times": 10}, short={"times": 1}, engine=GROWN,
    ),
    Experiment(
        "rights", "rights lost offline, and in five ways connected (times from the command's end)", rights,
        whole={"each": 8}, short={"each": 2},
    ),
    Experiment(
        "rights-of-many", "the same; two workers", rights_of_many,
        whole={"each": 8}, short={"each": 4}, engine=GROWN,
    ),
    Experiment(
        "trimmed", "the log trimmed under sleeping clients", trimmed,
        whole={"times": 20}, short={"times": 1},
    ),
    Experiment(
        "clock", "the clock a day forward, then five seconds back", clock,
        whole={"times": 5}, short={"times": 1},
    ),
    Experiment(
        "stop", "SIGTERM under load", stop,
        whole={"times": 10}, short={"times": 1, "writers": 20, "listeners": 30},
    ),
)  # fmt: skip
