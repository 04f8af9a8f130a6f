"""Bob takes his data with him: all of it, nothing of others, once, and nobody else can."""

import asyncio
import io
import json
import re
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from forum.app import Relais
from forum.clock import now, set_clock
from forum.conduct.actions import write_note
from forum.drafts.actions import keep_draft
from forum.errors import Invalid
from forum.exports.actions import ask_for_archive, forget_archives
from forum.invitations.actions import invite
from forum.pending.actions import hold_topic, refuse_held
from forum.pending.queries import held_visible_to
from forum.personal import HOLDINGS
from forum.posts.actions import revise_post
from forum.posts.queries import post_visible_to
from forum.topics.models import TopicKind
from forum.votes.actions import set_vote
from realtime.sql import sql
from tests.cast import PASSWORD, Cast, give_password
from tests.factories import a_question, a_reply, seen
from tests.people import Person, signed_in
from tests.pictures.made import a_picture
from tests.reviewables.cases import decided, reported
from tests.servers.smtp import PostBox
from tests.signups.entering import mail_to, text_of
from tests.uploads.sending import sent

PAGE = "/preferences/data"
BOB, SITE = "bob@example.org", "http://127.0.0.1"
SECRETS = (
    "Alice asks about soup",
    "alice@example.org",
    "a.guest@",
    "A note of Ada",
    "A note of Mod about Bob",
    "Eve reports him",
    "A sealed secret",
    "A hash",
)


