"""The figures of all workers, and the site's, in Prometheus's text format."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from forum.metrics.queries import SiteState
from realtime.counts import BOUNDS, Figures

LIVE = "relais_live_"


class Told(Struct, frozen=True):
    """How a figure of the workers is called outside. A name that ends in `_total` is a counter.

    Attributes:
        label: what its parts differ by, besides the worker; "" where it has none.
    """

    name: str
    help: str
    label: str = ""


NUMBERS = {
    "sockets": Told(f"{LIVE}sockets", "Open sockets, also of clients that have not said yet who they are."),
    "connections": Told(f"{LIVE}connections", "Clients connected, by what they came with.", "who"),
    "channels": Told(f"{LIVE}channels", "Channels that somebody hears."),
    "subscriptions": Told(f"{LIVE}subscriptions", "Channels heard, each client counted.", "namespace"),
    "connects_total": Told(f"{LIVE}connects_total", "Connections made."),
    "deliveries_total": Told(f"{LIVE}deliveries_total", "Events written, each reader counted."),
    "recoveries_asked_total": Told(
        f"{LIVE}recoveries_asked_total", "Subscriptions that asked for what they had missed."
    ),
    "recoveries_granted_total": Told(
        f"{LIVE}recoveries_granted_total", "Recoveries that brought exactly what was missed."
    ),
    "recoveries_refused_total": Told(
        f"{LIVE}recoveries_refused_total", "Recoveries answered by: refresh, the log cannot tell."
    ),
    "slow_total": Told(f"{LIVE}slow_total", "Connections dropped because their reader was too slow."),
    "ends_total": Told(f"{LIVE}ends_total", "Connections ended, by close code; 0: by the client.", "code"),
    "redis_answers": Told("relais_redis_up", "1 while Redis carries wake-ups between the workers."),
    "started_at": Told("relais_start_time_seconds", "When the worker started, in seconds since 1970."),
    "answers_total": Told("relais_answers_total", "HTTP answers, by status.", "status"),
}
DURATIONS = {
    "lag_seconds": Told(f"{LIVE}lag_seconds", "From an event's being written to its being sent."),
    "request_seconds": Told("relais_request_seconds", "HTTP answers, by the address's template.", "route"),
}


def exposition(workers: Mapping[str, Figures], site: SiteState) -> bytes:
    """The page that Prometheus reads."""
    return generate_latest(_Collector(workers, site))


class _Collector:
    """What the client library asks for metrics."""

    def __init__(self, workers: Mapping[str, Figures], site: SiteState) -> None:
        self._workers, self._site = workers, site

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        for name, told in NUMBERS.items():
            yield self._number(name, told)
        for name, told in DURATIONS.items():
            yield self._duration(name, told)
        yield from _of_site(self._site)

    def _number(self, name: str, told: Told) -> Metric:
        made = CounterMetricFamily if told.name.endswith("_total") else GaugeMetricFamily
        family = made(told.name, told.help, labels=_labels(told))
        for worker, figures in self._workers.items():
            for label, value in sorted(figures["numbers"].get(name, {}).items()):
                family.add_metric(_values(told, worker, label), value)
        return family

    def _duration(self, name: str, told: Told) -> Metric:
        family = HistogramMetricFamily(told.name, told.help, labels=_labels(told))
        for worker, figures in self._workers.items():
            for label, (*counts, total) in sorted(figures["durations"].get(name, {}).items()):
                buckets = list(zip([*map(str, BOUNDS), "+Inf"], counts, strict=True))
                family.add_metric(_values(told, worker, label), buckets, total)
        return family


def _labels(told: Told) -> list[str]:
    return ["worker", *([told.label] if told.label else [])]


def _values(told: Told, worker: str, label: str) -> list[str]:
    return [worker, *([label] if told.label else [])]


def _of_site(site: SiteState) -> Iterator[Metric]:
    """What is the same whichever worker is asked; without the database, that it does not answer."""
    yield GaugeMetricFamily("relais_database_up", "1 while the database answers.", float(site.answers))
    if site.answers:
        yield GaugeMetricFamily(
            "relais_database_answer_seconds", "How long the database took to answer.", site.answer_seconds
        )
        yield GaugeMetricFamily("relais_jobs_due", "Jobs that wait to be run now.", site.jobs_due)
        yield GaugeMetricFamily(
            "relais_jobs_failing", "Jobs whose last run failed; tried again.", site.jobs_failing
        )
        yield GaugeMetricFamily(
            "relais_jobs_given_up", "Jobs that failed too often to be tried again.", site.jobs_given_up
        )
        yield GaugeMetricFamily("relais_mails_waiting", "Mails that have not left yet.", site.mails_waiting)
        yield GaugeMetricFamily(
            "relais_mails_failed", "Mails of the last month that were refused.", site.mails_failed
        )
