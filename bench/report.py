"""What the benches say."""


def say(line: str) -> None:
    """A line of the report, at once."""
    print(line, flush=True)
