"""Alice puts a picture into her reply: by choosing it, by pasting it, and at a browser without scripts."""

from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import Cast
from tests.factories import a_question
from tests.pictures.made import a_picture
from tests.system.people import signed_in

PLAN = {"name": "plan.png", "mimeType": "image/png", "buffer": a_picture("PNG", (1600, 800))}
PROGRAM = {"name": "game.exe", "mimeType": "image/png", "buffer": b"MZ\0\0"}
PASTE = """(field) => {
    const data = new DataTransfer();
    data.items.add(new File(["Soup"], "menu.txt", { type: "text/plain" }));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
}"""


async def test_a_file_that_is_chosen_or_pasted_takes_its_place_in_the_text(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    page = await signed_in(await new_context(), site, "alice")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    field, file = page.get_by_label("Text of the reply"), page.get_by_label("Attach a file")
    await field.fill("Here is our plan.")
    await expect(page.get_by_role("button", name="Attach", exact=True)).to_have_count(0)
    await file.set_input_files(PROGRAM)
    await expect(page.get_by_text("This kind of file is not taken.")).to_be_visible()
    await expect(file).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_value("Here is our plan.")
    await file.set_input_files(PLAN)
    await expect(page.get_by_text("plan.png is attached")).to_be_visible()
    await expect(page.get_by_text("This kind of file is not taken.")).to_be_hidden()
    await field.evaluate(PASTE)
    await expect(page.get_by_text("menu.txt is attached")).to_be_visible()
    text = await field.input_value()
    assert text.startswith("Here is our plan.\n\n![plan|1600x800](upload://")
    assert "[menu.txt|attachment](upload://" in text
    await page.get_by_role("button", name="Reply", exact=True).click()
    picture = page.get_by_role("img", name="plan")
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).not_to_have_js_property("naturalWidth", 0)
    await expect(page.get_by_role("link", name="menu.txt")).to_be_visible()


async def test_without_scripts_the_text_comes_back_with_the_file(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    page = await signed_in(await new_context(java_script_enabled=False), site, "alice")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await page.get_by_label("Text of the reply").fill("Here is our plan.")
    await page.get_by_label("Attach a file").set_input_files(PROGRAM)
    await page.get_by_role("button", name="Attach", exact=True).click()
    await expect(page.get_by_label("Your text")).to_have_value("Here is our plan.")
    await page.get_by_label("Attach a file").set_input_files(PLAN)
    await page.get_by_role("button", name="Attach", exact=True).click()
    await expect(page.get_by_text("Your draft was brought back.")).to_be_visible()
    await page.get_by_role("button", name="Reply", exact=True).click()
    await expect(page.get_by_role("img", name="plan")).to_be_visible()
