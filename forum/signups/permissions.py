"""Who may ask for an account. Pure."""

from collections.abc import Collection


def may_sign_up(rule: str, domains: Collection[str], email: str) -> bool:
    """Whether an address (as `email_address` makes it) may: its whole domain counts, never its end.

    Args:
        rule: "open", "domains", "approval" (staff decide later), "invitation" or "closed".
        domains: those of the rule "domains".
    """
    return rule in ("open", "approval") or (rule == "domains" and email.rpartition("@")[2] in domains)
