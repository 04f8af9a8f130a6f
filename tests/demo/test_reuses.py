"""The demonstration's reuses, as told and as loaded."""

from collections import Counter

from forum.accounts.queries import viewer_of_id
from forum.demo.content import load
from forum.demo.load import load_demo
from forum.i18n import speaking
from forum.notifications.queries import alerts_of
from forum.reuses.permissions import is_offered
from forum.reuses.queries import as_tree, reuses_of
from realtime.sql import sql
from tests.demo.test_content import MONDAY


def test_they_are_about_what_is_offered_and_by_others_than_its_author() -> None:
    community = load(MONDAY)
    topics = {topic.title: topic for topic in community.topics}
    works = {person.username: person.affiliation for person in community.people}
    said = [(told.item, told.post, works[told.by]) for told in community.reuses]
    assert max(Counter(said).values()) == 1
    for told in community.reuses:
        topic = topics[told.item]
        post = topic.posts[told.post - 1]
        assert is_offered(told.post, topic.kind, accepted=post.accepted), told.item
        assert works[post.author] != works[told.by], told.item
        assert told.age < post.age, told.item
    assert {told.details["state"] for told in community.reuses} == {
        "studied", "testing", "in_service", "abandoned",
    }  # fmt: skip


async def test_one_sheet_is_reused_by_six_with_a_tree_and_its_author_has_one_notice(db: None) -> None:
    assert await load_demo()
    (top,) = await sql(
        """SELECT t.reuse_count, p.id, p.user_id FROM topics t JOIN posts p ON p.topic_id = t.id
            AND p.post_number = 1 WHERE t.reuse_count = 6"""
    )
    roots = as_tree(await reuses_of(top["id"]))
    assert [len(root.branches) for root in roots] == [1, 2, 0]
    author = await viewer_of_id(top["user_id"], "fr")
    assert author is not None
    with speaking("fr"):
        alerts = [alert for alert in await alerts_of(author) if alert.type == "reused"]
    assert [alert.names for alert in alerts] == ["Commune de Saint-Élier"]
