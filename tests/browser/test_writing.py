"""Telling a deed on a phone and beside others: what is asked, what survives, what two writers see, what is pasted."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults
from tests.browser.test_loop import newest_mail, write_quick_deed
from tests.browser.test_pictures import payload
from tests.media import samples
from tests.site import Site

Open = Callable[..., Page]

MOST_FIELDS = 7
MOST_PAGES = 2
MOST_TAPS = 8


def fields_of(page: Page) -> set[str]:
    """Names of what the form asks: a group of choices is one field."""
    names = (
        page.locator("#deed-form")
        .locator("input:not([type=hidden]), textarea, select")
        .evaluate_all("all => all.filter(e => !e.closest('.visually-hidden') && e.name).map(e => e.name)")
    )
    return set(names)


def test_f01_a_quick_deed_on_a_phone_asks_seven_fields_on_two_pages(open_page: Open, site: Site) -> None:
    page = open_page(width=390, has_touch=True, is_mobile=True)
    sign_in(page)
    taps = 0
    pages: list[str] = []
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    page.goto("/teot/uusi")
    fields = fields_of(page)
    assert {"title", "goals", "summary", "sector", "themes", "picture"} <= fields
    assert len(fields) + 1 <= MOST_FIELDS, "the organisation is told beside these, prefilled"
    expect(page.locator("textarea[name=goals]")).to_be_hidden()
    expect(page.get_by_text("Nokian kaupunki").first).to_be_visible()

    def tap(selector: str) -> None:
        nonlocal taps
        taps += 1
        page.locator(selector).first.tap()

    tap("#title")
    page.keyboard.type("Kysymyslaatikko kahvihuoneeseen")
    tap("#summary")
    page.keyboard.type(
        "Jokainen voi jättää kysymyksen, ja esihenkilö vastaa perjantaina. Palavereista lähti puoli tuntia."
    )
    tap("#sector .tile label")
    with page.expect_file_chooser() as chooser:
        tap("input[name=picture]")
    chooser.value.set_files(payload("laatikko.jpg", samples.jpeg_from_a_phone()))
    expect(page.locator("[data-picture-said] img")).to_be_visible()
    assert faults(page) == []
    tap("button[value=publish]")
    page.wait_for_url("**/kiitos")
    assert taps <= MOST_TAPS
    assert len(pages) <= MOST_PAGES, pages
    expect(page.locator("h1")).to_contain_text("torilla")
    assert faults(page) == []

    page.locator("[name$=-alt]").fill("Pahvinen laatikko pöydällä")
    page.locator("[name$=-has_consent]").check()
    page.locator("form[action*='/kuvat/'] button.button-primary").click()
    page.wait_for_url("**/kiitos")
    page.goto(page.url.removesuffix("/kiitos"))
    picture = page.locator(".deed-picture img")
    expect(picture).to_have_attribute("alt", "Pahvinen laatikko pöydällä")
    sent = page.request.get(picture.get_attribute("src") or "")
    assert dict(Image.open(io.BytesIO(sent.body())).getexif()) == {}, "the place is gone"


def test_a_wrong_picture_is_refused_before_it_is_sent(open_page: Open) -> None:
    page = open_page(width=390)
    sign_in(page)
    page.goto("/teot/uusi")
    page.locator("input[name=picture]").set_input_files(payload("kuva.svg", b"<svg/>", "image/svg+xml"))
    expect(page.locator("[data-picture-said]")).to_contain_text("kuva.svg")
    assert page.locator("input[name=picture]").evaluate("input => input.files.length") == 0


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A site that a test may stop and start again."""
    site = Site(tmp_path)
    site.start()
    yield site
    if site.process is not None and site.process.poll() is None:
        site.stop()


