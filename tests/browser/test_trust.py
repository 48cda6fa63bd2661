"""In a real browser: payloads do nothing, the pages of trust are accessible, and nothing is stored unasked."""

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults
from tests.security.test_inputs import PAYLOADS

PAGES = ["/oma/turvallisuus", "/oma/kaksivaiheinen", "/oma/poista", "/oma/istunnot", "/oma/tiedot"]
DESK = ["/hallinta/jasenyydet", "/hallinta/saavutettavuus", "/organisaatiot/nokian-kaupunki/vaki",
        "/hallinta/kayttajat/1?oikeus=deed:edit&kohde=5"]  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_pages_of_trust_are_accessible(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    page.goto("/kirjaudu/linkki")
    assert faults(page) == []
    sign_in(page)
    for path in PAGES:
        page.goto(path)
        assert faults(page) == [], path
    staff = open_page(width=width, scheme=scheme)
    sign_in(staff, "admin@example.org")
    for path in DESK:
        staff.goto(path)
        assert faults(staff) == [], path


def test_x06_a_page_of_payloads_raises_no_dialog_no_request_and_no_error(open_page: Callable[..., Page]) -> None:
    """``open_page`` fails on requests to others and on errors of the console."""
    page = open_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page)
    page.goto("/teot/uusi?koko=1")
    text = "\n\n".join(payload for payload in PAYLOADS if "\x01" not in payload)
    page.evaluate(
        """([title, summary, text]) => {
            for (const [name, value] of [["title", title], ["summary", summary], ["need", text]]) {
                const field = document.querySelector(`[name="${name}"]`);
                if (field) field.value = value;
            }
        }""",
        ["Teko <script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", text],
    )
    draft = page.evaluate(
        """async () => {
            const form = document.querySelector('form[method="post"] [name="title"]').form;
            const data = new FormData(form);
            data.set("action", "draft");
            data.set("sector", data.get("sector") || "koko-kunta");
            const address = form.getAttribute("action") || location.href;
            const answer = await fetch(address, {method: "POST", body: new URLSearchParams(data)});
            return answer.url;
        }"""
    )
    number = re.search(r"/teot/(\d+)", draft)
    assert number, draft
    for path in (f"/teot/{number[1]}", f"/teot/{number[1]}/muokkaa", "/oma"):
        page.goto(path)
        page.wait_for_timeout(300)
    assert dialogs == []


def test_h07_nothing_is_stored_for_a_visitor_and_one_cookie_for_a_member(open_page: Callable[..., Page]) -> None:
    """The whole list of what a browser keeps; the privacy statement tells the same."""
    page = open_page()
    for path in ("/", "/teot?q=kävely", "/teot/5", "/tilastot", "/kartta", "/tietosuoja"):
        page.goto(path)
    stored = "() => [Object.keys(localStorage), Object.keys(sessionStorage)]"
    assert page.context.cookies() == []
    assert page.evaluate(stored) == [[], []]
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    sign_in(page)
    cookies = page.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["session"]
    assert cookies[0]["httpOnly"]
    assert cookies[0]["sameSite"] == "Lax"
    assert cookies[0]["expires"] == -1, "it goes when the browser is closed"
    assert page.evaluate(stored) == [[], []]


def test_a_person_takes_a_code_into_use_signs_in_with_it_and_switches_it_off(open_page: Callable[..., Page]) -> None:
    page = open_page(width=390)
    sign_in(page, "jasen2@example.org")
    page.goto("/oma/kaksivaiheinen")
    secret = page.locator("details code").text_content() or ""
    secret = secret.replace(" ", "")
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.locator("#code").press("Enter")
    page.locator("li code").first.wait_for()
    spare, second_spare = page.locator("li code").all_text_contents()[:2]
    other = open_page(width=390)
    other.goto("/kirjaudu")
    other.locator("#email").fill("jasen2@example.org")
    other.locator("#password").fill("tekojentori-demo")
    other.locator("#password").press("Enter")
    other.wait_for_url("**/kirjaudu/koodi**")
    assert faults(other) == []
    other.locator("#code").fill(spare)
    other.locator("#code").press("Enter")
    other.wait_for_url(re.compile(r"//[^/]+/oma"))
    # Other tests sign in as the same person.
    other.goto("/oma/turvallisuus")
    other.locator("#code").fill(second_spare)
    other.locator("button[formaction$='/pois']").click()
    other.locator("a[href='/oma/kaksivaiheinen']").wait_for()
