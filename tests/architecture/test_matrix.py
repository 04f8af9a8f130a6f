"""The permission matrix: every address and every channel × who comes × what they come to.

A new route or channel without a row here fails.
"""

import re
from typing import Any

import pytest
from httpx2 import AsyncClient
from starlette.routing import Route

from forum.app import SLICES, Relais
from forum.channels import DOORMEN, audience
from realtime.policies import Identity
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply
from tests.people import Person, at, signed_in
from tests.reviewables.cases import reported

# What an address shows or changes: "open" is for everyone; "topic", "post" and "category" follow the rights
# on what they name, "tag" those on the topics that carry it; "member" is for whoever has signed in; "group"
# is for whoever may know of the group; "person" is a member's public page, "file" a picture that everyone
# sees, "upload" a file for whoever may read a post that shows it (tests/uploads); "mailed" is for whoever
# holds a signed token, of a mail or a page; "admin" is for administrators, "admin's" what they change
# there, "managed" one thing that they look after; "staff" for moderators too, "conduct" is what they know
# of a member (tests/conduct), "held" is for the author of what waits (tests/pending), "machine" is for this
# machine and keys of all users.
ROWS = {
    "open": {
        "/search", "/search.json", "/search/query", "/search/query.json",
        "/", "/latest", "/new", "/unread", "/unanswered", "/categories", "/session/new", "/session",
        "/locale", "/about.json", "/site.json", "/categories.json", "/latest.json", "/session/deletion",
        "/session/current.json", "/notifications.json", "/notifications", "/new-topic", "/tags.json",
        "/preferences", "/my/preferences",
        "/charter", "/invites", "/privacy", "/g", "/groups.json", "/signup", "/signup/sent",
        "/password-reset", "/preferences/account", "/session/2fa", "/session/2fa/challenge",
        "/session/2fa/passkey", "/session/passkey", "/session/passkey/challenge",
        "/valeur", "/valeur.json", "/still-true",
        "/o", "/o.json", "/o/{slug}", "/o/{slug}.json", "/o/{slug}/topics", "/o/{slug}/comparables.json",
        "/o/{slug}/reuses",
        "/auth/oidc", "/auth/oidc/callback", "/auth/oidc/backchannel-logout", "/auth/signed-out",
    },
    "mailed": {
        "/u/action/send_activation_email", "/u/activate-account/{token}", "/u/password-reset/{token}",
        "/u/confirm-new-email/{token}", "/preferences/data/{token}",
        "/email/unsubscribe/{token}", "/still-true/{token}", "/setup/{token}", "/invites/{token}",
        "/auth/arrival", "/auth/arrival/account", "/signup/appeal/{token}", "/suspension/appeal/{token}",
    },
    "member": {
        "/suggestions", "/suggestions/close", "/suggestions/answered",
        "/topics", "/preview", "/notifications/read", "/posts", "/posts.json", "/post_actions",
        "/post_actions.json", "/post_voting/vote", "/post_voting/vote.json", "/solution/accept",
        "/solution/accept.json", "/solution/unaccept", "/solution/unaccept.json", "/topics/timings",
        "/topics/timings.json", "/notifications/mark-read.json", "/preferences/account/password",
        "/preferences/account/email", "/preferences/sessions",
        "/preferences/profile", "/preferences/picture",
        "/preferences/picture/deletion", "/preferences/deactivation", "/preferences/data",
        "/preferences/erasure",
        "/preferences/sessions/deletion", "/preferences/sessions/{id:int}/deletion",
        "/preferences/second-factor", "/preferences/second-factor/confirmation",
        "/preferences/second-factor/totp", "/preferences/second-factor/totp/confirmation",
        "/preferences/second-factor/totp/deletion", "/preferences/second-factor/recovery-codes",
        "/preferences/second-factor/recovery-codes/file", "/preferences/second-factor/passkeys",
        "/preferences/second-factor/passkeys/challenge",
        "/preferences/second-factor/passkeys/{id:int}/deletion",
        "/uploads", "/uploads.json", "/drafts/{place}/uploads",
        "/preferences/organisations", "/preferences/organisations/{id:int}",
        "/preferences/organisations/{id:int}/verification", "/organisation-members/{id:int}/vouches",
        "/preferences/mail", "/charter/acceptance", "/invites/{id:int}/deletion",
        "/auth/arrival/link", "/preferences/associated-account/deletion",
    },
    "topic": {
        "/t/{id:int}", "/t/{id:int}/go", "/t/{id:int}/edit", "/t/{id:int}/revisions", "/t/{id:int}/closed",
        "/t/{id:int}/category", "/t/{id:int}/pinned", "/t/{id:int}/clear-pin",
        "/t/{id:int}/clear-pin.json", "/t/{id:int}/re-pin", "/t/{id:int}/re-pin.json",
        "/t/{id:int}/move-posts",
        "/t/{id:int}/move-posts.json",
        "/t/{id:int}/merge-topic", "/t/{id:int}/merge-topic.json",
        "/t/{id:int}/deletion", "/t/{id:int}/recovery", "/t/{id:int}/{number:int}", "/t/{slug}/{id:int}",
        "/t/{slug}/{id:int}/{number:int}", "/t/{id:int}/posts", "/t/{id:int}/notification-level",
        "/t/{id:int}/timings", "/t/{id:int}.json", "/t/{id:int}/posts.json", "/t/{id:int}/{number:int}.json",
        "/t/-/{id:int}.json", "/t/{slug}/{id:int}.json", "/t/{id:int}/status", "/t/{id:int}/status.json",
        "/t/{id:int}/notifications.json", "/posts/by_number/{id:int}/{number:int}.json",
        "/posts/by_number/{id:int}/{number:int}",
        "/t/external_id/{id:int}.json", "/t/{id:int}/details", "/t/{id:int}/details/history",
        "/t/{id:int}/field-requests", "/t/{id:int}/peers", "/t/{id:int}/peers.json",
        "/t/{id:int}/seat", "/t/{id:int}/event.ics", "/t/{id:int}/outcome",
    },
    "post": {
        "/p/{id:int}", "/p/{id:int}/reply", "/p/{id:int}/quote",
        "/posts/{id:int}/edit", "/posts/{id:int}/revisions",
        "/posts/{id:int}/replies", "/posts/{id:int}/deletion", "/posts/{id:int}/recovery",
        "/posts/{id:int}/vote", "/posts/{id:int}/accepted", "/posts/{id:int}.json",
        "/posts/{id:int}/reply-history.json", "/posts/{id:int}/revisions/{number:int}.json",
        "/posts/{id:int}/replies.json", "/posts/{id:int}", "/post_actions/{id:int}",
        "/post_actions/{id:int}.json", "/posts/{id:int}/flags", "/posts/{id:int}/moderation",
        "/posts/{id:int}/appeal", "/posts/{id:int}/reuses", "/posts/{id:int}/reuses.json",
        "/posts/{id:int}/reuses/deletion", "/posts/{id:int}/confirmation", "/posts/{id:int}/review-date",
        "/posts/{id:int}/successor",
    },
    "tag": {"/tag/{name}", "/tag/{name}.json"},
    "category": {
        "/c/{slug}/{id:int}", "/c/{id:int}.json", "/c/{slug}/{id:int}.json", "/c/{id:int}/notification-level",
        "/category/{id:int}/notifications", "/category/{id:int}/notifications.json",
    },
    "file": {"/uploads/pictures/{name}/{size:int}.webp", "/uploads/logos/{name}.webp"},
    "upload": {"/uploads/short-url/{file}", "/uploads/thumbnails/{name}/{width:int}.webp"},
    "group": {
        "/g/{name}", "/g/{name}/membership", "/g/{name}/requests", "/g/{name}/requests/{id:int}",
        "/g/{name}/members", "/g/{name}/members/{username}", "/groups/{name}.json",
        "/groups/{name}/members.json",
    },
    "person": {"/u/{username}", "/u/{username}.json", "/users/{username}.json"},
    "conduct": {
        "/u/{username}/conduct", "/u/{username}/suspension", "/u/{username}/silence", "/u/{username}/notes",
        "/u/{username}/second-factor/deletion",
        "/u/{username}/erasure",
        "/u/{username}/posts-deletion", "/u/{username}/posts-recovery",
    },
    "admin": {
        "/admin/live", "/admin/journal", "/admin/settings", "/admin/groups", "/admin/categories",
        "/admin/categories/new", "/admin/people", "/admin/mail", "/admin/jobs", "/admin/value.csv",
        "/admin/organisations",
    },
    "admin's": {
        "/admin/settings/logo", "/admin/settings/logo/deletion", "/admin/mail/trial",
        "/admin/mail/{id:int}/retry", "/admin/mail/{id:int}/deletion", "/admin/organisations/merges",
    },
    "managed": {
        "/admin/people/{username}", "/admin/people/{username}/roles",
        "/admin/people/{username}/sessions/deletion",
        "/admin/groups/{id:int}", "/admin/groups/{id:int}/deletion", "/admin/categories/{id:int}",
        "/admin/categories/{id:int}/rules", "/admin/categories/{id:int}/archive",
        "/admin/categories/{id:int}/deletion", "/admin/categories/{id:int}/animators",
        "/admin/categories/{id:int}/animators/{number:int}/deletion",
    },
    "staff": {"/synonyms", "/synonyms/changes", "/synonyms/deletion",
              "/review", "/review/{id:int}", "/review/{id:int}/claim", "/review/{id:int}/decision",
              "/review/pending/{id:int}", "/review/pending/{id:int}/claim",
              "/review/pending/{id:int}/decision",
              "/review/signups/{id:int}", "/review/signups/{id:int}/claim",
              "/review/signups/{id:int}/decision",
              "/review/suspensions/{id:int}", "/review/suspensions/{id:int}/claim",
              "/review/suspensions/{id:int}/decision"},
    "held": {
        "/pending/{id:int}", "/pending/{id:int}/revisions", "/pending/{id:int}/withdrawal",
        "/pending/{id:int}/appeal",
    },
    "machine": {"/metrics"},
}  # fmt: skip
SYSTEM = {"/static/{hash}/{path:path}", "/healthz", "/readyz"}
NAMED = ("topic", "post", "category", "tag")
OUTSIDERS = ("visitor", "eve", "mod")


