"""The permission matrix of what changes something: every unsafe request × who sends it.

On a question of Alice's, open to all, with a reply of Bob's. A new unsafe route without a row here fails.
"""

import re
from datetime import timedelta

import pytest
from httpx2 import Response

from forum.accounts.actions import suspend_member
from forum.accounts.queries import viewer_of_id
from forum.accounts.sessions import hash_token, open_session
from forum.animators.actions import name_animator
from forum.answers.actions import accept_answer
from forum.app import SLICES
from forum.clock import now
from forum.groups.actions import ask_to_join, remove_member
from forum.groups.queries import group_numbered, requests_to
from forum.organisations.actions import join_organisation, verify_by_domain
from forum.organisations.load import load_organisations
from forum.organisations.members import memberships_of
from forum.pending.actions import hold_reply, refuse_held
from forum.pending.queries import held_visible_to
from forum.posts.actions import delete_post
from forum.posts.new import NewPost
from forum.reviewables.actions import decide_case
from forum.sweeps.actions import delete_posts_of
from forum.synonyms.actions import add_group
from forum.topics.actions import delete_topic
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.conduct.appealing import an_appeal
from tests.factories import a_group, a_question, a_reply, seen
from tests.kinds.details import SHEET
from tests.kinds.making import a_topic
from tests.peers.making import a_follower
from tests.people import Person, at, signed_in
from tests.pictures.made import a_picture
from tests.reuses.making import BEZAC, ORMOY, organisation, verified
from tests.reviewables.cases import reported
from tests.signup_requests.asking import a_request

FILES = {
    "/preferences/picture": "picture",
    "/uploads": "file",
    "/uploads.json": "file",
    "/drafts/{place}/uploads": "file",
}
EVERYONE = {"visitor", "eve", "alice", "bob", "mod"}
MEMBERS = EVERYONE - {"visitor"}
NOT_THE_AUTHOR = MEMBERS - {"bob"}
ASKER, AUTHOR, STAFF = {"alice", "mod"}, {"bob", "mod"}, {"mod"}
# Bob owns the group that these are about.
OWNER = {"bob"}
# Whoever they are, only with a token that was signed (tests/signups).
WHO_HAS_THE_MAIL: set[str] = set()
# Only an administrator (tests/settings), or whoever sent the invitation (tests/invitations).
NONE_OF_THEM: set[str] = set()
# Only with the cookie of a sign-in that owes its second factor (tests/factors).
WHO_HAS_GIVEN_THE_PASSWORD: set[str] = set()
# Absent where no identity provider is configured (tests/single_sign_on).
NO_PROVIDER: set[str] = set()

