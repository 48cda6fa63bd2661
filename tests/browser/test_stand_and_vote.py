"""Campaigns among people: a shared tablet at a fair, the vote of the public, a picture, the year clock."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults
from tests.browser.test_campaigns import MANAGER, link_in, make_campaign
from tests.browser.test_loop import newest_mail
from tests.media import samples
from tests.site import Site
from tori.core import clock

Open = Callable[..., Page]


def test_a_tablet_at_a_fair_sends_the_text_home_and_forgets_it(open_page: Open, site: Site) -> None:
    manager = open_page()
    sign_in(manager, MANAGER)
    make_campaign(manager, "open", "Messut selaimessa", 0, 20)
    path = "/kampanjat/messut-selaimessa/paikalla"
    manager.goto(path)
    expect(manager.locator("#title")).to_have_count(0)
    assert faults(manager) == []
    manager.locator("main form button.button-primary").click()
    expect(manager.locator("#title")).to_be_visible()

    tablet = open_page(width=820)
    tablet.clock.install()
    tablet.goto(path)
    assert faults(tablet) == []
    tablet.locator("form[data-stand] button.button-primary").click()
    expect(tablet.locator("#error-summary")).to_be_focused()
    tablet.locator("#title").fill("Keskeneräinen")
    asks = tablet.locator("[data-stand-asks]")
    tablet.clock.fast_forward("02:31")
    expect(asks).to_be_visible()
    assert faults(tablet) == []
    tablet.locator("[data-stand-stays]").click()
    expect(asks).to_be_hidden()
    expect(tablet.locator("#title")).to_have_value("Keskeneräinen")
    tablet.clock.fast_forward("02:31")
    expect(asks).to_be_visible()
    tablet.clock.fast_forward("00:31")
    expect(tablet.locator("#title")).to_have_value("")

    tablet.locator("#title").fill("Aamupala yhdessä")
    tablet.locator("#summary").fill("Koko talo syö aamupalan yhdessä.")
    tablet.locator("#sector .tile label").first.click()
    tablet.locator("#email").fill("messukavija@example.org")
    tablet.locator("form[data-stand] button.button-primary").click()
    tablet.wait_for_url("**/kiitos")
    assert faults(tablet) == []
    tablet.go_back()
    expect(tablet.locator("#title")).to_have_value("")
    assert tablet.context.cookies() == []

    home = open_page(width=390, scheme="dark")
    home.goto(link_in(newest_mail(site, "messukavija@example.org"), "teot/uusi/jatka"))
    expect(home.locator("main")).to_contain_text("Aamupala yhdessä")
    assert faults(home) == []
    home.locator("main button.button-primary").click()
    home.wait_for_url("**/tallessa")


def test_the_public_votes_for_a_shortlisted_deed(open_page: Open, site: Site) -> None:
    manager = open_page()
    sign_in(manager, MANAGER)
    desk = make_campaign(manager, "theme_month", "Äänestys selaimessa", 0, 20)
    maker = open_page()
    sign_in(maker, "jasen@example.org")
    maker.goto("/teot/uusi?kampanja=aanestys-selaimessa")
    maker.locator("#title").fill("Äänestettävä teko")
    maker.locator("#summary").fill("Jokainen sai sanoa.")
    maker.locator("#sector .tile label").first.click()
    maker.locator("button[value=publish]").click()
    maker.wait_for_url("**/kiitos")

    manager.goto(f"{desk}/raati")
    manager.get_by_role("button", name=re.compile("Ota mukaan")).click()
    expect(manager.get_by_role("link", name=re.compile("Anna palkinto"))).to_be_visible()
    manager.goto(f"{desk}/muokkaa")
    manager.locator("details", has=manager.locator("#vote_from")).locator("summary").click()
    manager.locator("#vote_from").fill(clock.today().isoformat())
    manager.locator("#vote_until").fill((clock.today() + timedelta(days=5)).isoformat())
    manager.locator("form.form button.button-primary").click()
    manager.wait_for_url(re.compile(r"/hallinta/kampanjat/\d+$"))
    assert faults(manager) == []
    manager.goto(f"{desk}/kuva")
    manager.locator("#picture").set_input_files(
        {"name": "kuva.png", "mimeType": "image/png", "buffer": samples.picture_bytes()}
    )
    manager.locator("#alt").fill("Väki torilla")
    manager.locator("#has_consent").check()
    manager.locator("form.form button.button-primary").click()
    manager.wait_for_url(re.compile(r"/hallinta/kampanjat/\d+$"))

    voter = open_page(width=390)
    voter.goto("/kampanjat/aanestys-selaimessa")
    expect(voter.get_by_role("img", name="Väki torilla")).to_be_visible()
    assert faults(voter) == []
    voter.get_by_role("link", name="Äänestä parasta tekoa").click()
    assert faults(voter) == []
    voter.locator("form.form button.button-primary").click()
    expect(voter.locator("#error-summary")).to_be_focused()
    voter.locator(".tile label").first.click()
    voter.locator("#email").fill("aanestaja@example.org")
    voter.locator("form.form button.button-primary").click()
    voter.wait_for_url("**/kiitos")
    voter.goto(link_in(newest_mail(site, "aanestaja@example.org"), "aani"))
    assert faults(voter) == []
    voter.locator("main button.button-primary").click()
    expect(voter.locator("h1")).to_contain_text("Äänesi on laskettu")
    manager.goto(f"{desk}/raati")
    expect(manager.locator("main")).to_contain_text("1 ääni laskettu")
    assert faults(manager) == []


def test_a_plan_stands_on_the_year_clock(open_page: Open) -> None:
    page = open_page(width=390)
    sign_in(page, MANAGER)
    page.goto("/hallinta/vuosikello")
    page.locator("#title").fill("Kuntamarkkinat selaimessa")
    page.locator("#starts_on").fill(clock.today().isoformat())
    page.locator("form.form button.button-primary").click()
    expect(page.locator(".wheel-plan")).to_be_visible()
    page.get_by_role("button", name=re.compile("Merkitse tehdyksi")).click()
    expect(page.get_by_role("button", name=re.compile("Ei vielä tehty"))).to_be_visible()
    assert faults(page) == []