def routes() -> list[Route]:
    return [route for slice in SLICES for route in slice.routes]


def test_every_address_has_a_row(app: Relais) -> None:
    rows = set().union(*ROWS.values())
    assert {route.path for route in app.pages.routes} == rows | SYSTEM


def test_every_channel_has_a_row() -> None:
    assert set(DOORMEN) == set(CHANNELS)


async def person(site: str, who: str) -> Person:
    return at(site) if who == "visitor" else await signed_in(site, who)


def requests() -> list[tuple[str, str, str]]:
    """Each (kind of object, method, address) that names something."""
    kind_of = {path: kind for kind, paths in ROWS.items() for path in paths}
    return [
        (kind_of[route.path], method, route.path)
        for route in routes()
        for method in sorted(route.methods or ())
        if kind_of[route.path] in NAMED and method != "HEAD"
    ]


def address(path: str, named: int | str, slug: str, username: str = "") -> str:
    number = named if isinstance(named, int) else 1
    path = path.replace("{id:int}", str(number)).replace("{name}", str(named)).replace("{username}", username)
    path += "?post_action_type_id=2" if "post_actions" in path else ""
    return re.sub(r"\{number:int\}", "1", path).replace("{slug}", slug)


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_discourse_pr_14022_what_is_restricted_answers_outsiders_exactly_as_what_is_absent(
    site: str, cast: Cast, who: str
) -> None:
    """And CVE-2026-32620: votes, reading and following too ask who may see what they are about."""
    topic = await a_question(cast, private=True, tags=["whispers"])
    reply = await a_reply(cast, topic)
    client = (await person(site, who)).client
    real = {"topic": topic.id, "post": reply.id, "category": cast.private.id, "tag": "whispers"}
    for kind, method, path in requests():
        there = await answer(client, method, address(path, real[kind], topic.slug))
        nowhere = "screams" if kind == "tag" else 987_654
        absent = await answer(client, method, address(path, nowhere, topic.slug))
        assert there == absent, f"{who} {method} {path}"
        assert there[0] in (403, 404), f"{who} {method} {path}: {there[0]}"


