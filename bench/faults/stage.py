"""The people and the topics of an experiment, made by the product's own actions before it is served."""

from dataclasses import dataclass

from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.accounts.sessions import open_session
from forum.api.keys import create_key
from forum.categories.actions import create_category, touch_site
from forum.categories.models import Permission
from forum.database import close_database, migrate, open_database
from forum.groups.models import Group, GroupUser
from forum.topics.actions import open_topic

GROUP = "clerks"
CLERKS = ("alice", "bob", "carol", "dora", "emil", "fred", "mod")
OTHERS = ("eve", "gina", "hugo")


@dataclass(frozen=True, slots=True)
class Stage:
    """What is there.

    Attributes:
        key: a program's key for every member, without rate limits.
        cookies: member → the token of a session of theirs.
        ids: member → id.
        topics: ids, all in the theme that is open to everyone; the first member has opened them.
        theme, private_theme: ids; the second is for the group `clerks`.
        private_topic: an id.
    """

    key: str
    cookies: dict[str, str]
    ids: dict[str, int]
    topics: tuple[int, ...]
    theme: int
    private_theme: int
    private_topic: int


async def set_stage(url: str, topics: int = 4) -> Stage:
    """Migrate and fill a new database; alice opens the topics, bob writes, mod moderates."""
    await migrate(url)
    await open_database(url)
    try:
        return await _fill(topics)
    finally:
        await close_database()


async def _fill(count: int) -> Stage:
    await touch_site()
    ids = {
        name: (await create_user(name, None, None, moderator=name == "mod")).id for name in (*CLERKS, *OTHERS)
    }
    group = await Group.create(name=GROUP)
    for name in CLERKS:
        await GroupUser.create(group=group, user_id=ids[name])
    theme = await create_category("School meals")
    private = await create_category("Clerks only", permissions={group.id: Permission.CREATE})
    alice = await viewer_of_id(ids["alice"], "fr")
    assert alice is not None
    words = "We serve sixty meals a day and look for advice."
    titles = [f"Who cooks for sixty children, case {n}?" for n in range(count)]
    opened = [(await open_topic(alice, theme.id, "question", title, words)).topic_id for title in titles]
    hidden = await open_topic(alice, private.id, "question", "Among clerks: who replaces whom?", words)
    return Stage(
        key=await create_key(None, unlimited=True),
        cookies={name: await open_session(id, "127.0.0.1", "faults") for name, id in ids.items()},
        ids=ids,
        topics=tuple(opened),
        theme=theme.id,
        private_theme=private.id,
        private_topic=hidden.topic_id,
    )
