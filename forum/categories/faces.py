"""What a theme is called and how it looks, as an administrator types it."""

import re

from msgspec import Struct

from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.markdown import BadText, clean_line
from forum.posts.text import check_note
from forum.text import slugify, text_fault

# In letters as people count them: the column holds half as many again.
MAX_NAME = 53
MAX_POSITION = 9_999
COLOR = re.compile(r"[0-9a-f]{6}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ICONS = (
    "messages-square", "building-2", "droplets", "flame", "folder", "graduation-cap", "hammer",
    "heart-handshake", "landmark", "laptop", "leaf", "map", "megaphone", "recycle", "scale", "users",
    "utensils", "zap",
)  # fmt: skip


class ThemeFace(Struct, frozen=True):
    """A theme's name, look and place, in the order of its columns in statements."""

    name: str
    slug: str = ""
    description: str = ""
    color: str = "58666a"
    icon: str = ICONS[0]
    parent_id: int | None = None
    position: int = 0


def check_face(face: ThemeFace) -> ThemeFace:
    """As it may be stored: without a slug, the one that its name makes.

    Raises:
        Invalid: a sentence for each field that does not do.
    """
    faults: dict[str, str] = {}
    name, description, color = "", "", face.color.strip().removeprefix("#").lower()
    try:
        name = clean_line(face.name, MAX_NAME)
    except BadText as fault:
        faults["name"] = text_fault(fault.reason, MAX_NAME)
    try:
        description = check_note(face.description, "description", needed=False)
    except Invalid as fault:
        faults |= fault.fields
    slug = face.slug.strip() or slugify(name) or "theme"
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        faults["slug"] = _("An address has small letters, digits and hyphens: 80 at the most.")
    if not COLOR.fullmatch(color):
        faults["color"] = _("A colour has six digits, such as 2a7f62.")
    if face.icon not in ICONS:
        faults["icon"] = _("Choose one of the list.")
    if not 0 <= face.position <= MAX_POSITION:
        faults["position"] = _("A number from 0 to %(n)d.") % {"n": MAX_POSITION}
    if faults:
        raise Invalid(fields=faults)
    return ThemeFace(name, slug, description, color, face.icon, face.parent_id, face.position)
