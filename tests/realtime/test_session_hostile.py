"""Whatever text comes, a session says what to do about it: it never breaks, and always comes to an end."""

import json
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.protocol.messages import MAX_CHANNEL_NAME, REQUESTS
from realtime.protocol.session import End, Request, Send, Session
from tests.realtime.hostile import FIELDS

EFFECTS = (Send, End, *get_args(Request))
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats()
    | st.text(max_size=300)
    | st.sampled_from(("talk", "#42", "smallhistory:a", 2**63, 2**63 - 1, -1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)
params = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6)
commands = st.dictionaries(st.sampled_from(REQUESTS), params | anything, min_size=1, max_size=2)
numbered = st.builds(lambda id, rest: {"id": id, **rest}, st.integers(0, 2**33) | anything, commands)
lines = st.builds(json.dumps, numbered | anything) | st.text(max_size=50)
times = st.lists(st.floats(0, 60), min_size=1, max_size=4)


@settings(max_examples=400, deadline=None)
@given(messages=st.lists(st.lists(lines, max_size=5), max_size=4), known=st.booleans(), times=times)
def test_whatever_comes_is_a_wish_an_answer_or_the_end(
    messages: list[list[str]], known: bool, times: list[float]
) -> None:
    session, now = Session(10, 0.0), 0.0
    if known:
        session.connected()
    ended = False
    for message, pause in zip(messages, times, strict=False):
        now += pause
        session.receive("\n".join(message), now)
        for effect in _effects(session, now):
            assert not ended, "nothing comes after the end"
            _check(effect)
            ended = isinstance(effect, End)
        assert session.waiting == 0
        if (effect := session.tick(now)) is not None:
            assert not ended
            _check(effect)
            ended = isinstance(effect, End)


def _effects(session: Session, now: float) -> Any:
    while effect := session.next_effect(now):
        yield effect


def _check(effect: Any) -> None:
    assert isinstance(effect, EFFECTS)
    match effect:
        case Send(message):
            json.loads(message.text)
        case End(code, reason):
            assert 3000 <= code < 4000
            assert reason
        case _:
            name = getattr(effect, "channel", "fine")
            assert 0 < len(name) <= MAX_CHANNEL_NAME
            assert "\0" not in name