ROWS: dict[str, set[str]] = {
    "POST /session": EVERYONE,
    "POST /session/deletion": EVERYONE,
    "POST /locale": EVERYONE,
    "POST /signup": EVERYONE,
    "POST /u/action/send_activation_email": WHO_HAS_THE_MAIL,
    "POST /u/activate-account/{token}": WHO_HAS_THE_MAIL,
    "POST /u/password-reset/{token}": WHO_HAS_THE_MAIL,
    "POST /u/confirm-new-email/{token}": WHO_HAS_THE_MAIL,
    "POST /password-reset": EVERYONE,
    "POST /preferences/account/password": MEMBERS,
    "POST /preferences/account/email": MEMBERS,
    "POST /session/2fa": WHO_HAS_GIVEN_THE_PASSWORD,
    "POST /session/2fa/challenge": WHO_HAS_GIVEN_THE_PASSWORD,
    "POST /session/2fa/passkey": WHO_HAS_GIVEN_THE_PASSWORD,
    "POST /session/passkey": EVERYONE,
    "POST /session/passkey/challenge": EVERYONE,
    "POST /preferences/second-factor/passkeys": MEMBERS,
    "POST /preferences/second-factor/passkeys/challenge": MEMBERS,
    "POST /preferences/second-factor/passkeys/{id:int}/deletion": MEMBERS,
    "POST /preferences/second-factor/confirmation": MEMBERS,
    "POST /preferences/second-factor/totp": MEMBERS,
    "POST /preferences/second-factor/totp/confirmation": MEMBERS,
    "POST /preferences/second-factor/totp/deletion": MEMBERS,
    "POST /preferences/second-factor/recovery-codes": MEMBERS,
    "POST /preferences/second-factor/recovery-codes/file": MEMBERS,
    "POST /admin/settings": NONE_OF_THEM,
    "POST /admin/settings/logo": NONE_OF_THEM,
    "POST /admin/settings/logo/deletion": NONE_OF_THEM,
    "POST /admin/jobs": NONE_OF_THEM,
    "POST /admin/mail/trial": NONE_OF_THEM,
    "POST /admin/mail/{id:int}/retry": NONE_OF_THEM,
    "POST /admin/mail/{id:int}/deletion": NONE_OF_THEM,
    "POST /charter/acceptance": MEMBERS,
    "POST /preferences/mail": MEMBERS,
    "POST /email/unsubscribe/{token}": WHO_HAS_THE_MAIL,
    "POST /setup/{token}": WHO_HAS_THE_MAIL,
    "POST /signup/appeal/{token}": WHO_HAS_THE_MAIL,
    "POST /suspension/appeal/{token}": WHO_HAS_THE_MAIL,
    "POST /invites": STAFF,
    "POST /invites/{id:int}/deletion": NONE_OF_THEM,
    "POST /invites/{token}": WHO_HAS_THE_MAIL,
    "POST /topics": MEMBERS,
    "POST /preview": MEMBERS,
    "POST /synonyms": STAFF,
    "POST /synonyms/changes": STAFF,
    "POST /synonyms/deletion": STAFF,
    "POST /suggestions": MEMBERS,
    "POST /suggestions/answered": MEMBERS,
    "POST /suggestions/close": MEMBERS,
    "POST /notifications/read": MEMBERS,
    "PUT /notifications/mark-read.json": MEMBERS,
    "POST /posts": MEMBERS,
    "POST /posts.json": MEMBERS,
    "POST /topics/timings": MEMBERS,
    "POST /topics/timings.json": MEMBERS,
    "POST /t/{id:int}/posts": MEMBERS,
    "POST /t/{id:int}/timings": MEMBERS,
    "POST /t/{id:int}/notification-level": MEMBERS,
    "POST /t/{id:int}/notifications.json": MEMBERS,
    "POST /c/{id:int}/notification-level": MEMBERS,
    "POST /category/{id:int}/notifications": MEMBERS,
    "POST /category/{id:int}/notifications.json": MEMBERS,
    "POST /t/{id:int}/clear-pin": MEMBERS,
    "PUT /t/{id:int}/clear-pin": MEMBERS,
    "PUT /t/{id:int}/clear-pin.json": MEMBERS,
    "PUT /t/{id:int}/re-pin": MEMBERS,
    "PUT /t/{id:int}/re-pin.json": MEMBERS,
    "POST /t/{id:int}/revisions": ASKER,
    "PUT /t/-/{id:int}.json": ASKER,
    "PUT /t/{id:int}.json": ASKER,
    "PUT /t/{slug}/{id:int}": ASKER,
    "PUT /t/{slug}/{id:int}.json": ASKER,
    "POST /t/{id:int}/closed": STAFF,
    "POST /t/{id:int}/details": ASKER,
    "POST /t/{id:int}/field-requests": MEMBERS - {"alice"},
    "POST /t/{id:int}/seat": MEMBERS,
    "POST /t/{id:int}/peers": {"alice"},
    "POST /t/{id:int}/outcome": ASKER,
    "PUT /t/{id:int}/status": STAFF,
    "PUT /t/{id:int}/status.json": STAFF,
    "POST /t/{id:int}/pinned": STAFF,
    "POST /t/{id:int}/category": STAFF,
    "POST /t/{id:int}/move-posts": STAFF,
    "POST /t/{id:int}/move-posts.json": STAFF,
    "POST /t/{id:int}/merge-topic": STAFF,
    "POST /t/{id:int}/merge-topic.json": STAFF,
    "POST /t/{id:int}/deletion": STAFF,
    "POST /t/{id:int}/recovery": STAFF,
    "POST /posts/{id:int}/vote": NOT_THE_AUTHOR,
    "POST /post_actions": NOT_THE_AUTHOR,
    "POST /post_actions.json": NOT_THE_AUTHOR,
    "POST /post_voting/vote": NOT_THE_AUTHOR,
    "POST /post_voting/vote.json": NOT_THE_AUTHOR,
    "DELETE /post_voting/vote": NOT_THE_AUTHOR,
    "DELETE /post_voting/vote.json": NOT_THE_AUTHOR,
    "DELETE /post_actions/{id:int}": MEMBERS,
    "DELETE /post_actions/{id:int}.json": MEMBERS,
    "POST /posts/{id:int}/accepted": ASKER,
    "POST /solution/accept": ASKER,
    "POST /solution/accept.json": ASKER,
    "POST /solution/unaccept": ASKER,
    "POST /solution/unaccept.json": ASKER,
    "POST /posts/{id:int}/revisions": AUTHOR,
    "PUT /posts/{id:int}": AUTHOR,
    "PUT /posts/{id:int}.json": AUTHOR,
    "POST /posts/{id:int}/confirmation": AUTHOR - STAFF,
    "POST /posts/{id:int}/review-date": AUTHOR - STAFF,
    "POST /posts/{id:int}/successor": AUTHOR,
    "POST /still-true/{token}": WHO_HAS_THE_MAIL,
    "POST /posts/{id:int}/deletion": AUTHOR,
    "DELETE /posts/{id:int}": AUTHOR,
    "DELETE /posts/{id:int}.json": AUTHOR,
    "POST /posts/{id:int}/recovery": AUTHOR,
    "POST /preferences/organisations": MEMBERS,
    "POST /preferences/organisations/{id:int}": MEMBERS,
    "POST /preferences/organisations/{id:int}/verification": MEMBERS,
    "POST /organisation-members/{id:int}/vouches": OWNER,
    "POST /preferences/profile": MEMBERS,
    "POST /preferences/picture": MEMBERS,
    "POST /uploads": MEMBERS,
    "POST /uploads.json": MEMBERS,
    "POST /drafts/{place}/uploads": MEMBERS,
    "POST /preferences/picture/deletion": MEMBERS,
    "POST /preferences/deactivation": MEMBERS,
    "POST /preferences/data": MEMBERS,
    "POST /preferences/erasure": MEMBERS,
    "POST /u/{username}/erasure": NONE_OF_THEM,
    "POST /preferences/data/{token}": WHO_HAS_THE_MAIL,
    "POST /preferences/associated-account/deletion": NO_PROVIDER,
    "POST /auth/oidc/backchannel-logout": NO_PROVIDER,
    "POST /auth/arrival/account": NO_PROVIDER,
    "POST /auth/arrival/link": NO_PROVIDER,
    "POST /preferences/sessions/deletion": MEMBERS,
    "POST /preferences/sessions/{id:int}/deletion": MEMBERS,
    "POST /posts/{id:int}/reuses": MEMBERS,
    "POST /posts/{id:int}/reuses/deletion": MEMBERS,
    "POST /posts/{id:int}/flags": NOT_THE_AUTHOR,
    "POST /posts/{id:int}/appeal": AUTHOR - STAFF,
    "POST /review/{id:int}/claim": STAFF,
    "POST /review/{id:int}/decision": STAFF,
    "POST /pending/{id:int}/revisions": AUTHOR - STAFF,
    "POST /pending/{id:int}/withdrawal": AUTHOR - STAFF,
    "POST /pending/{id:int}/appeal": AUTHOR - STAFF,
    "POST /review/pending/{id:int}/claim": STAFF,
    "POST /review/pending/{id:int}/decision": STAFF,
    "POST /review/signups/{id:int}/claim": STAFF,
    "POST /review/signups/{id:int}/decision": STAFF,
    "POST /review/suspensions/{id:int}/claim": STAFF,
    "POST /review/suspensions/{id:int}/decision": STAFF,
    "POST /u/{username}/suspension": STAFF,
    "POST /u/{username}/silence": STAFF,
    "POST /u/{username}/notes": STAFF,
    "POST /u/{username}/second-factor/deletion": NONE_OF_THEM,
    "POST /u/{username}/posts-deletion": STAFF,
    "POST /u/{username}/posts-recovery": STAFF,
    "POST /admin/people/{username}/roles": NONE_OF_THEM,
    "POST /admin/people/{username}/sessions/deletion": NONE_OF_THEM,
    "POST /admin/organisations/merges": NONE_OF_THEM,
    "POST /admin/groups": NONE_OF_THEM,
    "POST /admin/groups/{id:int}": NONE_OF_THEM,
    "POST /admin/groups/{id:int}/deletion": NONE_OF_THEM,
    "POST /admin/categories": NONE_OF_THEM,
    "POST /admin/categories/{id:int}": NONE_OF_THEM,
    "POST /admin/categories/{id:int}/rules": NONE_OF_THEM,
    "POST /admin/categories/{id:int}/archive": NONE_OF_THEM,
    "POST /admin/categories/{id:int}/deletion": NONE_OF_THEM,
    "POST /admin/categories/{id:int}/animators": NONE_OF_THEM,
    "POST /admin/categories/{id:int}/animators/{number:int}/deletion": NONE_OF_THEM,
    "POST /g/{name}/membership": MEMBERS,
    "POST /g/{name}/requests": MEMBERS - OWNER,
    "POST /g/{name}/requests/{id:int}": OWNER,
    "POST /g/{name}/members": OWNER,
    "POST /g/{name}/members/{username}": OWNER,
}
# About whom something is done, if not about Eve: members who have written.
SUBJECTS = {"/u/{username}/posts-deletion": "bob", "/u/{username}/posts-recovery": "alice"}
# What lets people in and out: tests/accounts, tests/preferences, tests/erasures.
COME_AND_GO = {
    "POST /session", "POST /session/deletion", "POST /preferences/deactivation", "POST /preferences/erasure",
}  # fmt: skip
# What takes a code, a key, or a factor that is set up: tests/factors and tests/passkeys.
WITH_A_FACTOR = {
    "POST /session/passkey",
    "POST /session/passkey/challenge",
    "POST /preferences/second-factor/passkeys",
    "POST /preferences/second-factor/passkeys/challenge",
    "POST /preferences/second-factor/passkeys/{id:int}/deletion",
    "POST /preferences/second-factor/totp/confirmation",
    "POST /preferences/second-factor/totp/deletion",
    "POST /preferences/second-factor/recovery-codes",
    "POST /preferences/second-factor/recovery-codes/file",
}
# What Eve may as well once she looks after the theme.
ANIMATOR = {
    "GET /posts/{id:int}/deletion",
    "GET /t/{id:int}/deletion",
    "POST /t/{id:int}/details",
    "POST /t/{id:int}/outcome",
    "POST /t/{id:int}/revisions",
    "PUT /t/-/{id:int}.json",
    "PUT /t/{id:int}.json",
    "PUT /t/{slug}/{id:int}",
    "PUT /t/{slug}/{id:int}.json",
    "POST /t/{id:int}/closed",
    "PUT /t/{id:int}/status",
    "PUT /t/{id:int}/status.json",
    "POST /t/{id:int}/pinned",
    "POST /t/{id:int}/category",
    "GET /t/{id:int}/move-posts",
    "POST /t/{id:int}/move-posts",
    "POST /t/{id:int}/move-posts.json",
    "GET /t/{id:int}/merge-topic",
    "GET /posts/{id:int}/successor",
    "POST /posts/{id:int}/successor",
    "POST /t/{id:int}/merge-topic",
    "POST /t/{id:int}/merge-topic.json",
    "GET /review/pending/{id:int}",
    "POST /review/pending/{id:int}/claim",
    "POST /review/pending/{id:int}/decision",
    "POST /t/{id:int}/deletion",
    "POST /t/{id:int}/recovery",
    "POST /posts/{id:int}/accepted",
    "POST /solution/accept",
    "POST /solution/accept.json",
    "POST /solution/unaccept",
    "POST /solution/unaccept.json",
    "GET /posts/{id:int}/edit",
    "POST /posts/{id:int}/revisions",
    "PUT /posts/{id:int}",
    "PUT /posts/{id:int}.json",
    "POST /posts/{id:int}/deletion",
    "DELETE /posts/{id:int}",
    "DELETE /posts/{id:int}.json",
    "POST /posts/{id:int}/recovery",
    "POST /review/{id:int}/claim",
    "POST /review/{id:int}/decision",
    "GET /t/{id:int}/edit",
    "GET /posts/{id:int}/moderation",
    "GET /review",
    "GET /review/{id:int}",
    "GET /synonyms",
    "POST /synonyms",
    "POST /synonyms/changes",
    "POST /synonyms/deletion",
}
# About an answer that has been accepted.
DATED = ("/confirmation", "/review-date", "/successor")
FORMS = {
    "GET /t/{id:int}/edit": ASKER,
    "GET /t/{id:int}/move-posts": STAFF,
    "GET /t/{id:int}/merge-topic": STAFF,
    "GET /posts/{id:int}/edit": AUTHOR,
    "GET /posts/{id:int}/successor": AUTHOR,
    "GET /posts/{id:int}/flags": NOT_THE_AUTHOR,
    "GET /posts/{id:int}/deletion": STAFF,
    "GET /t/{id:int}/deletion": STAFF,
    "GET /posts/{id:int}/moderation": AUTHOR,
    "GET /u/{username}/conduct": STAFF,
    "GET /review": STAFF,
    "GET /synonyms": STAFF,
    "GET /review/{id:int}": STAFF,
    "GET /pending/{id:int}": AUTHOR - STAFF,
    "GET /review/pending/{id:int}": STAFF,
    "GET /review/signups/{id:int}": STAFF,
    "GET /review/suspensions/{id:int}": STAFF,
    "GET /new-topic": MEMBERS,
    "GET /preferences/account": MEMBERS,
    "GET /notifications": MEMBERS,
    "GET /notifications.json": MEMBERS,
    "GET /still-true": MEMBERS,
    "GET /session/current.json": MEMBERS,
    "GET /preferences/sessions": MEMBERS,
    "GET /preferences/second-factor": MEMBERS,
    "GET /preferences/organisations": MEMBERS,
    "GET /preferences/profile": MEMBERS,
    "GET /preferences/mail": MEMBERS,
    "GET /invites": MEMBERS,
    "GET /preferences/deactivation": MEMBERS,
    "GET /preferences/data": MEMBERS,
    "GET /preferences/erasure": MEMBERS,
    "GET /u/{username}/erasure": NONE_OF_THEM,
}