async def asked(person: Person) -> None:
    answer = await person.post(PAGE, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?asked")


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"https?://[^/]+(/preferences/data/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


def unpacked(body: bytes) -> dict[str, Any]:
    """Each file of an archive; the JSON ones read."""
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.testzip() is None
    return {
        name: json.loads(archive.read(name)) if name.endswith(".json") else archive.read(name)
        for name in archive.namelist()
    }


async def a_full_life(cast: Cast, bob: Person) -> None:
    """Bob writes, edits, votes, begins a text, has a picture, reports and is moderated."""
    topic = await a_question(cast, raw="Alice asks about soup and gives her recipe.")
    reply = await a_reply(cast, topic, raw="We did it in 2021.")
    me = await cast.bob()
    await revise_post(me, await seen(me, reply), "We did it in 2022.", reason="the year", version=1)
    first = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    await set_vote(me, await post_visible_to(me, first[0]["id"]), 1)
    await keep_draft(cast.ids["bob"], "new_topic", {"title": "A draft of Bob"})
    await bob.client.post(
        "/preferences/picture", files={"picture": a_picture()}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    await sent(bob, b"The menu of Monday", "menu.txt")
    await write_note(await cast.mod(), cast.ids["bob"], "A note of Mod about Bob")
    hidden = await a_reply(cast, topic, raw="A word too many.")
    await decided(cast, hidden, "hide", by=await cast.ada())
    theirs = await a_reply(cast, topic, author=await cast.alice())
    await reported(cast, theirs, by=me)


async def has_factors(user_id: int) -> None:
    """An authenticator app, a code for paper and a passkey."""
    await sql(
        "INSERT INTO totps (user_id, secret, last_step, created_at) VALUES ({0}, 'A sealed secret', 0, {1})",
        user_id,
        now(),
    )
    await sql(
        "INSERT INTO recovery_codes (user_id, code_hash, created_at) VALUES ({0}, 'A hash', {1})",
        user_id,
        now(),
    )
    await sql(
        """INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, name, created_at)
            VALUES ({0}, 'A hash of the key', 'A sealed secret', 0, '', 'My phone', {1})""",
        user_id,
        now(),
    )


async def always(address: str) -> bool:
    return True


async def test_bob_takes_all_of_his_and_nothing_of_others(site: str, cast: Cast, box: PostBox) -> None:
    bob = await signed_in(site, "bob")
    await a_full_life(cast, bob)
    await has_factors(cast.ids["bob"])
    waits = await hold_topic(
        await cast.bob(), cast.theme.id, TopicKind.QUESTION, "May I ask this?", "It waits to be read."
    )
    await refuse_held(await cast.ada(), await held_visible_to(await cast.ada(), waits), "Not here.", SITE)
    await invite(await cast.ada(), "a.guest@example.net", None, "A note of Ada", SITE, always)
    await asked(bob)
    link = link_in(await mail_to(box, BOB, 2))
    page = await bob.get(link)
    assert page.status_code == 200
    assert "Download" in page.text
    answer = await bob.post(link)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    files = unpacked(answer.content)
    assert set(files["index.json"]["files"]) == {e.file for h in HOLDINGS.values() for e in h.exports}
    (account,) = files["account.json"]
    assert (account["username"], account["email"], account["admin"]) == ("bob", BOB, False)
    assert [post["raw"] for post in files["posts.json"]] == ["We did it in 2022.", "A word too many."]
    assert [text["raw"] for text in files["history.json"]] == ["We did it in 2021.", "We did it in 2022."]
    assert [vote["value"] for vote in files["votes.json"]] == [1]
    assert json.loads(files["drafts.json"][0]["data"]) == {"title": "A draft of Bob"}
    assert [group["name"] for group in files["groups.json"]] == ["school-meals"]
    assert [(held["raw"], held["reason"], held["is_open"]) for held in files["waiting.json"]] == [
        ("It waits to be read.", "Not here.", False)
    ]
    assert [key["name"] for key in files["passkeys.json"]] == ["My phone"]
    assert [len(files[f"{name}.json"]) for name in ("authenticator", "recovery_codes", "invitations")] == [
        1,
        1,
        0,
    ]
    assert files["decisions.json"][0]["decision"] == "hide"
    assert len(files["reports.json"]) == 1
    assert len([name for name in files if name.startswith("picture/")]) == 2
    (menu,) = files["uploads.json"]
    assert menu["original_filename"] == "menu.txt"
    assert files[f"uploads/{menu['name']}.txt"] == b"The menu of Monday"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", account["created_at"])
    text = json.dumps(files, default=str)
    assert not [secret for secret in SECRETS if secret in text]
    assert "password_hash" not in text


async def test_the_link_is_good_once_and_leaves_no_file(
    site: str, cast: Cast, box: PostBox, app: Relais
) -> None:
    bob = await signed_in(site, "bob")
    await asked(bob)
    link = link_in(await mail_to(box, BOB))
    folder = app.config.data / "exports"
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    answers = await asyncio.gather(*(bob.post(link) for _click in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    assert list(folder.iterdir()) == []
    assert (await bob.client.get(link)).status_code == 404
    assert await sql("SELECT 1 FROM data_exports") == []


@pytest.mark.parametrize("who", ["eve", "ada", "mod"])
async def test_nobody_else_can_use_it_or_learn_of_it(site: str, cast: Cast, box: PostBox, who: str) -> None:
    bob, other = await signed_in(site, "bob"), await signed_in(site, who)
    await asked(bob)
    link = link_in(await mail_to(box, BOB))
    for method in ("GET", "POST"):
        headers = {"Sec-Fetch-Site": "same-origin"}
        there = await other.client.request(method, link, headers=headers)
        absent = await other.client.request(method, f"{PAGE}/nothing.of.ours", headers=headers)
        assert there.status_code == absent.status_code == 404
        assert plain(there.text, link) == plain(absent.text, f"{PAGE}/nothing.of.ours")
    assert (await bob.post(link)).status_code == 200


def plain(text: str, path: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "", text.replace(path, ""))


async def test_a_visitor_signs_in_first(site: str, cast: Cast, box: PostBox) -> None:
    bob = await signed_in(site, "bob")
    await asked(bob)
    link = link_in(await mail_to(box, BOB))
    bob.client.cookies.clear()
    assert (await bob.client.get(link)).headers["location"] == f"/session/new?return_to={link}"
    assert (await bob.post(link)).status_code == 404
    await bob.sign_in("bob")
    assert (await bob.post(link)).status_code == 200


async def test_requests_in_parallel_make_one_archive(cast: Cast) -> None:
    """No site is running here: nothing is made meanwhile."""
    await give_password("bob")
    me = await cast.bob()
    asking = (ask_for_archive(me, PASSWORD, "https://relais.example.fr") for _click in range(5))
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(answer) for answer in answers if answer is not None] == [Invalid] * 4
    assert len(await sql("SELECT 1 FROM data_exports")) == 1
    assert len(await sql("SELECT 1 FROM jobs WHERE name = 'make_archive'")) == 1


async def test_while_one_is_being_made_another_is_refused_kindly(cast: Cast, site: str) -> None:
    bob = await signed_in(site, "bob")
    await sql(
        """INSERT INTO data_exports (user_id, state, file, bytes, asked_at)
            VALUES ({0}, 'waiting', 'x.zip', 0, {1})""",
        cast.ids["bob"],
        now(),
    )
    answers = await asyncio.gather(*(bob.post(PAGE, password=PASSWORD) for _click in range(3)))
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "Your archive is being made" in answers[0].text
    assert len(await sql("SELECT 1 FROM jobs WHERE name = 'make_archive'")) == 0


@pytest.mark.parametrize("password", ["", "not his password"])
async def test_it_takes_his_password(site: str, cast: Cast, password: str) -> None:
    bob = await signed_in(site, "bob")
    answer = await bob.post(PAGE, password=password)
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert await sql("SELECT 1 FROM data_exports") == []


async def test_after_a_week_it_is_gone(site: str, cast: Cast, box: PostBox, app: Relais) -> None:
    bob = await signed_in(site, "bob")
    await asked(bob)
    link = link_in(await mail_to(box, BOB))
    stray = app.config.data / "exports" / "stray.part"
    stray.write_bytes(b"half")
    then = now() + timedelta(days=7, minutes=1)
    set_clock(lambda: then)
    try:
        assert (await bob.client.get(link)).status_code == 404
        await forget_archives()
    finally:
        set_clock(None)
    assert list((app.config.data / "exports").iterdir()) == []
    assert await sql("SELECT 1 FROM data_exports") == []


async def test_a_new_archive_takes_the_place_of_the_first(
    site: str, cast: Cast, box: PostBox, app: Relais
) -> None:
    bob = await signed_in(site, "bob")
    await asked(bob)
    first = link_in(await mail_to(box, BOB))
    assert "An archive waits for you" in (await bob.get(PAGE)).text
    await asked(bob)
    second = link_in(await mail_to(box, BOB, 2))
    await forget_archives()
    assert len(list((app.config.data / "exports").iterdir())) == 1
    assert (await bob.post(first)).status_code == 404
    assert (await bob.post(second)).status_code == 200


async def test_an_archive_of_many_posts_holds_each_once(site: str, cast: Cast, box: PostBox) -> None:
    bob, topic = await signed_in(site, "bob"), await a_question(cast)
    for n in range(3):
        await a_reply(cast, topic, raw=f"Reply number {n}")
    rows = await sql("SELECT MAX(post_number) AS n FROM posts WHERE topic_id = {0}", topic.id)
    await sql(
        f"""INSERT INTO posts (topic_id, user_id, post_number, raw, cooked, cook_version, created_at,
                updated_at, post_type, version, reply_count, score, up_count, imported_like_count)
            WITH RECURSIVE n(i) AS (SELECT {rows[0]["n"]} + 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            SELECT {topic.id}, {cast.ids["bob"]}, i, 'Post', '<p>Post</p>', 1, {{0}}, {{0}}, 1, 1, 0, 0, 0, 0
            FROM n""",
        now(),
    )
    await asked(bob)
    files = unpacked((await bob.post(link_in(await mail_to(box, BOB)))).content)
    numbers = [post["post_number"] for post in files["posts.json"]]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 1199
