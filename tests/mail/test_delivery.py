"""How the configured server is spoken to."""

import os

import pytest
from msgspec.structs import replace

from forum.config import Config, ConfigurationError, read_config
from forum.mail.delivery import Away, server_options
from forum.mail.smtp import reach_server
from forum.mail.trial import send_trial
from tests.commands.test_cli import relais
from tests.servers.smtp import PostBox


@pytest.mark.parametrize(
    ("url", "port", "tls", "start"),
    [
        ("smtp://mail.example.fr", 25, False, None),  # encrypted when the server offers it
        ("smtp://me:pw@mail.example.fr", 587, False, True),  # never a password in clear
        ("smtps://me:pw@mail.example.fr", 465, True, False),
        ("smtp://me:pw@127.0.0.1:2525", 2525, False, False),
        ("smtp://localhost", 25, False, False),
        ("smtp://[::1]:2525", 2525, False, False),
    ],
)
def test_what_a_url_says_of_the_server(url: str, port: int, tls: bool, start: bool | None) -> None:
    options = server_options(url)
    assert (options["port"], options["use_tls"], options["start_tls"]) == (port, tls, start)
    assert options["username"] == ("me" if "me:" in url else None)


async def test_the_name_and_the_password_of_the_url_sign_in(box: PostBox, config: Config) -> None:
    url = box.url.replace("//", "//me%40example.fr:right%20%26%20proper@")
    await send_trial(replace(config, smtp_url=url), "ada@example.org")
    assert box.logins == [(b"me@example.fr", b"right & proper")]
    assert [mail["To"] for mail in box.mails] == ["ada@example.org"]
    with pytest.raises(Away):
        await reach_server(replace(config, smtp_url=url.replace("proper", "wrong")))


async def test_check_says_whether_mail_works(box: PostBox, database_url: str) -> None:
    code, out, _err = await relais(
        "check", "--mail", "ada@example.org", RELAIS_DATABASE_URL=database_url, RELAIS_SMTP_URL=box.url
    )
    assert (code, "trial mail is on its way" in out) == (0, True)
    assert [mail["To"] for mail in box.mails] == ["ada@example.org"]
    code, out, _err = await relais(
        "check", RELAIS_DATABASE_URL=database_url, RELAIS_SMTP_URL="smtp://127.0.0.1:1"
    )
    assert (code, "RELAIS_SMTP_URL" in out) == (1, True)


def test_mails_come_from_the_site_unless_told_otherwise() -> None:
    def mail_from(**values: str) -> str:
        return read_config({"RELAIS_ENV": os.devnull, **values}).mail_from

    assert mail_from(RELAIS_BASE_URL="https://relais.example.fr:8443") == "relais@relais.example.fr"
    assert mail_from(RELAIS_MAIL_FROM="forum@cdg.fr") == "forum@cdg.fr"
    with pytest.raises(ConfigurationError, match="RELAIS_MAIL_FROM"):
        mail_from(RELAIS_MAIL_FROM="Forum\nBcc: eve@example.org")
