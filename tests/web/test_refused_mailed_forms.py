"""The forms that a mail leads to, filled in quite wrongly, like those of all pages (`test_refused_forms`)."""

import pytest
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.config import Config
from forum.limits import Limits
from forum.organisations.actions import send_code
from tests.cast import Cast
from tests.organisations.files import the_valley
from tests.organisations.test_members import member
from tests.people import Person, at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.conftest import box
from tests.web.forms import face, fields_of, posted, read, typed_of
from tests.web.mailed import mailed_links
from tests.web.test_refused_forms import ABSENT, ANSWERED, LONG, sent, told_of, wrong

__all__ = ["box"]

# Forms that ask nothing: one presses, or does not.
PRESSED = {
    "/email/unsubscribe/{token}", "/still-true/{token}", "/u/confirm-new-email/{token}",
    "/preferences/data/{token}",
}  # fmt: skip


@pytest.fixture
def app(config: Config, box: PostBox) -> Relais:
    """A site without rate limits, whose mails arrive."""
    return create_app(replace(config, smtp_url=box.url), Limits(enabled=False))


async def faults_of(person: Person, path: str) -> tuple[int, list[str]]:
    """How many forms of a page ask something, and what their answers do not say, or have lost."""
    forms = posted(read((await person.get(path)).text), path)
    asking = [form for form in forms if fields_of(form, *ANSWERED)]
    told = []
    for form in asking:
        fields = wrong(form, LONG, ABSENT)
        told += told_of(form, fields, await sent(person.client, form, fields))
        empty = wrong(form, "", "") | {str(field.get("name")): "" for field in typed_of(form)}
        answer = await sent(person.client, form, empty)
        again = [face(one) for one in posted(read(answer.text), answer.url.path)]
        told += [] if answer.status_code == 303 or face(form) in again else ["empty, it is not shown again"]
    return len(asking), told


async def test_each_fault_of_a_form_that_a_mail_leads_to_stands_at_its_field(
    site: str, cast: Cast, config: Config, box: PostBox
) -> None:
    bob = await signed_in(site, "bob")
    links = await mailed_links(site, cast, config, box, bob)
    for place, path in links.items():
        reader = bob if place.startswith("/preferences") else at(site)
        asking, faults = await faults_of(reader, path)
        assert faults == [], place
        assert (asking == 0) == (place in PRESSED), place


async def test_a_code_that_a_mail_brought_is_told_at_its_field_when_it_is_wrong(
    site: str, cast: Cast
) -> None:
    await the_valley()
    alice = await cast.alice()
    await send_code(alice, await member(alice), site)
    person = await signed_in(site, "alice")
    page = await person.get("/preferences/organisations")
    assert 'name="code"' in page.text
    asking, faults = await faults_of(person, "/preferences/organisations")
    assert (asking > 1, faults) == (True, [])
