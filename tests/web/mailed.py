"""Each link that a mail carries, with somebody who has received it."""

import re

from forum.clock import now
from forum.conduct.actions import suspend_and_write
from forum.config import Config
from forum.freshness.links import PURPOSE as STILL_TRUE
from forum.freshness.links import payload_of
from forum.links import fingerprint, sign
from forum.notices.actions import UNSUBSCRIBE
from forum.settings.actions import change_setting
from forum.signup_requests.actions import refuse_request
from tests.cast import PASSWORD, Cast
from tests.conduct.appealing import WEEK
from tests.freshness.dating import a_due_sheet, dated_of
from tests.people import Person, at, signed_in
from tests.servers.smtp import PostBox
from tests.signup_requests.asking import CAROLE, a_request, as_seen_by
from tests.signups.entering import ALINE, sign_up, text_of
from tests.waiting import until


async def mailed_links(site: str, cast: Cast, config: Config, box: PostBox, bob: Person) -> dict[str, str]:
    """Their paths, by the address that serves them.

    Args:
        bob: signed in, and not once more afterwards: that would spend the link to another password.
    """
    found = {}

    async def has_come(to: str, path: str) -> None:
        link = re.compile(rf"https?://[^/\s]+({path}/[\w.-]+)")
        await until(lambda: any(link.search(text_of(mail)) for mail in box.to(to)))
        (found[f"{path}/{{token}}"],) = {one for mail in box.to(to) for one in link.findall(text_of(mail))}

    ada = await signed_in(site, "ada")
    await sign_up(at(site))
    await has_come(ALINE["email"], "/u/activate-account")
    assert (await at(site).post("/password-reset", email="bob@example.org")).status_code == 303
    await has_come("bob@example.org", "/u/password-reset")
    await bob.post("/preferences/account/email", present=PASSWORD, email="bob@mairie.example.org")
    await has_come("bob@mairie.example.org", "/u/confirm-new-email")
    await bob.post("/preferences/data", password=PASSWORD)
    await has_come("bob@example.org", "/preferences/data")
    await ada.post("/invites", email="farid@example.net")
    await has_come("farid@example.net", "/invites")
    await suspend_and_write(await cast.mod(), cast.ids["eve"], now() + WEEK, "Enough of this.", site)
    await has_come("eve@example.org", "/suspension/appeal")
    await change_setting(await cast.ada(), "sign_up", "approval")
    mod, request = await cast.mod(), await a_request()
    await refuse_request(mod, await as_seen_by(mod, request), "Not a public servant.", site)
    await has_come(CAROLE["email"], "/signup/appeal")
    found |= await _of_notices(cast, config)
    return found


async def _of_notices(cast: Cast, config: Config) -> dict[str, str]:
    """Those of mails for which months pass: signed as the mails sign them."""
    sheet, alice = await dated_of(await a_due_sheet(cast)), cast.ids["alice"]
    asked = sign(config, STILL_TRUE, payload_of(sheet, alice, "alice@example.org"))
    ends = sign(config, UNSUBSCRIBE, [alice, fingerprint(alice, "alice@example.org")])
    return {
        "/still-true/{token}": f"/still-true/{asked}",
        "/email/unsubscribe/{token}": f"/email/unsubscribe/{ends}",
    }
