"""A mail that shows that mail works."""

from secrets import token_hex

from msgspec import Struct

from forum.config import LOCAL_ADDRESS, Config
from forum.i18n import current_locale
from forum.mail.delivery import deliver
from forum.mail.kinds import Envelope, Letter, mail
from forum.mail.text import message_of
from forum.templating import templates_in


class TrialLetter(Struct, frozen=True):
    """The site's address."""

    address: str


@mail("trial")
async def write_trial(envelope: Envelope) -> Letter:
    """What `relais check --mail` sends."""
    return Letter("trial.html", TrialLetter(envelope.address("/")))


async def send_trial(config: Config, to: str) -> None:
    """Send one at once, past the outbox.

    Raises:
        Refused, Later: what the server says.
    """
    letter = await write_trial(Envelope(to, config.base_url or LOCAL_ADDRESS, config))
    templates = templates_in(config.time_zone)
    name = f"<{token_hex(16)}@{config.mail_from.partition('@')[2]}>"
    message = message_of(letter, templates, config, to=to, locale=current_locale(), message_id=name)
    await deliver(message, config)
