"""What a folder holds, before anything is written: topics are known by their content, not by file names."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from forum.importing.files import MAX_NUMBER, BadFile, load

NUMBER_IN_NAME = re.compile(r"(?:^|\.)(\d{1,9})\.json$")
BESIDE = {"site.json", "categories.json"}


class Survey(Struct):
    """The topics of a folder, and who writes in them.

    `topics` gives each topic's files by its number; `members` names as written by their lower case;
    `posts` counts what all topic files hold; `aside` counts JSON files of other kinds.
    """

    topics: dict[int, list[Path]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, str] = field(default_factory=dict)
    files: int = 0
    posts: int = 0
    aside: int = 0
    refused: list[tuple[Path, str]] = field(default_factory=list)


def survey(folder: Path) -> Survey:
    """Look at every JSON file below a folder."""
    found = Survey()
    for path in sorted(folder.rglob("*.json")):
        if path.name not in BESIDE and not path.is_dir():
            _look(path, found)
    found.topics = dict(sorted(found.topics.items()))
    return found


def _look(path: Path, found: Survey) -> None:
    named = NUMBER_IN_NAME.search(path.name)
    try:
        data = load(path)
    except BadFile as reason:
        # It may be a part of the topic that its name tells: the whole topic then waits until it is mended.
        if named and int(named[1]):
            _add(int(named[1]), path, found)
        else:
            found.refused.append((path, str(reason)))
        return
    if isinstance(data, dict) and "post_stream" in data:
        _note(data, path, found)
    elif named:
        found.refused.append((path, "it is not a topic"))
    else:
        found.aside += 1


def _note(data: dict[str, Any], path: Path, found: Survey) -> None:
    number, stream = data.get("id"), data["post_stream"]
    if type(number) is not int or not 0 < number <= MAX_NUMBER:
        found.refused.append((path, "id is not a number that can be kept"))
        return
    _add(number, path, found)
    posts = stream.get("posts") if isinstance(stream, dict) else None
    for post in posts if isinstance(posts, list) else ():
        found.posts += 1
        name = post.get("username") if isinstance(post, dict) else None
        if isinstance(name, str):
            found.members.setdefault(name.lower(), name)


def _add(number: int, path: Path, found: Survey) -> None:
    found.topics[number].append(path)
    found.files += 1