def unsafe() -> set[str]:
    """Every request of the route table that may change something."""
    routes = [route for slice in SLICES for route in slice.routes]
    return {
        f"{method} {route.path}"
        for route in routes
        for method in route.methods or ()
        if method not in ("GET", "HEAD", "OPTIONS")
    }


def test_every_change_has_a_row() -> None:
    assert unsafe() == set(ROWS)


async def send(person: Person, cast: Cast, row: str) -> Response:
    """The request of a row, about a question and a reply that were made for it."""
    method, path = row.split()
    topic = await _topic_for(cast, path)
    reply = await a_reply(cast, topic)
    if "recovery" in path and "/t/" in path:
        await delete_topic(await cast.mod(), topic)
    elif "recovery" in path:
        bob = await cast.bob()
        await delete_post(bob, await seen(bob, reply))
    if path.startswith("/posts/") and path.endswith(DATED):
        alice = await cast.alice()
        await accept_answer(alice, await seen(alice, reply))
    if path.startswith("/preferences/sessions/{"):
        return await end_another_browser(person)
    if method == "POST" and "organisation" in path and not path.startswith("/admin"):
        return await change_organisation(person, cast, path, f"98{reply.id:03}")
    if path.endswith("/peers"):
        await let_alice_have_peers(cast, f"clerk-{reply.id}")
    if "/reuses" in path:
        await let_all_take_up(cast, reply)
        number = str(await organisation(ORMOY))
        return await person.post(
            path.replace("{id:int}", str(reply.id)), organisation_id=number, state="studied"
        )
    if path.startswith("/g/"):
        return await change_group(person, cast, path, f"group-{reply.id}")
    case = await _held(cast, topic, path) if "pending" in path else await _case(cast, reply, path)
    named = (
        case
        if path.startswith(("/review", "/pending"))
        else reply.id
        if path.startswith(("/post", "/p/"))
        else cast.theme.id
        if path.startswith(("/c/", "/category/"))
        else topic.id
    )
    address = re.sub(r"\{(id|number):int\}", str(named), path)
    address = (
        address.replace("{slug}", topic.slug)
        .replace("{place}", "new_topic")
        .replace("{username}", SUBJECTS.get(path, "eve"))
    )
    fields = {
        "value": "1", "level": "3", "up_to": "1", "raw": "Some more words.", "kind": "question",
        "title": f"Title of {reply.id} words", "category_id": str(cast.theme.id), "version": "1",
        "post_id": str(reply.id), "topic_id": str(topic.id), "post_action_type_id": "2", "direction": "up",
        "notification_level": "3", "status": "closed", "enabled": "true", "timings[1]": "1000",
        "item": str(topic.id),
        "locale": "en", "login": "nobody", "username": f"member{reply.id}", "name": "Aline Mercier",
        "email": f"member{reply.id}@example.org", "password": PASSWORD, "present": PASSWORD,
        "confirmation": "bob", "which": "others", "audience": "members",
        "charter": "1", "mail_level": "never",
        "flag_type_id": "8", "decision": "ignore",
        "until": "2099-01-01", "reason": "Because.",
        "months": "6",
        "message": "Look again.", "field": "lessons", "ending": "no_output", "outcome": "We wrote it down.",
        **(SHEET if path.endswith("/details") else {}),
    }  # fmt: skip
    if path.startswith(("/t/{id:int}/move", "/t/{id:int}/merge")):
        fields["destination_topic_id"] = fields["target"] = str((await a_question(cast)).id)
        fields |= {"numbers": "2", "where": "existing", "post_ids[]": str(reply.id)}
    if path.startswith("/synonyms"):
        fields["words"] = f"toucan{reply.id}, perroquet{reply.id}"
        fields["before"] = await add_group(await cast.ada(), f"canari{reply.id}, merle{reply.id}")
    if path.endswith("/successor"):
        fields["target"] = str((await a_question(cast)).id)
    if path.startswith("/review/pending"):
        fields["decision"] = "publish"
    if path.startswith("/review/signups"):
        fields["decision"] = "approve"
    if path.startswith("/review/suspensions"):
        fields["decision"] = "uphold"
    if path.endswith("/posts-recovery"):
        ada, alice = await cast.ada(), cast.ids["alice"]
        made = await delete_posts_of(ada, alice, "Spam.", typed="alice", username="alice")
        fields["sweep_id"] = str(made)
    if path.startswith(("/post_actions", "/solution")):
        fields["id"] = str(reply.id)
    if method in ("GET", "DELETE"):
        return await person.client.request(
            method, address, params=fields, headers={"Sec-Fetch-Site": "same-origin"}
        )
    field = FILES.get(path)
    files = {field: a_picture()} if field else None
    return await person.client.request(
        method, address, data=fields, files=files, headers={"Sec-Fetch-Site": "same-origin"}
    )


