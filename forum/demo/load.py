"""`relais demo`: the demonstration community, written through the same tables as a real one."""

from datetime import datetime, timedelta

from msgspec import Struct, field

from forum.accounts.actions import create_user
from forum.answers.models import AcceptedAnswer
from forum.answers.steps import recount_accepted
from forum.categories.actions import create_category
from forum.clock import now
from forum.console import the_keeper
from forum.demo import dates, knowledge
from forum.demo.accounts import DEMO_PASSWORD, has_members
from forum.demo.avoided import AvoidedTold, let_it_be_old, write_avoided
from forum.demo.content import Community, Edit, Person, Post, Topic, load
from forum.demo.directory import load_directory
from forum.demo.models import DemoPerson
from forum.demo.reuses import ReuseTold, write_reuse
from forum.freshness.jobs import mark_due
from forum.gatherings.models import Seat
from forum.markdown import COOK_VERSION, cook_many
from forum.organisations.members import BADGE
from forum.organisations.models import Organisation, OrganisationMember, VerifiedBy
from forum.organisations.steps import sign_post
from forum.posts import models as posts
from forum.reading.models import FollowReason, NotificationLevel, TopicUser
from forum.settings.actions import change_setting
from forum.settings.known import STAFF_SECOND_FACTOR
from forum.tags.names import join_names
from forum.tags.steps import tag_topic
from forum.text import slugify
from forum.topics import models as topics
from forum.votes.models import Vote
from forum.votes.steps import recount_likes
from realtime import log
from realtime.sql import sql


class Cast(Struct, frozen=True):
    """Who and where: usernames, theme slugs and titles written so far, with the ids that they got."""

    people: dict[str, int]
    names: dict[str, str]
    themes: dict[str, int]
    at: datetime
    topics: dict[str, int] = field(default_factory=dict)


async def load_demo() -> bool:
    """Fill an empty site; False, and nothing changed, when it has been filled before."""
    if await has_members():
        return False
    community = load()
    keeper = await the_keeper()
    await change_setting(keeper, STAFF_SECOND_FACTOR.name, "optional")
    await load_directory(keeper)
    cast = await _gather(community)
    for topic in community.topics:
        cast.topics[topic.title] = await _write_topic(cast, topic)
    await _date(cast, community)
    # In the order in which they came about, as alerts are shown.
    told: list[ReuseTold | AvoidedTold] = [*community.reuses, *community.avoided]
    for one in sorted(told, key=lambda one: -one.age):
        await _tell(cast, one)
    await mark_due()
    return True


async def _date(cast: Cast, community: Community) -> None:
    """Some of what people rely on was confirmed, some is replaced, some waits since its date has passed."""
    for topic in community.topics:
        if topic.confirmed is not None or topic.replaced_by:
            async with log.transaction():
                successor = cast.topics.get(topic.replaced_by)
                await dates.write(topic, cast.topics[topic.title], successor, cast.at)


async def _tell(cast: Cast, told: ReuseTold | AvoidedTold) -> None:
    """An organisation took something up, or somebody had no more to ask."""
    topic_id, user_id = cast.topics[told.item], cast.people[told.by]
    if isinstance(told, AvoidedTold):
        await write_avoided(told, topic_id, user_id)
    async with log.transaction() as record:
        if isinstance(told, AvoidedTold):
            await let_it_be_old(told, topic_id, user_id, cast.at - told.age)
        else:
            await write_reuse(record, told, topic_id, user_id, cast.at)


async def _gather(community: Community) -> Cast:
    people = {}
    for person in community.people:
        user = await create_user(
            person.username,
            f"{person.username}@demonstration.invalid",
            DEMO_PASSWORD,
            name=person.name,
            title=person.title,
            affiliation=person.affiliation,
            admin=person.admin,
            moderator=person.moderator,
        )
        people[person.username] = user.id
        async with log.transaction():
            await DemoPerson.create(user_id=user.id)
            await _employ(user.id, person)
    names = {person.username.lower(): person.username for person in community.people}
    return Cast(people, names, await _create_themes(community), now())


async def _employ(user_id: int, person: Person) -> None:
    """They work where their profile says, and it was verified as a site would: with a code."""
    name = person.affiliation.partition(", ")[0]
    await OrganisationMember.create(
        organisation=await Organisation.get(name=name),
        user_id=user_id,
        function=person.title,
        main=True,
        verified_by=VerifiedBy.CODE.value,
        verified_until=now() + BADGE,
        created_at=now(),
    )


async def _create_themes(community: Community) -> dict[str, int]:
    ids: dict[str, int] = {}
    for position, theme in enumerate(community.themes):
        category = await create_category(
            theme.name,
            slug=theme.slug,
            description=theme.description,
            color=theme.color,
            icon=theme.icon,
            parent_id=ids[theme.parent] if theme.parent else None,
            position=position,
        )
        ids[theme.slug] = category.id
    return ids


