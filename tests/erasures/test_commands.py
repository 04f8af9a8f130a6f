"""The same from the command line: a member's archive, and a member's end."""

import asyncio
import json
import os
import sys
import zipfile
from pathlib import Path

from forum.accounts.actions import deactivate_account
from forum.journal.models import Act
from forum.journal.queries import entries
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in


async def relais(url: str, data: Path, *words: str) -> tuple[int | None, str]:
    environment = {
        **os.environ, "RELAIS_DATABASE_URL": url, "RELAIS_DATA": str(data), "RELAIS_ENV": os.devnull,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", *words, env=environment, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _nothing = await process.communicate()
    return process.returncode, said.decode()


async def test_the_keeper_hands_out_an_archive_and_erases_an_account(
    cast: Cast, database_url: str, tmp_path: Path
) -> None:
    await a_reply(cast, await a_question(cast), raw="We did it with a neighbour.")
    code, said = await relais(database_url, tmp_path, "users", "export", "bob", str(tmp_path / "bob.zip"))
    assert code == 0, said
    (post,) = json.loads(zipfile.ZipFile(tmp_path / "bob.zip").read("posts.json"))
    assert post["raw"] == "We did it with a neighbour."
    erase = ("users", "erase", "bob", "--reason", "Asked by letter.")
    code, _said = await relais(database_url, tmp_path, *erase)
    assert code == 1, "nobody says that it is meant"
    code, said = await relais(database_url, tmp_path, *erase, "--yes")
    assert code == 0, said
    assert [entry.actor for entry in await entries(act=Act.ERASE_USER)] == [None]
    code, said = await relais(database_url, tmp_path, "jobs", "run", "erase_accounts")
    assert code == 0, said
    assert await sql("SELECT 1 FROM users WHERE username = 'bob'") == []
    code, said = await relais(database_url, tmp_path, *erase, "--yes")
    assert (code, said.strip()) == (1, "relais: Aucun membre ne porte ce nom.")


async def test_an_account_that_is_closed_can_be_erased_on_the_page_too(site: str, cast: Cast) -> None:
    await deactivate_account(await cast.ada(), cast.ids["bob"])
    ada = await signed_in(site, "ada")
    answer = await ada.post("/u/bob/erasure", username="bob", reason="Closed for a year.")
    assert answer.status_code == 303
    assert (await ada.client.get("/u/compte-supprime/erasure")).status_code == 404