async def _topic_for(cast: Cast, path: str) -> TopicCard:
    """Alice's, of the kind that the request is about."""
    if path.endswith(("/details", "/field-requests")):
        return await a_topic(cast, "sheet")
    if path.endswith(("/seat", "/outcome")):
        return await a_topic(cast, "gathering")
    return await a_question(cast)


async def _held(cast: Cast, topic: TopicCard, path: str) -> int:
    """A reply of Bob's that waits for approval; refused by Ada, where he appeals."""
    held = await hold_reply(await cast.bob(), topic, "The first that I say.")
    if path.endswith("/appeal"):
        ada = await cast.ada()
        await refuse_held(ada, await held_visible_to(ada, held), "Because.", "http://127.0.0.1")
    return held


async def change_group(person: Person, cast: Cast, path: str, name: str) -> Response:
    """A change of a group of Bob's: open, where one joins; else with a wish of Ada's that waits."""
    group = await a_group(cast, name, "open" if "membership" in path else "on_request", "bob", "eve")
    wish = 0
    if path.endswith("{id:int}"):
        ada = await cast.ada()
        await ask_to_join(ada, await group_numbered(ada, group), "Please.")
        [waiting] = await requests_to(await group_numbered(ada, group))
        wish = waiting.id
    if path.endswith("/requests"):
        await remove_member(await cast.ada(), group, cast.ids["eve"])
    address = path.replace("{name}", name).replace("{id:int}", str(wish)).replace("{username}", "eve")
    value = "owner" if path.endswith("{username}") else "1"
    return await person.post(address, value=value, message="Please.", username="ada")


