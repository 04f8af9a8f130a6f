"""The kinds of file that are taken, told by what is in them: neither a name nor a header is believed."""

import unicodedata

IMAGES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
MEDIA_TYPES = {**IMAGES, **DOCUMENTS}
TEXTS = ("txt", "csv")
# What people may choose; what they get may be another: a GIF becomes a PNG, or a WebP when it moves.
ACCEPTED = ("jpg", "jpeg", "png", "webp", "gif", *DOCUMENTS)
SIGNS = {
    b"\xff\xd8\xff": "image", b"\x89PNG\r\n\x1a\n": "image", b"GIF8": "image",
    b"%PDF-": "pdf", b"PK\x03\x04": "zip",
}  # fmt: skip


def kind_of(body: bytes) -> str:
    """`image`, `pdf`, `zip` (an office file, perhaps), `text`, or "" for what is not taken."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image"
    for sign, kind in SIGNS.items():
        if body.startswith(sign):
            return kind
    return "text" if text_of(body) is not None else ""


def text_of(body: bytes) -> str | None:
    """A text file's words, whether it is in UTF-8 or in what Windows wrote before; None if it is no text."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in set(text))
        return None if strange or not text.strip() else text
    return None
