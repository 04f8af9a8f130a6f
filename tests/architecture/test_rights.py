"""Whatever takes a right away says so, in the transaction that does it: open pages would go on hearing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FORUM = Path(__file__).parent.parent.parent / "forum"

# Statements and calls that may change who hears what: of accounts, groups, themes and topics.
WRITES = (
    r"INSERT INTO group_users|DELETE FROM group_users|UPDATE group_users",
    r"DELETE FROM sessions|UPDATE sessions",
    r"INSERT INTO category_groups|DELETE FROM category_groups|UPDATE category_groups|DELETE FROM categories",
    r"DELETE FROM groups|DELETE FROM users|DELETE FROM topics|DELETE FROM api_keys",
    r"UPDATE users SET (?:(?!WHERE).)*(suspended_until|deactivated_at|admin|moderator)",
    r"UPDATE api_keys SET (?:(?!WHERE).)*(revoked_at|user_id)",
    r"UPDATE topics SET (?:(?!WHERE).)*(deleted_at|category_id) = ",
    r"\b(GroupUser|CategoryGroup)\.(create|bulk_create|get_or_create|filter|all)\b",
    r"\b(User|Session|Topic|Group|Category|ApiKey)\.(filter|all|get)\(.*\)\.(update|delete)\b",
)

# Those that take nothing from anybody, and why.
HARMLESS = {
    "forum/categories/actions.py:create_category": "nobody could hear of a theme that was not there",
    "forum/accounts/routes.py:set_locale": "the language is no right",
    "forum/factors/actions.py:confirm_session": "to have given the password again is no right",
    "forum/accounts/sessions.py:note_use": "when and where from is no right",
}
TELLS = re.compile(
    r"\brights\.(session_ended|user_stopped|user_changed|channel_changed|everything_changed)\("
)


def functions() -> Iterator[tuple[str, str]]:
    """Each function of the forum: where it is, and its text on one line."""
    for path in sorted(FORUM.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        source = path.read_text()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                text = " ".join((ast.get_source_segment(source, node) or "").split())
                yield f"forum/{path.relative_to(FORUM)}:{node.name}", text


def writers() -> dict[str, str]:
    """The functions that may change who hears what."""
    return {place: text for place, text in functions() if any(re.search(write, text) for write in WRITES)}


def steps_that_tell() -> set[str]:
    """The functions that tell of a change of rights when they are called."""
    return {place.partition(":")[2] for place, text in functions() if TELLS.search(text)}


def test_whoever_changes_a_right_tells_of_it() -> None:
    steps = steps_that_tell()
    silent = {
        place
        for place, text in writers().items()
        if not TELLS.search(text) and not any(re.search(rf"\bawait {step}\(", text) for step in steps)
    }
    assert silent == set(HARMLESS)


def test_the_writers_that_we_know_of_are_found() -> None:
    """The search itself: a pattern that finds nothing would keep nothing."""
    assert {
        "forum/accounts/actions.py:suspend_member",
        "forum/accounts/actions.py:deactivate_account",
        "forum/accounts/actions.py:reinstate_member",
        "forum/accounts/sessions.py:close_sessions",
        "forum/preferences/actions.py:close_own_account",
        "forum/api/keys.py:revoke_key",
        "forum/categories/steps.py:write_rules",
        "forum/groups/steps.py:let_in",
        "forum/groups/steps.py:put_out",
        "forum/groups/actions.py:set_owner",
        "forum/groups/actions.py:delete_group",
        "forum/topics/actions.py:take_topic_away",
        "forum/topics/actions.py:move_topic",
        "forum/topics/actions.py:bring_topic_back",
    } <= set(writers())


def test_assignments_that_are_handed_over_change_no_right() -> None:
    """`_change(…, "closed = {1}")`: what becomes a statement elsewhere is looked at where it is written."""
    handed = re.compile(r'"(?:[a-z_]+ = [^"]*)?\b(deleted_at|category_id|suspended_until|deactivated_at) = ')
    for place, text in functions():
        for call in re.findall(r"_change\([^)]*\)", text):
            assert not handed.search(call), place
