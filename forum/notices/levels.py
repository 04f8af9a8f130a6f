"""How much a member wants to hear by mail."""

from enum import StrEnum


class MailLevel(StrEnum):
    """Of alerts; mails about the account itself come whatever was chosen."""

    ALWAYS = "always"
    AWAY = "away"
    NEVER = "never"
