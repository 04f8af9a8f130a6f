"""A site that knows a real identity provider."""

from collections.abc import AsyncIterator, Iterator

import pytest
from joserfc.jwk import RSAKey
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.config import Config
from forum.single_sign_on.configuration import ProviderConfig
from tests.people import everyone_leaves
from tests.servers.keeper import free_port
from tests.servers.provider import CLIENT_SECRET, running_canaille
from tests.servers.site import running_site


@pytest.fixture(scope="session")
def site_port() -> int:
    """Where the site listens: the provider must know it beforehand."""
    return free_port()


@pytest.fixture(scope="session")
def provider_key() -> RSAKey:
    """What the provider signs with."""
    return RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture(scope="session")
def issuer(site_port: int, provider_key: RSAKey) -> Iterator[str]:
    """The provider."""
    with running_canaille([f"http://127.0.0.1:{site_port}/auth/oidc/callback"], provider_key) as found:
        yield found


@pytest.fixture
def provider_config(issuer: str, request: pytest.FixtureRequest) -> ProviderConfig:
    """How the site knows it; a parameter changes it."""
    found = ProviderConfig(issuer, "relais", CLIENT_SECRET, trusts_email=True)
    return replace(found, **getattr(request, "param", {}))


@pytest.fixture
def app(config: Config, provider_config: ProviderConfig) -> Relais:
    """The site, that knows it."""
    return create_app(replace(config, provider=provider_config))


@pytest.fixture
async def site(app: Relais, site_port: int) -> AsyncIterator[str]:
    """The running site."""
    async with running_site(app, site_port) as address:
        yield address
        await everyone_leaves()