async def _write_topic(cast: Cast, topic: Topic) -> int:
    """A topic with its posts, votes, marks, typed fields and followers, in one transaction; its id."""
    author_id = cast.people[topic.author]
    values = await knowledge.check(author_id, topic, cast.topics.get(topic.drawn_from))
    cooked = cook_many([(post.text, cast.names) for post in topic.posts])
    async with log.transaction() as record:
        row = await _topic_row(cast, topic)
        ids = [await _write_post(cast, row, n, post, html) for n, (post, html) in _numbered(topic, cooked)]
        await _accept(cast, topic, row, ids)
        await recount_likes(row.id)
        await knowledge.write(record, author_id, topic, row.id, values, cast.at)
        await _seat(cast, topic, row)
        await _follow(cast, topic, row)
        for channel in (f"topic:{row.id}", f"category:{cast.themes[topic.theme]}", "latest"):
            record(channel, "topic.created", topic_id=row.id, post_id=ids[0], post_number=1)
    return row.id


def _numbered(topic: Topic, cooked: list[str]) -> list[tuple[int, tuple[Post, str]]]:
    return list(enumerate(zip(topic.posts, cooked, strict=True), 1))


async def _topic_row(cast: Cast, topic: Topic) -> topics.Topic:
    last = topic.posts[-1]
    alive = [post for post in topic.posts if not post.deleted]
    row = await topics.Topic.create(
        title=topic.title,
        slug=slugify(topic.title),
        kind=topic.kind,
        category_id=cast.themes[topic.theme],
        user_id=cast.people[topic.author],
        last_poster_id=cast.people[last.author],
        created_at=cast.at - topic.age,
        bumped_at=cast.at - last.age,
        last_posted_at=cast.at - last.age,
        highest_post_number=len(topic.posts),
        posts_count=len(alive),
        closed=topic.closed,
        pinned=topic.pinned,
        tag_names=join_names(topic.tags),
    )
    await tag_topic(row.id, topic.tags)
    return row


async def _write_post(cast: Cast, topic: topics.Topic, number: int, post: Post, html: str) -> int:
    at = cast.at - post.age
    final, edited = _text(post, html, cast)
    row = await posts.Post.create(
        topic_id=topic.id,
        user_id=cast.people[post.author],
        post_number=number,
        reply_to_post_number=post.reply_to,
        source=final,
        cooked=html if not edited else cook_many([(final, cast.names)])[0],
        cook_version=COOK_VERSION,
        version=1 + len(post.edits),
        score=sum(post.votes.values()),
        up_count=sum(1 for value in post.votes.values() if value > 0),
        created_at=at,
        updated_at=edited or at,
        edited_at=edited,
        deleted_at=at + timedelta(minutes=10) if post.deleted else None,
        deleted_by_id=cast.people[post.author] if post.deleted else None,
    )
    await sign_post(row.id, cast.people[post.author])
    await _count_reply(topic.id, post)
    await _write_history(cast, row, post)
    for username, value in post.votes.items():
        await Vote.create(post_id=row.id, user_id=cast.people[username], value=value)
    return row.id


def _text(post: Post, html: str, cast: Cast) -> tuple[str, datetime | None]:
    """The text as it stands today, and when it was last edited."""
    if not post.edits:
        return post.text, None
    last = post.edits[-1]
    return last.text, cast.at - last.age


async def _count_reply(topic_id: int, post: Post) -> None:
    if post.reply_to is not None and not post.deleted:
        await sql(
            "UPDATE posts SET reply_count = reply_count + 1 WHERE topic_id = {0} AND post_number = {1}",
            topic_id,
            post.reply_to,
        )


async def _write_history(cast: Cast, row: posts.Post, post: Post) -> None:
    if not post.edits:
        return
    for version, edit in enumerate((Edit(post.age, post.text), *post.edits), 1):
        await posts.PostRevision.create(
            post_id=row.id,
            version=version,
            user_id=cast.people[edit.by or post.author],
            source=edit.text,
            reason=edit.reason,
            created_at=cast.at - edit.age,
        )


async def _accept(cast: Cast, topic: Topic, row: topics.Topic, ids: list[int]) -> None:
    for id, post in zip(ids, topic.posts, strict=True):
        if post.accepted:
            await AcceptedAnswer.create(
                topic_id=row.id,
                post_id=id,
                accepter_id=cast.people[topic.author],
                post_version=1,
                created_at=cast.at - max(post.age - timedelta(hours=20), timedelta(minutes=20)),
            )
    await recount_accepted(row.id)


async def _seat(cast: Cast, topic: Topic, row: topics.Topic) -> None:
    """Whoever came after the last place waits."""
    places = int(topic.details.get("places", len(topic.seats)))
    for number, username in enumerate(topic.seats):
        await Seat.create(
            topic_id=row.id,
            user_id=cast.people[username],
            organisation_id=await _main_organisation(cast.people[username]),
            waiting=number >= places,
            created_at=row.created_at + timedelta(hours=1 + number),
        )


async def _main_organisation(user_id: int) -> int:
    rows = await sql("SELECT organisation_id FROM organisation_members WHERE user_id = {0} AND main", user_id)
    return int(rows[0]["organisation_id"])


async def _follow(cast: Cast, topic: Topic, row: topics.Topic) -> None:
    """Authors watch what they opened and track what they answered; each has read it to the end."""
    for username in sorted({post.author for post in topic.posts}):
        opened = username == topic.author
        await TopicUser.create(
            topic_id=row.id,
            user_id=cast.people[username],
            last_read_post_number=row.highest_post_number,
            notification_level=NotificationLevel.WATCHING if opened else NotificationLevel.TRACKING,
            notifications_reason=int(FollowReason.CREATED_TOPIC if opened else FollowReason.CREATED_POST),
        )
