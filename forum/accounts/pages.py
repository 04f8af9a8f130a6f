"""What the pages about accounts are given."""

from msgspec import Struct, field

from forum.accounts.queries import PersonCard
from forum.categories.queries import CategoryCard
from forum.groups.queries import GroupCard
from forum.profiles.queries import ShownProfile, Tallies
from forum.suspensions.pages import SuspensionNote
from forum.topics.lists import AnswerLink
from forum.topics.queries import TopicCard
from forum.web import LiveChannel


class SignInForm(Struct, frozen=True):
    """What was typed, less the password, and what is wrong with it."""

    login: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class SignInPage(Struct, frozen=True):
    """`kept` holds a text typed before the session ended: it comes back after signing in.

    `passkeys` is whether this address can have any: a number cannot. `again` lets whoever knows the
    password of an account that is not confirmed ask for its mail again; `provider_name` is that of the
    identity provider, if there is one; `suspension` is for whoever has shown who they are.
    """

    form: SignInForm
    return_to: str
    kept: dict[str, str]
    expired: bool
    demo_accounts: tuple["DemoAccount", ...]
    again: str = ""
    passkeys: bool = False
    passkey_fault: str = ""
    provider_name: str = ""
    suspension: SuspensionNote | None = None
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class DemoAccount(Struct, frozen=True):
    """A demonstration person whose password is public."""

    name: str
    login: str
    password: str
    title: str


class PersonPage(Struct, frozen=True):
    """A member's public page."""

    person: PersonCard
    profile: ShownProfile
    tallies: Tallies
    topics: list[TopicCard]
    answers: list[AnswerLink]
    accepted: list[AnswerLink]
    groups: list[GroupCard] = field(default_factory=list)
    animates: list[CategoryCard] = field(default_factory=list)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None