async def change_organisation(person: Person, cast: Cast, path: str, code: str) -> Response:
    """One's own place, or Mod's, in an organisation whose mail is at example.org; Bob is verified there."""
    await load_organisations(f"kind,name,code,domains\nautre,Vaubrun,{code},example.org\n".encode())
    organisation = (await sql("SELECT id FROM organisations WHERE code = {0}", code))[0]["id"]
    if path == "/preferences/organisations":
        return await person.post(path, organisation_id=str(organisation), function="clerk")
    for name in ("alice", "bob", "eve", "mod"):
        if viewer := await viewer_of_id(cast.ids[name], "en"):
            await join_organisation(viewer, organisation, "clerk")
    bob, mod = await cast.bob(), await cast.mod()
    numbers = {m.organisation_id: m for m in await memberships_of(bob)}
    await verify_by_domain(bob, numbers[organisation])
    own = re.findall(r'id="membership-(\d+)"', (await person.get("/preferences/organisations")).text) or ["1"]
    of_mod = {m.organisation_id: m.id for m in await memberships_of(mod)}[organisation]
    number = str(of_mod) if path.endswith("vouches") else own[-1]
    return await person.post(path.replace("{id:int}", number), way="domain", function="clerk")


async def let_all_take_up(cast: Cast, reply: NewPost) -> None:
    """The reply is an accepted answer, and all members speak for one organisation."""
    mod = await cast.mod()
    await accept_answer(mod, await seen(mod, reply))
    for name in ("alice", "bob", "eve", "mod"):
        if viewer := await viewer_of_id(cast.ids[name], "en"):
            await verified(viewer, ORMOY)


