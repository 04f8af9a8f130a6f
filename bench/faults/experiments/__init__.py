"""One experiment a file; `ALL` lists them in the order in which they run."""

from bench.faults.experiment import Experiment
from bench.faults.experiments.cuts import cuts
from bench.faults.experiments.kill import kill

ALL = (
    Experiment(
        "kill", "kill -9 under 50 writers, started again, integrity checked", kill,
        whole={"kills": 200}, short={"kills": 20, "writers": 20},
    ),
    Experiment(
        "cuts", "lines cut, reset, lost and silent, at random", cuts,
        whole={"faults": 1000}, short={"faults": 100, "writers": 20, "listeners": 20, "lost": 0},
    ),
)  # fmt: skip
