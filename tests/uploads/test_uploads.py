"""Alice shows a plan in her question: whoever may read it sees it, nobody else learns that there is one."""

import asyncio
import tracemalloc
from io import BytesIO

import pytest
from PIL import Image

from forum.animators.actions import name_animator
from forum.config import Config
from forum.pending.actions import hold_reply, hold_topic
from forum.settings.actions import change_setting
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import Person, at, signed_in
from tests.pictures.made import SECRET, a_bomb, a_picture, a_telephones_picture, written
from tests.pictures.test_squares import SVG
from tests.uploads.sending import sends, sent, status
from tests.web.test_shared_caches import is_kept_from_others

ABSENT = "/uploads/short-url/" + "0" * 32 + ".png"


async def everyone(site: str) -> dict[str, Person]:
    people = {name: await signed_in(site, name) for name in ("alice", "bob", "eve", "mod")}
    return people | {"visitor": at(site)}


async def who_gets(people: dict[str, Person], address: str) -> set[str]:
    """Who is handed the file; to the others it is as absent as one that never was."""
    found = set()
    for name, person in people.items():
        answer = await person.client.get(address)
        if answer.status_code == 200:
            found.add(name)
            continue
        never = await person.client.get(ABSENT)
        assert answer.status_code == never.status_code == 404
        assert answer.headers.get("cache-control") == never.headers.get("cache-control")
        assert len(answer.content) - len(address) == len(never.content) - len(ABSENT) or answer.text
        for headers in ({"Range": "bytes=0-9"}, {"If-None-Match": "*"}):
            assert await status(person, address, **headers) == 404
        assert (await person.client.head(address)).status_code == 404
    return found


