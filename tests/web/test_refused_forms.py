"""Each form of each page filled in quite wrongly: every fault at its field, all at once, nothing lost."""

import pytest
from bs4 import Tag
from httpx2 import AsyncClient, Response

from forum.app import Relais, create_app
from forum.config import Config
from forum.limits import Limits
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_group
from tests.people import at, signed_in
from tests.system.test_accessibility import fill
from tests.web.forms import (
    CHOICES,
    as_it_is,
    attribute,
    face,
    fault_at,
    fields_of,
    kind_of,
    posted,
    read,
    typed_of,
    value_of,
)

LONG = "x" * 33_000
ABSENT = "no such choice"
HEADERS = {"Sec-Fetch-Site": "same-origin"}
# (The form's address without numbers, the field) of what is not read when the rest is as wrong as this; the
# reason of an edit takes anything, cut to its length.
NOT_TOLD = {
    ("/posts/N/revisions", "reason"),
    # To a topic that is there, where nothing of the new one counts.
    *(("/t/N/move-posts", name) for name in ("where", "title", "category_id", "kind", "tags", "target_id")),
    # Whoever is typed counts, not the group.
    ("/admin/categories/N/animators", "group_id"),
}


# What a form must have for there to be something wrong with it.
ANSWERED = {
    "text",
    "textarea",
    "email",
    "number",
    "date",
    "time",
    "url",
    "search",
    "tel",
    "password",
    *CHOICES,
}


@pytest.fixture
def app(config: Config) -> Relais:
    """A site without rate limits: they would answer for it."""
    return create_app(config, Limits(enabled=False))


async def pages_of_staff(cast: Cast) -> list[str]:
    """Those that only staff have."""
    group = await a_group(cast, "gardeners")
    two = await sql("SELECT id FROM organisations ORDER BY id LIMIT 2")
    merger = f"absorbed={two[0]['id']}&kept={two[1]['id']}"
    return [
        "/admin/settings", "/admin/categories/new", f"/admin/categories/{cast.theme.id}", "/admin/groups",
        f"/admin/groups/{group}", "/admin/people/eve", f"/admin/organisations?{merger}", "/u/eve/erasure",
        "/u/eve/conduct", "/preferences/account",
    ]  # fmt: skip


def wrong(form: Tag, text: str, choice: str) -> dict[str, str]:
    """The form as it is, with `text` in each field where one types, and `choice` chosen everywhere."""
    sent = as_it_is(form)
    typed = {attribute(field, "name"): f"{attribute(field, 'name')} {text}" for field in typed_of(form)}
    chosen = {attribute(field, "name"): choice for field in fields_of(form, *CHOICES)}
    unticked = {attribute(field, "name") for field in fields_of(form, "checkbox", "file")}
    secrets = {attribute(field, "name"): "no" for field in fields_of(form, "password")}
    return {
        name: value for name, value in {**sent, **typed, **chosen, **secrets}.items() if name not in unticked
    }


def address_of(form: Tag) -> str:
    """Where a form goes, without its numbers."""
    action = attribute(form, "action").partition("#")[0]
    return "/".join("N" if part.isdigit() else part for part in action.split("/"))


def told_of(form: Tag, sent: dict[str, str], answer: Response) -> list[str]:
    """What the answer to a form that was refused does not say, or has lost."""
    if answer.status_code != 422:
        return [f"is answered by {answer.status_code}"]
    page = read(answer.text)
    again = next((one for one in posted(page, answer.url.path) if face(one) == face(form)), None)
    if again is None:
        return ["is not shown again"]
    kept = {attribute(field, "name"): value_of(field) for field in typed_of(again)}
    lost = [f"{name} is lost" for name in kept if sent.get(name, "") not in kept[name]]
    asked = [field for field in fields_of(form) if kind_of(field) not in ("hidden", "file", "checkbox")]
    asked += [field for field in fields_of(form, "checkbox") if field.has_attr("required")]
    named = {attribute(field, "name"): fault_at(page, field) for field in fields_of(again)}
    names = {attribute(field, "name") for field in asked}
    wanting = lost + [f"{name} is not told" for name in sorted(names) if not named.get(name)]
    return [one for one in wanting if (address_of(form), one.split()[0]) not in NOT_TOLD]


async def sent(client: AsyncClient, form: Tag, fields: dict[str, str]) -> Response:
    """The answer to a form."""
    return await client.post(attribute(form, "action"), data=fields, headers=HEADERS)


@pytest.mark.timeout(120)
async def test_each_fault_stands_at_its_field_all_at_once_and_what_was_typed_stays(
    site: str, cast: Cast
) -> None:
    paths = [*(await fill(cast)).values()]
    mod, ada, visitor = await signed_in(site, "mod"), await signed_in(site, "ada"), at(site)
    whose = [(mod, paths), (ada, await pages_of_staff(cast)), (visitor, ["/signup", "/password-reset"])]
    found = {
        face(form): (person.client, form)
        for person, theirs in whose
        for path in theirs
        for form in posted(read((await person.get(path)).text), path)
        if fields_of(form, *ANSWERED)
    }
    faults = []
    for name, (client, form) in found.items():
        fields = wrong(form, LONG, ABSENT)
        if told := told_of(form, fields, await sent(client, form, fields)):
            faults.append(f"{name[0]}: {', '.join(told)}")
    assert not faults, "\n".join(faults)
    for name, (client, form) in found.items():
        fields = wrong(form, "", "")
        fields |= {attribute(field, "name"): "" for field in typed_of(form)}
        answer = await sent(client, form, fields)
        assert answer.status_code < 500, name
        if answer.status_code == 422:
            assert face(form) in [face(one) for one in posted(read(answer.text), answer.url.path)], name
    assert len(found) > 40
