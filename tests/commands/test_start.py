"""The site starts soon: it loads what it needs, and makes once what is made from files that do not change."""

import subprocess
import sys
from pathlib import Path
from shutil import copyfile

import pytest
from argon2 import PasswordHasher
from jinja2 import FileSystemLoader

from forum import i18n
from forum.accounts.passwords import NOBODY, verify_password
from forum.compiling import CompilingEnvironment, KeptTemplates
from forum.edition import edition

# Libraries for what a site does seldom or never: Redis between workers, another's sign-in, S3, metrics, the
# compiler of catalogues; for what its first visitors do later: write, be counted, be mailed, be misspelt; and
# decoders of files from outside, which are at work in processes apart only.
LATER = {
    "redis",
    "authlib",
    "obstore",
    "prometheus_client",
    "babel.messages",
    "PIL",
    "pypdf",
    "snowballstemmer",
    "segno",
    "markdown_it",
    "limits",
    "aiosmtplib",
    "rapidfuzz",
    "cryptography",
}


def test_what_a_page_does_not_need_is_not_loaded_to_serve_one() -> None:
    code = "import sys, forum.serving; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert LATER & set(loaded.stdout.split()) == set()


async def test_a_login_that_does_not_exist_takes_the_same_work_and_opens_to_nothing() -> None:
    assert (
        PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).check_needs_rehash(NOBODY) is False
    )
    assert await verify_password("three clerks and a baton", None) is False


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of the French one, which nobody has compiled yet."""
    return Path(
        copyfile(Path(i18n.__file__).parent / "locale/fr/LC_MESSAGES/relais.po", tmp_path / "relais.po")
    )


def said(catalogue: Path) -> str:
    """What it says for "Closed"."""
    from gettext import GNUTranslations
    from io import BytesIO

    return GNUTranslations(BytesIO(i18n.compiled(catalogue))).gettext("Closed")


def test_a_catalogue_is_compiled_once_and_again_when_it_has_changed(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert said(catalogue) == "Fermé"
    kept = catalogue.with_suffix(".mo")
    before = kept.stat().st_ino
    assert (said(catalogue), kept.stat().st_ino) == ("Fermé", before)
    catalogue.write_text(catalogue.read_text().replace('msgstr "Fermé"', 'msgstr "Clos"'))
    assert said(catalogue) == "Clos"
    assert [file.name for file in kept.parent.glob("*.mo")] == ["relais.mo"]


def test_where_nobody_may_write_it_is_compiled_each_time(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert said(catalogue) == "Fermé"
    assert not catalogue.with_suffix(".mo").exists()


def page(folder: Path, edition: str) -> str:
    """The page of a folder of templates, as a start of this edition shows it."""
    environment = CompilingEnvironment(
        translate=str,
        functions={},
        constant=frozenset(),
        loader=FileSystemLoader(folder),
        bytecode_cache=KeptTemplates(folder, "en", edition),
        extensions=["jinja2.ext.i18n"],
    )
    return environment.get_template("page.html").render()


def test_templates_are_compiled_once_in_an_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "page.html").write_text('{% include "_part.html" %}')
    (tmp_path / "_part.html").write_text("one")
    assert page(tmp_path, "first") == "one"
    (tmp_path / "_part.html").write_text("two")
    assert page(tmp_path, "first") == "one", "it is not looked at again"
    assert page(tmp_path, "second") == "two"


def test_a_template_that_changes_makes_another_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.edition.beside", lambda _name: tmp_path)
    part = tmp_path / "_part.html"
    part.write_text("one")
    before = edition.__wrapped__("files")
    assert edition.__wrapped__("files") == before
    part.write_text("1001")
    assert edition.__wrapped__("files") != before
    assert edition.__wrapped__("other files") != edition.__wrapped__("files")
