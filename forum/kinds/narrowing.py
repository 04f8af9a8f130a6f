"""Lists narrowed to a kind of topic, and to ranges of its typed fields. What is unknown stands apart."""

from collections.abc import Mapping
from urllib.parse import urlencode

from msgspec import Struct, field
from msgspec.structs import replace
from starlette.requests import Request

from forum.kinds.fields import Fault, Field
from forum.kinds.registry import Kind, is_kind, kind_of


class Range(Struct, frozen=True):
    """From and to, both included; None: without that end."""

    field: Field
    least: int | None
    most: int | None


class Narrowed(Struct, frozen=True):
    """What a list is narrowed to.

    Args:
        unknown: the topics that do not say what the ranges ask, and no others.
        asked: as it stands in the address.
        errors: what does not do in it, by name.
    """

    kind: Kind | None = None
    ranges: tuple[Range, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    unknown: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether more is asked than a kind."""
        return bool(self.ranges)

    @property
    def holds(self) -> str:
        """Which rows that come live belong here: none where only the database can tell."""
        assert self.kind is not None
        return ":not(*)" if self.ranges or self.choices else f'[data-kind="{self.kind.name}"]'

    @property
    def unknown_query(self) -> str:
        """The address of what does not say."""
        return urlencode({**self.asked, "unknown": "1"})

    @property
    def known_query(self) -> str:
        """The address of what does say."""
        return urlencode({name: text for name, text in self.asked.items() if name != "unknown"})

    def condition(self, first: int) -> tuple[str, tuple[object, ...]]:
        """As SQL about the topic `t`, and its arguments, which begin at the place `first`."""
        if self.kind is None:
            return "", ()
        text, values = f" AND t.kind = {{{first}}}", [self.kind.name]
        within: list[str] = []
        arguments: list[object] = []

        def place(value: object) -> str:
            arguments.append(value)
            return f"{{{first + len(arguments)}}}"

        unknowns = [f"k.{one.field.name} IS NULL" for one in self.ranges]
        for one in self.ranges:
            # What is known as a range itself is there as soon as the two have something in common.
            upper = f"k.{one.field.name}"
            upper = f"COALESCE(k.{one.field.up_to}, {upper})" if one.field.up_to else upper
            inside = [f"{upper} >= {place(one.least)}"] if one.least is not None else []
            inside += [f"k.{one.field.name} <= {place(one.most)}"] if one.most is not None else []
            known = " AND ".join(inside)
            within.append(f"(k.{one.field.name} IS NULL OR ({known}))" if self.unknown else f"({known})")
        within += [f"k.{name} = {place(value)}" for name, value in self.choices.items()]
        if self.unknown and unknowns:
            within.append(f"({' OR '.join(unknowns)})")
        if within:
            text += f" AND t.id IN (SELECT k.topic_id FROM {self.kind.table} k WHERE {' AND '.join(within)})"
        return text, (*values, *arguments)


EVERYTHING = Narrowed()


def narrowed_by(request: Request) -> Narrowed:
    """What the address asks: `?kind=sheet&cost_min=1000&cost_max=5000`."""
    asked = request.query_params
    if not is_kind(asked.get("kind", "")):
        return EVERYTHING
    kind = kind_of(asked["kind"])
    kept = {"kind": kind.name}
    errors: dict[str, str] = {}
    ranges = []
    for one in kind.ranges:
        ends = []
        for end in (f"{one.name}_min", f"{one.name}_max"):
            text = asked.get(end, "").strip()
            kept |= {end: text} if text else {}
            try:
                # What a form requires may be left open here.
                value = replace(one, required=False).read(text)
            except Fault as fault:
                errors[end], value = str(fault), None
            ends.append(value if isinstance(value, int) else None)
        least, most = ends
        if least is not None and most is not None and least > most:
            least, most = most, least
        if least is not None or most is not None:
            ranges.append(Range(one, least, most))
    choices = {
        one.name: asked[one.name] for one in kind.choices if asked.get(one.name, "") in (one.choices or {})
    }
    unknown = asked.get("unknown") == "1" and bool(ranges)
    return Narrowed(
        kind, tuple(ranges), choices, unknown, kept | choices | ({"unknown": "1"} if unknown else {}), errors
    )
