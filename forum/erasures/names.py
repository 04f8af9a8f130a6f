"""A member's name in the texts of others: mentions, quotes, links to their page. Pure."""

import re

from forum.accounts.nobody import NOBODY

MENTION = re.compile(r"(?<![\w@/.+-])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?)(?![@\w])")
PAGE = re.compile(r"/u/([A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?)")
QUOTE = re.compile(r'\[quote=(["“]?)([^"“”\]\n]{0,200})(["”]?)\]', re.IGNORECASE)
USERNAME = re.compile(r",?\s*\busername:\s*([\w.-]+)")


class FormerName:
    """What somebody was called, to be taken out of texts.

    Args:
        username, name: theirs.
        words: what is written in the place of the name of somebody who is quoted.
    """

    def __init__(self, username: str, name: str, words: str) -> None:
        self._username, self._words = username.lower(), words
        self._names = {username.casefold(), name.casefold()} - {""}

    def patterns(self) -> list[str]:
        """For SQL's LIKE, on lower-cased text: one of them is in every text that holds the name."""
        quoted = [f'%[quote="{name.lower()}%' for name in self._names]
        return [f"%@{self._username}%", f"%/u/{self._username}%", f"%username:%{self._username}%", *quoted]

    def out_of(self, text: str) -> str:
        """The text without the name."""
        text = QUOTE.sub(self._quote, text)
        text = MENTION.sub(lambda found: f"@{NOBODY}" if self._is(found[1]) else found[0], text)
        return PAGE.sub(lambda found: f"/u/{NOBODY}" if self._is(found[1]) else found[0], text)

    def _is(self, username: str) -> bool:
        return username.lower() == self._username

    def _quote(self, found: re.Match[str]) -> str:
        shown, comma, rest = found[2].partition(",")
        named = USERNAME.search(found[2])
        theirs = self._is(named[1]) if named else shown.strip().casefold() in self._names
        if not theirs:
            return found[0]
        return f"[quote={found[1]}{self._words}{comma}{USERNAME.sub('', rest)}{found[3]}]"
