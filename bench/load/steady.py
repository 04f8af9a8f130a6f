"""A worker full of sockets, a post a second: who is dropped, when it is heard, whether pages still come."""

import subprocess
import sys
from pathlib import Path

from bench.faults.meters import Pulse, percentile
from bench.faults.processes import ROOT, end_with_parent
from bench.load import wishes
from bench.load.crowd import Crowd
from bench.load.lines import Line
from bench.load.people import People, gather
from bench.load.posting import answered, post
from bench.load.servers import Running, clock, relais

EACH = 100
LATE_MS, PULSE_MS = 300.0, 100.0


def steady(folder: Path, sockets: int = 10_000, minutes: float = 10.0) -> list[Line]:
    """Channels of 100 listeners; each second a post in the next one."""
    people = gather(folder / "site", 0, sockets // EACH)
    with relais(folder / "site") as server:
        crowd = Crowd(server.port, wanted=b'"push":{"channel":"topic:')
        came = crowd.open([wishes.visitor(people.topics[n // EACH]) for n in range(sockets)])
        began = clock()
        late, missed, pulse = _minutes(folder, server, people, crowd, minutes)
        beat = pulse.p99(began, clock())
        memory, dropped = server.kilobytes() // 1000, crowd.dropped
        crowd.close()
    p99 = 1000 * percentile(late, 0.99)
    what = f"{sockets:,} sockets on one worker for {minutes:g} minutes, a post a second to channels of {EACH}"
    return [
        Line(what, f"{dropped} dropped, {missed} of {len(late) + missed:,} deliveries missed; {memory} MB; "
             f"let in within {came:.0f} s", budget="none dropped, none missed", kept=not dropped + missed),
        Line("… delivery, from the request to each listener",
             f"p50 {1000 * percentile(late, 0.5):.0f} ms, p99 {p99:.0f} ms, last {1000 * max(late):.0f} ms",
             budget=f"p99 ≤ {LATE_MS:g} ms", kept=p99 <= LATE_MS),
        Line("… /healthz meanwhile", f"p99 {beat:.1f} ms", budget=f"p99 ≤ {PULSE_MS:g} ms",
             kept=beat <= PULSE_MS),
    ]  # fmt: skip


def _minutes(
    folder: Path, server: Running, people: People, crowd: Crowd, minutes: float
) -> tuple[list[float], int, Pulse]:
    """The seconds of each delivery, how many never came, and the pulse taken meanwhile."""
    file = folder / "pulse"
    pulse = subprocess.Popen(
        [sys.executable, "-m", "bench.faults.pulse", server.address, str(file)], cwd=ROOT,
        preexec_fn=end_with_parent,
    )  # fmt: skip
    late: list[float] = []
    missed = 0
    try:
        end, number = clock() + 60 * minutes, 0
        while (began := clock()) < end:
            topic = people.topics[number % len(people.topics)]
            number += 1
            crowd.heard.clear()
            post(server, people, topic, number)
            crowd.listen(max(0.0, began + 1 - clock()))
            answered(server)
            mine = [at - began for at, group in crowd.heard if group == topic]
            late += mine
            missed += EACH - len(mine)
    finally:
        pulse.kill()
        pulse.wait()
    return late, missed, Pulse(file)
