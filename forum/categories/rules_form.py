"""The form of a theme's rules: what it shows, and what was chosen in it."""

import re
from collections.abc import Mapping

from forum.categories.details import ThemeDetails, all_groups
from forum.categories.models import Permission
from forum.categories.pages import RulesForm
from forum.categories.queries import Rules
from forum.categories.words import permission_words
from forum.i18n import gettext as _

NUMBER = re.compile(r"[1-9][0-9]{0,8}")
# As a form sends them; "" where it sends none.
PERMISSIONS = {"", "0", *(str(int(may)) for may in Permission)}


async def wrong_choices(form: Mapping[str, str]) -> dict[str, str]:
    """What was chosen that no list holds, which no page sends: it is not guessed at."""
    groups = {str(group.id) for group in await all_groups()}
    given = [name for name in form if name.startswith("group_")]
    wrong = [name for name in ("everyone", "add_permission", *given) if form.get(name, "") not in PERMISSIONS]
    wrong += [name for name in given if name.removeprefix("group_") not in groups]
    if form.get("add_group", "") not in {"", *groups}:
        wrong.append("add_group")
    if form.get("rules", "inherit") not in ("inherit", "own"):
        wrong.append("rules")
    return dict.fromkeys(wrong, _("Choose one of the list."))


def rules_in(form: Mapping[str, str]) -> Rules | None:
    """What was chosen; None for the rules of the theme above."""
    if form.get("rules", "inherit") == "inherit":
        return None
    given = {name.removeprefix("group_"): may for name, may in form.items() if name.startswith("group_")}
    if form.get("add_group"):
        given[form["add_group"]] = form.get("add_permission", "")
    chosen = {int(id): _permission(text) for id, text in given.items() if NUMBER.fullmatch(id)}
    groups = {id: may for id, may in chosen.items() if may is not None}
    return Rules(_permission(form.get("everyone", "")), groups)


def _permission(text: str) -> Permission | None:
    return Permission(int(text)) if text in ("1", "2", "3") else None


async def new_rules() -> RulesForm:
    """The form of a theme that is to be made: rules as above it, or, of its own, open to everyone."""
    return await _rules_form(True, int(Permission.CREATE), {})


async def chosen_rules(form: Mapping[str, str]) -> RulesForm:
    """The form as it was sent."""
    rules = rules_in(form) or Rules()
    return await _rules_form(
        form.get("rules", "inherit") == "inherit", int(rules.everyone or 0), rules.groups
    )


async def stored_rules(details: ThemeDetails) -> RulesForm:
    """The form as it stands of a theme."""
    rules = details.rules or Rules()
    return await _rules_form(details.rules is None, int(rules.everyone or 0), rules.groups)


async def _rules_form(inherit: bool, everyone: int, given: Mapping[int, Permission]) -> RulesForm:
    groups = await all_groups()
    named = tuple((group, int(given[group.id])) for group in groups if group.id in given)
    others = tuple((str(group.id), group.title) for group in groups if group.id not in given)
    permissions = tuple((int(may or 0), permission_words(may)) for may in (*Permission, None))
    return RulesForm(inherit, everyone, named, (("", _("none")), *others) if others else (), permissions)
