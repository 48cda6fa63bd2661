"""Pictures of a deed on a phone: chosen, described, seen on the deed and its card; also without scripts."""

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults
from tests.browser.test_loop import write_quick_deed
from tests.media import samples

Open = Callable[..., Page]


def payload(name: str, data: bytes, media_type: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": data}


def own_deed(page: Page, title: str) -> str:
    """Writes a deed and opens its page of pictures. Returns the address of the deed."""
    sign_in(page)
    write_quick_deed(page, title, "fi")
    deed = page.url.removesuffix("/kiitos")
    page.locator("main a[href$='/kuvat']").first.click()
    page.wait_for_url("**/kuvat")
    return deed


def test_a_picture_is_sent_from_a_phone_and_seen_on_the_deed_and_the_card(open_page: Open) -> None:
    page = open_page(width=390)
    deed = own_deed(page, "Kuvattu teko")
    page.locator("#pictures-field, [data-pictures] input[type=file]").first.set_input_files(
        [payload("ranta.jpg", samples.jpeg_from_a_phone()), payload("vene.png", samples.picture_bytes(), "image/png")]
    )
    rows = page.locator("[data-picture-row]")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-picture-status][role=status]")).to_have_text("2 kuvaa valittu.")
    expect(rows.first.locator("img")).to_be_visible()
    page.locator("[data-pictures] button.button-primary").click()
    expect(page.locator("#new-0-alt")).to_be_focused()
    expect(rows.first.locator(".field-error")).to_have_count(2)

    page.locator("#new-0-alt").fill("Laituri rannassa")
    page.locator("#new-0-has_consent").check()
    page.locator("#new-1-is_decorative").check()
    page.locator("#new-1-has_consent").check()
    page.locator("#new-1-caption").fill("Kesällä 2026")
    assert faults(page) == []
    page.locator("[data-pictures] button.button-primary").click()
    expect(page.locator(".picture-item")).to_have_count(2)
    assert faults(page) == []

    page.goto(deed)
    picture = page.locator(".deed-picture img")
    expect(picture).to_have_attribute("alt", "Laituri rannassa")
    width, height = picture.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])")
    assert width < height, "the picture was taken upright"
    expect(page.locator(".gallery figcaption")).to_contain_text("Kesällä 2026")
    assert faults(page) == []
    sent = page.request.get(picture.get_attribute("src") or "")
    assert dict(Image.open(io.BytesIO(sent.body())).getexif()) == {}

    page.goto("/")
    expect(page.locator(".card-picture img[alt='Laituri rannassa']").first).to_be_visible()


def test_limits_are_told_before_anything_is_sent(open_page: Open) -> None:
    page = open_page(width=390)
    own_deed(page, "Rajat kerrotaan heti")
    chooser = page.locator("[data-pictures] input[type=file]")
    chooser.set_input_files(
        [payload("iso.jpg", bytes(10_000_001)), payload("kuva.svg", b"<svg/>", "image/svg+xml"),
         payload("hyvä.jpg", samples.picture_bytes("JPEG"))]
    )  # fmt: skip
    errors = page.locator("[data-picture-errors]")
    expect(errors).to_contain_text("iso.jpg")
    expect(errors).to_contain_text("kuva.svg")
    expect(page.locator("[data-picture-row] legend")).to_contain_text("hyvä.jpg")
    status = page.locator("[data-picture-status]")
    expect(status).to_have_text("1 kuva valittu.")
    page.locator("[data-picture-row] button").click()
    assert chooser.evaluate("input => input.files.length") == 0
    expect(status).to_have_text("Ei valittuja kuvia.")
    expect(chooser).to_be_focused()


def test_the_button_for_choosing_speaks_the_language_of_the_page(open_page: Open) -> None:
    """The browser's own words stay without scripts; nobody sees two buttons."""
    page = open_page(width=390)
    # Told to the browser long before the click: what it hears of too late opens a window that nobody sees.
    page.on("filechooser", lambda chooser: None)
    own_deed(page, "Painike puhuu suomea")
    chooser = page.locator("[data-pictures] input[type=file]")
    button = page.locator("[data-pictures] .file-button")
    expect(button).to_have_text("Valitse kuvat")
    expect(button).to_be_visible()
    # The page may still be on its way; a click waits until what it meets stands still.
    with page.expect_file_chooser():
        page.locator("[data-pictures] .file-frame").click()
    chooser.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(chooser).to_be_focused()
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    with page.expect_file_chooser():
        page.keyboard.press("Enter")
    assert faults(page) == []


def test_a_pasted_picture_is_taken(open_page: Open) -> None:
    page = open_page()
    own_deed(page, "Liitetty kuva")
    page.evaluate(
        """bytes => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        list(samples.picture_bytes(size=(60, 40))),
    )
    expect(page.locator("[data-picture-row] legend")).to_contain_text("image.png")
    expect(page.locator("#new-0-alt")).to_be_focused()


def test_pictures_and_files_work_without_scripts_and_by_keyboard(open_page: Open) -> None:
    page = open_page(width=390, scripts=False)
    deed = own_deed(page, "Ilman skriptejä kuvattu")
    expect(page.locator(".file-button")).to_have_count(0)
    page.locator("[data-pictures] input[type=file]").set_input_files(
        [payload("eka.png", samples.picture_bytes(colour="#aa0000"), "image/png"),
         payload("toka.png", samples.picture_bytes(colour="#0000aa"), "image/png")]
    )  # fmt: skip
    page.locator("#new-0-alt").fill("Eka kuva")
    page.locator("#new-0-has_consent").check()
    page.locator("[data-pictures] button.button-primary").press("Enter")
    expect(page.locator(".picture-item")).to_have_count(2)
    waiting = page.locator(".picture-item").nth(1)
    waiting.locator("input[name$=-alt]").fill("Toka kuva")
    waiting.locator("input[name$=-has_consent]").check()
    waiting.locator("form.form button.button-primary").press("Enter")
    page.locator(".picture-item").nth(1).locator("button[value=earlier]").press("Enter")
    expect(page.locator(".picture-item").first.locator("img")).to_have_attribute("alt", "Toka kuva")

    page.locator("form[action$='/liitteet'] input[type=file]").set_input_files(
        payload("Ohje <b>.pdf", samples.PDF, "application/pdf")
    )
    page.locator("form[action$='/liitteet'] button.button-primary").click()
    expect(page.locator("main")).to_contain_text("Ohje b.pdf")
    page.goto(deed)
    expect(page.locator(".deed-picture img")).to_have_attribute("alt", "Toka kuva")
    with page.expect_download() as download:
        page.locator("a[href^='/liitteet/']").click()
    assert download.value.suggested_filename == "Ohje b.pdf"
