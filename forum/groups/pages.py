"""What the pages about groups are given."""

from msgspec import Struct, field

from forum.administration.links import administration_links
from forum.groups.queries import GroupCard, MemberLine, OwnRequest, RequestLine
from forum.web import LiveChannel, PageLink


class GroupLine(Struct, frozen=True):
    """A group of the list, and how one becomes a member in words."""

    group: GroupCard
    words: str


class GroupsPage(Struct, frozen=True):
    """The groups that the viewer may know of."""

    lines: list[GroupLine]
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


class GroupForm(Struct, frozen=True):
    """What was typed in which field of a group's page (`name`), and what is wrong with it."""

    name: str = ""
    text: str = ""
    request_id: int = 0
    errors: dict[str, str] = field(default_factory=dict)


class Standing(Struct, frozen=True):
    """What the viewer may do about being a member."""

    may_join: bool
    may_ask: bool
    may_leave: bool
    request: OwnRequest | None


class GroupPage(Struct, frozen=True):
    """A group; with what waits for the viewer's answer, if they choose its members."""

    group: GroupCard
    words: str
    standing: Standing
    chooses: bool
    requests: list[RequestLine]
    members: list[MemberLine]
    next_path: str | None
    form: GroupForm
    channels: tuple[LiveChannel, ...]
    flash: str | None = None


class FaceForm(Struct, frozen=True):
    """What a group is called and how one becomes a member, as typed."""

    name: str = ""
    full_name: str = ""
    description: str = ""
    admission: str = "closed"
    errors: dict[str, str] = field(default_factory=dict)


class AdminGroupsPage(Struct, frozen=True):
    """All groups, and the form to make one; or one of them (`id`), with the form to change it."""

    lines: list[GroupLine]
    form: FaceForm
    ways: list[tuple[str, str]]
    channels: tuple[LiveChannel, ...]
    id: int = 0
    name: str = ""
    title: str = ""
    next_path: str | None = None
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)
