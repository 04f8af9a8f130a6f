"""One experiment a file; `ALL` lists them in the order in which they run."""

from bench.faults.experiment import Experiment
from bench.faults.experiments.kill import kill

ALL = (
    Experiment(
        "kill", "kill -9 under 50 writers, started again, integrity checked", kill,
        whole={"kills": 200}, short={"kills": 20, "writers": 20},
    ),
)  # fmt: skip
