"""The header holds a long name in every language."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sign_in


@pytest.mark.parametrize("width", [320, 390, 1000, 1200, 1280])
def test_a_signed_in_header_fits(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width=width)
    sign_in(page, "yhteyshenkilo@example.org")
    for prefix in ("", "/sv", "/en"):
        page.goto(f"{prefix}/teot")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), prefix


def test_the_question_of_an_adoption_stays_after_the_press(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "jasen2@example.org")
    page.goto("/teot/34")
    page.locator("#mallia form[data-press] button").first.click()
    page.locator("#mallia form[action$='/peru']").wait_for()
    assert page.locator("#mallia #adoption-status legend").inner_text().strip()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(ids) == sorted(set(ids))
