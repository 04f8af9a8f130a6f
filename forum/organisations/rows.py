"""A file of organisations, read line by line: what it says, or what is wrong with it and where."""

import csv
import math
import re
from collections.abc import Callable, Iterator
from io import StringIO

import regex
from msgspec import Struct

from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.organisations.models import OrganisationKind
from forum.organisations.siren import is_siren
from forum.text import MAX_ID

# What the first line may name; others are passed over. `insee` is another name of `code`.
COLUMNS = (
    "siren", "kind", "name", "population", "department", "region", "code", "group_siren", "latitude",
    "longitude", "site", "domains", "email",
)  # fmt: skip
NEEDED = ("kind", "name")
FAULTS_TOLD = 20
CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}]")
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@([^@\s]+)")
PLACE = re.compile(r"[0-9A-Z]{1,3}")
CODE = re.compile(r"[0-9A-Za-z._-]{1,20}")


class OrganisationRow(Struct, frozen=True):
    """One organisation of a file; `values` are its columns, of those that the file has."""

    line: int
    values: dict[str, object]

    @property
    def siren(self) -> str | None:
        """Its SIREN, if the file tells it."""
        return self.values.get("siren") or None  # type: ignore[return-value]

    @property
    def place(self) -> tuple[str, str] | None:
        """Its kind and code, if the file tells the code."""
        code = str(self.values.get("code") or "")
        return (str(self.values["kind"]), code) if code else None


def read_rows(content: bytes) -> list[OrganisationRow]:
    """Every organisation of a CSV file in UTF-8, with commas or semicolons between the columns.

    Raises:
        Invalid: with each fault and its line, the first twenty of them.
    """
    text = _decoded(content)
    first = text.partition("\n")[0]
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise Invalid(_told(reader.line_num, _("this line cannot be read."))) from error
    names = _header(lines[0][1] if lines else [])
    return _without_faults(names, [(line, cells) for line, cells in lines[1:] if any(cells)])


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(_told(line, _("this is not UTF-8: save the file as CSV in UTF-8."))) from error


def _header(cells: list[str]) -> list[str]:
    names = [name.strip().lower() for name in cells]
    names = ["code" if name == "insee" and "code" not in names else name for name in names]
    missing = [name for name in NEEDED if name not in names]
    if not {"siren", "code"} & set(names):
        missing.append("siren")
    if missing:
        raise Invalid(_told(1, _("the column %(names)s is missing.") % {"names": ", ".join(missing)}))
    return names


def _without_faults(names: list[str], lines: list[tuple[int, list[str]]]) -> list[OrganisationRow]:
    """All the rows, or all that is wrong with them."""
    rows: list[OrganisationRow] = []
    faults: list[str] = []
    seen: dict[object, int] = {}
    for line, cells in lines:
        try:
            row = OrganisationRow(line, _values(names, cells))
            _only_once(row, seen)
            rows.append(row)
        except ValueError as fault:
            faults.append(_told(line, str(fault)))
    if faults:
        raise Invalid("\n".join(_first(faults)))
    return rows


def _first(faults: list[str]) -> Iterator[str]:
    yield from faults[:FAULTS_TOLD]
    more = len(faults) - FAULTS_TOLD
    if more > 0:
        yield ngettext("and %(n)d line more", "and %(n)d lines more", more) % {"n": more}
    yield _("Nothing was loaded.")


def _values(names: list[str], cells: list[str]) -> dict[str, object]:
    if len(cells) != len(names):
        raise ValueError(_("%(n)s columns are expected here.") % {"n": len(names)})
    typed = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name in COLUMNS}
    values = {name: READERS[name](typed[name]) for name in typed}
    if not values.get("siren") and not values.get("code"):
        raise ValueError(_("a SIREN or a code is needed."))
    return values


def _only_once(row: OrganisationRow, seen: dict[object, int]) -> None:
    for key in filter(None, (row.siren, row.place if not row.siren else None)):
        if key in seen:
            raise ValueError(_("the same organisation as on line %(n)s.") % {"n": seen[key]})
        seen[key] = row.line


def _told(line: int, sentence: str) -> str:
    return _("Line %(n)s: %(fault)s") % {"n": line, "fault": sentence}


def _siren(text: str) -> str | None:
    if text and not is_siren(text):
        raise ValueError(
            _("“%(text)s” is not a SIREN: nine digits, of which the last checks the others.")
            % {"text": text[:20]}
        )
    return text or None


def _kind(text: str) -> str:
    if text not in set(OrganisationKind):
        raise ValueError(
            _("“%(text)s” is not a kind: %(kinds)s.")
            % {"text": text[:30], "kinds": ", ".join(OrganisationKind)}
        )
    return text


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 200 or CONTROL.search(name):
        raise ValueError(_("a name of 1 to 200 characters is needed."))
    return name


def _population(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_ID):
        raise ValueError(
            _("the population “%(text)s” is not a whole number from 0 on.") % {"text": text[:20]}
        )
    return int(text)


def _degrees(most: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            degrees = math.nan
        if not abs(degrees) <= most:
            raise ValueError(_("“%(text)s” is not a latitude or longitude in degrees.") % {"text": text[:20]})
        return degrees

    return read


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and not pattern.fullmatch(text):
            raise ValueError(_("“%(text)s” is not a code.") % {"text": text[:20]})
        return text

    return read


def _site(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s<>\"']{3,280}", text):
        raise ValueError(_("the site’s address begins with http:// or https://."))
    return text


def _domains(text: str) -> str:
    domains = text.lower().split()
    if len(text) > 500 or not all(DOMAIN.fullmatch(domain) for domain in domains):
        raise ValueError(
            _("“%(text)s” is not a list of domains with spaces between them.") % {"text": text[:60]}
        )
    return " ".join(domains)


def _email(text: str) -> str:
    found = ADDRESS.fullmatch(text.lower())
    if text and (len(text) > 254 or found is None or not DOMAIN.fullmatch(found[1])):
        raise ValueError(_("“%(text)s” is not a mail address.") % {"text": text[:60]})
    return text.lower()


READERS: dict[str, Callable[[str], object]] = {
    "siren": _siren, "kind": _kind, "name": _name, "population": _population,
    "department": _matching(PLACE), "region": _matching(PLACE), "code": _matching(CODE),
    "group_siren": lambda text: _siren(text) or "", "latitude": _degrees(90), "longitude": _degrees(180),
    "site": _site, "domains": _domains, "email": _email,
}  # fmt: skip
