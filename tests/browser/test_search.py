"""Searching with a keyboard, with and without scripts, and going back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
COUNT = "#result-count"


@pytest.mark.parametrize(("prefix", "typed"), [("", "kirjas"), ("/sv", "bibli")])
def test_the_combobox_by_keyboard(open_page: Open, prefix: str, typed: str) -> None:
    page = open_page(width=390 if prefix else 1280)
    page.goto(f"{prefix}/teot")
    field = page.get_by_role("combobox", name=re.compile("Mitä|Vad"))
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially(typed)
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_visible()
    assert listbox.get_attribute("id") == field.get_attribute("aria-controls")
    assert listbox.get_attribute("aria-label")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = listbox.get_by_role("option")
    many = options.count()
    assert 1 <= many <= 10
    expect(page.locator(".search-field [role=status]")).to_have_text(re.compile(r"\w+"))
    assert field.get_attribute("aria-activedescendant") is None

    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None, "the place before the first is the field itself"
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == options.last.get_attribute("id")
    expect(field).to_be_focused()
    expect(field).to_have_value(typed)

    field.press("Escape")
    expect(listbox).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value(typed)
    field.press("ArrowDown")
    expect(listbox).to_be_visible()
    chosen = listbox.locator("[aria-selected=true]").inner_text()
    before = page.url
    field.press("Enter")
    page.wait_for_url(lambda url: url != before)
    assert chosen.split()[0].lower() in page.locator("main").inner_text().lower()


def test_enter_without_a_choice_searches_for_the_words(open_page: Open) -> None:
    page = open_page()
    page.goto("/")
    field = page.get_by_role("combobox").first
    field.fill("kirjastoissa")
    field.press("Enter")
    page.wait_for_url("**/teot?q=kirjastoissa")
    expect(page.locator(COUNT)).to_contain_text("kirjastoissa")
    assert page.locator("[data-hits] mark").count() >= 1


def test_a_slip_still_gets_suggestions(open_page: Open) -> None:
    page = open_page()
    page.goto("/teot")
    page.get_by_role("combobox").first.press_sequentially("kirjsto")
    expect(page.get_by_role("option").first).to_contain_text(re.compile("kirjasto", re.I))


def test_facets_with_scripts_keep_the_address_and_back_works(open_page: Open) -> None:
    page = open_page()
    page.goto("/teot?q=koulu")
    whole = page.locator(COUNT).inner_text()
    box = page.locator("input[name=toimiala]").first
    value = box.get_attribute("value")
    box.check()
    page.wait_for_url(f"**/teot?q=koulu&toimiala={value}*")
    expect(page.locator(COUNT)).not_to_have_text(whole)
    narrowed = page.locator(COUNT).inner_text()
    expect(page.locator("#status")).to_have_text(narrowed.strip())
    expect(page.locator(".results-chips a").first).to_be_visible()

    page.locator("select[name=jarjestys]").select_option("uusin")
    page.wait_for_url("**jarjestys=uusin*")
    expect(page.locator("select[name=jarjestys]")).to_have_value("uusin")
    page.go_back()
    expect(page.locator("select[name=jarjestys]")).not_to_have_value("uusin")
    expect(page.locator(COUNT)).to_have_text(narrowed)
    page.wait_for_load_state()
    page.go_back()
    page.wait_for_url("**/teot?q=koulu")
    expect(page.locator(COUNT)).to_have_text(whole)
    expect(page.locator(f"input[name=toimiala][value='{value}']")).not_to_be_checked()

    page.go_forward()
    expect(page.locator(COUNT)).to_have_text(narrowed)
    expect(page.locator(f"input[name=toimiala][value='{value}']")).to_be_checked()
    page.reload()
    expect(page.locator(COUNT)).to_have_text(narrowed)


def test_facets_without_scripts(open_page: Open) -> None:
    page = open_page(scripts=False)
    page.goto("/teot?q=koulu")
    whole = page.locator(COUNT).inner_text()
    first = page.locator("input[name=toimiala]").first
    promised = first.locator("xpath=..").locator(".count").inner_text().split()[0]
    first.check()
    page.locator("#filters .filters button[type=submit]").click()
    assert "toimiala=" in page.url
    assert "q=koulu" in page.url
    # Those that hardly answer stand in a list of their own and are not promised.
    expect(page.locator("[data-hits]").first.locator("article")).to_have_count(min(int(promised), 20))
    page.locator(".results-chips a").first.click()
    assert "toimiala=" not in page.url
    expect(page.locator(COUNT)).to_have_text(whole)
    page.go_back()
    assert "toimiala=" in page.url


def test_facets_are_folded_on_a_phone(open_page: Open) -> None:
    page = open_page(width=390)
    page.goto("/teot?q=koulu")
    fold = page.locator(".filters-fold > summary")
    expect(page.locator("input[name=toimiala]").first).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=toimiala]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_ticks_a_filter_on_a_phone_goes_on_where_they_were(open_page: Open) -> None:
    page = open_page(width=390)
    page.goto("/teot?q=koulu")
    whole = page.locator(COUNT).inner_text()
    page.locator(".filters-fold > summary").click()
    box = page.locator("input[name=toimiala]").first
    value = box.get_attribute("value")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(COUNT)).not_to_have_text(whole)
    ticked = page.locator(f"input[name=toimiala][value='{value}']")
    expect(ticked).to_be_checked()
    expect(ticked).to_be_visible()
    expect(ticked).to_be_focused()


@pytest.mark.parametrize("prefix", ["", "/sv"])
def test_nothing_good_is_said_and_ways_on_are_offered(open_page: Open, prefix: str) -> None:
    page = open_page(width=390 if prefix else 1280)
    page.goto(f"{prefix}/teot?q=venepaikka")
    expect(page.locator(COUNT)).to_contain_text("venepaikka")
    assert not re.match(r"\d", page.locator(COUNT).inner_text()), "no count of deeds that answer nothing"
    wish = page.locator("a[href*='toiveet/uusi']")
    expect(wish.first).to_be_visible()
    wish.first.click()
    page.wait_for_load_state()
    assert "venepaikka" in page.url or page.locator("input[value*=venepaikka], textarea").count()


def test_the_answer_to_the_poll_leaves_the_reader_at_the_thanks(open_page: Callable[..., Page]) -> None:
    page = open_page(width=390)
    page.goto("/teot?q=päiväkoti")
    page.locator(".poll button[value=yes]").press("Enter")
    expect(page.locator(".poll p")).to_be_focused()
    expect(page.locator(".poll p")).to_contain_text("Kiitos!")


def test_the_poll_thanks_without_scripts_too(open_page: Callable[..., Page]) -> None:
    page = open_page(scripts=False)
    page.goto("/teot?q=kokous")
    expect(page.locator(".poll p")).to_be_hidden()
    page.locator(".poll button[value=no]").click()
    expect(page.locator(".poll p")).to_be_visible()
    expect(page.locator(".poll form")).to_be_hidden()
