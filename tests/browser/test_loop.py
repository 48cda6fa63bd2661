"""The loop of the square in a browser: register, publish, find, adopt, comment."""

import email
import re
from collections.abc import Callable
from email import policy

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.site import Site

Open = Callable[..., Page]


def newest_mail(site: Site, recipient: str, part: str = "") -> str:
    """The text of the newest mail to the recipient with the part in it, waited for."""
    import time

    for _turn in range(60):
        mails = sorted((site.instance / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in mails:
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == recipient:
                body = message.get_body(("plain",))
                assert body is not None
                if part in (text := str(body.get_content())):
                    return text
        time.sleep(0.25)
    raise AssertionError(f"no mail to {recipient}")


def write_quick_deed(page: Page, title: str, language: str) -> None:
    page.goto("/teot/uusi" if language == "fi" else f"/{language}/teot/uusi")
    page.locator("#title").fill(title)
    page.locator("#summary").fill("Palaveri pidetään kävellen, ja asiat sovitaan matkalla.")
    page.locator("#sector .tile label").nth(5).click()
    page.locator("button[value=publish]").click()
    page.wait_for_url("**/kiitos")


@pytest.mark.parametrize(
    ("language", "width", "words"), [("fi", 390, "kävelypalaverin aamut"), ("sv", 1280, "promenadmöten")]
)
def test_publish_find_adopt_and_comment(open_page: Open, language: str, width: int, words: str) -> None:
    prefix = "" if language == "fi" else f"/{language}"
    title = f"Uusi teko: {words}"
    author = open_page(width=width)
    sign_in(author)
    write_quick_deed(author, title, language)

    author.goto(f"{prefix}/")
    expect(author.get_by_role("link", name=title)).to_be_visible()

    reader = open_page(width=width)
    sign_in(reader, "jasen2@example.org")

    def found() -> bool:
        reader.goto(f"{prefix}/teot?q={words}")
        return reader.get_by_role("link", name=title).count() > 0

    assert any(found() for _turn in range(10)), "the deed is not in the search"
    reader.get_by_role("link", name=title).first.click()

    panel = reader.locator("#mallia")
    panel.locator("form[data-press] button").first.click()
    expect(panel.locator("strong").first).to_contain_text("Kangasalan kaupunki" if language == "fi" else "Kangasala")
    reader.reload()
    expect(reader.locator("#mallia strong").first).to_contain_text("Kangasala")

    reader.locator("#comment-form textarea").fill("Miten tämä toimi talvella?")
    reader.locator("#comment-form input[value=question]").check()
    reader.locator("#comment-form button.button-primary").click()
    expect(reader.locator("#kommentit")).to_contain_text("Miten tämä toimi talvella?")

    author.goto(f"{prefix}/oma")
    expect(author.locator("main")).to_contain_text(title)


def tab_to(page: Page, attribute: str, value: str) -> None:
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.{attribute}") == value:
            return
    raise AssertionError(f"no way by keyboard to {attribute} {value}")


def test_a_deed_is_published_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    sign_in(page)
    page.goto("/teot/uusi")
    page.locator("#title").focus()
    page.keyboard.type("Näppäimistöllä kerrottu teko")
    tab_to(page, "name", "summary")
    page.keyboard.type("Kaikki onnistuu ilman hiirtä.")
    tab_to(page, "name", "sector")
    page.keyboard.press("Space")
    tab_to(page, "value", "publish")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiitos")


def test_everything_essential_works_without_scripts(open_page: Open) -> None:
    page = open_page(width=390, scripts=False)
    sign_in(page, "jasen2@example.org")
    page.goto("/teot")
    page.locator(".filters-fold > summary").click()
    page.locator("input[name=toimiala]").first.check()
    page.locator(".filters button.no-js-only").click()
    assert "toimiala=" in page.url
    page.locator(".rows .card-link").first.click()
    page.locator("#mallia form button").first.click()
    expect(page.locator("#mallia strong").first).to_contain_text("Kangasalan kaupunki")
    page.locator("#mallia form[action$='/peru'] button").click()
    expect(page.locator("#mallia form[action$='/mallia'] button")).to_be_visible()


def test_a_visitors_press_waits_for_signing_in(open_page: Open) -> None:
    page = open_page()
    page.goto("/teot/20")
    page.locator("#mallia a.button-primary").click()
    page.locator("#email").fill("jasen2@example.org")
    page.locator("#password").fill("tekojentori-demo")
    page.locator("#password").press("Enter")
    page.wait_for_url("**/teot/20/mallia")
    page.locator("#mallia form button").first.click()
    expect(page.locator("#mallia strong").first).to_contain_text("Kangasalan kaupunki")


def test_a_new_member_registers_confirms_and_writes(open_page: Open, site: Site) -> None:
    page = open_page(width=390)
    address = "palvelupaallikko@example.org"
    page.goto("/rekisteroidy")
    page.locator("#name").fill("Palvelupäällikkö")
    page.locator("#email").fill(address)
    page.locator("#password").fill("tuulinen torstai torilla")
    page.locator("#organisation").select_option(label="Nokian kaupunki")
    page.wait_for_timeout(3500)  # the form asks how long a person took to fill it in
    page.locator("main form button.button-primary").first.click()
    link = re.search(r"https?://\S+/rekisteroidy/vahvista/\S+", newest_mail(site, address))
    assert link is not None
    page.goto(link[0])
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/vahvista/" not in url)
    page.goto("/oma")
    expect(page.locator("main")).to_contain_text("Palvelupäällikkö")


def test_errors_keep_the_text_and_take_the_focus(open_page: Open) -> None:
    page = open_page(width=390)
    sign_in(page)
    page.goto("/teot/uusi")
    page.locator("#summary").fill("Tämä teksti ei saa kadota.")
    page.locator("button[value=publish]").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert page.locator("#summary").input_value() == "Tämä teksti ei saa kadota."
    page.locator("#error-summary a").first.click()
    expect(page.locator("#title")).to_be_focused()


def test_the_combobox_is_used_by_keyboard(open_page: Open) -> None:
    page = open_page()
    page.goto("/")
    field = page.locator("#q")
    field.press_sequentially("päiväk")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("Enter")
    page.wait_for_url("**/teot?q=*")


def test_filters_change_the_address_and_back_works(open_page: Open) -> None:
    page = open_page()
    page.goto("/teot")
    count = page.locator("#result-count").inner_text()
    page.locator("input[name=toimiala]").first.check()
    page.wait_for_url("**toimiala=*")
    expect(page.locator("#result-count")).not_to_have_text(count)
    expect(page.locator("#status")).to_contain_text(re.compile(r"\d"))
    page.go_back()
    expect(page.locator("#result-count")).to_have_text(count)


READER = """
const said = [];
Object.defineProperty(window, "speechSynthesis", {value: {
  speaking: false, said,
  getVoices: () => [{lang: "fi-FI", localService: true}],
  speak(words) { said.push(words.text); this.speaking = true; },
  cancel() { this.speaking = false; },
  addEventListener() {},
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
BUTTON = """
document.querySelector("[data-listen]")?.remove();
document.querySelector(".deed-stages").insertAdjacentHTML("beforebegin",
  '<p data-listen="/kokeilut/kuuntele" data-language="fi" data-start="Lyssna" data-stop="Sluta" hidden>'
  + '<button type="button"><span>Lyssna</span></button></p>');
document.querySelector(".deed-stages").insertAdjacentHTML("afterbegin",
  '<details><summary>Selkokielellä</summary><div class="prose"><p>Piilossa.</p></div></details>'
  + '<section><h2 lang="sv">Vem gjorde vad</h2><ul><li>Kasvattajat: kokeilivat</li></ul></section>');
"""


def test_a_device_reads_aloud_what_is_shown_in_the_language_of_the_deed(open_page: Callable[..., Page]) -> None:
    """With a button of its own, so that it goes on after the last day of the trial."""
    page = open_page()
    page.add_init_script(READER)
    page.goto("/sv/teot/5")
    page.evaluate(BUTTON)
    page.add_script_tag(url="/static/js/listen.js", type="module")
    button = page.get_by_role("button", name="Lyssna")
    button.press("Enter")
    page.get_by_role("button", name="Sluta").wait_for()
    said = page.evaluate("speechSynthesis.said")
    assert said[0] == page.locator("h1").inner_text()
    assert "Kasvattajat: kokeilivat" in said
    assert not {"Piilossa.", "Vem gjorde vad"} & set(said)
    page.get_by_role("button", name="Sluta").press("Space")
    button.wait_for()
