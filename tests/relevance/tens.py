"""The first ten of every question of the set, and of some that match more than is ever put in order."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from forum.accounts.viewer import Viewer
from forum.search.asked import Asked
from forum.search.concepts import understand
from forum.search.indexing import index_all_pending
from forum.search.queries import ranked_topics
from forum.search.synonyms import current_thesaurus
from forum.topics.actions import open_topic
from tests.cast import Cast
from tests.relevance.base import DATA, pairs

FILE = DATA / "tens.txt"
LANGUAGES = ("fr", "en")
# More topics than the 200 candidates of a kind, about birds, which nobody else writes about.
CROWD = 230
CROWDED = (
    "toucan", "toucans perroquets", "perroquet", "volière aux toucans", "le perroquet de la volière",
    "une perruche et un toucan", "tourterelle toucan perruche",
)  # fmt: skip


async def write_crowd(cast: Cast) -> dict[str, int]:
    """All of them name a toucan; the older a topic, the rarer the birds in its title."""
    alice, made = await cast.alice(), dict[str, int]()
    for n in range(CROWD):
        title = (
            "Le perroquet voyageur" if n in (3, 40) else "La volière communale" if n % 9 == 0 else "Oiseaux"
        )
        raw = " ".join(
            ["Un toucan chante.", "Le toucan encore." * (n % 4 == 1), "Une perruche." * (n % 3 == 0),
             "Un perroquet." * (n % 7 == 0), "Des tourterelles." * (n == 11)]
        )  # fmt: skip
        new = await open_topic(alice, cast.theme.id, "question", f"{title}, numéro {n}", f"{raw} Numéro {n}.")
        made[f"crowd-{n}"] = new.topic_id
    await index_all_pending()
    return made


def questions() -> list[str]:
    """Everything that is typed."""
    typed = [pair.typed for language in LANGUAGES for pair in pairs(language)]
    return list(dict.fromkeys([*typed, *CROWDED]))


async def tens(viewer: Viewer, numbers: Mapping[str, int], asked: Sequence[str] = ()) -> list[str]:
    """A line for each question (`asked`, else all): what was typed, and the keys of the first ten topics."""
    keys = {number: key for key, number in numbers.items()}
    return [
        f"{typed} | {' '.join([keys[one] for one in await _ten(viewer, typed)])}"
        for typed in asked or questions()
    ]


async def _ten(viewer: Viewer, typed: str) -> list[int]:
    wanted = await understand(viewer, typed, await current_thesaurus())
    ranked = await ranked_topics(viewer, Asked(text=typed, words=typed), wanted)
    return [one.topic_id for one in ranked[:10]]


def kept(file: Path = FILE) -> list[str]:
    """The lines as they were written down."""
    return file.read_text(encoding="utf-8").splitlines()
