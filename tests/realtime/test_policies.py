"""Which namespace a name belongs to."""

from realtime.policies import Handshake, Identity, MayHear, Namespace, Policies
from realtime.rights import RIGHTS


async def _everyone(channel: str) -> MayHear | None:
    return lambda identity: True


async def _anyone(handshake: Handshake, token: str, data: object) -> Identity:
    return Identity("")


def test_what_hubs_tell_each_other_is_in_none_also_where_every_other_name_is_in_one() -> None:
    every, topics = Namespace(_everyone), Namespace(_everyone)
    policies = Policies(_anyone, {"": every, "topic": topics})
    assert policies.namespace("topic:12") is topics
    assert policies.namespace("chat:12") is every
    assert policies.namespace(RIGHTS) is None
    assert Policies(_anyone, {"topic": topics}).namespace("chat:12") is None


def test_a_namespace_is_called_by_its_declared_name_never_by_a_clients_words() -> None:
    policies = Policies(_anyone, {"": Namespace(_everyone), "topic": Namespace(_everyone)})
    assert policies.namespace_name("topic:12") == "topic"
    assert policies.namespace_name("words of a client") == ""
