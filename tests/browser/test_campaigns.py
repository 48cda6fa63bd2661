"""Campaigns in a browser: a challenge to the published deed, a jury to the diploma, the weekly makers."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import faults
from tests.browser.test_loop import newest_mail
from tests.media import samples
from tests.site import Site
from tori.core import clock

Open = Callable[..., Page]
MANAGER = "kampanja@example.org"


def make_campaign(page: Page, kind: str, name: str, first: int, last: int, prize: str = "") -> str:
    """A public campaign that lasts from so many days after today to so many. Returns the address of its desk page."""
    today = clock.today()
    page.goto(f"/hallinta/kampanjat/uusi?laji={kind}")
    page.locator("#name").fill(name)
    page.locator("#starts_on").fill((today + timedelta(days=first)).isoformat())
    page.locator("#ends_on").fill((today + timedelta(days=last)).isoformat())
    page.locator("#is_public").check()
    if prize:
        page.locator("details", has=page.locator("#prizes_deeds")).locator("summary").click()
        page.locator("#prizes_deeds").fill(prize)
    page.locator("form.form button.button-primary").click()
    page.wait_for_url(re.compile(r"/hallinta/kampanjat/\d+$"))
    return page.url


def link_in(text: str, part: str) -> str:
    found = re.search(rf"https?://\S*(/{part}/\S+)", text)
    assert found, text
    return found[1]


def test_from_a_challenge_to_the_published_deed(open_page: Open, site: Site) -> None:
    # A second try in the same run must not meet the campaign of the first.
    number = time.time_ns() % 100_000
    manager = open_page()
    sign_in(manager, MANAGER)
    desk = make_campaign(manager, "challenge", f"Haastekisa {number}", 0, 30)
    assert faults(manager) == []

    stranger = open_page(width=390)
    stranger.goto(f"/kampanjat/haastekisa-{number}/haasta")
    assert faults(stranger) == []
    stranger.locator("form.form button.button-primary").click()
    expect(stranger.locator("#error-summary")).to_be_focused()
    stranger.locator("#nominee_name").fill("Nokian kehittäjä")
    stranger.locator("#nominee_email").fill("jasen@example.org")
    stranger.locator("#reason").fill("Aamupalaverit kävellen saivat kaikki mukaan.")
    stranger.locator("#email").fill("haastaja@example.org")
    stranger.locator("form.form button.button-primary").click()
    stranger.wait_for_url("**/kiitos")

    stranger.goto(link_in(newest_mail(site, "haastaja@example.org", "/haaste/vahvista/"), "haaste/vahvista"))
    assert faults(stranger) == []
    stranger.locator("main button.button-primary").click()

    challenged = open_page(width=390, scheme="dark")
    sign_in(challenged, "jasen@example.org")
    challenged.goto(link_in(newest_mail(site, "jasen@example.org", "/haaste/"), "haaste"))
    assert faults(challenged) == []
    challenged.locator("main button.button-accent").click()
    challenged.wait_for_url("**/teot/uusi**")
    expect(challenged.locator("#summary")).to_have_value("Aamupalaverit kävellen saivat kaikki mukaan.")
    expect(challenged.locator("#campaign")).to_be_checked()
    challenged.locator("#title").fill("Haasteeseen vastattu kävellen")
    challenged.locator("#sector .tile label").nth(5).click()
    challenged.locator("button[value=publish]").click()
    challenged.wait_for_url("**/kiitos")
    expect(challenged.get_by_role("link", name="Haasta seuraava")).to_be_visible()

    def is_told() -> bool:
        challenged.wait_for_timeout(300)
        return "Haasteeseen vastattu kävellen" in newest_mail(site, "haastaja@example.org")

    assert any(is_told() for _turn in range(60)), "the challenger hears nothing"
    manager.goto(desk)
    assert faults(manager) == []
    page = open_page()
    page.goto(f"/kampanjat/haastekisa-{number}")
    expect(page.get_by_role("link", name="Haasteeseen vastattu kävellen").first).to_be_visible()
    assert faults(page) == []


def test_from_the_jury_to_the_diploma(open_page: Open, site: Site) -> None:
    manager = open_page()
    sign_in(manager, MANAGER)
    desk = make_campaign(manager, "gala", "Gaala selaimessa", -9, -8, "Innostavat teot: innostaa muita")
    manager.goto(f"{desk}/raati")
    manager.locator("#criteria").fill("Hyöty asukkaalle: 2")
    manager.locator("#criteria").press("Tab")
    manager.locator("form", has=manager.locator("#criteria")).locator("button").click()
    manager.locator("#email").fill("jasen2@example.org")
    manager.locator("form", has=manager.locator("#email")).locator("button").click()
    assert faults(manager) == []

    juror = open_page(width=390)
    sign_in(juror, "jasen2@example.org")
    juror.goto("/oma/raati/gaala-selaimessa")
    assert faults(juror) == []

    manager.goto(f"{desk}/palkinnot")
    manager.locator("#winner").fill("5")
    manager.locator("#citation").fill("Pieni muutos, josta jokainen hyötyy.")
    manager.locator("form.form button.button-primary").click()
    expect(manager.locator("#given")).to_be_visible()
    assert faults(manager) == []
    for _step in range(2):
        manager.goto(desk)
        manager.locator("form[action$=seuraava] button").click()

    reader = open_page(width=320, scheme="dark")
    reader.goto("/kampanjat/gaala-selaimessa/tulokset")
    assert faults(reader) == []
    reader.goto("/palkinnot")
    assert faults(reader) == []
    reader.get_by_role("link", name="Gaala selaimessa").first.wait_for()
    reader.goto("/teot/5")
    reader.locator(".chip-award").click()
    assert faults(reader) == []
    address = reader.get_by_role("link", name="Kunniakirja suomeksi (PDF)").get_attribute("href")
    answer = reader.request.get(f"{site.url}{address}")
    with pikepdf.open(BytesIO(answer.body())) as tagged:
        assert str(tagged.Root.Lang) == "fi"
        assert tagged.Root.MarkInfo.Marked
    document = PdfReader(BytesIO(answer.body()))
    assert len(document.pages) == 1
    assert "Innostavat teot" in document.pages[0].extract_text()


def test_the_weekly_makers_come_to_the_front_page(open_page: Open) -> None:
    manager = open_page(width=390)
    sign_in(manager, MANAGER)
    manager.goto("/hallinta/viikon-tekijat")
    manager.locator("#day").fill(clock.today().isoformat())
    manager.locator("#deed").fill("9")
    manager.locator("#makers").fill("Keittiön väki")
    manager.locator("#text").fill("He puolittivat hävikin yhdessä.")
    manager.locator("#consent").fill("tiimi, sähköpostilla")
    manager.locator("form.form button.button-primary").click()
    expect(manager.locator("#error-summary")).to_be_focused()
    manager.locator("#has_consent").check()
    manager.locator("form.form button.button-primary").click()
    expect(manager.locator("main")).to_contain_text("Keittiön väki")
    assert faults(manager) == []
    reader = open_page()
    for path in ("/", "/viikon-tekijat"):
        reader.goto(path)
        expect(reader.locator("main")).to_contain_text("Keittiön väki")
        assert faults(reader) == []


def test_a_video_plays_with_its_captions_by_keyboard(open_page: Open, tmp_path: Path) -> None:
    number = time.time_ns() % 100_000
    first = -10 - number % 3_000
    manager = open_page()
    sign_in(manager, MANAGER)
    desk = make_campaign(manager, "theme_month", f"Videokuu {number}", first, first + 1)
    manager.goto(f"{desk}/video")
    assert faults(manager) == []
    large = tmp_path / "suuri.mp4"
    with large.open("wb") as file:
        file.truncate(51_000_000)
    manager.set_input_files("#video", large)
    expect(manager.get_by_role("alert")).to_contain_text("50")
    expect(manager.locator("#video")).to_have_value("")
    manager.set_input_files("#video", {"name": "v.webm", "mimeType": "video/webm", "buffer": samples.WEBM})
    captions = {"name": "v.vtt", "mimeType": "text/vtt", "buffer": samples.CAPTIONS.replace(b"00:01.500", b"00:01,5")}
    manager.set_input_files("#captions", captions)
    manager.locator("#text").fill("Torin väki kertoo, miksi jakaminen kannattaa.")
    manager.locator("form.form button.button-primary").click()
    expect(manager.locator("#captions-error")).to_contain_text("7")
    assert faults(manager) == []
    manager.set_input_files("#captions", {**captions, "buffer": samples.CAPTIONS})
    manager.locator("form.form button.button-primary").click()
    manager.wait_for_url(re.compile(r"/hallinta/kampanjat/\d+$"))

    reader = open_page(width=390, scheme="dark")
    reader.goto(f"/kampanjat/videokuu-{number}")
    assert faults(reader) == []
    player = reader.locator("video")
    expect(player).to_have_js_property("paused", True)
    expect(player).to_have_js_property("preload", "none")
    player.focus()
    player.press("Space")
    expect(player).to_have_js_property("ended", True)
    assert player.evaluate("video => [video.textTracks[0].mode, video.textTracks[0].cues.length]") == ["showing", 2]
    reader.locator("summary", has_text="Video tekstinä").click()
    expect(reader.get_by_text("miksi jakaminen kannattaa")).to_be_visible()
    plain = open_page(scripts=False)
    plain.goto(f"/kampanjat/videokuu-{number}")
    expect(plain.locator("video[controls] track[default]")).to_have_count(1)
