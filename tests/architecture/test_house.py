"""The house rules, kept by machine."""

import ast
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, meta, nodes

import forum.app
from forum.channels import DOORMEN
from forum.icons import ICONS
from forum.live import SURFACES

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
LOCALES = ("fr", "en")
GLOBALS = {
    "_", "gettext", "ngettext", "icon", "static", "locale", "locales", "site", "topic_path", "post_path",
    "category_path", "tag_path", "user_path", "kind_icon", "kind_label", "kind_facts", "action_label",
    "theme", "theme_icon", "mail_style",
}  # fmt: skip
PAGE_CONTEXT = {"viewer", "page", "path", "request_id"}


def environment() -> Environment:
    found = Environment(extensions=["jinja2.ext.i18n"])
    found.filters.update(dict.fromkeys(("moment", "day", "number", "excerpt"), str))
    return found


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


def test_the_live_library_knows_nothing_of_forums() -> None:
    for path in (ROOT / "realtime").rglob("*.py"):
        assert not [name for name in imports(path) if name.split(".")[0] == "forum"], path


def test_permissions_ask_nothing_of_the_database() -> None:
    for path in (ROOT / "forum").glob("*/permissions.py"):
        assert "await" not in path.read_text(), path
        assert not [name for name in imports(path) if "sql" in name or "tortoise" in name], path


def test_only_actions_record_facts_and_open_transactions() -> None:
    allowed = {
        "actions.py",
        "jobs.py",
        "sessions.py",
        "keys.py",
        "load.py",
        "rows.py",
        "retention.py",
        "hidden.py",
        "erasing.py",
        "quotes.py",
        "indexing.py",
    }
    for path in (ROOT / "forum").rglob("*.py"):
        if path.name not in allowed and "importing" not in path.parts:
            assert not re.search(r"log\.(transaction|write)\(", path.read_text()), path


def test_partials_use_what_they_declare_and_nothing_else() -> None:
    for path in TEMPLATES.rglob("_*.html"):
        source = path.read_text()
        declared = re.match(r"\{# needs: ([\w, ]+) #\}", source)
        names = set(declared[1].split(", ")) if declared else set()
        used = meta.find_undeclared_variables(environment().parse(source))
        assert used - GLOBALS <= names, f"{path.name} uses {used - GLOBALS - names} undeclared"


def test_pages_use_the_page_the_viewer_and_nothing_else() -> None:
    for path in templates():
        if not path.name.startswith("_"):
            used = meta.find_undeclared_variables(environment().parse(path.read_text()))
            assert used <= GLOBALS | PAGE_CONTEXT, f"{path.name} uses {used - GLOBALS - PAGE_CONTEXT}"


def test_no_template_holds_inline_script_style_or_handler() -> None:
    for path in templates():
        source = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=", source), path
        assert not re.search(r"<script(?! type=\"(?:module\" src=|application/(?:ld\+)?json\"))", source), (
            path
        )


def test_every_text_that_people_read_goes_through_the_catalogue() -> None:
    for path in templates():
        for text in literal_texts(path.read_text()):
            assert not re.search(r"[^\W\d_]{2,}", text), f"{path.relative_to(ROOT)}: “{text.strip()}”"


def literal_texts(source: str) -> list[str]:
    """The words of a template outside of tags, of expressions and of comments."""
    tree = environment().parse(re.sub(r"(?s)\{#.*?#\}", "", source))
    data = "".join(node.data for node in tree.find_all(nodes.TemplateData))
    data = re.sub(r"(?s)<[^>]*>", " ", data)
    return [part for part in re.split(r"[<>\n]", data) if not re.search(r'=|"|/>|^\s*[\w-]*$', part)]


def catalogue(locale: str) -> dict[object, object]:
    path = ROOT / "forum" / "locale" / locale / "LC_MESSAGES" / "relais.po"
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file, locale=locale) if message.id}


def extracted() -> set[object]:
    methods = [("forum/**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, methods, {"templates/**.html": {"newstyle_gettext": "true"}}, keywords)
    return {message for _file, _line, message, _comments, _context in found}


def test_every_sentence_is_in_both_catalogues_and_translated() -> None:
    wanted = extracted()
    assert len(wanted) > 200
    for locale in LOCALES:
        known = catalogue(locale)
        assert wanted == set(known), f"{locale}: {wanted ^ set(known)}"
        for message in known.values():
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts), f"{locale}: {message.id} is not translated"


def test_translations_keep_the_placeholders_and_the_french_its_spaces() -> None:
    for locale in LOCALES:
        for id, message in catalogue(locale).items():
            source = id[0] if isinstance(id, tuple) else id
            text = message.string[0] if isinstance(message.string, tuple) else message.string
            fields = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
            assert sorted(fields.findall(source)) == sorted(fields.findall(text)), text
            if locale == "fr":
                assert not re.search(r" [;:!?»]|« ", text), f"an ordinary space before a sign: {text}"
                assert "'" not in text, f"a typewriter apostrophe: {text}"


def test_discourse_pr_42965_every_channel_has_a_doorman_and_a_surface() -> None:
    """A channel is its audience: no fact is told without one."""
    assert set(DOORMEN) == set(SURFACES)


def test_no_fact_is_recorded_without_its_channel() -> None:
    """The channel is named by what makes names of channels, and never a text of the moment."""
    found = 0
    for path in (ROOT / "forum").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                assert len(node.args) >= 2, f"{path}:{node.lineno}"
                assert isinstance(node.args[0], ast.Name | ast.Call), f"{path}:{node.lineno}"
                found += 1
    assert found > 20


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    used = {name for path in templates() for name in re.findall(r'icon\("([a-z0-9-]+)"\)', path.read_text())}
    assert used <= set(ICONS)


def test_every_action_and_query_says_what_it_does() -> None:
    for path in [*(ROOT / "forum").rglob("*.py"), *(ROOT / "realtime").rglob("*.py")]:
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree) or not tree.body, path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                assert node.name.startswith("_") or ast.get_docstring(node), f"{path}: {node.name}"


def test_no_function_is_a_wall() -> None:
    for path in [*(ROOT / "forum").rglob("*.py"), *(ROOT / "realtime").rglob("*.py")]:
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno - node.lineno <= 60, f"{path}: {node.name}"


def test_the_application_lists_every_slice_that_has_routes() -> None:
    listed = {module.__name__ for module in forum.app.SLICES}
    assert listed == {f"forum.{path.parent.name}.routes" for path in (ROOT / "forum").glob("*/routes.py")}
