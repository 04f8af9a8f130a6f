"""Chromium's own virtual authenticators: real ceremonies, with a finger that is always there."""

from typing import Any

from playwright.async_api import CDPSession, Page


class Authenticator:
    """A key at a page's browser.

    Args:
        verifies: whether it asks for a finger or a PIN, and keeps accounts by itself: a passkey. Without, it
            is a security key that does as a second step only.
    """

    def __init__(self, session: CDPSession, id: str) -> None:
        self.session, self.id = session, id

    @classmethod
    async def plugged_in(cls, page: Page, *, verifies: bool = True) -> "Authenticator":
        """A new one, at the browser of this page."""
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal" if verifies else "usb",
            "hasResidentKey": verifies, "hasUserVerification": verifies, "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, made["authenticatorId"])

    async def keys(self) -> list[dict[str, Any]]:
        """The keys that it holds."""
        found = await self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(found["credentials"])

    async def copy_of(self, key: dict[str, Any]) -> None:
        """Hold this key instead of one's own: as somebody who has copied it."""
        await self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        await self.session.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})
