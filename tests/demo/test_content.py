"""The demonstration community can be believed: facts agree, French is set right, nothing is filler."""

import csv
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from forum.demo.content import FOLDER, Community, Post, Topic, load
from forum.icons import ICONS
from forum.markdown import cook_many, mentions, quotes

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CODE = re.compile(r"```.*?```|`[^`\n]*`|https?://\S+|\[/?quote[^\]]*\]", re.DOTALL)
QUOTE = re.compile(r'\[quote="([^,"]+), post:(\d+)[^"]*"\]\n(.+?)\n\[/quote\]', re.DOTALL)


@cache
def community() -> Community:
    return load(MONDAY)


def survey() -> Topic:
    return next(topic for topic in community().topics if topic.theme == "salles-communales")


def conversations() -> list[Topic]:
    return [topic for topic in community().topics if topic is not survey()]


def every_post() -> Iterator[tuple[Topic, int, Post]]:
    for topic in community().topics:
        yield from ((topic, number, post) for number, post in enumerate(topic.posts, 1))


def every_text() -> Iterator[str]:
    for theme in community().themes:
        yield from (theme.name, theme.description)
    for topic in community().topics:
        yield topic.title
    for told in community().reuses:
        yield from (told.details.get(name, "") for name in ("changes", "reason", "contact"))
    for _, _, post in every_post():
        yield post.text
        yield from (text for edit in post.edits for text in (edit.text, edit.reason) if text)


def test_it_is_as_large_as_a_lively_community() -> None:
    posts = sum(len(topic.posts) for topic in conversations())
    assert len(conversations()) >= 40
    assert posts >= 200
    assert len([theme for theme in community().themes if not theme.parent]) >= 8
    assert len([theme for theme in community().themes if theme.parent]) >= 2
    assert len(survey().posts) == 500


def test_one_person_administers_and_one_moderates_both_among_the_four_offered() -> None:
    admins = [person.username for person in community().people if person.admin]
    moderators = [person.username for person in community().people if person.moderator]
    offered = [person.username for person in community().people[:4]]
    assert len(admins) == len(moderators) == 1
    assert {*admins, *moderators} < set(offered)


def test_everybody_speaks() -> None:
    authors = {post.author for _, _, post in every_post()}
    assert authors == {person.username for person in community().people}


def test_questions_are_solved_open_or_still_waiting() -> None:
    questions = [topic for topic in community().topics if topic.kind == "question"]
    accepted = [sum(post.accepted for post in topic.posts) for topic in questions]
    assert len(questions) >= 28
    assert sum(count > 0 for count in accepted) >= 16
    assert accepted.count(2) == 1
    assert sum(len(topic.posts) == 1 for topic in questions) >= 3


def test_what_members_can_do_is_shown_at_least_once() -> None:
    posts = [post for _, _, post in every_post()]
    assert any(post.deleted for post in posts)
    assert any(post.edits for post in posts)
    assert any(-1 in post.votes.values() for post in posts)
    cooked = "".join(cook_many([(post.text, {}) for topic in conversations() for post in topic.posts]))
    for mark in ("<table", "<ol", "<pre", "checkbox", "footnote", 'class="quote"'):
        assert mark in cooked, mark


@pytest.mark.parametrize("hours", range(0, 14 * 24, 5))
def test_it_loads_on_any_day_at_any_hour(hours: int) -> None:
    seen = load(MONDAY + timedelta(hours=hours))
    assert len(seen.topics) == len(community().topics)


def test_the_words_do_not_depend_on_the_day() -> None:
    later = load(MONDAY + timedelta(days=100))
    assert [topic.title for topic in later.topics] == [topic.title for topic in community().topics]
    assert [p.text for t in later.topics for p in t.posts] == [post.text for _, _, post in every_post()]


def test_it_spans_two_years_until_a_few_hours_ago_mostly_at_the_office() -> None:
    ages = [post.age for _, _, post in every_post()]
    moments = [(MONDAY - age).astimezone(PARIS) for age in ages if age > timedelta(hours=12)]
    office = [at for at in moments if at.weekday() < 5 and 8 <= at.hour < 18]
    assert max(ages) > timedelta(days=700)
    assert min(ages) < timedelta(hours=3)
    assert len(office) > 0.95 * len(moments)


def test_quotes_repeat_what_was_written() -> None:
    found = 0
    for topic, number, post in every_post():
        for username, quoted, words in QUOTE.findall(post.text):
            source = topic.posts[int(quoted) - 1]
            assert int(quoted) < number
            assert source.author == username
            assert words in source.text, words
            found += 1
        assert len(quotes(post.text)) == len(QUOTE.findall(post.text))
    assert found >= 5


def test_mentions_name_members() -> None:
    usernames = {person.username for person in community().people}
    named = {name for _, _, post in every_post() for name in mentions(post.text)} - {"orange.fr"}
    assert named
    assert named <= usernames


