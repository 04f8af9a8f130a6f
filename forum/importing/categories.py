"""Categories: their names when the export has them, and the themes that they become."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forum.categories.actions import create_category
from forum.categories.models import Permission
from forum.groups.models import Group
from forum.importing.files import MAX_NUMBER, BadFile, load
from forum.importing.numbers import may_keep, step_over
from forum.text import slugify
from realtime.sql import sql

COLOR = re.compile(r"[0-9A-Fa-f]{6}")
DEFAULT_COLOR = "58666a"
Row = dict[str, Any]


def category_rows(folder: Path) -> tuple[dict[int, Row], list[tuple[Path, str]]]:
    """What `categories.json` and `site.json`, in the folder or beside it, say of categories by number.

    Returns:
        the rows, and the files that cannot be read with the reason why.
    """
    rows: dict[int, Row] = {}
    refused: list[tuple[Path, str]] = []
    for path in (
        place / name for place in (folder, folder.parent) for name in ("categories.json", "site.json")
    ):
        if not path.is_file():
            continue
        try:
            for row in _rows(load(path)):
                rows.setdefault(row["id"], row)
        except BadFile as reason:
            refused.append((path, str(reason)))
    return rows, refused


def _rows(data: Any, parent: int | None = None) -> Iterator[Row]:
    """Every category that has a number and a name, sub-categories included."""
    if not isinstance(data, dict):
        return
    inner = data.get("category_list")
    listed = data.get("categories") or (inner.get("categories") if isinstance(inner, dict) else None)
    for row in listed if isinstance(listed, list) else ():
        if isinstance(row, dict) and _number(row, "id") and _text(row, "name"):
            yield {"parent_category_id": parent, **row}
            yield from _rows({"categories": row.get("subcategory_list")}, row["id"])


def _number(row: Row, name: str) -> int:
    """The number of that name, 0 if there is none that can be kept."""
    value = row.get(name)
    return value if type(value) is int and 0 < value <= MAX_NUMBER else 0


async def ensure_category(external_id: int, known: dict[int, Row], made: dict[int, int]) -> int:
    """The theme here of a category there, made at need; its number is kept when it is free.

    Args:
        external_id: the number there, 0 for a topic without category.
        made: numbers there → numbers here, filled as themes are found or made.
    """
    if external_id not in made:
        root = _root(external_id, known)
        parent = await ensure_category(root, known, made) if root != external_id else None
        made[external_id] = await _found(external_id, known, parent) or await _make(
            external_id, known, parent
        )
    return made[external_id]


def _root(external_id: int, known: dict[int, Row]) -> int:
    """The category's first ancestor: themes have two levels where Discourse may have three."""
    return _line(external_id, known)[-1]


def _line(external_id: int, known: dict[int, Row]) -> list[int]:
    """The category, its parent, and so on up."""
    line = [external_id]
    while (parent := _number(known.get(line[-1], {}), "parent_category_id")) and parent not in line:
        line.append(parent)
    return line


async def _found(external_id: int, known: dict[int, Row], parent: int | None) -> int | None:
    """A theme of this name, at this place; what is reserved never falls into one that is open."""
    reserved = """AND EXISTS (SELECT 1 FROM categories r WHERE r.everyone_may = 0
        AND r.id = COALESCE(CASE WHEN c.inherits THEN c.parent_id END, c.id))"""
    rows = await sql(
        f"""SELECT id FROM categories c WHERE name = {{0}} AND COALESCE(parent_id, 0) = {{1}}
            {reserved if _is_reserved(external_id, known) else ""} ORDER BY id""",
        _name(external_id, known),
        parent or 0,
    )
    return int(rows[0]["id"]) if rows else None


async def _make(external_id: int, known: dict[int, Row], parent: int | None) -> int:
    row, name = known.get(external_id, {}), _name(external_id, known)
    taken = await sql("SELECT 1 FROM categories WHERE id = {0}", external_id)
    kept = external_id if may_keep(external_id) and not taken else None
    if kept:
        await step_over("categories", kept)
    color = _text(row, "color")
    category = await create_category(
        name,
        id=kept,
        slug=slugify(_text(row, "slug") or name),
        description=_text(row, "description_text"),
        color=color if COLOR.fullmatch(color) else DEFAULT_COLOR,
        position=_number(row, "position"),
        parent_id=parent,
        permissions=await _permissions(external_id, known),
    )
    return category.id


def _name(external_id: int, known: dict[int, Row]) -> str:
    name = _text(known.get(external_id, {}), "name")[:80]
    return name or (f"Catégorie {external_id}" if external_id else "Sans catégorie")


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else ""


def _is_reserved(external_id: int, known: dict[int, Row]) -> bool:
    return any(known.get(number, {}).get("read_restricted") is True for number in _line(external_id, known))


async def _permissions(external_id: int, known: dict[int, Row]) -> dict[int, Permission]:
    """What was reserved there stays so: for a group that has nobody yet (and for who sees everything)."""
    if not _is_reserved(external_id, known):
        return {}
    group, _made = await Group.get_or_create(
        name=f"discourse-{external_id}",
        defaults={"full_name": _name(external_id, known), "admission": "hidden"},
    )
    return {group.id: Permission.CREATE}
