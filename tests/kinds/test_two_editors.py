"""Two change the same fields at once: the second is told, sees both, and nothing is lost silently."""

import re

from forum.kinds.actions import revise_details
from tests.cast import Cast
from tests.kinds.details import SHEET
from tests.kinds.making import a_topic, fields_of
from tests.people import signed_in


async def test_the_second_sees_what_the_first_changed_and_keeps_what_each_wrote(
    site: str, cast: Cast
) -> None:
    topic, alice = await a_topic(cast, "sheet", lessons="Write it\ndown."), await signed_in(site, "alice")
    first = {**SHEET, "lessons": "Write it\ndown.", "done": "Mod's steps.", "causes": "The valves were old."}
    await revise_details(await cast.mod(), topic, first, 1)
    # Alice had the first version before her eyes; a browser sends its lines so.
    mine = {**SHEET, "cost": "4200", "lessons": "Write it\r\ndown.", "done": "Alice's steps.", "version": "1"}
    told = await alice.post(f"/t/{topic.id}/details", **mine)
    assert told.status_code == 409
    assert "Mod has changed this meanwhile" in told.text
    form = told.text.split('class="ask-form"')[1]
    assert ">Alice&#39;s steps.</textarea>" in form
    assert ">The valves were old.</textarea>" in form
    assert "Mod&#39;s steps." in form or "<ins>Mod" in form
    assert 'name="version" value="2"' in form

    sent = dict(re.findall(r'<input id="f-(\w+)"[^>]* value="([^"]*)"', form))
    sent |= dict(re.findall(r'<textarea id="f-(\w+)"[^>]*>([^<]*)</textarea>', form))
    sent |= {"done": "Alice's steps.", "version": "2"}
    assert (await alice.post(f"/t/{topic.id}/details", **sent)).status_code == 303
    now = await fields_of(topic)
    assert (now.text("done"), now.text("causes")) == ("Alice's steps.", "The valves were old.")
    assert now.text("lessons") == "Write it\ndown."
    history = (await alice.get(f"/t/{topic.id}/details/history")).text
    assert "Mod" in history


async def test_a_field_that_will_not_do_does_not_hide_that_somebody_was_faster(site: str, cast: Cast) -> None:
    topic, alice = await a_topic(cast, "sheet"), await signed_in(site, "alice")
    await revise_details(await cast.mod(), topic, {**SHEET, "causes": "The valves were old."}, 1)
    refused = await alice.post(f"/t/{topic.id}/details", **{**SHEET, "cost": "much", "version": "1"})
    assert refused.status_code == 422
    again = await alice.post(f"/t/{topic.id}/details", **{**SHEET, "cost": "5", "version": "1"})
    assert 'name="version" value="1"' in refused.text
    assert again.status_code == 409
