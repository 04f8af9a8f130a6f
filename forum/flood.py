"""`relais flood`: replies as a crowd would write them, to see how open pages behave."""

import asyncio
from itertools import cycle, islice

from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.config import LOCALES
from forum.errors import NotFound
from forum.markdown import Cooker
from forum.posts.actions import reply_to_topic
from forum.topics.queries import topic_in_channel
from realtime.sql import sql

REMARKS = (
    "Chez nous, la délibération est passée en mars ; je peux envoyer le modèle.",
    "Même question ici, avec **deux agents** à temps partiel.",
    "Le trésorier nous a demandé la pièce justificative, puis plus rien.",
    "À vérifier selon la taille : sous 3 500 habitants, la règle n'est pas la même.",
    "Nous avons tenu un an ainsi, puis changé de prestataire.",
)


async def flood_topic(topic_id: int, rate: float, count: int) -> str:
    """Write `count` replies in a topic at `rate` a second, by the site's members in turn.

    Raises:
        NotFound: no such topic.
    """
    topic = await topic_in_channel(topic_id)
    crowd = await _crowd()
    if topic is None or not crowd:
        raise NotFound(f"There is no topic {topic_id} to write in, or nobody to write.")
    async with Cooker():
        for number, (member, remark) in enumerate(
            islice(zip(cycle(crowd), cycle(REMARKS), strict=False), count)
        ):
            await reply_to_topic(member, topic, f"{remark} (n° {number + 1})")
            await asyncio.sleep(1 / max(rate, 0.01))
    return f"{count} replies written in topic {topic_id}."


async def _crowd() -> list[Viewer]:
    rows = await sql("SELECT id FROM users WHERE deactivated_at IS NULL ORDER BY id LIMIT 50")
    members = [await viewer_of_id(row["id"], LOCALES[0]) for row in rows]
    return [member for member in members if member is not None]
