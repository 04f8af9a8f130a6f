"""The process that reads a document from outside: `python -m forum.uploads.documents WISH`, with the file.

Asked for its `kind`, it gives the ending of its name; asked for its `words`, what it says, for the search.
"""

import re
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import XMLParser
from zipfile import ZipFile

from forum.apart.parts import bounded, give, given
from forum.uploads.kinds import text_of

MAX_MEMORY = 512 * 2**20
MAX_SECONDS = 10
# Of processor, after which what has been read so far does.
ENOUGH_SECONDS = 6
KIND, WORDS = "kind", "words"
UNREADABLE = 2
# Characters of a text that is kept for the search.
MAX_TEXT = 200_000
# A small archive may unfold into a large one.
MAX_UNPACKED = 100 * 2**20
MAX_FILES = 5_000
MAX_PAGES = 500
PIECE = 64 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
    f"{OFFICE}presentationml.presentation.main+xml": "pptx",
}
ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
# The parts of each kind that hold words.
PARTS = {
    "docx": re.compile(r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml"),
    "xlsx": re.compile(r"xl/sharedStrings\.xml"),
    "pptx": re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml"),
    **dict.fromkeys(("odt", "ods", "odp"), re.compile(r"content\.xml")),
}
# Elements whose characters are words, those that stand for a space, and those after which a line ends.
SPOKEN = {"t", "p", "h", "span", "a"}
SPACES = {"s", "tab", "br", "line-break"}
LINES = {"p", "h", "si"}
# What may run when it is opened.
MACROS = re.compile(r"vbaProject\.bin$|^Basic/|^Scripts/", re.IGNORECASE)


class Unreadable(Exception):
    """Not a document that is taken."""


def main() -> int:
    """0, or why nothing was read."""
    bounded(MAX_MEMORY, MAX_SECONDS)
    try:
        answer = kind_of_office(given()) if sys.argv[1:] == [KIND] else words_of(given())
    except Exception:  # a reader may fail in any way on what was made to break it
        return UNREADABLE
    give([answer.encode(errors="ignore")])
    return 0


def kind_of_office(body: bytes) -> str:
    """The kind of an office file, as its archive says of itself.

    Raises:
        Unreadable, and whatever archives raise: it is none, or may run something when it is opened.
    """
    with ZipFile(BytesIO(body)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_FILES or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Unreadable
        if any(MACROS.search(part.filename) for part in parts):
            raise Unreadable
        return _kind(archive)


def _kind(archive: ZipFile) -> str:
    if "mimetype" in archive.namelist():
        return ODF[archive.read("mimetype").strip()]
    types = archive.read("[Content_Types].xml").decode()
    found = {ending for name, ending in MAIN_PARTS.items() if f'"{name}"' in types}
    if len(found) != 1:
        raise Unreadable
    return found.pop()


def words_of(body: bytes) -> str:
    """What a document says, cut at 200,000 characters.

    Raises:
        Unreadable, and whatever the readers raise: it cannot be read.
    """
    if body.startswith(b"%PDF-"):
        return _cut(_of_pdf(body))
    if body.startswith(b"PK"):
        return _cut(_of_office(body))
    return _cut(iter([text_of(body) or ""]))


def _of_pdf(body: bytes) -> Iterator[str]:
    """Page by page; of one that is locked, nothing."""
    from pypdf import PdfReader  # long to load: for PDF files only

    reader = PdfReader(BytesIO(body), strict=False)
    for page in [] if reader.is_encrypted else reader.pages[:MAX_PAGES]:
        yield page.extract_text() + "\n"


def _of_office(body: bytes) -> Iterator[str]:
    kind = kind_of_office(body)
    with ZipFile(BytesIO(body)) as archive:
        for name in sorted(filter(PARTS[kind].fullmatch, archive.namelist()), key=_in_order):
            yield from _of_part(archive, name)


def _in_order(name: str) -> tuple[str, int]:
    """The tenth slide after the ninth."""
    return re.sub(r"\d", "", name), int(re.sub(r"\D", "", name) or 0)


def _of_part(archive: ZipFile, name: str) -> Iterator[str]:
    """Piece by piece; nothing outside is ever asked for, and expat bounds what entities unfold to."""
    listener = _Listener()
    parser = XMLParser(target=listener)  # noqa: S314 - in a process that may be killed
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            parser.feed(piece)
            yield "".join(listener.heard)
            listener.heard.clear()


class _Listener:
    """Hears the words of a part: by the names of elements, which are the same in all kinds."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._within: list[str] = []

    def start(self, tag: str, attributes: dict[str, Any]) -> None:
        self._within.append(tag.rpartition("}")[2])
        if self._within[-1] in SPACES:
            self.heard.append(" ")

    def data(self, text: str) -> None:
        if self._within and self._within[-1] in SPOKEN:
            self.heard.append(text)

    def end(self, tag: str) -> None:
        if self._within.pop() in LINES:
            self.heard.append("\n")

    def close(self) -> None:
        pass


def _cut(pieces: Iterator[str]) -> str:
    """The pieces together, up to the most that is kept; blank lines and runs of spaces as one."""
    found, length = [], 0
    for piece in pieces:
        found.append(piece)
        length += len(piece)
        if length >= MAX_TEXT or time.process_time() > ENOUGH_SECONDS:
            break
    lines = (" ".join(line.split()) for line in "".join(found).replace("\0", " ")[:MAX_TEXT].split("\n"))
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    sys.exit(main())