async def let_alice_have_peers(cast: Cast, clerk: str) -> None:
    """She speaks for a village, and somebody of another one follows the theme."""
    alice = await cast.alice()
    number = await verified(alice, ORMOY)
    await sql(
        "UPDATE organisation_members SET main = (organisation_id = {1}) WHERE user_id = {0}", alice.id, number
    )
    await a_follower(cast, BEZAC, clerk)


async def end_another_browser(person: Person) -> Response:
    """Sign out a browser of the same member's, or for a visitor anyone's."""
    (here,) = await sql("SELECT MAX(id) AS id, MAX(user_id) AS user_id FROM sessions") or [{}]
    other = await open_session(here["user_id"] or 1, "", "")
    (there,) = await sql("SELECT id FROM sessions WHERE token_hash = {0}", hash_token(other))
    return await person.post(f"/preferences/sessions/{there['id']}/deletion")


async def _case(cast: Cast, reply: NewPost, path: str) -> int:
    """For what is done about reports: one of the reply, by Ada; decided, where the author has to be told."""
    if path.startswith("/review/signups"):
        return await a_request(f"carole{reply.id}", f"carole{reply.id}@example.org")
    if path.startswith("/review/suspensions"):
        return await an_appeal(cast, f"denis{reply.id}")
    if path.startswith("/review"):
        return (await reported(cast, reply, by=await cast.ada())).id
    if path.endswith(("/appeal", "/moderation")):
        case = await reported(cast, reply, by=await cast.ada())
        await decide_case(await cast.ada(), case, "hide", "It names a child.")
        return case.id
    return 0