def test_no_sentence_is_said_twice_outside_the_survey() -> None:
    said = Counter(
        sentence.strip()
        for topic in conversations()
        for post in topic.posts
        for sentence in re.split(r"(?<=[.!?»])\s+|\n+", QUOTE.sub("", post.text))
        if len(sentence.split()) >= 4
    )
    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_french_typography_is_set() -> None:
    slips = [
        r"\w'[\w*«]",
        r" [;!?]",
        r"«[^\u202f]",
        r"[^\u202f]»",
        r" :(?=\s|$)",
        r"\d (?:€|%|m²|km\b|\d{3}\b)",
    ]
    wrong = re.compile("|".join(slips), re.MULTILINE)
    faults = []
    for text in every_text():
        prose = CODE.sub("", text)
        faults += [prose[max(0, slip.start() - 20) : slip.end() + 9] for slip in wrong.finditer(prose)]
    assert faults == []


def test_theme_marks_can_be_seen_on_paper_and_at_night() -> None:
    for theme in community().themes:
        assert theme.icon in ICONS
        for paper in ("fafaf6", "12191b"):
            assert contrast(theme.color, paper) >= 3, theme.slug


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours of six hexadecimal digits."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def survey_rows() -> list[dict[str, str]]:
    with (FOLDER / "salles" / "releve.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def test_each_hall_of_the_survey_is_another_commune_told_once() -> None:
    communes = [row["commune"] for row in survey_rows()]
    told = [post for post in survey().posts if post.reply_to is None and "| Commune |" not in post.text][1:]
    assert len(set(communes)) == len(communes) == len(told)
    assert all(commune in post.text for commune, post in zip(communes, told, strict=True))


def test_what_is_said_under_a_hall_concerns_a_hall_of_the_survey() -> None:
    exchanges = tomllib.loads((FOLDER / "salles" / "echanges.toml").read_text("utf-8"))["echanges"]
    assert {exchange["commune"] for exchange in exchanges} <= {row["commune"] for row in survey_rows()}


def test_thirty_posts_of_the_survey_in_a_row_have_thirty_shapes() -> None:
    communes = "|".join(sorted((row["commune"] for row in survey_rows()), key=len, reverse=True))
    shapes = [re.sub(rf"{communes}|\d[\d\u202f,]*", "…", post.text) for post in survey().posts]
    for start in range(len(shapes) - 30):
        assert len(set(shapes[start : start + 30])) == 30


def test_nobody_tells_two_halls_running_in_the_same_words() -> None:
    for before, after in pairwise(survey().posts):
        assert before.text[:25] != after.text[:25]


def test_the_recaps_hold_the_true_medians_of_the_halls_given_so_far() -> None:
    rows, recaps = survey_rows(), [post for post in survey().posts if "| Commune |" in post.text]
    assert len(recaps) >= 20
    for recap in recaps:
        given = rows[: int(re.search(r"(\d+)\*?\*? salles", recap.text)[1])]  # type: ignore[index]
        prices = [int(row["habitants"]) for row in corrected(given) if int(row["population"]) < 500]
        line = re.search(r"\| moins de 500 hab\. \| (\d+) \| (\d+)", recap.text)
        assert line is not None
        assert (int(line[1]), int(line[2])) == (len(prices), round(median(prices)))


def corrected(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    exchanges = tomllib.loads((FOLDER / "salles" / "echanges.toml").read_text("utf-8"))["echanges"]
    changes = {exchange["commune"]: exchange["corrige"] for exchange in exchanges if "corrige" in exchange}
    return [row | {k: str(v) for k, v in changes.get(row["commune"], {}).items()} for row in rows]


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ('by = "aline.perrot"', 'by = "nobody"', "unknown nobody"),
        ("reply_to = 1", "reply_to = 99", "replies to 99"),
        ('theme = "eau"', 'theme = "feu"', "unknown theme feu"),
        ('kind = "question"', 'kind = "rumour"', "unknown kind rumour"),
        ('kind = "question"', 'kind = "discussion"', "accepted, but not a question"),
        ('up = ["', 'up = ["chantal.ogier", "', "its author votes for it"),
        ('when = "', 'when = "1 08:00" # "', "is not later than the one before"),
    ],
)
def test_files_that_contradict_themselves_are_refused(
    tmp_path: Path, written: str, instead: str, fault: str
) -> None:
    shutil.copytree(FOLDER, tmp_path / "content")
    water = tmp_path / "content" / "eau.toml"
    water.write_text(water.read_text("utf-8").replace(written, instead), "utf-8")
    with pytest.raises(ValueError, match=fault):
        load(MONDAY, tmp_path / "content")


def test_conversations_meet_under_their_tags() -> None:
    carried = Counter(tag for topic in community().topics for tag in topic.tags)
    assert len([topic for topic in conversations() if topic.tags]) >= 40
    assert len([tag for tag, topics in carried.items() if topics > 1]) >= 8
    assert not [tag for tag in carried if "'" in tag]
