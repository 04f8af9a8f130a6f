"""The document as a kind of topic: a text to take over, or the address of one."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from forum.accounts.viewer import Viewer
from forum.documents.files import files_of
from forum.i18n import gettext as _
from forum.kinds.fields import Field
from forum.kinds.licences import licence
from forum.kinds.registry import Details, Kind, Values
from forum.organisations.named import links_of

TYPES = {
    "decision": lambda: _("Decision of a council"),
    "agreement": lambda: _("Agreement"),
    "specifications": lambda: _("Specifications"),
    "rules": lambda: _("Rules of use"),
    "procedure": lambda: _("Procedure"),
    "letter": lambda: _("Letter"),
    "spreadsheet": lambda: _("Spreadsheet"),
    "method": lambda: _("Method"),
}


async def check(viewer: Viewer, values: Values) -> Mapping[str, str]:
    """There is something to take over."""
    if values.get("link", "") is None and values.get("contents", "") is None:
        return {"contents": _("Paste the text here, or give an address above.")}
    return {}


async def extra(topic_id: int) -> Mapping[str, Any]:
    """The page of the organisation; the files, which programs read too."""
    files = await files_of(topic_id)
    shape = {"files": [{"name": f.filename, "url": f.path, "filesize": f.filesize} for f in files]}
    return {"links": await links_of("documents", topic_id), "files": files, "shape": shape}


async def markup(topic: Any, details: Details) -> Mapping[str, Any]:
    """A DigitalDocument."""
    return {
        "@type": "DigitalDocument",
        "name": topic.title,
        "version": details.version,
        "dateCreated": topic.created_at.isoformat(),
        "license": details.text("licence"),
    }


DOCUMENT = Kind(
    "document",
    label=lambda: _("Document or method"),
    plural=lambda: _("Documents and methods"),
    choice=lambda: _("a document or a method: take it over"),
    heading=lambda: _("What this document is for, in one sentence"),
    text_label=lambda: _("How it was used, and what to adapt"),
    icon="files",
    table="documents",
    folder="documents",
    holds_for=12,
    fields=(
        Field("document_type", lambda: _("Type"), "choice", required=True, choices=TYPES, in_row=True),
        replace(licence(), required=True, in_row=True),
        Field("link", lambda: _("Address of the document"), "link"),
        Field("contents", lambda: _("Text to take over"), "text"),
        Field("organisation", lambda: _("Organisation"), "line"),
        Field("valid_on", lambda: _("Valid on"), "day"),
    ),
    check=check,
    beside=extra,
    markup=markup,
)
