"""One sprite of the icons that pages use: Lucide's drawings, and our own mark."""

from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

# The names that templates and themes may use; each costs some 200 bytes, once.
ICONS = (
    "arrow-left", "arrow-right", "at-sign", "bell", "bell-off", "bold", "book-open", "briefcase",
    "building-2", "calendar", "check", "chevron-down", "chevron-up", "circle-check", "circle-help", "clock",
    "code", "corner-up-left", "droplets", "ellipsis", "file-text", "files", "flag", "flame", "folder",
    "graduation-cap", "hammer", "heart-handshake", "history", "home", "italic", "key-round", "landmark",
    "languages", "laptop", "layout-grid", "leaf", "link", "list", "lock", "log-in", "log-out", "map",
    "megaphone", "message-square", "messages-square", "paperclip", "pencil", "pin", "plus", "quote",
    "recycle", "reply", "rotate-ccw", "scale", "search", "shield-check", "square-pen", "trash-2",
    "triangle-alert", "user", "user-plus", "users", "utensils", "wifi-off", "zap",
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
ALIASES = {"circle-help": "circle-question-mark", "home": "house"}
MARK = (
    '<symbol id="mark" viewBox="0 0 32 32"><path fill="currentColor" d="M2 5h18v6H2zM12 21h18v6H12z"/>'
    '<path fill="var(--accent, #c87a0a)" d="M12 13h8v6h-8z"/></symbol>'
)


def sprite() -> str:
    """The sprite: one `<symbol>` an icon, drawn with the current colour."""
    archive = ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))
    known = set(archive.namelist())
    symbols = "".join(_symbol(archive, name, known) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{MARK}{symbols}</svg>'


def _symbol(archive: ZipFile, name: str, known: set[str]) -> str:
    file = f"{name}.svg" if f"{name}.svg" in known else f"{ALIASES[name]}.svg"
    root = ElementTree.fromstring(archive.read(file))  # noqa: S314 - a file of the installed package
    shapes = "".join(_shape(element) for element in root)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _shape(element: ElementTree.Element) -> str:
    attributes = " ".join(f'{key}="{value}"' for key, value in element.attrib.items())
    return f"<{element.tag.removeprefix(SVG)} {attributes}/>"
