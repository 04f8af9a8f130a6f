"""Every table that speaks of people says so: what it hands out to them, and what it erases.

A new table, or a new column, that is in none of these lists fails: think of the person first.
"""

from tortoise import Tortoise, fields

import forum.app  # noqa: F401 (where what tables hold is declared)
from forum.accounts.models import User
from forum.erasures.texts import TEXTS, texts_of_kinds
from forum.personal import HOLDINGS

# Columns that hold a member's number without being a reference, by name.
NUMBERS = {"user_id", "actor_id", "member_id"}
# Texts that nobody writes about anybody: codes, hashes, the site's own words, titles of its parts.
IMPERSONAL = {
    "api_keys": {"key_hash"},
    "categories": {"name", "slug", "description", "color", "icon"},
    "data_exports": {"state", "file"},
    "documents": {"state", "document_type", "valid_on", "licence"},
    "drafts": {"draft_key"},
    "erasures": {"cause"},
    "experience_sheets": {"state", "valid_on", "licence"},
    "field_requests": {"field"},
    "gatherings": {"state", "gathering_type", "starts_at", "ends_at"},
    "groups": {"name", "full_name", "admission"},
    "guides": {"state", "valid_on", "licence"},
    "idempotency_keys": {"key"},
    "invitations": {"locale"},
    "job_runs": {"name", "error"},
    "job_offers": {"state", "branch", "grade", "terms", "deadline", "starts_on"},
    "jobs": {"name", "payload", "last_error"},
    "journal_head": {"hash"},
    "outbox": {"message_id", "kind", "locale", "base_url", "state"},
    "organisations": {
        "kind",
        "siren",
        "code",
        "name",
        "name_key",
        "slug",
        "department",
        "region",
        "group_siren",
        "site",
        "domains",
        "email",
    },
    "passkey_challenges": {"bound_to", "challenge"},
    "pending_posts": {"key", "kind", "tag_names"},
    "posts": {"action_code", "author_organisation"},
    "reuses": {"state", "since"},
    "reviewables": {"kind", "decision"},
    # Texts that follow, change by change, what they are made of; there names go (tests/search).
    "search_documents": {"kind", "title_terms", "body_terms", "words"},
    "search_meanings": {"digest"},
    "search_pending": {"kind"},
    "search_vocabulary": {"word", "stem", "initial"},
    "site_settings": {"name", "value"},
    "staff_actions": {"kind", "details", "previous_hash", "hash"},
    "staff_reasons": {"salt"},
    "suspensions": {"decision"},
    "topic_aliases": {"source"},
    "topic_tags": {"key", "name"},
    "tag_counts": {"key", "name"},
    "topics": {"slug", "kind", "tag_names", "freshness"},
    "uploads": {"name", "extension", "thumbnails"},
}
# Texts of and about the member themselves, that go with their row.
OWN = {
    "invitations": {"email"},
    "organisation_codes": {"code_hash"},
    "organisation_members": {"function", "verified_by"},
    "outbox": {"payload", "to_address", "last_error"},
    "passkeys": {"credential_id", "public_key", "transports", "name"},
    "provider_sessions": {"provider_name", "id_token", "issuer", "subject", "sid"},
    "provider_sign_outs": {"issuer", "subject", "sid", "told"},
    "pending_sign_ins": {"token_hash", "mark", "wish"},
    "posts": {"author_function"},
    "recovery_codes": {"code_hash"},
    "sessions": {"token_hash", "address", "user_agent"},
    "single_sign_on_arrivals": {
        "token_hash", "issuer", "subject", "email", "name", "siret", "unit", "id_token", "return_to",
    },
    "signups": {"username", "username_lower", "name", "email", "password_hash", "locale"},
    "totps": {"secret"},
    "user_associated_accounts": {"issuer", "subject", "email", "name", "siret", "unit"},
    "user_profiles": {"skills", "audience"},
    "users": {
        "username", "username_lower", "name", "email", "password_hash", "title", "affiliation", "locale",
        "time_zone", "picture", "mail_level",
    },
}  # fmt: skip


def models() -> dict[str, type]:
    assert Tortoise.apps is not None
    return {model._meta.db_table: model for model in Tortoise.apps["forum"].values()}


def people_in(model: type) -> set[str]:
    """The columns of a table that say who."""
    found = set()
    for name, field in model._meta.fields_map.items():
        if isinstance(field, fields.relational.ForeignKeyFieldInstance) and field.related_model is User:
            found.add(field.source_field or f"{name}_id")
        elif name in NUMBERS and isinstance(field, fields.IntField) and not field.reference:
            found.add(name)
    return found


def texts_in(model: type) -> set[str]:
    """Its columns of text."""
    return {
        field.source_field or name
        for name, field in model._meta.fields_map.items()
        if isinstance(field, fields.CharField | fields.TextField)
    }


async def test_every_table_that_names_a_member_says_what_becomes_of_it(db: None) -> None:
    for table, model in models().items():
        held = set(HOLDINGS[table].people) if table in HOLDINGS else set()
        assert people_in(model) == held - ({"id"} if table == "users" else set()), table


async def test_every_text_is_looked_at_when_a_name_goes_or_cannot_hold_one(db: None) -> None:
    for table, model in models().items():
        held = set(HOLDINGS[table].texts) if table in HOLDINGS else set()
        known = held | IMPERSONAL.get(table, set()) | OWN.get(table, set())
        assert texts_in(model) == known, table


def test_each_says_both_what_is_handed_out_and_what_is_erased_or_why_not() -> None:
    for holding in HOLDINGS.values():
        assert bool(holding.exports) != bool(holding.withheld), holding.table
        assert bool(holding.erase) != bool(holding.stays), holding.table
        assert holding.what()
        assert holding.kept()


def test_the_files_of_an_archive_have_names_of_their_own() -> None:
    files = [export.file for holding in HOLDINGS.values() for export in holding.exports]
    assert len(files) == len(set(files))


def test_each_text_in_which_a_name_may_stand_is_looked_through_when_it_goes() -> None:
    looked_through = {one.table: set(one.columns) for one in (*TEXTS, *texts_of_kinds())}
    # The journal's reasons are rewritten with the chain of its hashes in mind (forum/journal).
    for table, holding in HOLDINGS.items():
        assert table == "staff_reasons" or set(holding.texts) <= looked_through.get(table, set()), table
