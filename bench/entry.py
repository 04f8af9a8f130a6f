"""`python -m bench.entry`: how long one reads and types from the sign-up form to a first topic.

Not by a clock, which would measure the machine: the words that stand on each page and in the mail, and the
signs that are typed. The site is a new one with the demonstration, and a program walks through it as somebody
does for whom all goes well.

Assumed: 200 words a minute, below the 238 at which adults read English in silence (M. Brysbaert, "How many
words do we read per minute?", Journal of Memory and Language 109, 2019); 40 words a minute typed, of five
signs each, which is slow. Read is the main part of each page, less what it hides; the charter whole; of the
list, what stands before the first topic, and that topic's line.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

from httpx2 import AsyncClient, Response

from bench.report import say
from bench.servers import relais

WORDS_A_MINUTE, SIGNS_A_MINUTE, BUDGET_SECONDS = 200, 200, 180
TYPED = {
    "name": "Camille Durand",
    "username": "camille.durand",
    "email": "camille.durand@prefecture.example.org",
    "password": "une lanterne sous le pont",
}
UNSEEN = {"script", "style", "template", "svg", "option"}
WITHOUT_END = {"input", "br", "img", "hr", "meta", "link"}
ROW = '<li class="topic'

ReadMail = Callable[[str], Awaitable[EmailMessage]]


@dataclass(frozen=True, slots=True)
class Step:
    """A page or a mail: how many words it shows, how many signs are typed there."""

    name: str
    words: int
    signs: int = 0

    @property
    def seconds(self) -> float:
        """How long that takes."""
        return 60 * (self.words / WORDS_A_MINUTE + self.signs / SIGNS_A_MINUTE)


class _Shown(HTMLParser):
    """The text of the main part that a person sees."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._inside, self._unseen = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in WITHOUT_END:
            return
        said = dict(attrs)
        hidden = "hidden" in said or "vh" in (said.get("class") or "").split() or tag in UNSEEN
        self._unseen += bool(self._unseen or hidden)
        self._inside += bool(self._inside or tag == "main")

    def handle_endtag(self, tag: str) -> None:
        if tag not in WITHOUT_END:
            self._unseen -= bool(self._unseen)
            self._inside -= bool(self._inside)

    def handle_data(self, data: str) -> None:
        if self._inside and not self._unseen:
            self.text.append(data)


def words_of(html: str) -> int:
    """How many words a page shows in its main part."""
    shown = _Shown()
    shown.feed(html)
    return words_in(" ".join(shown.text))


def words_in(text: str) -> int:
    """How many words there are; signs that stand alone are none, and nobody reads an address to its end."""
    return sum(any(map(str.isalnum, word)) for word in re.sub(r"https?://\S+", "link", text).split())


async def walk(address: str, locale: str, read_mail: ReadMail) -> list[Step]:
    """Sign up, read the charter and the mail, confirm, open the first topic of the list.

    Args:
        read_mail: waits for the mail to an address.

    Raises:
        AssertionError: something did not go well.
    """
    headers = {"Accept": "text/html", "Accept-Language": locale, "Sec-Fetch-Site": "same-origin"}
    async with AsyncClient(base_url=address, headers=headers, timeout=60, verify=False) as browser:
        form = await _page(browser, "/signup")
        charter = await _page(browser, "/charter")
        version = re.search(r'name="charter" value="([^"]+)"', form)
        assert version, form
        answer = await browser.post("/signup", data={**TYPED, "charter": version[1]})
        sent = await _page(browser, _place(answer))
        mail = _text(await read_mail(TYPED["email"]))
        link = re.search(r"https?://[^/]+(/u/activate-account/\S+)", mail)
        assert link, mail
        confirm = await _page(browser, link[1])
        listed = await _page(browser, _place(await browser.post(link[1], data={"username": ""})))
        head, row = listed.split(ROW)[:2]
        topic = re.search(r'<h3><a href="([^"]+)"', row)
        assert topic, "there is no topic to read"
        await _page(browser, topic[1])
    return [
        Step("sign-up form", words_of(form), sum(map(len, TYPED.values()))),
        Step("charter", words_of(charter)),
        Step("look into your mail", words_of(sent)),
        Step("mail", words_in(mail)),
        Step("confirmation", words_of(confirm)),
        Step("list, to the first topic", words_of(head + ROW + row.partition("</li>")[0])),
    ]


async def _page(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.text


def _place(answer: Response) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def _text(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def table(steps: list[Step]) -> str:
    """In Markdown, with the sum."""
    total = Step("**all**", sum(s.words for s in steps), sum(s.signs for s in steps))
    lines = [f"| {s.name} | {s.words} | {s.signs or ''} | {s.seconds:.0f} s |" for s in (*steps, total)]
    return "\n".join(["| What | Words | Typed | Time |", "|---|---|---|---|", *lines])


async def main() -> int:
    """Walk in both languages on a new site; 1 if one of them takes more than three minutes."""
    late = False
    for locale in ("fr", "en"):
        with tempfile.TemporaryDirectory(prefix="relais-entry-") as data:
            environment = {**os.environ, "RELAIS_DATA": data, "RELAIS_ENV": os.devnull}
            for command in ("migrate", "demo"):
                subprocess.run([sys.executable, "-m", "forum", command], env=environment, check=True)
            async with relais(data) as server:
                steps = await walk(server.address, locale, _files(Path(data) / "mail"))
        say(f"\n{locale}\n\n{table(steps)}")
        late = late or sum(step.seconds for step in steps) > BUDGET_SECONDS
    return int(late)


def _files(folder: Path) -> ReadMail:
    """Mails of a site without a mail server are files."""

    async def read(address: str) -> EmailMessage:
        while True:
            for path in folder.glob("*.eml") if folder.is_dir() else ():
                mail = message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
                if mail["To"] == address:
                    return mail
            await asyncio.sleep(0.1)

    return read


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
