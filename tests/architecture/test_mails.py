"""The permission matrix of mails: whom each kind goes to, and what who may read at the moment of sending.

A new kind of mail without a row here fails.
"""

from datetime import timedelta

import pytest

from forum.accounts.actions import create_user, deactivate_account, suspend_member
from forum.animators.actions import name_animator
from forum.clock import now
from forum.groups.actions import add_member, remove_member
from forum.mail.actions import send_mails, write_mail
from forum.mail.kinds import KINDS
from forum.notices.actions import write_notices
from forum.notifications.models import NotificationType
from forum.posts.actions import delete_post
from forum.posts.new import NewPost
from forum.topics.actions import delete_topic
from forum.topics.queries import topic_visible_to
from realtime import log
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.mail.conftest import box, clock
from tests.notices.test_notices import pass_by
from tests.reviewables.cases import decided
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of

__all__ = ["box", "clock"]

# Where a mail goes: to the "owner" of the account that it tells of, who hears nothing once it is closed; to
# the "reader" of what others wrote, who must be able to read it still; to an address that somebody "typed",
# which must learn nothing else; to the one that was "left"; to an "office", where anybody may open it.
ROWS = {
    "owner": {
        "password_reset", "password_changed", "second_factor", "archive_ready", "erasure_planned",
        "account_unused", "pending_refused", "signup_approved", "identity",
        "suspended", "suspension_appeal",
    },
    "reader": {"notices", "still_true"},
    "typed": {"signup", "signup_refused", "signup_unanswered", "invitation", "new_address", "trial"},
    "left": {"address_changed"},
    "office": {"organisation_code"},
}  # fmt: skip

PLACES = ("public", "restricted", "hidden", "deleted post", "deleted topic")
# What each hears of, of what Bob wrote in each place.
HEARD = {
    "alice, of the group": {"public", "restricted"},
    "eve, a member outside it": {"public"},
    "carole, who has left it": {"public"},
    "denis, who is suspended": set(),
    "emma, whose account is closed": set(),
    "mod, outside it": {"public"},
    "farid, animator of the open theme": {"public"},
    "ada, an administrator": {"public", "restricted"},
}


def test_every_kind_of_mail_has_a_row() -> None:
    assert sorted(kind for kinds in ROWS.values() for kind in kinds) == sorted(KINDS)


@pytest.mark.parametrize("kind", sorted(ROWS["owner"] | ROWS["reader"]))
async def test_an_account_that_is_closed_is_not_written_to(cast: Cast, box: PostBox, kind: str) -> None:
    async with log.transaction():
        await write_mail(kind, "alice@example.org", "https://relais.example.fr")
    await deactivate_account(await cast.alice(), cast.ids["alice"])
    await send_mails()
    assert box.mails == []
    assert await sql("SELECT 1 FROM outbox") == [], "nor does it wait"


async def test_cve_2023_22488_each_hears_by_mail_of_what_they_may_read_when_it_leaves(
    cast: Cast, box: PostBox
) -> None:
    group = await _gather(cast)
    posts = await _told_of_everything(cast)
    pass_by()
    await write_notices()
    await _much_changes(cast, group, posts)
    await send_mails()
    for who, expected in HEARD.items():
        name = who.partition(",")[0]
        read = [text_of(mail) for mail in box.mails if mail["To"] == f"{name}@example.org"]
        heard = {place for place in PLACES if any(_title(place) in text for text in read)}
        assert heard == expected, who
        assert not any(_words("restricted") in text for text in read), "a closed theme's words stay inside"


async def _gather(cast: Cast) -> int:
    """The others, each of whom may see the restricted theme for the moment; the number of their group."""
    for name in ("carole", "denis", "emma", "farid"):
        cast.ids[name] = (await create_user(name, f"{name}@example.org", None, name=name.title())).id
    (group,) = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
    await add_member(await cast.ada(), group["id"], cast.ids["carole"])
    return int(group["id"])


async def _told_of_everything(cast: Cast) -> dict[str, NewPost]:
    """Each is told of a post in each kind of place, whether they see it or not."""
    posts = {}
    for place in PLACES:
        topic = await a_question(cast, title=_title(place), private=place == "restricted")
        posts[place] = post = await a_reply(cast, topic, raw=_words(place))
        for who in HEARD:
            await sql(
                """INSERT INTO notifications (user_id, notification_type, topic_id, post_id, post_number,
                    actor_id, read, created_at) VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7})
                    ON CONFLICT DO NOTHING""",
                cast.ids[who.partition(",")[0]],
                int(NotificationType.MENTIONED),
                topic.id,
                post.id,
                post.number,
                cast.ids["bob"],
                False,
                now(),
            )
    return posts


def _title(place: str) -> str:
    return f"What was said in the {place} place"


def _words(place: str) -> str:
    return f"Bob spoke in the {place} place."


async def _much_changes(cast: Cast, group: int, posts: dict[str, NewPost]) -> None:
    """Between the moment when the mails are written and the one when they leave."""
    ada, bob, mod = await cast.ada(), await cast.bob(), await cast.mod()
    await decided(cast, posts["hidden"], "hide")
    await delete_post(bob, await seen(bob, posts["deleted post"]))
    await delete_topic(mod, await topic_visible_to(mod, posts["deleted topic"].topic_id))
    await remove_member(ada, group, cast.ids["carole"])
    await suspend_member(ada, cast.ids["denis"], now() + timedelta(days=30), "Too loud.")
    await deactivate_account(ada, cast.ids["emma"])
    await name_animator(ada, cast.theme.id, user_id=cast.ids["farid"])