def test_autosave_survives_a_restart_of_the_server_and_an_ended_session(browser: object, own_site: Site) -> None:
    context: BrowserContext = browser.new_context(base_url=own_site.url, locale="fi-FI")  # type: ignore[attr-defined]
    page = context.new_page()
    page.set_default_timeout(30_000)
    sign_in(page)
    page.goto("/teot/uusi")
    status = page.locator("#autosave-status")
    page.locator("#title").press_sequentially("Teko joka kestää")
    expect(status).to_contain_text(re.compile(r"\d\d\.\d\d"))

    own_site.stop()
    page.locator("#summary").fill("Kirjoitettu, kun palvelin oli poissa.")
    expect(status).to_have_attribute("data-state", "error", timeout=15_000)
    own_site.start()
    expect(status).to_have_attribute("data-state", "success", timeout=30_000)

    other = context.new_page()
    other.goto("/oma")
    other.locator("form.sign-out button").first.evaluate("button => button.form.submit()")
    other.wait_for_load_state()
    page.locator("#summary").fill("Kirjoitettu istunnon päätyttyä.")
    expect(page.locator("[data-sign-in]")).to_be_visible(timeout=15_000)
    expect(status).to_have_attribute("data-state", "error")
    sign_in(other)
    page.bring_to_front()
    expect(status).to_have_attribute("data-state", "success", timeout=30_000)

    other.goto("/teot/uusi")
    other.get_by_role("link", name=re.compile("Jatka")).first.click()
    assert other.locator("#title").input_value() == "Teko joka kestää"
    assert other.locator("#summary").input_value() == "Kirjoitettu istunnon päätyttyä."
    context.close()


def test_leaving_with_unsaved_text_warns(open_page: Open) -> None:
    page = open_page()
    sign_in(page)
    page.goto("/teot/uusi")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#title").click()
    page.keyboard.type("K")
    page.goto("/teot")
    assert asked == ["beforeunload"]


def test_two_tabs_show_both_texts_and_lose_neither(open_page: Open) -> None:
    first = open_page(width=390)
    sign_in(first)
    write_quick_deed(first, "Kahden ikkunan teko", "fi")
    deed = first.url.removesuffix("/kiitos")
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"{deed}/taydenna/perus")
    first.locator("#title").fill("Ensimmäisen ikkunan otsikko")
    first.locator("#summary").fill("Ensimmäisen ikkunan teksti.")
    first.locator("button[value=save].button-primary").click()
    first.wait_for_url("**/muokkaa")
    second.locator("#summary").fill("Toisen ikkunan teksti.")
    second.locator("button[value=save].button-primary").click()
    both = second.locator("#molemmat")
    expect(both).to_be_focused()
    expect(both).to_contain_text("Ensimmäisen ikkunan teksti.")
    expect(both).to_contain_text("Toisen ikkunan teksti.")
    expect(both.locator("fieldset")).to_have_count(1)
    assert second.locator("#title").input_value() == "Ensimmäisen ikkunan otsikko"
    assert faults(second) == []
    second.locator("input[name=keep-summary][value=theirs]").check()
    second.locator("button[value=save].button-primary").click()
    second.wait_for_url("**/muokkaa")
    assert second.locator("#summary").input_value() == "Ensimmäisen ikkunan teksti."


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {color:red}</style></head><body>
<h2>Mitä teimme<o:p></o:p></h2><p class=MsoNormal>Siirsimme <b>maanantain</b> palaverin <i>ulos</i>.<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
<span style='mso-list:Ignore'>·<span>   </span></span>Kävely</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>
<span style='mso-list:Ignore'>o<span>  </span></span>Sateella sisällä</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>
<span style='mso-list:Ignore'>1.<span>  </span></span>Ensin</p>
<table><tr><td>Ennen</td><td>Nyt</td></tr><tr><td>60 min</td><td>30 min</td></tr></table>
<p><a href="https://www.example.org/ohje">Ohje</a> <a href="javascript:alert(1)">paha</a>
<img src="https://example.com/x.gif"></p>
<script>alert(1)</script></body></html>"""
MARKDOWN = """## Mitä teimme

Siirsimme **maanantain** palaverin *ulos*.

- Kävely
    - Sateella sisällä
1. Ensin

| Ennen | Nyt |
| --- | --- |
| 60 min | 30 min |

