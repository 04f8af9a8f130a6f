"""What each listener heard of each channel: whole, once, in order, and nothing that it may not hear."""

from collections.abc import Sequence

from bench.faults.figures import Figures
from bench.faults.journal import Row
from bench.faults.stored import Stored


def check_hearing(rows: Sequence[Row], stored: Stored, figures: Figures) -> None:
    """Follow every listener through the journal."""
    ears: dict[tuple[str, str], Ear] = {}
    for row in rows:
        if row["what"] == "closed":
            for (who, _channel), ear in ears.items():
                if who == row["who"]:
                    ear.closed(row)
        elif "channel" in row and (step := getattr(Ear, row["what"], None)) is not None:
            key = (row["who"], row["channel"])
            if key not in ears:
                ears[key] = Ear(*key, stored, figures)
            step(ears[key], row)


class Ear:
    """One listener on one channel; a method for each kind of record."""

    def __init__(self, who: str, channel: str, stored: Stored, figures: Figures) -> None:
        self.name, self.channel = f"{who} on {channel}", channel
        self.stored, self.figures = stored, figures
        self.events = stored.events.get(channel, {})
        self.open = False
        self.position, self.epoch, self.promised = 0, "", 0
        self.must_refresh = False
        self.heard_numbers: set[int] = set()
        self.known_posts: set[int] = set()
        self.last_post_number = 0
        self.barred_after: int | None = None

    def subscribed(self, row: Row) -> None:
        """From `asked` on with everything in between, or from the present and told to refresh."""
        self._check_promise()
        self.open = True
        if row["recovered"]:
            if row["epoch"] != self.epoch or row["asked"] != self.position or row["offset"] < self.position:
                self._count("gaps", f"recovered from {self.position} of {self.epoch} by {row}")
        else:
            self.figures.refreshes += row["asked"] is not None
            self.must_refresh = True
            self.position, self.last_post_number = row["offset"], 0
            self.heard_numbers.clear()
        self.epoch, self.promised = row["epoch"], row["offset"]

    def refreshed(self, row: Row) -> None:
        """Read the state anew."""
        self.must_refresh = False
        self.known_posts.update(row["posts"])
        if self.barred_after is not None:
            self._count("leaked", "the topic can be read without the right")

    def heard(self, row: Row) -> None:
        """An event: the next one, or something is wrong."""
        self.figures.heard += 1
        offset = row["offset"]
        if row["via"] == "push":
            self._check_promise()
        if not self.open or (self.barred_after is not None and offset > self.barred_after):
            self._count("leaked", f"heard {row}, barred above {self.barred_after}")
        if offset in self.heard_numbers:
            self._count("doubled", f"heard {offset} again")
        elif offset <= self.position:
            self._count("disorder", f"heard {offset} after {self.position}")
        elif offset > self.position + 1:
            self._count("gaps", f"heard {offset} after {self.position}", offset - self.position - 1)
        self.heard_numbers.add(offset)
        self.position = max(self.position, offset)
        self._check_content(row)

    def _check_content(self, row: Row) -> None:
        """It is what the log has at that number, and posts come in the order of theirs."""
        told = self.events.get(row["offset"])
        if told is not None and (told.kind, told.post) != (row["kind"], row["post"]):
            withheld = row["post"] is None and row["kind"] == told.kind
            if not withheld or self.stored.lists(self.channel, told.post):
                self._count("gaps", f"heard {row} where the log has {told}")
        elif row["offset"] > self.stored.heads.get(self.channel, 0):
            self._count("gaps", f"heard {row}, which the log has not")
        if row["kind"] == "post.created" and row["post"] is not None:
            self.known_posts.add(row["post"])
            self._check_order(row)

    def _check_order(self, row: Row) -> None:
        if not self.channel.startswith("topic:"):
            return
        if row["number"] < self.last_post_number:
            self._count("disorder", f"heard post {row['number']} after {self.last_post_number}")
        self.last_post_number = max(self.last_post_number, row["number"])

    def _check_promise(self) -> None:
        """What a recovery promised has come before anything else does."""
        if self.position < self.promised:
            missing = self.promised - self.position
            self._count("gaps", f"promised up to {self.promised}, brought {self.position}", missing)
            self.position = self.promised

    def ended(self, row: Row) -> None:
        """The server ended the subscription."""
        self.open = False

    def refused_channel(self, row: Row) -> None:
        """The server refused it."""
        self.open = False

    def closed(self, row: Row) -> None:
        """The connection ended."""
        self._check_promise()
        self.open = False

    def barred(self, row: Row) -> None:
        """From here on there is nothing to hear above a number."""
        self.barred_after = row["after"]

    def rest(self, row: Row) -> None:
        """Everything should have come by now."""
        self._check_promise()
        head = self.stored.heads.get(self.channel, 0)
        if self.must_refresh:
            self._count("gaps", "never refreshed")
        elif self.position != head:
            self._count("gaps", f"stands at {self.position} of {head}", abs(head - self.position))
        elif self.channel.startswith("topic:"):
            topic = int(self.channel.partition(":")[2])
            posts = {post.id for post in self.stored.posts if post.topic == topic}
            if unknown := posts - self.known_posts:
                self._count("gaps", f"knows nothing of posts {sorted(unknown)[:5]}", len(unknown))

    def _count(self, figure: str, example: str, number: int = 1) -> None:
        self.figures.count(figure, f"{self.name}: {example}", number)
