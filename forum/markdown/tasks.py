"""Lists of tasks: `- [ ] to do`, `- [x] done`. The words of the task are the label of its box."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BOX = re.compile(r"\[([ xX])\][ \t]+")


def task_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it lists of tasks."""
    md.core.ruler.push("tasks", _tick)


def _tick(state: StateCore) -> None:
    lists: list[Token] = []
    tokens = state.tokens
    for number, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and _box_of(tokens[number + 1 : number + 3]):
            token.attrSet("class", "task-list-item")
            lists[-1].attrSet("class", "contains-task-list")
            _label(tokens[number + 2].children or [])


def _box_of(following: list[Token]) -> bool:
    """Whether an item begins with a box, as text and not as a link."""
    if [token.type for token in following] != ["paragraph_open", "inline"]:
        return False
    words = following[1].children or []
    return bool(words) and words[0].type == "text" and BOX.match(words[0].content) is not None


def _label(words: list[Token]) -> None:
    box = BOX.match(words[0].content)
    assert box is not None
    ticked = "" if box[1] == " " else " checked"
    words[0].content = words[0].content[box.end() :]
    words.insert(0, _html(f'<label><input type="checkbox" disabled{ticked}> '))
    words.append(_html("</label>"))


def _html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)
