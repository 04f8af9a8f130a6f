"""Every column that names an organisation says what a merge of two does to it.

A new table that is in none of the steps (`forum/organisations/merging.py`) fails: communes do unite.
"""

import re

import pytest
from tortoise import Tortoise, fields
from tortoise.models import Model

import forum.app  # noqa: F401 (where the steps are declared)
from forum.organisations import merging
from forum.organisations.models import Organisation

# Numbers that name an organisation without being a reference.
NUMBERS = re.compile(r"(.*_)?organisation_id|merged_into_id")


def naming_organisations() -> set[tuple[str, str]]:
    """Each table and column in which there is an organisation's number."""
    assert Tortoise.apps is not None
    models: list[type[Model]] = [model for app in Tortoise.apps.values() for model in app.values()]
    return {(model._meta.db_table, column) for model in models for column in columns_of(model)}


def columns_of(model: type[Model]) -> set[str]:
    """References to organisations, and plain numbers that are called so."""
    found = set()
    for name, field in model._meta.fields_map.items():
        if isinstance(field, fields.relational.ForeignKeyFieldInstance):
            if field.related_model is Organisation:
                found.add(field.source_field or f"{name}_id")
        elif isinstance(field, fields.IntField | fields.BigIntField) and NUMBERS.fullmatch(name):
            found.add(field.source_field or name)
    return found


def with_a_step() -> set[tuple[str, str]]:
    return {(step.table, step.column) for step in merging.steps()}


async def test_every_column_that_names_an_organisation_has_a_step(db: None) -> None:
    assert naming_organisations() == with_a_step()


async def test_one_without_a_step_is_found(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for forgotten in with_a_step():
        left = {key: step for key, step in merging._steps.items() if key != forgotten}
        with monkeypatch.context() as patch:
            patch.setattr(merging, "_steps", left)
            assert naming_organisations() - with_a_step() == {forgotten}


def test_each_step_says_in_words_what_moves() -> None:
    words = [step.what() for step in merging.steps()]
    assert all(words)
    assert len(words) == len(set(words))
