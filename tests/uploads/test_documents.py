"""Bob shares the contract of his canteen: others take it from his post, and find it by its words."""

import pytest

from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.people import at, signed_in
from tests.pictures.made import SECRET
from tests.uploads.made import a_docx, a_pdf, a_pptx, an_archive, an_odf, an_xlsx
from tests.uploads.sending import sends, sent
from tests.waiting import until

DOCUMENTS = {
    "pdf": a_pdf("Marche de restauration"),
    "docx": a_docx("Marche de restauration", "Lot 2"),
    "xlsx": an_xlsx("Marche de restauration", "Lot 2"),
    "pptx": a_pptx("Marche de restauration", "Lot 2"),
    "odt": an_odf("text", "Marche <text:span>de</text:span><text:s/>restauration", "Lot 2"),
    "ods": an_odf("spreadsheet", "Marche de restauration"),
    "odp": an_odf("presentation", "Marche de restauration"),
    "txt": "Marche de restauration, à Saint-Étienne".encode(),
    "csv": "Marche de restauration;coût".encode("cp1252"),
}
BOMB = a_docx("x", **{"word__more.xml": b"\0" * 101 * 2**20})
LAYERS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(25))
ENTITIES = f'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{LAYERS}]><p>&z;</p>'


async def words() -> str:
    """What the last document says, once it is read."""

    async def all_are_read() -> bool:
        return await sql("SELECT 1 FROM jobs WHERE name = 'read_document'") == []

    await until(all_are_read)
    return str((await sql("SELECT text FROM uploads ORDER BY id DESC LIMIT 1"))[0]["text"])


@pytest.mark.parametrize("kind", DOCUMENTS)
async def test_a_document_is_kept_as_it_came_and_found_by_its_words(site: str, cast: Cast, kind: str) -> None:
    bob = await signed_in(site, "bob")
    contract = await sent(bob, DOCUMENTS[kind], f"Marché <été>.{kind}")
    assert contract["extension"] == kind
    assert contract["markdown"] == f"[Marché été.{kind}|attachment]({contract['short_url']}) (0.1 MB)"
    topic = await a_question(cast, author=await cast.bob(), raw=f"Here it is. {contract['markdown']}")
    page = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
    assert f'class="attachment">Marché été.{kind}</a> (0.1 MB)' in page
    found = await at(site).get(contract["url"])
    assert found.content == DOCUMENTS[kind]
    assert found.headers["content-disposition"].startswith("attachment; filename*=UTF-8''March%C3%A9")
    assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert (await words()).startswith("Marche de restauration")


@pytest.mark.parametrize(
    "body",
    [
        an_archive(hello="world"), a_docx("x", **{"word__vbaProject.bin": b"x"}), BOMB,
        b"PK\x03\x04" + b"\0" * 50,
        an_odf("chart", "x"), a_docx("x")[:-40],
    ],
    ids=["zip", "macros", "bomb", "no archive", "another kind", "cut"],
)  # fmt: skip
async def test_what_is_no_document_is_not_taken(site: str, cast: Cast, body: bytes) -> None:
    answer = await sends(await signed_in(site, "bob"), body, "contract.docx")
    assert answer.status_code == 422
    assert "cannot be read" in answer.json()["fields"]["file"]


@pytest.mark.parametrize(
    "body",
    [
        a_pdf("x")[:200], b"%PDF-1.7\n" + b"[" * 100_000,
        an_archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": ENTITIES}),
        an_archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<a>" * 500_000}),
    ],
    ids=["cut", "brackets", "entities", "deep"],
)  # fmt: skip
async def test_what_cannot_be_read_is_kept_without_words(site: str, cast: Cast, body: bytes) -> None:
    bob = await signed_in(site, "bob")
    contract = await sent(bob, body, "contract.pdf")
    assert await words() == ""
    assert (await bob.get(contract["url"])).content == body
    assert (await at(site).get("/healthz")).status_code == 200
    assert SECRET not in contract["original_filename"]
