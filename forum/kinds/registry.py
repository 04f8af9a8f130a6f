"""The registry of the kinds of topic. The first three are here; `forum/app.py` adds the knowledge slices'."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field

from forum.accounts.viewer import Viewer
from forum.errors import require_none
from forum.i18n import current_locale, format_number
from forum.i18n import gettext as _
from forum.kinds.fields import Fault, Field, Value, Words
from realtime.log import Record

Values = Mapping[str, Value]
Typed = Mapping[str, str]
NOTHING: Typed = MappingProxyType({})
NOTHING_READ: Values = MappingProxyType({})
# What a kind checks beyond each field: faults by field.
Check = Callable[[Viewer, Values], Awaitable[Mapping[str, str]]]
# What follows from a topic's fields being written, in the same transaction.
Written = Callable[[Record, Viewer, int, Values], Awaitable[None]]


class Kind(Struct, frozen=True):
    """What a topic may be.

    Args:
        name: as topics and programs name it.
        label: its name in words; `solved_label` once an answer is accepted.
        plural: the heading of the list of these.
        choice: what the composer proposes: «a question: I look for an answer».
        heading, text_label, text_hint: of its form, and of the text in it.
        icon: of the sprite.
        staff_only: opened by staff only.
        solvable: whether answers may be accepted.
        wiki: whether everyone who may reply may improve the first post.
        table, fields: where its typed fields are kept, one row a topic, and what they are.
        folder: of its partial `_card.html` (the topic's page).
        holds_for: for how many months what it says is taken to hold, unless its author says otherwise; 0: it
            is never asked.
        texts: other columns of its table in which somebody's name may stand.
        check, written: see the types.
        closing: why a topic of this kind may not be closed yet; "" when it may.
        prefill: a form's first content, from another topic.
        beside: what its card shows beside its fields, found by the topic.
        markup: what search engines are told, as JSON-LD.
    """

    name: str
    label: Words
    plural: Words
    choice: Words
    heading: Words
    text_label: Words
    icon: str
    text_hint: Words | None = None
    solved_label: Words | None = None
    solved_icon: str = ""
    staff_only: bool = False
    solvable: bool = False
    wiki: bool = False
    table: str = ""
    fields: tuple[Field, ...] = ()
    folder: str = "kinds"
    holds_for: int = 0
    state_label: Callable[[str], str] | None = None
    texts: tuple[str, ...] = ()
    check: Check | None = None
    closing: Callable[[int], Awaitable[str]] | None = None
    written: Written | None = None
    prefill: Callable[[Viewer, int], Awaitable[Typed]] | None = None
    beside: Callable[[int], Awaitable[Mapping[str, Any]]] | None = None
    markup: Callable[[Any, "Details"], Awaitable[Mapping[str, Any]]] | None = None

    def may_be_opened_by(self, viewer: Viewer) -> bool:
        """Whether this viewer may open one, where they may open a topic at all."""
        return viewer.staff or not self.staff_only

    def words(self, solved: bool = False) -> str:
        """Its name, in the current language."""
        return self.solved_label() if solved and self.solved_label else self.label()

    @property
    def ranges(self) -> list[Field]:
        """The fields by whose range lists may be narrowed."""
        return [one for one in self.fields if one.ranged]

    @property
    def choices(self) -> list[Field]:
        """The fields by whose choice lists may be narrowed."""
        return [one for one in self.fields if one.type == "choice" and one.in_row]

    @property
    def ends(self) -> frozenset[str]:
        """The fields that are the upper end of another one: they are shown with it."""
        return frozenset(one.up_to for one in self.fields if one.up_to)

    @property
    def gauged(self) -> list[Field]:
        """What makes it complete."""
        return [one for one in self.fields if one.asked and one.name not in self.ends]

    def told(self, one: Field, values: Mapping[str, Any]) -> str:
        """A field of these values in words; with its upper end, if it has one: «3 000 to 5 000 €»."""
        value, most = values.get(one.name), values.get(one.up_to)
        if isinstance(value, int) and isinstance(most, int) and most != value:
            least = format_number(value, current_locale())
            return _("%(least)s to %(most)s") % {"least": least, "most": one.show(most)}
        return one.show(value)


class Details(Struct, frozen=True):
    """The typed fields of one topic, as its page and programs show them. Viewer-neutral."""

    kind: Kind
    topic_id: int
    version: int
    state: str
    values: Values
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether time has passed it by (a gathering that took place)."""
        return bool(self.extra.get("over"))

    @property
    def links(self) -> Mapping[str, str]:
        """Pages of this site that fields name, by the field."""
        found: Mapping[str, str] = self.extra.get("links", {})
        return found

    @property
    def shape(self) -> Mapping[str, Any]:
        """What programs read of it beside its fields."""
        found: Mapping[str, Any] = self.extra.get("shape", {})
        return found

    def has(self, name: str) -> bool:
        """Whether the field has been filled in."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A field in words, in the current language."""
        return self.kind.told(self.field(name), self.values)

    def field(self, name: str) -> Field:
        """The field of this name."""
        return next(one for one in self.kind.fields if one.name == name)

    def filled(self, *types: str) -> list[Field]:
        """The fields of these types that are filled in, but for those shown apart."""
        return [
            one
            for one in self.kind.fields
            if one.type in types
            and self.has(one.name)
            and one.asked
            and not one.warning
            and one.name not in self.kind.ends
        ]

    @property
    def warnings(self) -> list[Field]:
        """What stands apart."""
        return [one for one in self.kind.fields if one.warning and self.has(one.name)]

    @property
    def missing(self) -> list[Field]:
        """What the gauge waits for."""
        return [one for one in self.kind.gauged if not self.has(one.name)]

    @property
    def filled_count(self) -> int:
        """How far the gauge has come."""
        return len(self.kind.gauged) - len(self.missing)

    @property
    def state_words(self) -> str:
        """Its state in words; "" for none."""
        return self.kind.state_label(self.state) if self.kind.state_label and self.state else ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known."""
    _kinds[kind.name] = kind


def forget(name: str) -> None:
    """Take a kind away again (a test's)."""
    _kinds.pop(name, None)


def kinds() -> list[Kind]:
    """All of them, in the order in which they were registered."""
    return list(_kinds.values())


def kinds_for(viewer: Viewer) -> list[Kind]:
    """Those that this viewer may open."""
    return [kind for kind in kinds() if kind.may_be_opened_by(viewer)]


def is_kind(name: str) -> bool:
    """Whether a topic may be this."""
    return name in _kinds


def kind_of(name: str) -> Kind:
    """The kind of this name; a discussion for one that is no longer known (its slice was taken away)."""
    return _kinds.get(name) or _kinds["discussion"]


def typed_names() -> set[str]:
    """The names of the typed fields of every kind, as forms carry them."""
    return {one.name for kind in kinds() for one in kind.fields}


def read_fields(kind: Kind, typed: Typed) -> Values:
    """What was typed, as values.

    Raises:
        Invalid: with a sentence for each field that does not do.
    """
    values, faults = read_each(kind, typed)
    require_none(faults)
    return values


def read_each(kind: Kind, typed: Typed) -> tuple[Values, dict[str, str]]:
    """What was typed, as values, and what is wrong with the fields that have none by that."""
    faults: dict[str, str] = {}
    values: dict[str, Value] = {}
    for one in kind.fields:
        try:
            values[one.name] = one.read(typed.get(one.name, ""))
        except Fault as fault:
            faults[one.name] = str(fault)
    return values, faults


def details_before(kind: Kind, typed: Typed) -> Details | None:
    """The fields of a topic that is not published yet, so far as they can be read; None for none."""
    if not kind.table:
        return None
    return Details(kind, 0, 1, "", {one.name: _read(one, typed.get(one.name, "")) for one in kind.fields})


def _read(one: Field, text: str) -> Value:
    """What a field holds, even if it would not do any more (a choice that was taken away, a day gone by)."""
    try:
        return one.read(text)
    except Fault:
        return text or None


# What stands beside a topic for one viewer: a partial and what it needs, or nothing.
Side = Callable[[Viewer, Any, Details | None], Awaitable[tuple[str, Mapping[str, Any]] | None]]
_sides: list[Side] = []
_tops: list[Side] = []


def beside(side: Side) -> Side:
    """Declare something to stand beside topics."""
    _sides.append(side)
    return side


def above(top: Side) -> Side:
    """Declare something to stand above a topic's posts, below its title."""
    _tops.append(top)
    return top


def tops() -> Iterable[Side]:
    """What may stand above a topic's posts."""
    return tuple(_tops)


def sides() -> Iterable[Side]:
    """What may stand beside a topic."""
    return tuple(_sides)


register(
    Kind(
        "question",
        label=lambda: _("Question"),
        solved_label=lambda: _("Solved question"),
        plural=lambda: _("Questions"),
        choice=lambda: _("a question: I look for an answer"),
        heading=lambda: _("Your question, in one sentence"),
        text_label=lambda: _("Your situation"),
        icon="circle-help",
        solved_icon="circle-check",
        solvable=True,
    )
)
register(
    Kind(
        "discussion",
        label=lambda: _("Discussion"),
        plural=lambda: _("Discussions"),
        choice=lambda: _("a discussion: I share or debate"),
        heading=lambda: _("Your question, in one sentence"),
        text_label=lambda: _("Your situation"),
        icon="message-square",
    )
)
register(
    Kind(
        "announcement",
        label=lambda: _("Announcement"),
        plural=lambda: _("Announcements"),
        choice=lambda: _("an announcement: everyone should know"),
        heading=lambda: _("What is announced, in one sentence"),
        text_label=lambda: _("The announcement"),
        icon="megaphone",
        staff_only=True,
    )
)
