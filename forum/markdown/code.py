"""Code: coloured when its language is named and known, never guessed; scrolled by keyboard."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it.token import Token
from markupsafe import escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name

MAX_COLOURED = 8_000
# Some lexers take quadratic time and worse on a line made for it; nobody reads longer ones for their colours.
MAX_LINE = 300
# Each lexer is a module to load: some ten milliseconds.
MAX_LANGUAGES = 5
LANGUAGE = re.compile(r"[a-z0-9][a-z0-9_+#.-]{0,30}")

_formatter = HtmlFormatter(nowrap=True)


def render_fence(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Code between fences, whose first word after the fence names the language."""
    token = tokens[index]
    found = LANGUAGE.match(token.info.strip().lower())
    name = found[0] if found else ""
    named = f' class="language-{escape(name)}"' if name else ""
    return f'<pre tabindex="0"><code{named}>{_coloured(token.content, name, env)}</code></pre>\n'


def render_code_block(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Indented code."""
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _coloured(code: str, name: str, env: Any) -> str:
    if not _may_be_coloured(code, name, env.setdefault("languages", set())):
        return str(escape(code))
    return str(highlight(code, get_lexer_by_name(name, stripnl=False), _formatter))


def _may_be_coloured(code: str, name: str, languages: set[str]) -> bool:
    """Whether the language is known, among the first five of the text, and the code of a readable size."""
    if name not in _known_languages() or len(code) > MAX_COLOURED:
        return False
    if max(map(len, code.split("\n"))) > MAX_LINE or len(languages | {name}) > MAX_LANGUAGES:
        return False
    languages.add(name)
    return True


@cache
def _known_languages() -> frozenset[str]:
    # Asking Pygments for a language that it does not know searches all installed packages, each time.
    return frozenset(alias for _name, aliases, *_ in get_all_lexers(plugins=False) for alias in aliases)
