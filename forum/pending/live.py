"""What an author sees when it is decided about their post."""

from forum.live import Patches, presents, remove


@presents("pending.decided", on="user")
async def show_decided(user_id: int, pending_id: int) -> Patches:
    """It waits no more; if it is published, it has come as any post does."""
    return [remove(f"pending-{pending_id}")]
