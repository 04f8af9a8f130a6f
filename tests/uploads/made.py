"""Documents made for the tests: ordinary ones, and those that are made to break something."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

WORDML = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
OFFICE = "application/vnd.openxmlformats-officedocument."


def an_archive(**parts: str | bytes) -> bytes:
    """A ZIP file; `__` in a name is a folder."""
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), content)
    return body.getvalue()


def types_of(main: str) -> str:
    return f'<Types><Override PartName="/x" ContentType="{OFFICE}{main}.main+xml"/></Types>'


def a_docx(*paragraphs: str, **more: str | bytes) -> bytes:
    """A text of Word, each paragraph in two runs."""
    words = "".join(
        f"<w:p><w:r><w:t>{p[:5]}</w:t></w:r><w:r><w:t>{p[5:]}</w:t></w:r></w:p>" for p in paragraphs
    )
    document = f"<w:document {WORDML}><w:body>{words}</w:body></w:document>"
    types = types_of("wordprocessingml.document")
    return an_archive(TYPES=types, **{"word__document.xml": document}, **more)


def an_xlsx(*cells: str) -> bytes:
    """A spreadsheet of Excel."""
    shared = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    parts = {"xl__sharedStrings.xml": f"<sst>{shared}</sst>"}
    return an_archive(TYPES=types_of("spreadsheetml.sheet"), **parts)


def a_pptx(*slides: str) -> bytes:
    """Slides of PowerPoint."""
    parts = {
        f"ppt__slides__slide{n}.xml": f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>{words}</a:t></a:p></p:sld>'
        for n, words in enumerate(slides, 1)
    }
    return an_archive(TYPES=types_of("presentationml.presentation"), **parts)


def an_odf(kind: str, *paragraphs: str) -> bytes:
    """A file of LibreOffice: `text`, `spreadsheet` or `presentation`."""
    words = "".join(f"<text:p>{p}</text:p>" for p in paragraphs)
    content = f"<office:document-content {ODF}><office:body>{words}</office:body></office:document-content>"
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return an_archive(**{"mimetype": mimetype, "content.xml": content})


def a_pdf(words: str) -> bytes:
    """One page of PDF."""
    stream = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    )
    return (body + end).encode()
