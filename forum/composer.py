"""What a composer shows: a text, its errors, and a token that makes a double click one post."""

from collections.abc import Mapping
from secrets import token_urlsafe

from msgspec import Struct, field
from msgspec.structs import replace

from forum.kinds.registry import Kind, kind_of
from forum.posts.queries import ReplyTo


class Composer(Struct, frozen=True):
    """The fields of a form in which one writes, as typed so far."""

    raw: str = ""
    title: str = ""
    category_id: int | None = None
    kind: str = "question"
    tags: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    reply_to: ReplyTo | None = None
    errors: dict[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: token_urlsafe(9))
    restored: bool = False

    @property
    def about(self) -> Kind:
        """What is being written."""
        return kind_of(self.kind)

    def refused(self, errors: dict[str, str]) -> "Composer":
        """The same fields, with what is wrong in them."""
        return replace(self, errors=errors)
