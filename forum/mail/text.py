"""From a letter to a message: one template gives the subject, the page and the plain text."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import unescape
from html.parser import HTMLParser

from forum.categories.queries import current_face
from forum.clock import now
from forum.config import Config
from forum.mail.kinds import Letter
from forum.templating import Templates

BLOCKS = ("p", "h1", "li")


def message_of(
    letter: Letter, templates: Templates, config: Config, *, to: str, locale: str, message_id: str
) -> EmailMessage:
    """The message, headers and both texts, in a language.

    Args:
        to: an address in ASCII, as `forum/accounts/addresses.py` makes them.
        message_id: with its brackets; the same each time that this mail is tried.
    """
    template = templates.environments[locale].get_template(f"mail/{letter.template}")
    context = template.new_context({"page": letter.page})
    subject, html = "".join(template.blocks["subject"](context)), template.render(page=letter.page)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(unescape(subject).split())
    message["From"] = Address(current_face().title, addr_spec=config.mail_from)
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(plain_text(html.partition("<body>")[2]), cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = locale
    return message


def plain_text(html: str) -> str:
    """The text of all that a mail's page shows: paragraphs, and the address after each link."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(filter(None, reader.blocks())) + "\n"


class _Reader(HTMLParser):
    """Collects the words of each block; a link's address stands on a line of its own under it."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[str] = [""]
        self._href = ""

    def blocks(self) -> list[str]:
        """What each block says, spaces as one reads them."""
        lines = [[" ".join(line.split()) for line in block.split("\v")] for block in self._blocks]
        return ["\n".join(block).strip() for block in lines]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._blocks.append("")
        if tag == "a":
            self._href = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._blocks[-1] += f"\v{self._href}\v"

    def handle_data(self, data: str) -> None:
        self._blocks[-1] += data
