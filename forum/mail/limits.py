"""How often one address is written to because somebody typed it.

What is too much is passed over without a word: the answer must not tell more about an address than its
owner's mailbox does. From one place three times in half an hour, from all together twelve times: so an enemy
in one place cannot use up what the owner of the address may ask for, nor fill their mailbox.
"""

from starlette.requests import Request

from forum.security import client_network
from forum.web import site_of


async def may_write_to(request: Request, address: str) -> bool:
    """Count one more mail to an address, and say whether it may be written."""
    site = site_of(request)
    where = client_network(request, site.config)
    return await site.limits.allows(
        "mail_account_address", f"{address} {where}"
    ) and await site.limits.allows("mail_account", address)
