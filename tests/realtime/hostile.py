"""Messages that no friend would send, the same ones in every run."""

import json
import random
import re
from collections.abc import Callable, Iterator

from tests.realtime.raw import TEXT, frame

DEPTH = 10_000
BATCH = 200
# What JSON knows, of every type; and what only looks like it.
VALUES = (
    "-0.0", "1.5", "1e300", str(2**31), str(2**32), str(2**53), str(2**63), str(-(2**63)), str(2**64),
    "9" * 300, "-1", "0", "true", "false", "null", '""', '"x"', '"\\u0000"', '"' + "x" * 300 + '"', "[]",
    "{}", "[1]", '{"a":1}', '{"a":1,"a":[2]}', '{"offset":"1"}', '{"talk":{"recover":1}}',
)  # fmt: skip
NO_VALUES = ("NaN", "Infinity", "-Infinity", "1e999", "00", "0x10", "1_000", '"\\ud800"', "'x'", "[1,]", "")
FIELDS = (
    "id", "channel", "data", "token", "offset", "epoch", "recover", "limit", "since", "reverse", "flag",
    "method", "subs", "name", "version", "positioned", "recoverable", "join_leave", "delta", "tf",
    "__proto__", "constructor",
)  # fmt: skip
METHODS = (
    "subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history", "rpc", "send",
    "sub_refresh", "ping",
)  # fmt: skip
VALID = (
    {"id": 5, "subscribe": {"channel": "talk", "recover": True, "offset": 4, "epoch": "e", "flag": 3}},
    {"id": 6, "unsubscribe": {"channel": "talk"}},
    {
        "id": 7,
        "history": {"channel": "talk", "limit": 3, "since": {"offset": 1, "epoch": "e"}, "reverse": True},
    },
    {"id": 8, "presence": {"channel": "talk"}},
    {"id": 9, "rpc": {"method": "x", "data": {"a": [1, 2]}}},
    {"id": 10, "refresh": {"token": "a.b.c"}},
    {"send": {"data": 1}},
)


def hostile_frames(count: int, seed: int) -> Iterator[tuple[list[bytes], bytes]]:
    """So many frames, drawn from every kind: batches of messages, each with a frame that breaks the line."""
    chance = random.Random(seed)
    messages, breaks = list(MESSAGES), list(BREAKS)
    while count > 0:
        size = min(count - 1, chance.randrange(BATCH))
        kinds = chance.choices(messages, list(MESSAGES.values()), k=size)
        yield [kind(chance) for kind in kinds], chance.choice(breaks)(chance)
        count -= size + 1


def text(value: str) -> bytes:
    """A text frame."""
    return frame(TEXT, value.encode("utf-8", "surrogatepass"))


def wrong_types(chance: random.Random) -> bytes:
    """A command whose fields are of any type, some of them twice."""
    fields = [f'"{chance.choice(FIELDS)}":{chance.choice(VALUES)}' for _n in range(chance.randrange(6))]
    if chance.random() < 0.5:
        fields.append('"channel":"talk"')
    return text(f'{{"id":{chance.randrange(1, 99)},"{chance.choice(METHODS)}":{{{",".join(fields)}}}}}')


def no_commands(chance: random.Random) -> bytes:
    """A command out of place, without a number that is one, or that is no JSON at all."""
    id, method = chance.choice(VALUES + NO_VALUES), chance.choice((*METHODS, "connect", "emulate", ""))
    return text(f'{{"id":{id},"{method}":{chance.choice(VALUES + NO_VALUES)}}}')


def mutated(chance: random.Random) -> bytes:
    """A right command in which a word or a number is another one."""
    word = json.dumps(chance.choice(VALID))
    old = chance.choice([part for part in re.split(r'[{}\[\]",: ]+', word) if part])
    return text(
        word.replace(old, chance.choice(("", "x", old * 2, old[::-1], "__proto__", "1", "-1", "é")), 1)
    )


def deep(chance: random.Random) -> bytes:
    """Ten thousand levels, bare, or where data is expected."""
    left, right = chance.choice((("[", "]"), ('{"a":', "}")))
    levels = chance.choice((200, 300, 1000, DEPTH))
    nested = left * levels + "1" + right * levels
    return text(chance.choice((nested, f'{{"id":3,"rpc":{{"method":"x","data":{nested}}}}}')))


def large(chance: random.Random) -> bytes:
    """Almost as large as a frame may be."""
    value = chance.choice(("é", "\\u0000", "1", "[", " ")) * 5_000
    return text(f'{{"id":4,"{chance.choice(METHODS)}":{{"{chance.choice(FIELDS)}":"{value}"}}}}')


def too_large(chance: random.Random) -> bytes:
    """Larger."""
    return text(chance.choice(("{}\n", "[", "é")) * chance.choice((66_000, 500_000)))


def many_lines(chance: random.Random) -> bytes:
    """A message of very many lines."""
    line = chance.choice(("{}", "", " ", '{"id":1,"ping":{}}', '{"id":2,"unsubscribe":{"channel":"talk"}}'))
    return text("\n".join([line] * chance.choice((10, 100, 300))))


def odd_texts(chance: random.Random) -> bytes:
    """No JSON, or characters of every sort in names."""
    word = "".join(chr(chance.choice((0, 7, 34, 92, 127, 0x202E, 0xFEFF, 0x1F600))) for _n in range(5))
    return text(
        chance.choice((word, "\ufeff{}", json.dumps({"id": 6, "history": {"channel": word}}), word * 1000))
    )


def published(chance: random.Random) -> bytes:
    """Something to be kept, of any type."""
    return text(f'{{"id":8,"publish":{{"channel":"dump","data":{chance.choice(VALUES)}}}}}')


def corrupted(chance: random.Random) -> bytes:
    """A right command with a few bytes changed, taken away or put in."""
    data = bytearray(json.dumps(chance.choice(VALID)).encode())
    for _n in range(chance.randrange(1, 4)):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(2)] = chance.choice(
            (b"", b"{", b'"', b"0", chance.randbytes(1))
        )
    return frame(TEXT, bytes(data))


def broken_frames(chance: random.Random) -> bytes:
    """A frame that should not be."""
    return chance.choice(
        (
            frame(chance.randrange(16), chance.randbytes(10), reserved=chance.randrange(8)),
            frame(TEXT, chance.randbytes(30)),
            frame(chance.choice((0, 8, 9, 10)), chance.randbytes(130)),
        )
    )


# How often each comes. Most cost the answer alone: whoever is cut off has to begin anew.
MESSAGES: dict[Callable[[random.Random], bytes], float] = {
    wrong_types: 84,
    mutated: 8,
    published: 2,
    odd_texts: 2,
    no_commands: 2,
    deep: 1,
    many_lines: 0.5,
    large: 0.5,
}
BREAKS = (corrupted, broken_frames, too_large)