[Ohje](https://www.example.org/ohje) paha"""


def test_a_paste_from_word_becomes_clean_markdown(open_page: Open) -> None:
    page = open_page()
    sign_in(page)
    page.goto("/teot/uusi?koko=1")
    area = page.locator("#implementation")
    page.locator("details:has(#implementation) > summary").first.click()
    paste = """(area, [html, plain]) => {
      const clipboardData = new DataTransfer();
      if (html) clipboardData.setData("text/html", html);
      clipboardData.setData("text/plain", plain);
      area.focus();
      return area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }"""
    assert area.evaluate(paste, [WORD, "x"]) is False
    expect(area).to_have_value(MARKDOWN)
    assert area.evaluate(paste, ["<p>tavallista</p>", "tavallista"]) is True, "plain text is the browser's own matter"
    assert area.evaluate(paste, ["<b style='font-weight:normal'><ul><li>yksi</li></ul></b>", "yksi"]) is False


def test_a_variant_asks_the_differences_and_shows_the_family(open_page: Open) -> None:
    page = open_page(width=390)
    sign_in(page, "jasen2@example.org")
    page.goto("/teot/47")
    model = page.locator("h1").inner_text()
    page.locator("#mallia form[data-press] button").first.click()
    page.locator("#mallia form[action$='/peru']").wait_for()
    page.reload()
    page.locator("a[href$='/pohjaksi']").first.click()
    page.locator("#changed").fill("Teimme saman kotihoidossa, ilman hanketyöntekijää.")
    page.locator("#title").fill("Sama malli kotihoidossa")
    assert page.locator("#summary").input_value()
    assert faults(page) == []
    page.locator("button[value=publish]").click()
    page.wait_for_url("**/kiitos")
    page.goto(page.url.removesuffix("/kiitos"))
    expect(page.locator("[aria-labelledby=family]")).to_contain_text(model)
    page.goto("/teot/47")
    expect(page.locator("[aria-labelledby=family]")).to_contain_text("Sama malli kotihoidossa")


def test_the_first_deed_of_a_newcomer_passes_the_queue(open_page: Open, site: Site) -> None:
    page = open_page(width=390)
    address = "uusi.kirjoittaja@example.org"
    page.goto("/rekisteroidy")
    page.locator("#name").fill("Uusi kirjoittaja")
    page.locator("#email").fill(address)
    page.locator("#password").fill("tuulinen torstai torilla")
    page.locator("#organisation").select_option(label="Nokian kaupunki")
    page.wait_for_timeout(3500)  # the form asks how long a person took to fill it in
    page.locator("main form button.button-primary").first.click()
    link = re.search(r"https?://\S+/rekisteroidy/vahvista/\S+", newest_mail(site, address))
    assert link is not None
    page.goto(link[0])
    page.locator("main form button").first.click()
    write_quick_deed(page, "Ensikertalaisen teko", "fi")
    expect(page.locator("h1")).to_contain_text("toimituksen")
    deed = page.url.removesuffix("/kiitos")
    stranger = open_page()
    answer = stranger.goto(deed)
    assert answer is not None
    assert answer.status == 404

    editor = open_page()
    sign_in(editor, "admin@example.org")
    editor.goto("/hallinta/tarkistus")
    assert faults(editor) == []
    editor.get_by_role("link", name="Ensikertalaisen teko").click()
    assert faults(editor) == []
    editor.locator("button[value=approve]").click()
    editor.wait_for_url("**/hallinta/tarkistus")
    stranger.goto(deed)
    expect(stranger.locator("h1")).to_contain_text("Ensikertalaisen teko")
    write_quick_deed(page, "Ensikertalaisen toinen teko", "fi")
    expect(page.locator("h1")).to_contain_text("torilla")


def test_a_sheet_for_a_meeting_is_a_tagged_pdf_of_one_page(open_page: Open) -> None:
    page = open_page()
    page.goto("/teot/5")
    title = page.locator("h1").inner_text()
    answer = page.request.get("/teot/5.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.body()))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().replace("\xad", "").split())
    assert title.split()[0] in text
    assert reader.metadata is not None
    assert title in (reader.metadata.title or "")
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fi"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_pages_of_makers_are_accessible(open_page: Open, width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    sign_in(page)
    page.goto("/teot/uusi")
    page.locator("#title").fill(f"Luonnos {width}")
    page.locator("#summary").fill("Kirjoitamme yhdessä.")
    page.locator("#sector .tile label").first.click()
    page.locator("button[value=draft]").click()
    page.wait_for_url("**/muokkaa")
    deed = page.url.removesuffix("/muokkaa")
    for rest in (
        "/muokkaa",
        "/yhdessa",
        "/luovuta",
        "/julkaisu",
        "/taydenna/opit",
        "/paivitykset",
        "/poista",
        "/kuvat",
    ):
        page.goto(deed + rest)
        assert faults(page) == [], rest
    page.goto(f"{deed}/yhdessa")
    for kind in ("co_author", "review"):
        page.locator(f"form[action$='/linkit']:has(input[value={kind}]) button").last.click()
        page.wait_for_load_state()
    for link in ("/teot/kutsu/", "/teot/vertaisarvio/"):
        address = page.locator(f"a[href*='{link}']").first.get_attribute("href")
        other = open_page(width=width, scheme=scheme)
        sign_in(other, "jasen2@example.org")
        other.goto(str(address))
        assert faults(other) == [], link
    page.goto(f"{deed}/yhdessa")
    assert faults(page) == []
