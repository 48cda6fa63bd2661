"""What a sent form says stands where the page opens: beside the target of the address, in sight and with the focus."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults

Open = Callable[..., Page]


def ask(page: Page, words: str) -> Locator:
    """Asks on a deed. Returns what the page then says."""
    sign_in(page)
    page.goto("/teot/12")
    page.locator("#comment-form textarea").fill(words)
    page.locator("#comment-form input[value=question]").check()
    page.locator("#comment-form button.button-primary").click()
    page.wait_for_url("**#kommentti-*")
    return page.locator(".notices")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_sent_question_is_confirmed_beside_it(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    said = ask(page, f"Kauanko tähän meni {width}?")
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport(ratio=1)
    expect(said).to_contain_text("Kysymyksesi on julkaistu.")
    question = page.locator("li:has(> .notices)")
    expect(question).to_contain_text(f"Kauanko tähän meni {width}?")
    assert faults(page) == []
    question.locator("form[action$='/vastattu'] button").click()
    expect(said).to_be_focused()
    expect(said).to_contain_text("Kysymys on selvinnyt.")
    expect(question).to_be_in_viewport()
    page.goto("/teot/12")
    expect(said).to_have_count(0)


def test_without_scripts_the_confirmation_stays_in_sight(open_page: Open) -> None:
    page = open_page(width=390, scripts=False)
    said = ask(page, "Entä ilman skriptejä?")
    expect(said).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Entä ilman skriptejä?")).to_be_in_viewport(ratio=1)
    expect(said).to_have_attribute("role", "status")


def test_every_form_is_confirmed_at_the_target_of_its_address_or_at_the_top(open_page: Open) -> None:
    page = open_page()
    sign_in(page)
    page.goto("/teot/12/talleta")
    with page.expect_response("**/talleta"):
        page.locator("main form[action$='/talleta'] button").first.click()
    page.goto("/oma/tallennetut")
    page.locator("#teko-12 summary").click()
    page.locator("#note-12").fill("Kysy tästä maanantaina.")
    page.locator("#teko-12 .fold form button[type=submit]").click()
    page.wait_for_url("**#teko-12")
    expect(page.locator(".notices:has(+ #teko-12)")).to_be_focused()
    expect(page.locator(".notices")).to_be_in_viewport(ratio=1)

    page.goto("/oma/tiedot")
    page.locator("main form button.button-primary").first.click()
    expect(page.locator("main > .container > .notices")).to_be_focused()
