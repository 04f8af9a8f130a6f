"""One client's side of the protocol, without sockets: text in, effects out."""

import json
from typing import Any

import pytest

from realtime.protocol import codes
from realtime.protocol.messages import Message, Since
from realtime.protocol.session import (
    EXPIRY_GRACE_SECONDS,
    MAX_FRAME,
    PING_SECONDS,
    PONG_SECONDS,
    STALE_SECONDS,
    Call,
    Connect,
    Effect,
    End,
    History,
    Note,
    Presence,
    Publish,
    Refresh,
    Send,
    Session,
    Subscribe,
    Unsubscribe,
)


def a_session(*, known: bool = True, rate: int = 50) -> Session:
    session = Session(rate, now=0.0)
    if known:
        session.connected()
    return session


def effects(session: Session, *lines: Any, now: float = 0.0) -> list[Effect]:
    """What comes out of one message with these lines."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    session.receive(text, now)
    found = []
    while effect := session.next_effect(now):
        found.append(effect)
    return found


def said(effect: Effect) -> Any:
    """A message sent, read again."""
    assert isinstance(effect, Send), effect
    return json.loads(effect.message.text)


def an_error(effect: Effect) -> int:
    return int(said(effect)["error"]["code"])


def test_a_client_first_says_who_it_is() -> None:
    wish = {"token": "t", "data": {"a": 1}, "subs": {"user:7": {"recover": True, "offset": 4, "epoch": "e"}}}
    (effect,) = effects(a_session(known=False), {"id": 1, "connect": wish})
    assert isinstance(effect, Connect)
    assert (effect.token, effect.data, dict(effect.positions)) == ("t", {"a": 1}, {"user:7": Since(4, "e")})


def test_each_command_becomes_a_request_of_its_kind() -> None:
    found = effects(
        a_session(),
        {"id": 1, "subscribe": {"channel": "a", "recover": True, "offset": 2, "epoch": "e", "flag": 3}},
        {"id": 2, "unsubscribe": {"channel": "a"}},
        {"id": 3, "publish": {"channel": "a", "data": [1]}},
        {"id": 4, "presence": {"channel": "a"}},
        {"id": 5, "presence_stats": {"channel": "a"}},
        {"id": 6, "history": {"channel": "a", "limit": -1, "since": {"offset": 1}, "reverse": True}},
        {"id": 7, "rpc": {"method": "m", "data": 1}},
        {"id": 8, "refresh": {"token": "t"}},
        {"send": {"data": 5}},
        {"id": 9, "ping": {}},
    )
    assert [type(effect) for effect in found] == [
        Subscribe, Unsubscribe, Publish, Presence, Presence, History, Call, Refresh, Note, Send,
    ]  # fmt: skip
    subscribe, history = found[0], found[5]
    assert isinstance(subscribe, Subscribe)
    assert (subscribe.since, subscribe.reject_unrecovered) == (Since(2, "e"), True)
    assert isinstance(history, History)
    assert (history.limit, history.since, history.reverse) == (-1, Since(1, ""), True)
    assert said(found[-1]) == {"id": 9, "ping": {}}


def test_the_answers_keep_the_order_of_the_commands_whatever_waits() -> None:
    session = a_session()
    session.receive('{"id":1,"rpc":{"method":"slow"}}', 0)
    assert isinstance(session.next_effect(0), Call)
    session.receive('{"id":2,"ping":{}}', 0)
    assert session.waiting == 1
    assert said(session.next_effect(0) or End(0, ""))["id"] == 2
    assert session.next_effect(0) is None


def test_what_comes_after_connect_waits_until_the_client_is_known() -> None:
    session = a_session(known=False)
    session.receive('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"a"}}', 0)
    assert isinstance(session.next_effect(0), Connect)
    session.connected()
    assert isinstance(session.next_effect(0), Subscribe)


@pytest.mark.parametrize(
    "line", [{"id": 1, "subscribe": {"channel": "a"}}, {"send": {}}, {"id": 1, "ping": {}}]
)
def test_a_client_that_has_not_said_who_it_is_may_say_nothing_else(line: Any) -> None:
    assert effects(a_session(known=False), line) == [End(*codes.BAD_FRAME)]


def test_a_client_says_who_it_is_once() -> None:
    assert effects(a_session(), {"id": 1, "connect": {}}) == [End(*codes.BAD_FRAME)]


@pytest.mark.parametrize(
    "line",
    ["x", "[]", "1", "null", '"a"', '{"id":1}', '{"id":-1,"ping":{}}', '{"id":1,"ping":[]}', '{"ping":{}}',
     '{"id":4294967296,"ping":{}}', "[" * 10_000, '{"id":true,"ping":{}}', '{"id":1,"ping":{"a":NaN}}',
     '{"id":1.0,"ping":{}}', '{"id":1,"ping":{}', '{"id":1,"fly":{}}', "a" * (MAX_FRAME + 1)],
)  # fmt: skip
def test_what_is_no_command_ends_the_connection(line: str) -> None:
    session = a_session()
    assert effects(session, line, {"id": 2, "ping": {}}) == [End(*codes.BAD_FRAME)]
    assert effects(session, {"id": 3, "ping": {}}) == [], "nothing counts after the end"


def test_commands_before_a_bad_line_are_answered() -> None:
    answer, end = effects(a_session(), {"id": 1, "ping": {}}, "{")
    assert said(answer)["id"] == 1
    assert end == End(*codes.BAD_FRAME)


@pytest.mark.parametrize(
    "command",
    [{"subscribe": {}}, {"subscribe": {"channel": ""}}, {"subscribe": {"channel": 7}},
     {"subscribe": {"channel": "x" * 256}},
     {"subscribe": {"channel": "a", "recover": True, "offset": -1}},
     {"subscribe": {"channel": "a", "recover": True, "offset": 2**63}},
     {"subscribe": {"channel": "a", "recover": True, "epoch": 5}},
     {"subscribe": {"channel": "a", "token": {}}},
     {"history": {"channel": "a", "limit": "1"}}, {"history": {"channel": "a", "since": 4}},
     {"presence": {}}, {"publish": {}}, {"rpc": {"method": 4}}, {"refresh": {"token": []}}],
)  # fmt: skip
def test_a_command_with_wrong_fields_is_answered_and_the_connection_stays(command: dict[str, Any]) -> None:
    session = a_session()
    (effect,) = effects(session, {"id": 1, **command})
    assert an_error(effect) == 107
    assert said(effects(session, {"id": 2, "ping": {}})[0]) == {"id": 2, "ping": {}}


def test_fields_that_we_do_not_serve_are_ignored() -> None:
    wish = {"channel": "a", "delta": "fossil", "tf": {"x": 1}, "type": 3, "flag": 1, "join_leave": True}
    (effect,) = effects(a_session(), {"id": 1, "subscribe": wish, "later": 1})
    assert isinstance(effect, Subscribe)
    assert not effect.reject_unrecovered
    assert an_error(effects(a_session(), {"id": 1, "sub_refresh": {"channel": "a"}})[0]) == 108


def test_too_many_commands_are_refused_then_the_connection_ends_and_patience_is_rewarded() -> None:
    session = a_session(rate=5)
    pings = [{"id": n, "ping": {}} for n in range(1, 9)]
    answers = effects(session, *pings, now=10.0)
    assert ["error" in said(answer) for answer in answers] == [False] * 5 + [True] * 3
    assert said(answers[-1])["error"] == {"code": 111, "message": "too many requests", "temporary": True}
    assert "ping" in said(effects(session, {"id": 9, "ping": {}}, now=11.0)[0])
    flood = [{"id": n, "ping": {}} for n in range(10, 100)]
    assert effects(session, *flood, now=11.0)[-1] == End(*codes.FLOODING)


def test_a_silent_client_is_pinged_and_then_given_up() -> None:
    session = a_session()
    assert session.tick(PING_SECONDS) is None
    assert session.tick(PING_SECONDS + 0.1) == Send(message=_ping(session))
    assert session.tick(PING_SECONDS + PONG_SECONDS) is None
    assert session.tick(PING_SECONDS + PONG_SECONDS + 0.2) == End(*codes.NO_PONG)
    assert session.tick(1000) is None


def _ping(session: Session) -> Message:
    from realtime.protocol.messages import PING

    assert PING.text == "{}"
    return PING


def test_a_pong_or_any_command_keeps_a_client() -> None:
    session = a_session()
    for minute in range(1, 10):
        assert isinstance(session.tick(minute * 30.0), Send)
        assert effects(session, "{}", now=minute * 30.0 + 1) == []
        assert session.tick(minute * 30.0 + 20) is None


def test_a_socket_that_never_says_who_it_is_is_closed() -> None:
    session = a_session(known=False)
    assert session.tick(STALE_SECONDS) is None
    assert session.tick(STALE_SECONDS + 0.1) == End(*codes.STALE)


def test_a_token_that_is_not_renewed_ends_the_connection_so_that_it_comes_back() -> None:
    session = a_session(known=False)
    session.connected(expires_at=60.0)
    effects(session, "{}", now=60.0 + EXPIRY_GRACE_SECONDS)
    assert session.tick(60.0 + EXPIRY_GRACE_SECONDS) is None
    assert session.tick(60.0 + EXPIRY_GRACE_SECONDS + 0.1) == End(*codes.EXPIRED)
    session = a_session(known=False)
    session.connected(expires_at=60.0)
    session.connected(expires_at=160.0)
    effects(session, "{}", now=100.0)
    assert session.tick(100.0) is None
