"""The long topic of the demonstration: a survey of village halls kept by everybody for two years.

The facts are in `content/salles`: `releve.csv` (one hall a line), `echanges.toml` (what was said under a
line: questions, answers, corrections) and `voix.toml` (how each person writes). Here they become posts,
always the same ones; the medians are computed on what had been given, and corrected, at that moment.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

TITLE = "Relevé collectif : tarifs de location de nos salles communales"
TAGS = ["salle des fêtes", "tarifs"]
KEEPER = "farid.bensaid"
RECAP_EVERY = 20  # posts: about a month
WORKING_DAYS = 500
OPENING, CLOSING = 8 * 60 + 35, 17 * 60 + 50  # minutes of the day
LATEST = ("5h", "3h", "1h10min")
BANDS = (("moins de 500 hab.", 0, 500), ("500 à 1 999", 500, 2000), ("2 000 et plus", 2000, 10**6))
FEWEST = 3  # a lonely figure names its author
CORRECTED = {"surface": "area", "habitants": "inhabitants", "exterieurs": "outsiders", "caution": "deposit"}

Draft = dict[str, Any]


class Hall(Struct, frozen=True):
    """One line of the survey: euros for a week-end, area in m²; `outsiders` is None when not let to them.

    `associations`, `heating` and `cleaning` are a key of the phrases, with an amount: "forfait 40".
    """

    commune: str
    population: int
    hall: str
    area: int
    inhabitants: int
    outsiders: int | None
    associations: str
    deposit: int
    heating: str
    cleaning: str
    remark: str
    by: str


def survey_topic(folder: Path) -> Draft:
    """The topic, in the shape of the other topics' files."""
    voices = tomllib.loads((folder / "voix.toml").read_text("utf-8"))
    exchanges = tomllib.loads((folder / "echanges.toml").read_text("utf-8"))["echanges"]
    posts = list(_conversation(_halls(folder / "releve.csv"), exchanges, voices))
    for post, when in zip(posts, _moments(len(posts)), strict=True):
        post["when"] = when
    return {"theme": "salles-communales", "kind": "discussion", "title": TITLE, "tags": TAGS, "posts": posts}


def _halls(path: Path) -> list[Hall]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [_hall(row) for row in list(csv.reader(lines, delimiter=";"))[1:]]


def _hall(row: list[str]) -> Hall:
    commune, population, hall, area, inhabitants, outsiders, associations, deposit, *rest = row
    abroad = int(outsiders) if outsiders else None
    money = int(inhabitants), abroad, associations, int(deposit)
    return Hall(commune, int(population), hall, int(area), *money, *rest)


def _conversation(halls: list[Hall], exchanges: list[Draft], voices: Draft) -> Iterator[Draft]:
    """Every post in order: the opening, each hall with what is said under it, and a recap now and then."""
    yield {"by": KEEPER, "text": voices["ouverture"], "up": _readers(TITLE, KEEPER, voices, 7)}
    given: dict[str, Hall] = {}
    writer, number, recap = Writer(voices), 1, 1
    for hall in halls:
        given[hall.commune] = hall
        yield {"by": hall.by, "text": writer.tell(hall), "up": _readers(hall.commune, hall.by, voices, 2)}
        number += 1
        under = number
        for exchange in (exchange for exchange in exchanges if exchange["commune"] == hall.commune):
            given[hall.commune] = _corrected(given[hall.commune], exchange)
            yield _reply(exchange, given[hall.commune], number if exchange.get("suite") else under, voices)
            number += 1
        if number >= recap * (RECAP_EVERY + 1):
            text = _recap(recap, list(given.values()), voices["recapitulatif"])
            yield {"by": KEEPER, "text": text, "up": _readers(text, KEEPER, voices, 4)}
            number, recap = number + 1, recap + 1


def _corrected(hall: Hall, exchange: Draft) -> Hall:
    changes = {CORRECTED[name]: value for name, value in exchange.get("corrige", {}).items()}
    return replace(hall, **changes)


def _reply(exchange: Draft, hall: Hall, to: int, voices: Draft) -> Draft:
    figures = {name: _number(getattr(hall, field)) for name, field in CORRECTED.items()}
    text = exchange["text"].format(**_place(hall), **figures)
    return {
        "by": exchange["by"],
        "text": text,
        "reply_to": to,
        "up": _readers(text, exchange["by"], voices, 3),
    }


