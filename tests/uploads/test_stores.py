"""A disk and a bucket keep files the same way."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.checks import check_services
from forum.config import Config, ConfigurationError, read_config
from forum.storage import PIECE, Bucket, Disk, Store, pieces, store_of
from tests.cast import Cast
from tests.factories import a_question
from tests.people import at, signed_in
from tests.pictures.made import a_picture
from tests.servers.s3 import running_s3
from tests.uploads.sending import sent, status


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    with running_s3() as url:
        yield url


@pytest.fixture(params=["disk", pytest.param("bucket", marks=pytest.mark.servers)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "disk":
        yield Disk(tmp_path)
        return
    yield Bucket(request.getfixturevalue("bucket_url"))


async def test_what_is_kept_is_read_whole_in_parts_and_gone_when_removed(store: Store) -> None:
    body = bytes(range(256)) * 2500
    await store.put("files/one.txt", body)
    assert await store.get("files/one.txt", 0, len(body)) == body
    assert await store.get("files/one.txt", 10, 20) == body[10:20]
    assert b"".join([piece async for piece in pieces(store, "files/one.txt", 5, len(body))]) == body[5:]
    assert len(body) > PIECE
    ((key, at),) = [found async for found in store.listed("files")]
    assert key == "files/one.txt"
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=10)
    await store.put("files/one.txt", b"other")
    assert await store.get("files/one.txt", 0, 5) == b"other"
    for _ in range(2):
        await store.remove("files/one.txt")
    assert [found async for found in store.listed("files")] == []
    assert [found async for found in store.listed("nothing")] == []
    with pytest.raises(FileNotFoundError):
        await store.get("files/one.txt", 0, 5)


@pytest.mark.servers
class TestASiteWithABucket:
    @pytest.fixture
    def config(self, database_url: str, tmp_path: Path, bucket_url: str) -> Config:
        environment = {"RELAIS_DATA": str(tmp_path), "RELAIS_DATABASE_URL": database_url}
        return read_config({**environment, "RELAIS_ENV": "/dev/null", "RELAIS_UPLOADS_URL": bucket_url})

    @pytest.fixture
    def app(self, config: Config) -> Relais:
        return create_app(config)

    async def test_its_posts_show_files(self, site: str, cast: Cast, config: Config) -> None:
        alice = await signed_in(site, "alice")
        plan = await sent(alice, a_picture("PNG", (800, 400)))
        await a_question(cast, raw=f"Look. {plan['markdown']}", private=True)
        for address in (plan["url"], *plan["thumbnails"]):
            assert await status(await signed_in(site, "bob"), address) == 200
            assert await status(at(site), address) == 404
        assert not (config.data / "uploads").exists()

    async def test_it_is_tried_by_the_check(self, site: str, config: Config) -> None:
        assert isinstance(store_of(config), Bucket)
        lines: list[str] = []
        await check_services(replace(config, uploads_url=None), lines.append)
        assert any(line.startswith("ok ") and "members' files" in line for line in lines)


@pytest.mark.parametrize("url", ["s3://host/bucket", "ftp://a:b@host/bucket", "s3://a:b@host"])
def test_an_address_that_does_not_do_is_told_at_start(tmp_path: Path, url: str) -> None:
    environment = {"RELAIS_DATA": str(tmp_path), "RELAIS_ENV": "/dev/null", "RELAIS_UPLOADS_URL": url}
    with pytest.raises(ConfigurationError, match="RELAIS_UPLOADS_URL"):
        read_config(environment)
