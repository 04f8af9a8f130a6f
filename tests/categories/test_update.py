"""What an earlier version kept for some stays so when the site is brought to this one."""

from forum.categories.models import Permission
from forum.categories.queries import forget_themes, themes
from forum.database import migrate
from realtime.sql import sql
from tests.realtime.shapes import fill
from tests.realtime.test_engines_migrations import migrate_to_first, opened


async def test_restricted_themes_stay_restricted_and_groups_unknown(empty_url: str) -> None:
    await migrate_to_first(empty_url)
    async with opened(empty_url):
        await fill(2)
        await sql("UPDATE category_groups SET permission = 1")
        before = {row["category_id"] for row in await sql("SELECT category_id FROM category_groups")}
    await migrate(empty_url)
    async with opened(empty_url):
        forget_themes()
        now = await themes(1)
        assert before
        assert {id for id, rules in now.rules.items() if rules.everyone is None} >= before
        assert all(set(now.rules[id].groups.values()) == {Permission.CREATE} for id in before)
        assert {row["admission"] for row in await sql("SELECT admission FROM groups")} == {"hidden"}
        forget_themes()
