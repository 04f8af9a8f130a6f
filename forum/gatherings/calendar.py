"""A gathering as an iCalendar file (RFC 5545)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from forum.gatherings.kind import CALLED_OFF
from forum.kinds.registry import Details
from forum.topics.queries import TopicCard

UTC_FORM = "%Y%m%dT%H%M%SZ"
LINE = 73


def calendar(topic: TopicCard, details: Details, site: str, zone: ZoneInfo, at: datetime) -> str:
    """The file, with one event; without an end it lasts an hour.

    Args:
        site: the site's address; the event is known by it and the topic's number, so that a later file
            replaces this one.
        zone: in which the gathering's hours are written.
        at: now.
    """
    starts = datetime.fromisoformat(str(details.values["starts_at"])).replace(tzinfo=zone)
    given = details.values.get("ends_at")
    ends = datetime.fromisoformat(str(given)).replace(tzinfo=zone) if given else starts + timedelta(hours=1)
    host = site.partition("://")[2].partition(":")[0]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Relais//FR", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:gathering-{topic.id}@{host}",
        f"SEQUENCE:{details.version - 1}",
        f"DTSTAMP:{at.astimezone(UTC).strftime(UTC_FORM)}",
        f"DTSTART:{starts.astimezone(UTC).strftime(UTC_FORM)}",
        f"DTEND:{ends.astimezone(UTC).strftime(UTC_FORM)}",
        f"SUMMARY:{_escaped(topic.title)}",
        f"LOCATION:{_escaped(details.text('place'))}",
        f"URL:{site}/t/{topic.slug}/{topic.id}",
        f"STATUS:{'CANCELLED' if details.state == CALLED_OFF else 'CONFIRMED'}",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    """A text within its line, whatever it holds: no sign of it begins another line."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """No line of more than 75 octets; a continuation begins with a space."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > LINE:
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part])
