"""The results of whole runs, kept beside the code and shown as a table in `bench/README.md`."""

import json
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.faults.experiment import Experiment, Result
from bench.faults.figures import FIVE
from bench.faults.processes import ROOT, machine

RESULTS = Path(__file__).parent / "results.json"
README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEAD = f"""
| Experiment | On | Faults with writes on the wire | Acknowledged | On the wire: answered, not | Heard \
| {" | ".join(name.capitalize() for name in FIVE)} | Refreshes |
|---|---|---|---|---|---|{"---|" * len(FIVE)}---|
"""

LINE = "\n"

Kept = dict[str, Any]


def keep(experiment: Experiment, result: Result, seconds: float, load: float) -> None:
    """Keep the result of a whole run in the place of the last one, and rewrite the table.

    Args:
        load: the machine's load before it began: others may work on it too.
    """
    kept: dict[str, Kept] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[experiment.name] = {
        "title": experiment.title,
        "engine": experiment.engine,
        "figures": asdict(result.figures),
        "seen": result.seen,
        "wrong": result.wrong,
        "seconds": round(seconds),
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "load": load,
    }
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    rewrite(kept)


def commit() -> str:
    """What was measured; with a + when files differ from it."""
    name = _git("rev-parse", "--short", "HEAD")
    changed = [line[3:] for line in _git("status", "--porcelain").splitlines()]
    return name + "+" * any(not path.startswith("bench/") for path in changed)


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip("\n")


def rewrite(kept: dict[str, Kept]) -> None:
    """Put the table in its place in the page."""
    page = README.read_text()
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{table(kept)}{END}{after}")


def table(kept: dict[str, Kept]) -> str:
    """The five figures of each, and what else was seen."""
    rows = [_row(name, one) for name, one in kept.items()]
    words = [_words(name, one) for name, one in kept.items()]
    machines = "; ".join(dict.fromkeys(one["machine"] for one in kept.values()))
    return f"{HEAD}{LINE.join(rows)}\n\n{LINE.join(words)}\n\nMachine: {machines}.\n\n"


def _row(name: str, one: Kept) -> str:
    figures = one["figures"]
    five = " | ".join(str(figures[figure]) for figure in FIVE)
    return (
        f"| {name} | {one['engine']} | {figures['counted']} of {figures['faults']} "
        f"| {figures['acknowledged']:,} | {figures['answered']:,}, {figures['unanswered']:,} "
        f"| {figures['heard']:,} | {five} | {figures['refreshes']:,} |"
    )


def _words(name: str, one: Kept) -> str:
    wrong = "".join(f" **Not kept: {line}.**" for line in one["wrong"])
    seen = "; ".join(one["seen"])
    where = f"{one['seconds']} s, {one['date']}, {one['commit']}, load before {one['load']}"
    return f"- **{name}**, {one['title']}: {seen}.{wrong} ({where})"
