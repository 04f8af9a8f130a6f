"""Who only listens has the rights of the member who reads, however many ask at once."""

from datetime import timedelta

from forum.accounts.models import User
from forum.accounts.queries import groups_of, hearers_of_sessions, viewer_of_session
from forum.accounts.sessions import hash_token, open_session
from forum.clock import now
from tests.cast import Cast
from tests.factories import a_group


async def test_hearers_have_the_rights_of_readers(cast: Cast) -> None:
    await a_group(cast, "Cooks", "closed", "", "bob")
    names = ("alice", "bob", "mod", "ada")
    hashes = {name: hash_token(await open_session(cast.ids[name], "", "")) for name in names}
    heard = await hearers_of_sessions([(of, "fr") for of in hashes.values()])
    for name, of in hashes.items():
        hearer, reader = heard[of, "fr"], await viewer_of_session(of, "fr")
        assert hearer
        assert reader
        assert (hearer.id, hearer.rights, hearer.staff, hearer.admin, hearer.animates) == (
            (reader.id, reader.rights, reader.staff, reader.admin, reader.animates)
        ), name
    bob = heard[hashes["bob"], "fr"]
    assert bob
    assert bob.groups == await groups_of(cast.ids["bob"]) != frozenset()


async def test_who_may_not_come_in_hears_nothing_either(cast: Cast) -> None:
    bob = hash_token(await open_session(cast.ids["bob"], "", ""))
    eve = hash_token(await open_session(cast.ids["eve"], "", ""))
    await User.filter(id=cast.ids["bob"]).update(suspended_until=now() + timedelta(days=1))
    heard = await hearers_of_sessions([(bob, "fr"), (eve, "en"), ("unknown", "fr")])
    assert heard[bob, "fr"] is None
    assert heard["unknown", "fr"] is None
    hearer = heard[eve, "en"]
    assert hearer
    assert hearer.id == cast.ids["eve"]
