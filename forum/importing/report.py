"""What an import took in, what it left, and how well: counted, then told in the terminal."""

import resource
from pathlib import Path

from msgspec import Struct, field

from forum.importing.convert import KEPT_ENOUGH, ReadyTopic
from forum.importing.files import SMALL_ACTION, SourceTopic
from forum.importing.survey import Survey
from forum.tags.names import kept_names

COUNTED = ("topics", "posts", "members", "categories", "likes", "accepted")


class Report(Struct):
    """One import.

    `failed` says in one line each which files were refused, and why; `here` is what the database holds of
    all imports, at the end; the other counts are of what came in this time.
    """

    source: Path
    files: int = 0
    aside: int = 0
    topics_found: int = 0
    posts_found: int = 0
    members_found: int = 0
    already: int = 0
    topics: int = 0
    posts: int = 0
    likes: int = 0
    accepted: int = 0
    members: set[str] = field(default_factory=set)
    categories: dict[int, int] = field(default_factory=dict)
    small_actions: int = 0
    deleted: int = 0
    whole: int = 0
    tags: int = 0
    whispers: int = 0
    absent: int = 0
    unlisted: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    here: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def begin(self, found: Survey, already: int) -> None:
        """Note what the folder holds."""
        self.files, self.aside, self.already = found.files + len(found.refused), found.aside, already
        self.topics_found, self.posts_found = len(found.topics), found.posts
        self.members_found = len(found.members)
        for path, reason in found.refused:
            self.refuse((path,), reason)

    def refuse(self, files: tuple[Path, ...], reason: str) -> None:
        """Note files that were left out whole."""
        self.failed.append(f"{', '.join(self._shown(path) for path in files)}: {reason}")

    def _shown(self, path: Path) -> str:
        """The file's name as a terminal can print it, whatever its bytes."""
        name = str(path.relative_to(self.source) if path.is_relative_to(self.source) else path)
        plain = name.encode("utf-8", "backslashreplace").decode()
        return "".join(sign if sign.isprintable() else "?" for sign in plain)

    def add(self, ready: ReadyTopic, topic: SourceTopic) -> None:
        """Count a topic that has been stored."""
        self.topics += 1
        self.posts += len(topic.posts)
        self.likes += sum(post.likes for post in topic.posts)
        self.accepted += sum(post.accepted for post in topic.posts)
        self.members |= {post.author.username.lower() for post in topic.posts}
        self.small_actions += sum(post.post_type == SMALL_ACTION for post in topic.posts)
        self.deleted += sum(post.deleted_at is not None for post in topic.posts)
        self.whole += sum(post.kept >= KEPT_ENOUGH for post in ready.posts)
        self.tags += len(kept_names(topic.tags))
        self.whispers += topic.whispers
        self.absent += topic.absent
        self.unlisted += topic.unlisted

    def text(self) -> str:
        """The report, for the terminal."""
        left = f"{self.whispers} whispers, {self.aside} other JSON files"
        lines = [
            f"{self.files} files: {self.topics_found} topics with {self.posts_found} posts by "
            f"{self.members_found} members.",
            f"Came in: {self._counts(self._came_in())} ({self.already} topics were here already).",
            f"Here now: {self._counts(self.here)}.",
            f"Among the posts: {self.small_actions} small actions, {self.deleted} deleted. "
            f"On the topics: {self.tags} tags. Left out: {left}, {len(self.failed)} refusals.",
            *self._warnings(),
            *self._quality(),
            *(f"refused: {line}" for line in self.failed),
        ]
        return "\n".join(lines)

    def _came_in(self) -> dict[str, int]:
        values = (self.topics, self.posts, len(self.members), len(self.categories), self.likes, self.accepted)
        return dict(zip(COUNTED, values, strict=True))

    @staticmethod
    def _counts(counts: dict[str, int]) -> str:
        words = {"accepted": "accepted answers"}
        return ", ".join(f"{counts.get(name, 0)} {words.get(name, name)}" for name in COUNTED)

    def _warnings(self) -> list[str]:
        lines = []
        if self.absent:
            lines.append(f"{self.absent} posts are announced by the files, and in none of them.")
        if self.unlisted:
            lines.append(f"{self.unlisted} topics were unlisted there, and are in the lists here.")
        return lines

    def _quality(self) -> list[str]:
        if not self.posts:
            return ["Nothing new."]
        return [
            f"{100 * self.whole / self.posts:.2f} % of the posts keep at least 95 % of their visible words.",
            f"{self.posts / max(self.seconds, 0.001):.0f} posts a second, {self.seconds:.1f} s, "
            f"{self.megabytes:.0f} MB at the most.",
        ]


def peak_megabytes(processes: int) -> float:
    """The most memory of this process plus that of its `processes` children, each as the largest of them."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + processes * child) / 1024
