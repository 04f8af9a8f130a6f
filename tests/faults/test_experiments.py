"""Each fault experiment, short: the whole ones are `make faults`."""

from pathlib import Path

import pytest

from bench.faults.experiment import Experiment
from bench.faults.experiments import ALL


@pytest.mark.servers
@pytest.mark.timeout(300)
@pytest.mark.parametrize("experiment", ALL, ids=lambda experiment: experiment.name)
async def test_nothing_is_lost_doubled_missed_disordered_or_leaked(
    experiment: Experiment, tmp_path: Path
) -> None:
    result = await experiment(tmp_path, short=True)
    assert result.faults() == []
