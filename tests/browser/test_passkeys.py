"""Passkeys in a real browser, with the authenticator that Chromium plays for tests."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults
from tests.site import Site


def with_key(page: Page) -> None:
    """A device that makes keys and knows its owner's finger."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip


def at_name(site: Site) -> str:
    """Browsers bind no key to a bare number."""
    return f"http://localhost:{urlsplit(site.url).port}"


def test_a_key_is_made_signs_in_and_is_removed(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page(base_url=at_name(site))
    with_key(page)
    sign_in(page, "jasen2@example.org")
    page.goto("/oma/turvallisuus")
    page.get_by_role("link", name="Lisää pääsyavain").click()
    page.get_by_label("Avaimen nimi").fill("Testipuhelin")
    assert faults(page) == []
    page.get_by_role("button", name="Lisää avain").click()
    expect(page.get_by_text("Avain on valmis")).to_be_visible()
    expect(page.get_by_text("Testipuhelin", exact=True)).to_be_visible()
    assert faults(page) == []

    page.context.clear_cookies()
    page.goto("/kirjaudu?next=/oma/tiedot")
    assert faults(page) == []
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    # The address of the sign-in page ends with the same words.
    page.wait_for_url(at_name(site) + "/oma/tiedot")

    page.goto("/oma/paasyavaimet")
    page.get_by_role("button", name="Poista").filter(has_text="Testipuhelin").click()
    expect(page.get_by_text("Avain poistettiin")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/kirjaudu")
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    expect(page.get_by_role("heading", name="Avain ei avannut")).to_be_visible()


def test_a_device_without_a_key_says_so_beside_the_button(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page(width=390, base_url=at_name(site))
    with_key(page)
    page.goto("/kirjaudu")
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    expect(page.get_by_role("alert").filter(has_text="Mikään avain ei vastannut")).to_be_visible()


@pytest.mark.parametrize("path", ["/kirjaudu", "/oma/paasyavaimet"])
def test_without_scripts_no_button_is_shown_that_would_do_nothing(
    open_page: Callable[..., Page], site: Site, path: str
) -> None:
    page = open_page(scripts=False, base_url=at_name(site))
    sign_in(page, "jasen2@example.org")
    page.context.clear_cookies() if path == "/kirjaudu" else None
    page.goto(path)
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    if path != "/kirjaudu":
        expect(page.get_by_text("vaatii JavaScriptin")).to_be_visible()
