"""Towns that take things up, people who share and ask, staff who tidy up: for tests that do all of it."""

from itertools import count

from forum import jobs
from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer, unaccept_answer
from forum.clock import now
from forum.erasures.actions import erase_member
from forum.erasures.erasing import erase_accounts
from forum.errors import NotFound
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.mergers.actions import merge_organisations
from forum.moves.actions import NewTopic, merge_topics, move_posts, split_topic
from forum.organisations.load import load_organisations
from forum.posts.actions import delete_post, recover_post, reply_to_topic
from forum.posts.queries import PostAt, post_visible_to
from forum.reuses.actions import withdraw_reuse
from forum.reuses.fields import STATES
from forum.reuses.queries import item_visible_to, reuses_of
from forum.reviewables.actions import decide_case
from forum.reviewables.queries import case_visible_to
from forum.suggestions.actions import note_answered
from forum.sweeps.actions import delete_posts_of, recover_posts_of
from forum.topics.actions import delete_topic, recover_topic
from forum.topics.queries import TopicCard, topic_visible_to
from forum.votes.actions import set_vote
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.kinds.making import a_topic
from tests.reuses.making import declared, first_post

TOWNS = PEOPLE = 4
REASON = "Twice the same, and names."
_numbers = count(1)


class Village:
    """Two clerks who may speak for each town, an asker, and an author who shares for the last town.

    Each act is a method of two numbers below four, which choose who does it, to what; what cannot be done is
    refused as to anybody.

    Args:
        people: the ids of the two clerks, the asker and the author.
        posts: a sheet, a document, the author's accepted answer, and a clerk's, which is not accepted yet.
        topics: the sheet, the document, the question, and a talk that posts may be moved to.
    """

    def __init__(self, cast: Cast, towns: list[int], people: list[int]) -> None:
        self.cast, self.towns, self.people = cast, towns, people
        self.topics: list[int] = []
        self.posts: list[int] = []
        self.votes: dict[tuple[int, int], int] = {}
        self.sweeps: dict[int, int] = {}

    @classmethod
    async def make(cls, cast: Cast) -> "Village":
        """Towns, people and topics of their own, for each run."""
        n = next(_numbers)
        lines = "".join(
            f"commune,Vaubrun {n} {town},{n:04}-{town},{400 + town * 700}\n" for town in range(TOWNS)
        )
        await load_organisations(f"kind,name,code,population\n{lines}".encode())
        rows = await sql("SELECT id FROM organisations WHERE code LIKE {0} ORDER BY code", f"{n:04}-%")
        names = [f"{name}{n}" for name in ("clerk", "colleague", "asker", "author")]
        people = [(await create_user(name, f"{name}@example.org", None)).id for name in names]
        village = cls(cast, [row["id"] for row in rows], people)
        await village._work()
        await village._write()
        return village

    async def _work(self) -> None:
        clerks, author = self.people[:2], self.people[3]
        places = [(town, clerk, False) for town in self.towns for clerk in clerks]
        for town, person, main in (*places, (self.towns[-1], author, True)):
            await sql(
                """INSERT INTO organisation_members (organisation_id, user_id, function, main, verified_by,
                    verified_until, created_at) VALUES ({0}, {1}, '', {2}, 'code', {3}, {4})""",
                town, person, main, now().replace(year=now().year + 1), now(),
            )  # fmt: skip

    async def _write(self) -> None:
        clerk, _colleague, asker, author = [await self.person(n) for n in range(PEOPLE)]
        sheet, document = [await a_topic(self.cast, kind, author) for kind in ("sheet", "document")]
        question, talk = await a_question(self.cast, asker), await a_topic(self.cast, "discussion", clerk)
        self.topics = [sheet.id, document.id, question.id, talk.id]
        answers = [await a_reply(self.cast, question, viewer) for viewer in (author, clerk)]
        self.posts = [await first_post(sheet), await first_post(document), *(one.id for one in answers)]
        await self.accept(0, 0)

    async def person(self, one: int) -> Viewer:
        """One of the four, as they are now.

        Raises:
            NotFound: they have left.
        """
        viewer = await viewer_of_id(self.people[one], "en")
        if viewer is None:
            raise NotFound
        return viewer

    async def post(self, one: int, viewer: Viewer | None = None) -> PostAt:
        """One of the four, as a moderator or somebody else may act on it."""
        return await post_visible_to(viewer or await self.cast.mod(), self.posts[one])

    async def topic(self, one: int, viewer: Viewer | None = None) -> TopicCard:
        """The same of a topic."""
        return await topic_visible_to(viewer or await self.cast.mod(), self.topics[one])

    async def declare(self, one: int, other: int) -> None:
        """A clerk says that a town took up a post, or how far it has come by now."""
        clerk, town = await self.person(other % 2), self.towns[other]
        item = await item_visible_to(clerk, self.posts[one])
        version = {record.organisation_id: record.version for record in await reuses_of(item.post_id)}
        typed = {"state": list(STATES)[(one + other) % len(STATES)], "reason": "No time."}
        await declared(clerk, item, town, version.get(town, 0), **typed)

    async def withdraw(self, one: int, other: int) -> None:
        """A clerk takes a town's word back."""
        clerk = await self.person(other % 2)
        await withdraw_reuse(clerk, await item_visible_to(clerk, self.posts[one]), self.towns[other])

    async def merge_towns(self, one: int, other: int) -> None:
        """One town goes in another."""
        gone, kept = self.towns[one], self.towns[other]
        await merge_organisations(await self.cast.ada(), gone, kept, "A new commune.")
        self.towns = [kept if town == gone else town for town in self.towns]

    async def accept(self, one: int, other: int) -> None:
        """One of the answers, or no longer."""
        act = unaccept_answer if other % 2 else accept_answer
        await act(await self.cast.mod(), await self.post(2 + one % 2))

    async def delete(self, one: int, other: int) -> None:
        """One of the answers."""
        await delete_post(await self.cast.mod(), await self.post(2 + one % 2))

    async def hide(self, one: int, other: int) -> None:
        """Moderation hides a post, also one that opens a topic."""
        eve, ada = await self.cast.eve(), await self.cast.ada()
        item = await flag_post(eve, await self.post(one, eve), FlagType.INAPPROPRIATE, "Look.")
        await decide_case(await self.cast.mod(), await case_visible_to(ada, item), "hide", REASON)

    async def recover(self, one: int, other: int) -> None:
        """A post that was deleted or hidden is there again."""
        await recover_post(await self.cast.mod(), await self.post(one))

    async def delete_topic(self, one: int, other: int) -> None:
        """A topic goes with all that is in it."""
        await delete_topic(await self.cast.mod(), await self.topic(one))

    async def recover_topic(self, one: int, other: int) -> None:
        """It is there again."""
        await recover_topic(await self.cast.mod(), await self.topic(one))

    async def vote(self, one: int, other: int) -> None:
        """Somebody finds a post useful, or not, or says no more."""
        voter, value = await self.person(other), (1, -1, 0)[(one + other) % 3]
        await set_vote(voter, await self.post(one, voter), value)
        self.votes[self.posts[one], voter.member_id] = value

    async def spare(self, one: int, other: int) -> None:
        """A topic answers somebody before they ask."""
        asker = await self.person(other)
        await note_answered(asker, await self.topic(one, asker))

    async def reply(self, one: int, other: int) -> None:
        """Somebody answers the last post that can be taken up there, or the one that opens the topic."""
        writer = await self.person(other)
        topic = await self.topic(one, writer)
        there = [await self.post(n) for n in range(len(self.posts))]
        number = max((post.number for post in there if post.topic_id == topic.id), default=1)
        await reply_to_topic(writer, topic, f"So did we, the {other}th time.", reply_to=number)

    async def move(self, one: int, other: int) -> None:
        """A post goes behind those of another topic."""
        mod, post = await self.cast.mod(), await self.post(one)
        source = await topic_visible_to(mod, post.topic_id)
        await move_posts(mod, source, [post.id], await self.topic(other))

    async def split(self, one: int, other: int) -> None:
        """An answer opens a question of its own."""
        mod, post = await self.cast.mod(), await self.post(one)
        wish = NewTopic("Who else heats with wood?", self.cast.theme.id, "question")
        await split_topic(mod, await topic_visible_to(mod, post.topic_id), [post.id], wish)

    async def merge_topics(self, one: int, other: int) -> None:
        """All posts of a topic go behind those of another one."""
        await merge_topics(await self.cast.mod(), await self.topic(one), await self.topic(other))

    async def sweep(self, one: int, other: int) -> None:
        """All that somebody wrote is deleted at once, or comes back."""
        mod, user_id = await self.cast.mod(), self.people[one]
        if user_id in self.sweeps:
            await recover_posts_of(mod, user_id, self.sweeps.pop(user_id))
        else:
            name = (await self.person(one)).username
            self.sweeps[user_id] = await delete_posts_of(mod, user_id, REASON, typed=name, username=name)
        for job in ("delete_posts_of", "recover_posts_of"):
            await jobs.run_due(job)

    async def erase(self, one: int, other: int) -> None:
        """Somebody leaves for good."""
        person = await self.person(one)
        await erase_member(await self.cast.ada(), person.member_id, person.username, REASON)
        await erase_accounts()


ACTS = (
    "declare", "withdraw", "merge_towns", "accept", "delete", "hide", "recover", "delete_topic",
    "recover_topic", "vote", "spare", "reply", "move", "split", "merge_topics", "sweep", "erase",
)  # fmt: skip