def _readers(text: str, author: str, voices: Draft, most: int) -> list[str]:
    """Up to `most` people who found a text useful, never its author; the text alone decides who."""
    others = sorted({shape["by"] for shape in voices["formes"]} - {author})
    start = _pick(text, len(others))
    return (others + others)[start : start + _pick(text + author, most + 1)]


def _pick(text: str, count: int) -> int:
    return crc32(text.encode()) % count


class Writer:
    """Tells halls in each person's manner: their shapes in turn, a turn of phrase for each fact."""

    def __init__(self, voices: Draft) -> None:
        self._phrases, self._short, self._home = voices["phrases"], voices["courts"], voices["chez_soi"]
        self._shapes: dict[str, list[str]] = {}
        for shape in voices["formes"]:
            self._shapes.setdefault(shape["by"], []).append(shape["text"])

    def tell(self, hall: Hall) -> str:
        """The hall's post, by the person who gives it."""
        text = self._shape(hall).format(**self._pieces(hall))
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<=\S) +(?= |\n|$)", "", text)).strip()

    def _shape(self, hall: Hall) -> str:
        if hall.commune in self._home:
            return str(self._home[hall.commune])
        shapes = self._shapes[hall.by]
        shapes.append(shapes.pop(0))
        if shapes[-1].startswith("{remarque}") and not hall.remark:
            shapes.append(shapes.pop(0))
        return shapes[-1]

    def _pieces(self, hall: Hall) -> dict[str, str]:
        price = self._price(hall)
        people, area = f"{_number(hall.population)} habitants", f"{_number(hall.area)} m²"
        return {
            **self._fact("chauffage", hall.heating, hall),
            **self._fact("menage", hall.cleaning, hall),
            **self._fact("assoc", hall.associations, hall),
            **_place(hall),
            "pop": people,
            "pop_maj": people,
            "surface": area,
            "Surface": area,
            "hab": _euros(hall.inhabitants),
            "ext": _abroad(hall),
            "prix": price,
            "prix_maj": _capital(price),
            "caution": _euros(hall.deposit) if hall.deposit else "aucune",
            "Caution": self._phrase("caution" if hall.deposit else "caution_aucune", hall, hall.deposit),
            "remarque": hall.remark,
        }

    def _fact(self, name: str, code: str, hall: Hall) -> dict[str, str]:
        """A coded fact, in a word under its name and in a sentence under its capitalised name."""
        key, _, amount = code.partition(" ")
        x = f"{amount} %" if key == "pourcent" else f"{amount} €"
        sentences = self._phrases[key]
        sentence = sentences[_pick(hall.commune + name, len(sentences))]
        return {name: self._short[key].format(x=x), _capital(name): sentence.format(x=x)}

    def _price(self, hall: Hall) -> str:
        key = "prix" if hall.outsiders else "prix_habitants" if hall.inhabitants else "prix_gratuit"
        sentences = self._phrases[key]
        chosen: str = sentences[_pick(hall.commune + key, len(sentences))]
        return chosen.format(hab=_euros(hall.inhabitants), ext=_abroad(hall))

    def _phrase(self, key: str, hall: Hall, amount: int) -> str:
        sentences = self._phrases[key]
        chosen: str = sentences[_pick(hall.commune + key, len(sentences))]
        return chosen.format(x=_euros(amount))


