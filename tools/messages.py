"""Bring the catalogues in line with the sentences of the code and the templates: `python tools/messages.py`.

New sentences are added, those that nobody says any more are taken out, and English, the source, fills
itself. What waits for a French translation is listed, and the exit code is 1.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCE = "en"
LOCALES = ("fr", "en")


def main() -> int:
    """Update each catalogue; 0 when every sentence is translated."""
    template = extracted()
    missing = [(locale, message.id) for locale in LOCALES for message in update(locale, template)]
    for locale, sentence in missing:
        print(f"{locale}: {sentence!r} is not translated")
    return 1 if missing else 0


def extracted() -> Catalog:
    """Every sentence of `babel.cfg`'s files."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog()
    for _file, _line, sentence, comments, context in extract_from_dir(ROOT, methods, options):
        catalogue.add(sentence, auto_comments=comments, context=context)
    return catalogue


def update(locale: str, template: Catalog) -> list[Message]:
    """Write one catalogue; what it does not say yet. Its header stays: no date that changes each time."""
    path = ROOT / "forum" / "locale" / locale / "LC_MESSAGES" / "relais.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    created = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.creation_date = created
    if locale == SOURCE:
        for message in waiting(catalogue):
            message.string = message.id
    written = BytesIO()
    write_po(written, catalogue, sort_output=True, no_location=True, ignore_obsolete=True, width=100)
    path.write_bytes(written.getvalue().lstrip(b"\n"))
    return waiting(catalogue)


def waiting(catalogue: Catalog) -> list[Message]:
    """The sentences without a translation."""
    return [message for message in catalogue if message.id and not all(texts(message))]


def texts(message: Message) -> tuple[str, ...]:
    """The translations of a sentence, one for each plural form; an empty text where there is none yet."""
    found = message.string
    return tuple(found) if isinstance(found, (tuple, list)) else (found or "",)


if __name__ == "__main__":
    sys.exit(main())
