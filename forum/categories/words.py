"""Themes' rules and icons in words."""

from forum.categories.models import Permission
from forum.i18n import gettext as _


def permission_words(permission: Permission | None) -> str:
    """What somebody may do in a theme."""
    if permission is None:
        return _("nothing: the theme is not there for them")
    return {
        Permission.SEE: _("read"),
        Permission.REPLY: _("read and reply"),
        Permission.CREATE: _("read, reply and open topics"),
    }[permission]


def icon_words(icon: str) -> str:
    """What a theme's icon shows."""
    return {
        "messages-square": _("Speech balloons"),
        "building-2": _("Building"),
        "droplets": _("Drops of water"),
        "flame": _("Flame"),
        "folder": _("Folder"),
        "graduation-cap": _("Graduate’s cap"),
        "hammer": _("Hammer"),
        "heart-handshake": _("Handshake"),
        "landmark": _("Columns"),
        "laptop": _("Computer"),
        "leaf": _("Leaf"),
        "map": _("Map"),
        "megaphone": _("Megaphone"),
        "recycle": _("Recycling"),
        "scale": _("Scales"),
        "users": _("People"),
        "utensils": _("Fork and knife"),
        "zap": _("Lightning"),
    }[icon]
