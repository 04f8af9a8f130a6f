"""The configuration: environment or one file, read once, typed, all faults told together."""

import os
import re
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from forum.single_sign_on.configuration import ProviderConfig, read_provider

LOCALES = ("fr", "en")
LOG_LEVELS = ("debug", "info", "warning", "error")
# Where a site without an address answers, for the links of its mails.
LOCAL_ADDRESS = "http://127.0.0.1:8000"
MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*", re.ASCII)


class ConfigurationError(Exception):
    """What is wrong in the configuration, one line a fault."""


class Config(Struct, frozen=True):
    """Everything that an administrator sets outside the administration pages.

    `base_url` is None on a workstation: then only loopback names are served.
    """

    data: Path
    database_url: str
    redis_url: str | None
    base_url: str | None
    secret_key: str
    smtp_url: str | None
    mail_from: str
    uploads_url: str | None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    default_locale: str
    time_zone: ZoneInfo
    log: str
    meaning: bool
    provider: ProviderConfig | None = None

    @property
    def secure(self) -> bool:
        """True when the site is served over https."""
        return self.base_url is not None and self.base_url.startswith("https:")

    @property
    def cookie_name(self) -> str:
        """`__Host-relais` on https; the prefix is impossible on plain loopback http."""
        return "__Host-relais" if self.secure else "relais"


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read `RELAIS_*` from the environment, completed by the file named by `RELAIS_ENV`.

    Raises:
        ConfigurationError: with every fault found, one a line.
    """
    values = {**read_env_file(Path(environ.get("RELAIS_ENV", "relais.env"))), **environ}
    faults: list[str] = []
    data = Path(values.get("RELAIS_DATA") or "var").resolve()
    base_url = _base_url(values, faults)
    config = Config(
        data=data,
        database_url=_database_url(values, data, faults),
        redis_url=_url(values, "RELAIS_REDIS_URL", ("redis", "rediss", "unix"), faults),
        base_url=base_url,
        secret_key=values.get("RELAIS_SECRET_KEY") or "",
        smtp_url=_url(values, "RELAIS_SMTP_URL", ("smtp", "smtps"), faults),
        mail_from=_mail_from(values, base_url, faults),
        uploads_url=_uploads_url(values, faults),
        trusted_proxies=_networks(values, faults),
        default_locale=_choice(values, "RELAIS_DEFAULT_LOCALE", LOCALES, "fr", faults),
        time_zone=_time_zone(values, faults),
        log=_choice(values, "RELAIS_LOG", LOG_LEVELS, "info", faults),
        meaning=_choice(values, "RELAIS_MEANING", ("on", "off"), "on", faults) == "on",
        provider=read_provider(values, faults),
    )
    _check_secret(config.secret_key, faults)
    if faults:
        raise ConfigurationError("\n".join(faults))
    return config


def read_env_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines; blank lines and lines that start with # are passed over."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def secret_key(config: Config) -> str:
    """The configured secret, else one generated once into the data folder with mode 0600."""
    if config.secret_key:
        return config.secret_key
    path = config.data / "secret-key"
    config.data.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()


def _database_url(values: Mapping[str, str], data: Path, faults: list[str]) -> str:
    url = values.get("RELAIS_DATABASE_URL") or f"sqlite://{data / 'relais.sqlite3'}"
    if urlsplit(url).scheme not in ("sqlite", "postgres"):
        faults.append(
            f"RELAIS_DATABASE_URL must start with sqlite:// or postgres://, not {url.split(':')[0]}:"
        )
    return url


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...], faults: list[str]) -> str | None:
    url = values.get(name) or None
    if url and urlsplit(url).scheme not in schemes:
        faults.append(f"{name} must start with {' or '.join(s + '://' for s in schemes)}")
    return url


def _base_url(values: Mapping[str, str], faults: list[str]) -> str | None:
    url = _url(values, "RELAIS_BASE_URL", ("http", "https"), faults)
    if url is None:
        return None
    parts = urlsplit(url)
    if not parts.hostname or parts.path.strip("/") or parts.query:
        faults.append("RELAIS_BASE_URL must be an address without a path, such as https://relais.example.fr")
    return f"{parts.scheme}://{parts.netloc}"


def _uploads_url(values: Mapping[str, str], faults: list[str]) -> str | None:
    """Where members' files are kept, if not in the data folder."""
    url = _url(values, "RELAIS_UPLOADS_URL", ("s3",), faults)
    if url is None or urlsplit(url).scheme != "s3":
        return None
    parts = urlsplit(url)
    if not (parts.hostname and parts.username and parts.password and parts.path.strip("/")):
        faults.append("RELAIS_UPLOADS_URL must be like s3://KEY:SECRET@s3.example.fr/bucket?region=fr-par")
    return url


def _mail_from(values: Mapping[str, str], base_url: str | None, faults: list[str]) -> str:
    """Whom mails come from: as configured, else `relais@` the site's own name."""
    address = values.get("RELAIS_MAIL_FROM") or f"relais@{urlsplit(base_url or '').hostname or 'localhost'}"
    if not MAIL_ADDRESS.fullmatch(address):
        faults.append("RELAIS_MAIL_FROM must be an e-mail address such as relais@example.fr")
    return address


def _networks(values: Mapping[str, str], faults: list[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    networks = []
    for text in (values.get("RELAIS_TRUSTED_PROXIES") or "").replace(",", " ").split():
        try:
            networks.append(ip_network(text, strict=False))
        except ValueError:
            faults.append(f"RELAIS_TRUSTED_PROXIES: {text} is not an address or a network")
    return tuple(networks)


def _choice(
    values: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str, faults: list[str]
) -> str:
    value = values.get(name) or default
    if value not in allowed:
        faults.append(f"{name} must be one of {', '.join(allowed)}, not {value}")
        return default
    return value


def _time_zone(values: Mapping[str, str], faults: list[str]) -> ZoneInfo:
    name = values.get("RELAIS_TIME_ZONE") or "Europe/Paris"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"RELAIS_TIME_ZONE: {name} is not a time zone such as Europe/Paris")
        return ZoneInfo("UTC")


def _check_secret(key: str, faults: list[str]) -> None:
    if key and len(key) < 32:
        faults.append("RELAIS_SECRET_KEY must have at least 32 characters (or be left out: one is generated)")