def _place(hall: Hall) -> dict[str, str]:
    vowel = hall.commune[0] in "AEÉIOUYaeéiouy"
    name = re.sub(r"^(?:la |le |l’)", "", hall.hall)
    owned = f"du {name}" if hall.hall.startswith("le ") else f"de {hall.hall}"
    return {
        "commune": hall.commune,
        "de": f"d’{hall.commune}" if vowel else f"de {hall.commune}",
        "salle": hall.hall,
        "Salle": _capital(hall.hall),
        "nom": name,
        "de_salle": owned,
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _abroad(hall: Hall) -> str:
    return "pas de location" if hall.outsiders is None else _euros(hall.outsiders)


def _euros(amount: float) -> str:
    return f"{_number(round(amount))} €" if amount else "rien"


def _number(amount: int | None) -> str:
    return f"{amount or 0:,}".replace(",", "\u202f")


def _recap(number: int, halls: list[Hall], texts: Draft) -> str:
    values = {"numero": number, "salles": len(halls), **_findings(halls)}
    title, remark, call = (
        texts[key][number % len(texts[key])].format(**values) for key in ("titres", "remarques", "appels")
    )
    head = "| Commune | Salles | Habitants | Extérieurs | Caution |\n|:--|--:|--:|--:|--:|"
    rows = "\n".join(_band_row(*band, halls) for band in BANDS)
    return f"{title}\n\n{head}\n{rows}\n\n{remark} {call}"


def _band_row(label: str, least: int, below: int, halls: list[Hall]) -> str:
    band = [hall for hall in halls if least <= hall.population < below]
    if len(band) < FEWEST:
        return f"| {label} | {len(band)} | – | – | – |"
    outsiders = [hall.outsiders for hall in band if hall.outsiders is not None]
    figures = [hall.inhabitants for hall in band], outsiders, [hall.deposit for hall in band]
    medians = " | ".join(_euros(median(values)) if len(values) >= FEWEST else "–" for values in figures)
    return f"| {label} | {len(band)} | {medians} |"


def _findings(halls: list[Hall]) -> dict[str, object]:
    """What a recap may say beside its table, each figure computed on all the halls given."""
    let = [hall for hall in halls if hall.outsiders and hall.inhabitants]
    widest = max(let, key=_ratio)
    dearest, largest = max(halls, key=lambda hall: hall.deposit), max(halls, key=lambda hall: hall.area)
    low, _, high = quantiles([hall.area for hall in halls], n=4)
    return {
        "chauffage_compris": round(100 * _count(halls, "heating", "compris") / len(halls)),
        "forfait_median": _euros(_median_amount([hall.heating for hall in halls], "forfait")),
        "rapport": _decimal(median(_ratio(hall) for hall in let), 1),
        "ecart_commune": widest.commune,
        "ecart_rapport": _decimal(_ratio(widest), 1),
        "metre_median": _per_metre(halls),
        "metre_petites": _per_metre([hall for hall in halls if hall.population < 500]),
        "assoc_gratuit": _count(halls, "associations", "gratuit"),
        "assoc_dates": _count(halls, "associations", "une") + _count(halls, "associations", "deux"),
        "caution_min": _euros(min(hall.deposit for hall in halls if hall.deposit)),
        "caution_max": _euros(dearest.deposit),
        "caution_commune": dearest.commune,
        "caution_aucune": sum(not hall.deposit for hall in halls),
        "menage_option": _count(halls, "cleaning", "option"),
        "option_median": _euros(_median_amount([hall.cleaning for hall in halls], "option")),
        "menage_retenue": _count(halls, "cleaning", "retenue"),
        "fermees": sum(hall.outsiders is None for hall in halls),
        "grande_commune": largest.commune,
        "grande_surface": f"{_number(largest.area)} m²",
        "quart_bas": round(low),
        "quart_haut": round(high),
    }


def _ratio(hall: Hall) -> float:
    return (hall.outsiders or 0) / hall.inhabitants


def _count(halls: list[Hall], field: str, key: str) -> int:
    return sum(getattr(hall, field).startswith(key) for hall in halls)


def _median_amount(codes: list[str], key: str) -> float:
    return median(int(code.split()[1]) for code in codes if code.startswith(f"{key} "))


def _per_metre(halls: list[Hall]) -> str:
    return f"{_decimal(median(hall.inhabitants / hall.area for hall in halls), 2)} €"


def _decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def _moments(count: int) -> Iterator[str]:
    """Two years of working days, with quiet weeks and busy ones; the last posts are of today."""
    steps = [1 + _pick(f"step {n}", 5) ** 2 for n in range(count - len(LATEST))]
    total = sum(steps) + 1
    for done in accumulate(steps):
        day, part = divmod((total - done) * WORKING_DAYS / total, 1)
        minute = round(CLOSING - part * (CLOSING - OPENING))
        yield f"{int(day) + 1} {minute // 60:02}:{minute % 60:02}"
    yield from LATEST