async def answer(client: AsyncClient, method: str, path: str) -> tuple[int, str]:
    """Status and body, less what differs at each request."""
    data: dict[str, Any] = {"value": "1", "level": "3", "up_to": "1", "raw": "x", "title": "Three new words"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    found = await client.request(
        method, path, data=data if method in ("POST", "PUT") else None, headers=headers
    )
    body = re.sub(r"[0-9a-f]{32}", "", found.text)
    return found.status_code, re.sub(r'(value|return_to)="?[^"<]*"?|return_to=[^"]*', "", body)


async def test_members_of_the_group_get_in(site: str, cast: Cast) -> None:
    topic = await a_question(cast, private=True, tags=["whispers"])
    reply = await a_reply(cast, topic)
    for who in ("alice", "bob", "ada"):
        insider = await person(site, who)
        theme = f"/c/clerks-only/{cast.private.id}"
        for path in (f"/t/{topic.slug}/{topic.id}", f"/p/{reply.id}", theme, "/tag/whispers"):
            assert (await insider.get(path)).status_code == 200, (who, path)


@pytest.mark.parametrize("who", ["visitor", "eve", "mod", "alice"])
async def test_the_administration_answers_others_exactly_as_what_is_absent(
    site: str, cast: Cast, who: str
) -> None:
    client = (await person(site, who)).client
    for route in routes():
        path = address(route.path, 1, "", "bob")
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if route.path in ROWS["admin"] | ROWS["managed"]:
                there, absent = [await answer(client, method, at) for at in (path, "/nothing/there")]
                assert there == (absent[0], absent[1].replace("/nothing/there", path)), f"{method} {path}"
                assert there[0] == 404


@pytest.mark.parametrize("who", ["visitor", "eve", "alice", "bob", "mod"])
async def test_the_queue_answers_whoever_an_item_is_not_for_exactly_as_what_is_absent(
    site: str, cast: Cast, who: str
) -> None:
    """An item about a post of a restricted theme, which Mod may not see."""
    case = await reported(cast, await a_reply(cast, await a_question(cast, private=True)), await cast.alice())
    client = (await person(site, who)).client
    for route in routes():
        if route.path in ROWS["staff"] and "{id:int}" in route.path:
            method = "POST" if "POST" in (route.methods or ()) else "GET"
            there, absent = [
                await answer(client, method, address(route.path, number, "")) for number in (case.id, 987_654)
            ]
            assert there == absent, f"{who} {method} {route.path}"
            assert there[0] == 404
    queue = await client.get("/review")
    assert queue.status_code == (200 if who == "mod" else 404)
    assert f"/review/{case.id}" not in queue.text


@pytest.mark.parametrize("who", ["visitor", "eve", "mod", "alice"])
async def test_a_hidden_group_answers_outsiders_exactly_as_what_is_absent(
    site: str, cast: Cast, who: str
) -> None:
    await a_group(cast, "whistle", "hidden", owner="bob")
    client = (await person(site, who)).client
    for route in routes():
        if route.path not in ROWS["group"]:
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            there, absent = [
                (found[0], found[1].replace(name, "NAME"))
                for name in ("whistle", "nowhere")
                for found in [await answer(client, method, address(route.path, name, "", "bob"))]
            ]
            assert there == absent, f"{who} {method} {route.path}"
            assert there[0] in ({303, 403} if who == "visitor" else {404}), f"{who} {method} {route.path}"


async def test_members_of_a_hidden_group_and_administrators_get_in(site: str, cast: Cast) -> None:
    await a_group(cast, "whistle", "hidden", owner="bob")
    for who in ("bob", "ada"):
        insider = await person(site, who)
        for path in ("/g/whistle", "/groups/whistle.json", "/groups/whistle/members.json"):
            assert (await insider.get(path)).status_code == 200, (who, path)


async def test_administrators_get_in(site: str, cast: Cast) -> None:
    ada = await person(site, "ada")
    for path in ROWS["admin"]:
        assert (await ada.get(path)).status_code == 200, path


async def test_discourse_pr_41431_what_a_visitor_reads_is_the_same_before_and_after_a_restricted_post(
    site: str, cast: Cast
) -> None:
    open_topic = await a_question(cast, tags=["projet x"])
    await a_reply(cast, open_topic)
    paths = [
        "/", "/unanswered", "/categories", f"/c/school-meals/{cast.theme.id}", "/u/alice", "/u/bob",
        f"/t/{open_topic.slug}/{open_topic.id}", "/about.json", "/site.json", "/latest.json",
        "/categories.json", "/u/alice.json", f"/t/{open_topic.id}.json", "/tag/projet-x", "/tags.json",
    ]  # fmt: skip
    visitor = at(site)
    before = [await answer(visitor.client, "GET", path) for path in paths]
    hidden = await a_question(
        cast, private=True, title="A secret matter of clerks", tags=["Projet X", "whispers"]
    )
    await a_reply(cast, hidden, raw="Nobody else should know.")
    assert [await answer(visitor.client, "GET", path) for path in paths] == before


CHANNELS = {
    "latest": {"visitor", "eve", "mod", "alice", "bob", "ada"},
    "topic": {"alice", "bob", "ada"},
    "category": {"alice", "bob", "ada"},
    "user": {"alice"},
}


async def test_channels_of_restricted_things_are_heard_by_their_members_only(cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    names = {
        "latest": "latest",
        "topic": f"topic:{topic.id}",
        "category": f"category:{cast.private.id}",
        "user": f"user:{cast.ids['alice']}",
    }
    for namespace, hear in CHANNELS.items():
        for who in ("visitor", "eve", "mod", "alice", "bob", "ada"):
            viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
            may_hear = await audience(names[namespace])
            assert may_hear is not None
            assert may_hear(Identity("", data=viewer)) == (who in hear), (namespace, who)