@pytest.mark.parametrize("who", sorted(EVERYONE))
async def test_each_change_is_done_for_whom_it_may_be_and_refused_to_all_others(
    site: str, cast: Cast, who: str
) -> None:
    person = at(site) if who == "visitor" else await signed_in(site, who)
    await all_of_them(person, cast, who, {row for row, may in {**FORMS, **ROWS}.items() if who in may})


async def all_of_them(person: Person, cast: Cast, who: str, allowed: set[str]) -> None:
    """Each request of the matrix: those that are allowed are done, all others refused."""
    for row in {**FORMS, **ROWS}:
        if row in COME_AND_GO | WITH_A_FACTOR:
            continue
        answer = await send(person, cast, row)
        if row in allowed:
            assert answer.status_code < 400, f"{who} {row}: {answer.status_code} {answer.text[:300]}"
        else:
            refused = answer.status_code in (403, 404) or "/session/new" in answer.headers.get("location", "")
            assert refused, f"{who} {row}: {answer.status_code}"


async def test_whoever_looks_after_a_theme_may_there_what_is_said_and_no_more(site: str, cast: Cast) -> None:
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    own = {row for row, may in {**FORMS, **ROWS}.items() if "eve" in may}
    await all_of_them(await signed_in(site, "eve"), cast, "animator", own | ANIMATOR)


async def test_whoever_is_suspended_may_what_a_visitor_may(site: str, cast: Cast) -> None:
    eve = await signed_in(site, "eve")
    await suspend_member(await cast.mod(), cast.ids["eve"], now() + timedelta(days=1))
    visitors = {row for row, may in {**FORMS, **ROWS}.items() if "visitor" in may}
    await all_of_them(eve, cast, "suspended", visitors)
