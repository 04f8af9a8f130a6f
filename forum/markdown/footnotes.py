"""Footnotes: the plugin's, with labels found in linear time and ids that nothing else on a page has."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\]")
MAX_REFERENCES = 1_000


def bounded_footnote_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it footnotes; `env["mark"]` tells this text's ids from those of other posts."""
    md.use(footnote_plugin, inline=False)
    md.block.ruler.at("footnote_def", _definition, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.at("footnote_ref", _reference)
    md.core.ruler.after("footnote_tail", "footnote_returns", _drop_vain_returns)
    for name, render in RENDERED.items():
        md.add_render_rule(name, render)


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A note is defined at the outermost level only: elsewhere, its end could close its parent."""
    return (silent or state.level == 0) and bool(footnote_def(state, start, end, silent))


def _reference(state: StateInline, silent: bool) -> bool:
    notes = state.env.get("footnotes")
    if not notes or state.linkLevel or state.src[state.pos] != "[":
        return False
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None or f":{found[1]}" not in notes["refs"] or state.env.get("calls", 0) >= MAX_REFERENCES:
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = _call(state.env, found[1])
    state.pos = found.end()
    return True


def _call(env: Any, label: str) -> dict[str, Any]:
    """Number a call of a note, and the note at its first call."""
    notes = env["footnotes"]
    if notes["refs"][f":{label}"] < 0:
        notes["refs"][f":{label}"] = len(notes["list"])
        notes["list"][len(notes["list"])] = {"label": label, "count": 0}
    number = notes["refs"][f":{label}"]
    call = notes["list"][number]["count"]
    notes["list"][number]["count"] = call + 1
    env["calls"] = env.get("calls", 0) + 1
    return {"id": number, "subId": call, "label": label}


def _drop_vain_returns(state: StateCore) -> None:
    """Take away the ways back to calls that are not shown: in an image's words, in a note never called."""
    inline = (token.children or [] for token in state.tokens if token.type == "inline")
    shown = {_identity(token) for children in inline for token in children if token.type == "footnote_ref"}
    state.tokens = [
        token for token in state.tokens if token.type != "footnote_anchor" or _identity(token) in shown
    ]


def _identity(token: Token) -> tuple[int, int]:
    return token.meta["id"], token.meta["subId"]


def _names(token: Token, env: Any) -> tuple[str, str, str]:
    """The id of the note, the id of the call, and the number that is shown."""
    note, call = token.meta["id"] + 1, token.meta.get("subId", 0)
    shown = f"{note}:{call + 1}" if call else f"{note}"
    return f"fn-{env['mark']}-{note}", f"fnref-{env['mark']}-{shown.replace(':', '-')}", shown


def _render_call(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    note, call, shown = _names(tokens[index], env)
    link = f'<a href="#{note}" id="{call}" role="doc-noteref">[{shown}]</a>'
    return f'<sup class="footnote-ref">{link}</sup>'


def _render_return(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    _note, call, shown = _names(tokens[index], env)
    return f' <a href="#{call}" class="footnote-backref" role="doc-backlink">↩ {shown}</a>'


def _render_note(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<li id="{_names(tokens[index], env)[0]}" class="footnote-item">'


def _render_notes(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return '<section class="footnotes" role="doc-endnotes">\n<ol class="footnotes-list">\n'


RENDERED = {
    "footnote_ref": _render_call,
    "footnote_anchor": _render_return,
    "footnote_open": _render_note,
    "footnote_block_open": _render_notes,
}
