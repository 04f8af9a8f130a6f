"""The command line, as an administrator types it: other processes than the server, errors in one line."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from forum.app import Relais
from realtime import log
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.people import at


async def relais(*words: str, stdin: str = "", **environment: str) -> tuple[int, str, str]:
    """Run a command; exit code, output, errors."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", *words,
        env={**os.environ, "RELAIS_ENV": os.devnull, **environment},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(stdin.encode()), 60)
    return process.returncode or 0, out.decode(), err.decode()


async def test_an_account_made_on_the_command_line_signs_in_at_once(
    site: str, cast: Cast, database_url: str
) -> None:
    code, _out, err = await relais(
        "users", "create", "chantal", "chantal@example.org", "--name", "Chantal Ogier", "--password-stdin",
        stdin="a pump and a valve\n", RELAIS_DATABASE_URL=database_url,
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert (await at(site).sign_in("chantal", "a pump and a valve")).status_code == 303


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (["alice", "other@example.org"], "long enough it is", "déjà pris"),
        (["ann", "not-an-address"], "long enough it is", "pas une adresse"),
        (["ann", "ann@example.org"], "short", "au moins 12"),
        (["a b", "ann@example.org"], "long enough it is", "lettres"),
    ],
)
async def test_a_refused_account_says_why_in_one_line(
    db: None, cast: Cast, database_url: str, words: list[str], password: str, sentence: str
) -> None:
    code, out, err = await relais(
        "users", "create", *words, "--password-stdin", stdin=password + "\n", RELAIS_DATABASE_URL=database_url
    )
    assert (code, out) == (1, "")
    assert err.startswith("relais: ")
    assert sentence in err
    assert "Traceback" not in err


async def test_a_key_is_printed_alone_and_opens_the_api(site: str, cast: Cast, database_url: str) -> None:
    code, out, _err = await relais("api-keys", "create", "alice", RELAIS_DATABASE_URL=database_url)
    assert code == 0
    async with AsyncClient(base_url=site, headers={"Api-Key": out.strip()}) as program:
        me = (await program.get("/session/current.json")).json()
    assert me["current_user"]["username"] == "alice"
    code, _out, err = await relais("api-keys", "create", "nobody", RELAIS_DATABASE_URL=database_url)
    assert code == 1
    assert "Aucun membre" in err


async def test_a_crowd_writes_in_a_topic(db: None, cast: Cast, database_url: str) -> None:
    topic = await a_question(cast)
    code, _out, _err = await relais(
        "flood", str(topic.id), "--count", "4", "--rate", "100", RELAIS_DATABASE_URL=database_url
    )
    assert code == 0
    from tests.factories import again

    assert (await again(await cast.alice(), topic)).posts_count == 5
    code, out, _err = await relais("jobs", "run", RELAIS_DATABASE_URL=database_url)
    assert code == 0
    assert out.endswith("done.\n")
    code, _out, err = await relais("flood", "9999", RELAIS_DATABASE_URL=database_url)
    assert code == 1
    assert "9999" in err


async def test_a_job_is_run_by_its_name(db: None, cast: Cast, database_url: str) -> None:
    topic = await a_question(cast)
    await sql("UPDATE live_events SET created_at = {0}", datetime.now(UTC) - timedelta(days=30))
    code, out, err = await relais("jobs", "run", "trim_log", RELAIS_DATABASE_URL=database_url)
    assert (code, out, err) == (0, "1 done.\n", "")
    assert await log.after(f"topic:{topic.id}", 0, 10) == []
    code, _out, err = await relais("jobs", "run", "no-such-job", RELAIS_DATABASE_URL=database_url)
    assert code == 2
    assert "trim_log" in err


async def test_the_demonstration_never_mixes_with_a_real_site(
    db: None, cast: Cast, database_url: str
) -> None:
    code, out, _err = await relais("demo", RELAIS_DATABASE_URL=database_url)
    assert code == 0
    assert "was not loaded" in out
    assert await sql("SELECT COUNT(*) AS n FROM users") == [{"n": 5}]


async def test_check_says_what_is_wrong_and_how_to_mend_it(database_url: str, tmp_path: Path) -> None:
    code, out, _err = await relais("check", RELAIS_DATABASE_URL=database_url, RELAIS_DATA=str(tmp_path))
    assert code == 0
    assert "BAD" not in out
    code, out, _err = await relais(
        "check", RELAIS_DATABASE_URL="postgres://nobody@127.0.0.1:1/none", RELAIS_DATA=str(tmp_path),
        RELAIS_REDIS_URL="redis://127.0.0.1:1",
    )  # fmt: skip
    assert code == 1
    assert out.count("BAD") == 2
    assert "RELAIS_DATABASE_URL" in out
    assert "RELAIS_REDIS_URL" in out


async def test_every_fault_of_the_configuration_is_told_at_once() -> None:
    code, _out, err = await relais(
        "serve", RELAIS_DATABASE_URL="mysql://x", RELAIS_BASE_URL="relais", RELAIS_TIME_ZONE="Mars/Base",
        RELAIS_DEFAULT_LOCALE="xx", RELAIS_SECRET_KEY="short", RELAIS_TRUSTED_PROXIES="here",
    )  # fmt: skip
    assert code == 1
    for name in ("DATABASE_URL", "BASE_URL", "TIME_ZONE", "DEFAULT_LOCALE", "SECRET_KEY", "TRUSTED_PROXIES"):
        assert f"RELAIS_{name}" in err
    assert "Traceback" not in err


async def test_several_workers_on_sqlite_are_refused_in_a_sentence(tmp_path: Path) -> None:
    code, _out, err = await relais("serve", "--workers", "2", RELAIS_DATA=str(tmp_path))
    assert code == 1
    assert err.count("\n") == 1
    assert "PostgreSQL" in err


async def test_serving_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    code, _out, err = await relais("serve", "--port", "0", RELAIS_DATA=str(tmp_path))
    assert code == 1
    assert "relais migrate" in err


@pytest.mark.parametrize(
    "words",
    [["demo"], ["jobs", "run"], ["settings", "get"], ["groups", "add", "staff", "bob"], ["journal", "check"]],
)
async def test_a_command_on_a_database_of_another_version_says_what_to_do(
    tmp_path: Path, words: list[str]
) -> None:
    """A folder in which nobody has run `relais migrate`: no traceback."""
    code, _out, err = await relais(*words, RELAIS_DATA=str(tmp_path))
    assert code == 1
    assert err.splitlines() == ["relais: the database is not of this version: run `relais migrate`"]


async def test_a_port_that_there_is_not_is_refused_in_a_sentence(tmp_path: Path) -> None:
    code, _out, err = await relais("serve", "--port", "99999", RELAIS_DATA=str(tmp_path))
    assert code == 2
    assert "99999 is not in the range" in err
    assert "Traceback" not in err


async def test_every_command_explains_itself() -> None:
    for words in (
        [],
        ["serve"],
        ["users", "create"],
        ["api-keys", "create"],
        ["import", "discourse"],
        ["jobs"],
    ):
        code, out, _err = await relais(*words, "--help")
        assert code == 0
        assert "Usage" in out


async def test_logs_are_one_json_object_a_line_without_texts(
    site: str, app: Relais, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    from forum.logs import JsonFormatter

    with caplog.at_level(logging.INFO, "relais.access"):
        await at(site).get("/t/%1B%5B31m%0A/1?secret=1")
    (record,) = [record for record in caplog.records if record.name == "relais.access"]
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["status"] == 404
    assert "secret" not in line