async def test_a_picture_in_a_question_is_seen_by_everyone_in_its_room(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    plan = await sent(alice, a_picture("PNG", (1600, 800)), "Plan de l’école.png")
    assert plan["markdown"] == f"![Plan de l’école|1600x800]({plan['short_url']})"
    assert (plan["width"], plan["height"], plan["extension"]) == (1600, 800, "png")
    topic = await a_question(cast, raw=f"Here is the plan.\n\n{plan['markdown']}")
    page = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
    small, fine = plan["thumbnails"]
    assert f'<a class="lightbox" href="{plan["url"]}">' in page or f'href="{plan["url"]}"' in page
    assert f'src="{small}"' in page
    assert f'srcset="{fine} 2x"' in page
    assert 'alt="Plan de l’école"' in page
    assert 'width="690" height="345"' in page
    for address in (plan["url"], small, fine):
        found = await at(site).get(address)
        assert found.status_code == 200
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert found.headers["cache-control"] == "private, no-cache"
        again = await at(site).client.get(address, headers={"If-None-Match": found.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_a_draft_s_file_is_its_sender_s_alone(site: str, cast: Cast) -> None:
    people = await everyone(site)
    plan = await sent(people["alice"], a_picture("PNG", (800, 400)))
    for address in (plan["url"], *plan["thumbnails"]):
        assert await who_gets(people, address) == {"alice"}
        assert (await people["alice"].get(address)).headers["cache-control"] == "private, no-store"


async def test_a_file_of_a_post_that_waits_is_its_sender_s_and_of_those_who_decide(
    site: str, cast: Cast
) -> None:
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["bob"])
    people, eve = await everyone(site), await cast.eve()
    plan = await sent(people["eve"], a_picture("PNG", (800, 400)))
    await hold_reply(eve, await a_question(cast), f"Look: {plan['markdown']}")
    for address in (plan["url"], *plan["thumbnails"]):
        assert await who_gets(people, address) == {"eve", "mod", "bob"}
        assert (await people["bob"].get(address)).headers["cache-control"] == "private, no-store"
    alone = await sent(people["eve"])
    held = await hold_topic(eve, cast.theme.id, "question", "What waits here", f"See {alone['markdown']}")
    assert await who_gets(people, alone["url"]) == {"eve", "mod", "bob"}
    await sql("UPDATE pending_posts SET category_id = {1} WHERE id = {0}", held, cast.private.id)
    assert await who_gets(people, alone["url"]) == {"eve"}


async def test_a_file_has_the_rights_of_its_post(site: str, cast: Cast) -> None:
    people = await everyone(site)
    plan = await sent(people["alice"], a_picture("PNG", (800, 400)))
    topic = await a_question(cast, raw=f"Between us.\n\n{plan['markdown']}", private=True)
    for address in (plan["url"], *plan["thumbnails"]):
        assert await who_gets(people, address) == {"alice", "bob"}
        assert (await people["bob"].get(address)).headers["cache-control"] == "private, no-store"
    await sql("DELETE FROM group_users WHERE user_id = {0}", cast.ids["bob"])
    await sql("UPDATE site SET version = version + 1")
    assert await who_gets(people, plan["url"]) == {"alice"}
    await sql("UPDATE topics SET deleted_at = created_at WHERE id = {0}", topic.id)
    assert await who_gets(people, plan["url"]) == set()


async def test_nodebb_encoded_upload_paths_open_no_private_file(site: str, cast: Cast) -> None:
    alice, eve = await signed_in(site, "alice"), await signed_in(site, "eve")
    plan = await sent(alice)
    await a_question(cast, raw=f"Between us.\n\n{plan['markdown']}", private=True)
    folder, _slash, file = plan["url"].rpartition("/")
    encoded = f"{folder}/" + "".join(f"%{ord(sign):02x}" for sign in file)
    assert await status(alice, encoded) == 200, "it is the same address"
    for address in (
        encoded, f"{folder}//{file}", f"{folder}/%2f{file}", f"{folder}/%2e%2e/short-url/{file}",
        f"/uploads//short-url/{file}", f"/UPLOADS/short-url/{file}", f"{folder}/{file.upper()}",
        f"{folder}/{file}%00",
    ):  # fmt: skip
        for outsider in (eve, at(site)):
            assert await status(outsider, address) == 404, address
    etag = (await alice.client.get(plan["url"])).headers["etag"]
    for headers in (
        {"Range": "bytes=0-10"}, {"Range": "bytes=0-"}, {"If-None-Match": etag}, {"If-None-Match": "*"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, {"If-Range": etag, "Range": "bytes=0-10"},
    ):  # fmt: skip
        for method in ("GET", "HEAD"):
            for outsider in (eve, at(site)):
                answer = await outsider.client.request(method, plan["url"], headers=headers)
                assert (answer.status_code, is_kept_from_others(answer)) == (404, True), headers
                assert etag not in answer.headers.values()


async def test_a_deleted_post_takes_its_files_along(site: str, cast: Cast) -> None:
    people = await everyone(site)
    plan = await sent(people["bob"])
    topic = await a_question(cast)
    new = await a_reply(cast, topic, raw=f"Look:\n\n{plan['markdown']}", author=await cast.bob())
    assert await who_gets(people, plan["url"]) == set(people)
    await people["bob"].post(f"/posts/{new.id}/deletion")
    assert await who_gets(people, plan["url"]) == {"bob", "mod"}
    await people["bob"].post(f"/posts/{new.id}/recovery")
    assert await who_gets(people, plan["url"]) == set(people)


async def test_nobody_shows_a_file_that_they_may_not_have(site: str, cast: Cast) -> None:
    people = await everyone(site)
    plan = await sent(people["alice"])
    await a_question(cast, raw=f"Eve has heard of an address: {plan['markdown']}", author=await cast.eve())
    assert await who_gets(people, plan["url"]) == {"alice"}
    for address in (plan["short_url"], plan["url"]):
        await a_question(cast, raw=f"And tries again: ![x]({address})", author=await cast.eve())
    assert await who_gets(people, plan["url"]) == {"alice"}
    assert await sql("SELECT * FROM post_uploads") == []


async def test_a_text_that_no_longer_shows_a_file_lets_it_go(site: str, cast: Cast) -> None:
    people = await everyone(site)
    alice, plan = people["alice"], await sent(people["alice"])
    topic = await a_question(cast, raw=f"Look at this. {plan['markdown']}")
    post = (await sql("SELECT id FROM posts WHERE topic_id = {0}", topic.id))[0]["id"]
    await alice.post(f"/posts/{post}/revisions", raw="I was wrong about this plan.", version="1")
    assert await who_gets(people, plan["url"]) == {"alice"}
    (row,) = await sql("SELECT unused_since FROM uploads")
    assert row["unused_since"] is not None


async def test_a_part_of_a_file_is_handed_out(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    notes = await sent(alice, b"0123456789" * 10, "notes.txt")
    for asked, status_code, body in (
        ("bytes=0-4", 206, b"01234"),
        ("bytes=95-", 206, b"56789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=100-", 416, b""),
        ("bytes=5-2", 200, b"0123456789" * 10),
        ("bytes=0-1,3-4", 200, b"0123456789" * 10),
        ("lines=1", 200, b"0123456789" * 10),
    ):
        found = await alice.client.get(notes["url"], headers={"Range": asked})
        assert (found.status_code, found.content) == (status_code, body), asked
    assert found.headers["content-disposition"] == "attachment; filename*=UTF-8''notes.txt"
    whole = await alice.client.head(notes["url"])
    assert (whole.headers["content-length"], whole.content) == ("100", b"")


async def test_a_picture_keeps_its_pixels_only(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    photograph = await sent(alice, a_telephones_picture(), "photo.jpg")
    body = (await alice.client.get(photograph["url"])).content
    assert SECRET.encode() not in body
    image = Image.open(BytesIO(body))
    assert not image.getexif()
    red, _green, blue = image.convert("RGB").getpixel((200, 50))
    assert red > 200 > blue


async def test_a_picture_that_moves_still_moves(site: str, cast: Cast) -> None:
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "green", "blue")]
    body = BytesIO()
    frames[0].save(body, "GIF", save_all=True, append_images=frames[1:], duration=100, comment=SECRET)
    alice = await signed_in(site, "alice")
    moving = await sent(alice, body.getvalue(), "moving.gif")
    image = Image.open(BytesIO((await alice.client.get(moving["url"])).content))
    assert (image.format, image.n_frames) == ("WEBP", 3)


async def test_of_a_picture_with_a_thousand_frames_a_hundred_are_read(site: str, cast: Cast) -> None:
    frames = [Image.new("RGB", (8, 8), "red" if n % 2 else "blue") for n in range(1000)]
    body = BytesIO()
    frames[0].save(body, "GIF", save_all=True, append_images=frames[1:], duration=20)
    alice = await signed_in(site, "alice")
    moving = await sent(alice, body.getvalue(), "moving.gif")
    image = Image.open(BytesIO((await alice.client.get(moving["url"])).content))
    assert image.n_frames == 100


async def test_cve_2023_4863_the_server_holds_little_of_a_picture_that_becomes_large(
    site: str, cast: Cast
) -> None:
    """Twenty-four million pixels, and as many frames as are read: opened by another process."""
    frames = [Image.new("RGB", (500, 400), "red" if n % 2 else "blue") for n in range(100)]
    moving = written(frames[0], "GIF", save_all=True, append_images=frames[1:])
    alice, bodies = await signed_in(site, "alice"), (a_picture("PNG", (6000, 4000)), moving)
    tracemalloc.start()
    for body in bodies:
        await sends(alice, body)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("a.png", b"", "Choose a file first."),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>\0', "not taken"),
        ("a.png", b"MZ\x90\0\x03\0\0\0", "not taken"),
        ("a.png", a_picture()[:60], "cannot be read"),
        ("a.png", a_bomb(30_000, 30_000), "too many pixels"),
        ("a.png", b"x" * 10_000_001, "too heavy: 10 MB"),
    ],
    ids=["nothing", "svg", "program", "half a picture", "bomb", "too heavy"],
)
async def test_what_does_not_do_is_told_at_the_field(
    site: str, cast: Cast, config: Config, name: str, body: bytes, sentence: str
) -> None:
    alice = await signed_in(site, "alice")
    answer = await sends(alice, body, name)
    assert answer.status_code == 422
    assert sentence in answer.json()["fields"]["file"]
    assert await sql("SELECT * FROM uploads") == []
    assert not list((config.data / "uploads").glob("files/*"))


async def test_cve_2023_30538_a_name_or_a_header_makes_no_kind(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    page = await sent(alice, b"<!doctype html><script>alert(1)</script>", "../../x\u202egnp.html")
    found = await alice.client.get(page["url"])
    assert page["original_filename"] == "x gnp.txt"
    assert found.headers["content-type"].startswith("text/plain")
    assert found.headers["content-disposition"].startswith("attachment")
    assert (await sent(alice, a_picture("JPEG"), "photo.pdf"))["extension"] == "jpg"
    for name, body in (("x.svg", SVG), ("x.xml", b"<?xml version='1.0'?><a/>"), ("x.png", SVG)):
        found = await alice.client.get((await sent(alice, body, name))["url"])
        assert found.headers["content-type"].startswith("text/plain")
        assert found.headers["content-disposition"].startswith("attachment")
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert found.content == body


async def test_a_member_has_room_for_so_much(site: str, cast: Cast) -> None:
    await change_setting(await cast.ada(), "upload_quota_megabytes", "1")
    alice = await signed_in(site, "alice")
    answers = await asyncio.gather(*(sends(alice, b"x" * 400_000, "notes.txt") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 422, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "there is no room for this one" in refused.json()["fields"]["file"]


async def test_a_post_shows_so_many_files(site: str, cast: Cast) -> None:
    await change_setting(await cast.ada(), "uploads_per_post", "1")
    alice = await signed_in(site, "alice")
    both = "\n\n".join([(await sent(alice))["markdown"] for _ in range(2)])
    topic = await a_question(cast)
    answer = await alice.post(f"/t/{topic.id}/posts", raw=both)
    assert answer.status_code == 422
    assert "Too many files: 1 in a post at the most." in answer.text
    assert both.replace("![", "![") in answer.text


async def test_a_visitor_sends_none(site: str, cast: Cast) -> None:
    assert (await sends(at(site))).status_code == 404
    assert (await at(site).post("/uploads.json")).status_code == 404


async def test_without_scripts_a_file_goes_into_the_text(site: str, cast: Cast) -> None:
    alice, topic = await signed_in(site, "alice"), await a_question(cast)
    bob = await signed_in(site, "bob")
    new = await a_reply(cast, topic, author=await cast.alice())
    post = await seen(await cast.alice(), new)
    for place, back in (
        (f"topic_{topic.id}", f"/t/{topic.slug}/{topic.id}/{2}#reply"),
        ("new_topic", "/new-topic"),
        (f"post_{post.id}", f"/posts/{post.id}/edit"),
    ):
        answer = await alice.client.post(
            f"/drafts/{place}/uploads",
            data={"raw": "What I had typed", "version": "1", "title": "A plan of ours"},
            files={"file": ("plan.png", a_picture(), "image/png")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert (answer.status_code, answer.headers["location"]) == (303, back)
        page = (await alice.client.get(back, follow_redirects=True)).text
        assert "What I had typed\n\n![plan|300x200](upload://" in page
        refused = await alice.client.post(
            f"/drafts/{place}/uploads",
            data={"raw": "Typed again"},
            files={"file": ("plan.exe", b"MZ\0\0", "image/png")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert refused.status_code == 422
        assert "This kind of file is not taken." in refused.text
        assert "Typed again</textarea>" in refused.text
        assert 'aria-describedby="file-help file-error"' in refused.text
    for place in (f"post_{post.id}", "topic_999999", "topic_9999999999", "post_0", "anything"):
        answer = await bob.client.post(
            f"/drafts/{place}/uploads",
            files={"file": ("plan.png", a_picture(), "image/png")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 404, place


async def test_a_file_chosen_and_not_attached_is_not_lost_without_a_word(site: str, cast: Cast) -> None:
    alice, topic = await signed_in(site, "alice"), await a_question(cast)
    post = await seen(await cast.alice(), await a_reply(cast, topic, author=await cast.alice()))
    theme = str(cast.theme.id)
    for path, typed in (
        (f"/t/{topic.id}/posts", {}),
        (f"/posts/{post.id}/revisions", {"version": "1"}),
        ("/topics", {"title": "Whose plan is it?", "kind": "question", "category_id": theme}),
    ):
        answer = await alice.post(path, raw="See the plan.", file="plan.pdf", **typed)
        assert answer.status_code == 422, path
        assert "“plan.pdf” is not attached yet" in answer.text
        assert "See the plan.</textarea>" in answer.text
        assert 'aria-describedby="file-help file-error"' in answer.text
