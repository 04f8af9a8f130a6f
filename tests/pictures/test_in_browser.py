"""Alice puts her picture at a browser without scripts, and sees it."""

from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import Cast
from tests.pictures.made import a_telephones_picture
from tests.system.people import signed_in


async def test_a_picture_is_put_and_taken_away_without_scripts(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    page = await signed_in(await new_context(java_script_enabled=False), site, "alice")
    await page.goto(f"{site}/preferences/profile")
    field = page.get_by_label("A picture file")
    await field.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    await page.get_by_role("button", name="Show this picture").click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": a_telephones_picture()}
    )
    await page.get_by_role("button", name="Show this picture").click()
    await expect(page.get_by_text("Your picture is saved.")).to_be_visible()
    portrait = page.get_by_role("img", name="Your picture")
    await expect(portrait).to_have_js_property("naturalWidth", 240)
    await page.get_by_role("button", name="Remove the picture").click()
    await expect(page.get_by_text("Without a picture, your initials stand there.")).to_be_visible()
