"""Groups' pages, without scripts: one finds, joins, asks, answers, leaves."""

import re

import pytest

from tests.cast import Cast
from tests.factories import a_group
from tests.people import at, signed_in


async def test_eve_joins_an_open_group_and_leaves_it(site: str, cast: Cast) -> None:
    await a_group(cast, "water", "open")
    eve = await signed_in(site, "eve")
    assert 'href="/g/water"' in (await eve.get("/g")).text
    shown = (await eve.get("/g/water")).text
    assert "This group is open" in shown
    joined = await eve.post("/g/water/membership", value="1")
    assert (joined.status_code, joined.headers["location"]) == (303, "/g/water?joined")
    assert "You are a member of this group now." in (await eve.get("/g/water?joined")).text
    assert 'href="/g/water"' in (await eve.get("/u/eve")).text
    assert (await eve.post("/g/water/membership", value="0")).headers["location"] == "/g"
    assert "Nobody yet." in (await eve.get("/g/water")).text


async def test_eve_asks_bob_refuses_with_a_reason_then_accepts(site: str, cast: Cast) -> None:
    await a_group(cast, "water", "on_request", "bob")
    eve, bob = await signed_in(site, "eve"), await signed_in(site, "bob")
    empty = await eve.post("/g/water/requests", message=" ")
    assert empty.status_code == 422
    assert 'id="message-error"' in empty.text
    assert (await eve.post("/g/water/requests", message="I look after <b>wells</b>.")).status_code == 303
    assert "Your request waits for an owner’s answer" in (await eve.get("/g/water")).text
    assert "Eve asks to join “water”" in (await bob.get("/notifications")).text
    shown = (await bob.get("/g/water")).text
    assert "I look after &lt;b&gt;wells&lt;/b&gt;." in shown
    [form] = set(re.findall(r"/g/water/requests/\d+", shown))
    unsaid = await bob.post(form, value="0", answer="")
    assert unsaid.status_code == 422
    assert "-error" in unsaid.text
    assert (await bob.post(form, value="0", answer="It is for clerks.")).status_code == 303
    assert "It is for clerks." in (await eve.get("/g/water")).text
    assert "was refused" in (await eve.get("/notifications")).text
    again = await bob.post(form, value="1")
    assert again.status_code == 409
    assert "Another owner has answered" in again.text
    assert (await eve.post("/g/water/requests", message="I am one.")).status_code == 303
    assert (await bob.post(form, value="1")).status_code == 303
    assert "You are now a member of “water”" in (await eve.get("/notifications")).text
    assert (await eve.post("/notifications/read", which="all")).status_code == 303
    assert "Unread:" not in (await eve.get("/notifications")).text


async def test_bob_adds_names_an_owner_and_takes_out(site: str, cast: Cast) -> None:
    await a_group(cast, "water", "closed", "bob")
    bob, eve = await signed_in(site, "bob"), await signed_in(site, "eve")
    unknown = await bob.post("/g/water/members", username="nobody")
    assert unknown.status_code == 422
    assert "There is no member of that name." in unknown.text
    assert (await bob.post("/g/water/members", username="@Eve")).status_code == 303
    assert "You are a member of this group." in (await eve.get("/g/water")).text
    assert (await eve.post("/g/water/members", username="mod")).status_code == 403
    last = await bob.post("/g/water/members/bob", value="member")
    assert last.status_code == 403
    assert "last owner" in last.text
    assert (await bob.post("/g/water/members/eve", value="owner")).status_code == 303
    assert (await eve.post("/g/water/members/bob", value="out")).status_code == 303
    assert (await bob.post("/g/water/members/eve", value="out")).status_code == 403
    assert (await eve.post("/g/water/members/bob", value="dance")).status_code == 422


async def test_a_visitor_is_asked_to_sign_in_whatever_the_name(site: str, cast: Cast) -> None:
    await a_group(cast, "water", "open")
    visitor = at(site)
    for path in ("/g", "/g/water", "/g/nowhere"):
        answer = await visitor.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/session/new?return_to={path}")
    assert 'href="/g/water"' not in (await visitor.get("/u/ada")).text


async def test_programs_read_groups_in_discourses_shapes(site: str, cast: Cast) -> None:
    await a_group(cast, "water", "on_request", "bob", "eve")
    eve = (await signed_in(site, "eve")).client
    found = (await eve.get("/groups.json")).json()
    assert [group["name"] for group in found["groups"]] == ["school-meals", "water"]
    assert found["total_rows_groups"] == 2
    assert (await eve.get("/groups.json?page=1")).json()["groups"] == []
    one = (await eve.get("/groups/water.json")).json()["group"]
    assert (one["user_count"], one["is_group_user"], one["is_group_owner"]) == (2, True, False)
    assert one["allow_membership_requests"] is True
    members = (await eve.get("/groups/water/members.json?limit=1&offset=1")).json()
    assert [line["username"] for line in members["members"]] == ["eve"]
    assert [line["username"] for line in members["owners"]] == ["bob"]
    assert members["meta"] == {"total": 2, "limit": 1, "offset": 1}
    assert [g["name"] for g in (await eve.get("/u/bob.json")).json()["user"]["groups"]] == [
        "school-meals",
        "water",
    ]
    assert {g["name"] for g in (await eve.get("/site.json")).json()["groups"]} == {"school-meals", "water"}
    visitor = at(site).client
    assert (await visitor.get("/groups.json")).status_code == 403
    assert (await visitor.get("/u/bob.json")).json()["user"]["groups"] == []


@pytest.mark.parametrize("value", ["", "2", "true"])
async def test_an_odd_value_joins_nobody(site: str, cast: Cast, value: str) -> None:
    await a_group(cast, "water", "open")
    eve = await signed_in(site, "eve")
    await eve.post("/g/water/membership", value=value)
    assert "Nobody yet." in (await eve.get("/g/water")).text
