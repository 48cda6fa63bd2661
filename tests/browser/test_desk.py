"""The desk in a browser: what needs a keyboard, a mouse or another reader's window to be seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

Open = Callable[..., Page]
EDITOR = "toimittaja@example.org"


def press_until_focused(page: Page, selector: str, key: str = "Tab", most: int = 200) -> None:
    """Walks with the keyboard until the thing has the focus."""
    for _turn in range(most):
        page.keyboard.press(key)
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"the keyboard never came to {selector}")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_top_12_is_made_and_published_by_keyboard_alone(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    sign_in(page, EDITOR)
    page.goto("/hallinta/toplistat")
    press_until_focused(page, "#title")
    name = f"Kokeilemisen arvoiset {width}"
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hallinta/toplistat/*")
    studio = page.url.partition("#")[0]
    for word in ("kokeilu", "johtaminen"):
        page.goto(f"{studio}?q={word}")
        for _turn in range(6):
            buttons = page.locator("ul[aria-label] button[formaction*='/lisaa']")
            buttons.first.focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
    rows = page.locator("[data-sortable] > li")
    expect(rows).to_have_count(12)
    for index in range(12):
        rows.nth(index).locator("textarea").focus()
        page.keyboard.type(f"Peruste {index + 1}")

    moved = rows.nth(2).get_attribute("data-title")
    rows.nth(2).locator("textarea").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(rows.nth(0)).to_have_attribute("data-title", moved or "")
    expect(rows.nth(0).locator("textarea")).to_be_focused()
    expect(page.locator("#status")).to_contain_text(moved or "")
    rows.nth(11).locator("[data-step='-1']").focus()
    page.keyboard.press("Enter")
    expect(rows.nth(10).locator("[data-step='-1']")).to_be_focused()

    page.locator("#save-deeds").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#teot")
    expect(rows.nth(0)).to_have_attribute("data-title", moved or "")
    page.locator("#publish").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success")).to_be_visible()

    reader = open_page(width=width)
    reader.goto("/toplistat")
    reader.get_by_role("link", name=name).click()
    expect(reader.locator("ol.steps > li")).to_have_count(12)
    expect(reader.locator("ol.steps > li").first).to_contain_text(moved or "")
    expect(reader.locator("ol.steps > li").first).to_contain_text("Peruste 3")


def test_deeds_are_put_in_order_by_dragging(open_page: Open) -> None:
    page = open_page()
    sign_in(page, EDITOR)
    page.goto("/hallinta/toplistat/4")
    rows = page.locator("[data-sortable] > li")
    first = rows.nth(0).get_attribute("data-title") or ""
    rows.nth(0).evaluate("row => row.scrollIntoView()")
    box = rows.nth(1).bounding_box()
    assert box is not None
    rows.nth(0).locator(".studio-handle").hover()
    page.mouse.down()
    for step in (0.6, 0.9, 0.9):
        page.mouse.move(box["x"] + 30, box["y"] + box["height"] * step, steps=4)
    page.mouse.up()
    expect(rows.nth(1)).to_have_attribute("data-title", first)
    expect(rows.nth(1).locator("[data-place]")).to_have_text("2")


def test_the_work_queue_by_keyboard(open_page: Open) -> None:
    visitor = open_page()
    for number in (1, 2):
        visitor.goto("/palaute?aihe=idea")
        visitor.locator("#body").fill(f"Ehdotus {number}")
        visitor.locator("form.form button[type=submit]").last.click()
        visitor.wait_for_url("**/kiitos")
    page = open_page()
    sign_in(page, EDITOR)
    page.goto("/hallinta?jono=feedback")
    links = page.locator("form[data-work] tbody a")
    links.nth(0).focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("form[data-work] input:checked")).to_have_count(2)
    page.locator("button[value=take]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success")).to_be_visible()
    page.goto("/hallinta?kenen=minun")
    expect(page.locator("form[data-work] tbody")).to_contain_text("Ehdotus 1")


def test_the_front_page_is_arranged_and_published(open_page: Open) -> None:
    page = open_page(width=390)
    sign_in(page, EDITOR)
    page.goto("/hallinta/etusivu/uusi/text")
    page.locator("#title_fi").fill("Kokeile ensi viikolla")
    page.locator("#text_fi").fill("Valitse yksi pieni teko.")
    page.locator("form.form button.button-primary").click()
    page.wait_for_url("**/hallinta/etusivu")
    rows = page.locator("[data-sortable] > li")
    last = rows.last
    for _turn in range(rows.count() - 1):
        last.locator("[data-step='-1']").focus()
        last = page.locator("[data-title='Kokeile ensi viikolla']")
        page.keyboard.press("Enter")
    expect(rows.first).to_have_attribute("data-title", "Kokeile ensi viikolla")
    page.locator("#publish").click()
    expect(page.locator(".notice-success")).to_be_visible()
    reader = open_page(width=390)
    reader.goto("/")
    headings = reader.locator("main h2")
    expect(headings.first).to_have_text("Kokeile ensi viikolla")


def test_a_report_is_handled_and_its_reason_received(open_page: Open) -> None:
    reader = open_page(width=390)
    reader.goto("/teot/7")
    reader.locator("a[href*='/ilmoita/deed/']").click()
    reader.locator("#fault input[value=false]").check()
    reader.locator("#body").fill("Säästöluku on väärä.")
    reader.locator("form.form button.button-primary").click()
    reader.wait_for_url("**/ilmoitukset/*")
    editor = open_page()
    sign_in(editor, EDITOR)
    editor.goto("/hallinta?jono=reports")
    editor.get_by_role("link", name="Säästöluku on väärä.").first.click()
    editor.locator("#verdict input[value=kept]").check()
    editor.locator("#answer").fill("Luku on tarkistettu tekijältä.")
    editor.locator("form.form button.button-primary").first.click()
    expect(editor.locator(".notice-success")).to_be_visible()
    reader.reload()
    expect(reader.locator("main")).to_contain_text("Luku on tarkistettu tekijältä.")


def test_two_themes_become_one_and_their_follower_comes_along(open_page: Open) -> None:
    follower = open_page()
    sign_in(follower)
    follower.goto("/teemat/aivotyo")
    follower.locator("form[data-press] button").first.click()
    expect(follower.locator("button[aria-pressed=true]")).to_be_visible()
    editor = open_page()
    sign_in(editor, EDITOR)
    editor.goto("/hallinta/teemat")
    editor.locator("table a", has_text="aivoty").first.click()
    editor.locator("#into").select_option(index=1)
    into = editor.locator("#into option:checked").inner_text()
    editor.locator("#merge").click()
    expect(editor.locator(".notice-success")).to_be_visible()
    follower.goto("/teemat/aivotyo")
    expect(follower.locator("h1")).to_have_text(into)
    expect(follower.locator("button[aria-pressed=true]")).to_be_visible()
    follower.goto("/teot?teema=aivotyo")
    assert "aivotyo" not in follower.url


def test_two_organisations_become_one(open_page: Open) -> None:
    admin = open_page()
    sign_in(admin, "admin@example.org")
    admin.goto("/hallinta/organisaatiot?q=puumala")
    admin.locator("table a").first.click()
    admin.locator("summary", has_text="toiseen").click()
    admin.locator("#into").fill("/organisaatiot/kuhmon-kaupunki")
    admin.locator("#merge").click()
    expect(admin.locator(".notice-success")).to_be_visible()
    admin.goto("/organisaatiot/puumalan-kunta")
    expect(admin.locator("main")).to_contain_text("Kuhmo")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_menu_of_the_desk_opens_by_keyboard_and_tells_where_one_is(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    sign_in(page, EDITOR)
    page.goto("/hallinta/teemat")
    if width == 390:
        page.locator(".desk-menu > summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".desk-list a[aria-current=page]")).to_have_text("Teemat")
        page.locator(".desk-list a", has_text="Teon valinnat").focus()
    else:
        group = page.locator(".desk-nav details.is-current")
        expect(group.locator(".desk-here")).to_have_text("Teemat")
        group.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(group.locator("a[aria-current=page]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(group.locator("a[aria-current=page]")).to_be_hidden()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hallinta/valinnat")
    expect(page.locator("h1")).to_have_text("Teon valinnat")


def test_a_duplicate_organisation_goes_away_when_its_name_is_repeated(open_page: Open) -> None:
    admin = open_page()
    sign_in(admin, "admin@example.org")
    admin.goto("/hallinta/organisaatiot?q=sipoo")
    admin.locator("table a").first.click()
    name = admin.locator("h1").inner_text()
    admin.locator("summary", has_text="kaksoiskappale").click()
    admin.locator("#duplicate_of").fill("/organisaatiot/askolan-kunta")
    admin.locator("#said").fill("Askola")
    admin.locator("#dissolve").click()
    expect(admin.locator("#error-summary")).to_be_visible()
    admin.locator("#said").fill(name)
    admin.locator("#dissolve").click()
    expect(admin.locator(".notice-success")).to_be_visible()
    admin.goto("/organisaatiot/sipoon-kunta")
    assert admin.url.endswith("/organisaatiot/askolan-kunta")


@pytest.mark.parametrize("scripts", [True, False])
def test_two_windows_of_the_studio_lose_nothing_that_is_typed(open_page: Open, scripts: bool) -> None:
    windows = [open_page(scripts=scripts), open_page(scripts=scripts)]
    for number, page in enumerate(windows):
        sign_in(page, EDITOR)
        page.goto("/hallinta/toplistat/4")
        page.locator("[data-sortable] textarea").first.fill(f"Ikkunan {number} sanat {scripts}")
    first, second = windows
    first.locator("#save-deeds").click()
    expect(first.locator(".notice-success")).to_be_visible()
    # Enter in the search looks for deeds and saves nothing.
    second.locator("#studio-q").fill("kokeilu")
    second.locator("#studio-q").press("Enter")
    expect(second.locator("ul[aria-label='Löytyneet']")).to_be_visible()
    mine = second.locator("[data-sortable] textarea").first
    expect(mine).to_have_value(f"Ikkunan 1 sanat {scripts}")
    second.locator("#save-deeds").click()
    summary = second.locator("#error-summary")
    expect(summary).to_contain_text("Joku muu tallensi")
    if scripts:
        expect(summary).to_be_focused()
    expect(mine).to_have_value(f"Ikkunan 1 sanat {scripts}")
    second.locator("#saved-meanwhile summary").first.click()
    expect(second.locator("#saved-meanwhile")).to_contain_text(f"Ikkunan 0 sanat {scripts}")
    second.locator("#save-deeds").click()
    expect(second.locator(".notice-success")).to_be_visible()
    expect(mine).to_have_value(f"Ikkunan 1 sanat {scripts}")


def test_enter_in_the_studio_presses_the_button_beside_the_field(open_page: Open) -> None:
    page = open_page(width=390)
    sign_in(page, EDITOR)
    page.goto("/hallinta/toplistat/4")
    page.locator("[data-sortable] textarea").first.fill("Kesken jäänyt lau")
    page.locator("#studio-q").press("Enter")
    page.wait_for_url("**/haku#lisaa")
    expect(page.locator(".notice-success")).to_have_count(0)
    expect(page.locator("[data-sortable] textarea").first).to_have_value("Kesken jäänyt lau")
    page.locator("summary", has_text="ylläpitäjät").click()
    page.locator("#email").fill("jasen@example.org")
    page.locator("#email").press("Enter")
    expect(page.locator(".notice-success")).to_contain_text("voi nyt ylläpitää")


def test_enter_at_the_moment_of_a_newsletter_sends_and_keeps_it(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "toimittaja@example.org")
    page.goto("/hallinta/uutiskirjeet/uusi")
    page.locator("#subject_fi").fill("Syksyn teot")
    page.locator("form.with-aside .button-primary").click()
    page.locator("#publish_at").fill("2030-01-01T10:00")
    page.locator("#publish_at").press("Enter")
    expect(page.locator("#is_sure-error")).to_be_visible()
    expect(page.locator("#publish_at")).to_have_value("2030-01-01T10:00")
