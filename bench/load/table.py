"""The results of whole load runs, kept beside the code and shown as a table in `bench/README.md`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.faults.processes import machine
from bench.faults.table import README, commit
from bench.load.lines import Line

RESULTS = Path(__file__).parent / "results.json"
BEGIN, END = "<!-- load: begin -->", "<!-- load: end -->"
HEAD = "\n| What | Figure | Yardstick of the same run | Ratio | Budget |\n|---|---|---|---|---|\n"


def keep(name: str, lines: list[Line], load: str) -> None:
    """Keep the result of a whole run in the place of the last one, and rewrite the table.

    Args:
        load: the machine's load before it began: others may work on it too.
    """
    kept: dict[str, dict[str, Any]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    where = f"{datetime.now(UTC).date().isoformat()}, {commit()}, load before {load}"
    kept[name] = {"lines": [asdict(line) for line in lines], "where": where, "machine": machine()}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    rows = [Line(**line).row() for one in kept.values() for line in one["lines"]]
    words = [f"- {name}: {one['where']}" for name, one in kept.items()]
    page = README.read_text()
    before, _, rest = page.partition(BEGIN)
    machines = "; ".join(dict.fromkeys(one["machine"] for one in kept.values()))
    table = HEAD + "\n".join(rows) + "\n\n" + "\n".join(words) + f"\n\nMachine: {machines}.\n\n"
    README.write_text(f"{before}{BEGIN}\n{table}{END}{rest.partition(END)[2]}")
