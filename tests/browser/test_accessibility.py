"""Every type of page, light and dark, narrow and wide: axe finds nothing, nothing scrolls sideways."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sign_in

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PUBLIC_PAGES = [
    "/", "/teot", "/teot?q=päiväkoti&toimiala=opetus-ja-kasvatus", "/teot?q=zzzzqqqq", "/teot/5", "/teot/9999999",
    "/organisaatiot", "/organisaatiot/nokian-kaupunki", "/teemat", "/teemat/aivotyo", "/toimialat/koko-kunta",
    "/kampanjat", "/kampanjat/tekoja-tiskiin-2018", "/palkinnot", "/viikon-tekijat", "/toplistat",
    "/toplistat/varhaiskasvatus", "/toplistat/organisaatiot", "/toplistat/varhaiskasvatus/upote",
    "/toplistat/eniten-mallia", "/jutut", "/ilmoita/deed/5", "/oppaat", "/oppaat/kehittamispolku",
    "/oppaat/vuosikello", "/kysely", "/kysely/tulokset", "/uutiskirjeet", "/tilastot",
    "/tilastot/aiheet-ja-paikat", "/tilastot/mallit", "/tilastot/organisaatiot", "/tilastot/mielipiteet",
    "/tilastot/ensimmainen-tori",
    "/tilastot/teot?toimiala=koko-kunta", "/kartta", "/kartta?alue=kainuu&reitit=1", "/tilastot/vuosi/2026",
    "/pienille-kunnille", "/ohje", "/tietoa",
    "/saavutettavuus", "/tietosuoja", "/kayttoehdot", "/avoin-data", "/palaute", "/vertaa?teko=5&teko=9",
    "/teot/5/jaa", "/teot/5/kokous", "/teot/5/sukupuu", "/teot/5/historia", "/kirjaudu/linkki",
    "/kirjaudu/linkki/lahetetty", "/teot/5/upote", "/kirjaudu", "/rekisteroidy", "/unohtunut-salasana", "/tyylit",
    "/toiveet", "/toiveet/kumppanit", "/toiveet/vertaisapu",
    "/uutiskirje/hyoty/kylla", "/uutiskirje", "/mallinottajat", "/jutut/kuntatyo-2-0",
    "/jutut/sankarit-poikkeusoloissa/koronasairaalan-laitoshuoltajat", "/upote/teot", "/upote/laskuri",
    "/avoin-data/tiedostot", "/teot/5/leviaminen", "/organisaatiot/alajarven-kaupunki", "/teot/uusi",
]  # fmt: skip
OWN_PAGES = [
    "/oma", "/oma/tiedot", "/oma/salasana", "/oma/istunnot", "/oma/tallennetut", "/oma/ilmoitukset", "/oma/seurannat",
    "/oma/turvallisuus", "/oma/kaksivaiheinen", "/oma/poista", "/oma/haut", "/oma/teot", "/oma/kysymykset",
    "/teot/uusi", "/teot/uusi?koko=1", "/teot/12", "/teot/12/mallia", "/teot/12/pohjaksi", "/teot/12/haluan-tietaa",
    "/teot/12/talleta", "/teot/12/kommentit", "/teot/12/kysy", "/toiveet/uusi", "/oma/avaimet",
    "/oma/suunnitelmat", "/oma/merkit", "/oppaat/polku-kokeilujen-alkuun", "/teot/12/suunnitelma",
    "/teot/12/yhteisarvio",
]  # fmt: skip
DESK_PAGES = [
    "/hallinta", "/hallinta/jasenyydet", "/hallinta/saavutettavuus", "/organisaatiot/nokian-kaupunki/vaki",
    "/organisaatiot/nokian-kaupunki/viestit-jarjestelmille",
    "/hallinta/kayttajat/1?oikeus=deed:edit&kohde=5", "/hallinta/kayttajat", "/hallinta/loki", "/hallinta/moderointi",
    "/hallinta/postit", "/hallinta/palaute", "/hallinta/tuonti", "/hallinta/tarkistus", "/hallinta/aukot",
    "/hallinta/poiminnat", "/hallinta/kattavuus", "/hallinta/toplistat", "/hallinta/ilmoitukset",
    "/hallinta/moderointi/loki", "/hallinta/tilit/1", "/hallinta/etusivu", "/hallinta/etusivu/uusi/text",
    "/hallinta/teemat", "/hallinta/teemat/1", "/hallinta/teemat/uusi", "/hallinta/synonyymit", "/hallinta/haut",
    "/hallinta/organisaatiot", "/hallinta/organisaatiot/3", "/hallinta/organisaatiot/uusi", "/hallinta/jutut",
    "/hallinta/jutut/sarjat/1", "/hallinta/jutut/1", "/hallinta/jutut/sarjat/1/uusi", "/hallinta/sivut",
    "/hallinta/sivut/1", "/hallinta/sivut/uusi", "/hallinta/uutiskirjeet", "/hallinta/uutiskirjeet/uusi",
    "/hallinta/asetukset", "/hallinta/tila", "/hallinta/toplistat/4?q=p%C3%A4iv%C3%A4koti", "/teot/5/muokkaa",
    "/teot/5/taydenna/luvut", "/teot/5/paivitykset", "/teot/5/vertaisapu", "/teot/5/kumppanit", "/teot/5/kuvat",
    "/teot/5/poista", "/hallinta/kampanjat", "/hallinta/kampanjat/uusi",
    "/hallinta/kampanjat/1", "/hallinta/kampanjat/1/palkinnot", "/hallinta/kampanjat/1/raati", "/hallinta/vuosikello",
    "/hallinta/vinkit", "/hallinta/viikon-tekijat", "/hallinta/valinnat", "/hallinta/valinnat/1",
    "/hallinta/valinnat/uusi/hyoty", "/hallinta/vastaukset", "/hallinta/vastaukset/uusi", "/hallinta/jutut/1/kuvat",
    "/teot/5/taydenna/kenelle", "/teot/5/taydenna/tekijat", "/organisaatiot/nokian-kaupunki/lahettilas",
    "/organisaatiot/nokian-kaupunki/muokkaa", "/hallinta/tavoitteet", "/hallinta/kokeilut", "/hallinta/lapimurrot",
]  # fmt: skip


def faults(page: Page, **rules: object) -> list[object]:
    """What axe finds, and whether the page is wider than the window. ``rules`` switches single rules of axe."""
    page.evaluate(AXE)  # through the debugger, so that the strict policy of the page does not stop it
    options = {"runOnly": TAGS, "resultTypes": ["violations"], "rules": rules}
    found = page.evaluate("o => axe.run({exclude: ['.map']}, o)", options)["violations"]
    result: list[object] = [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in found]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        result.append("scrolls sideways")
    return result


@pytest.mark.parametrize("path", PUBLIC_PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_a_public_page_is_accessible(open_page: Callable[..., Page], path: str, width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    page.goto(path)
    assert faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_own_pages_are_accessible(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    sign_in(page)
    for path in OWN_PAGES:
        page.goto(path)
        assert faults(page) == [], path


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_desk_pages_are_accessible(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    sign_in(page, "admin@example.org")
    for path in DESK_PAGES:
        page.goto(path)
        assert faults(page) == [], path


@pytest.mark.parametrize("path", ["/", "/teot", "/teot/5", "/teot/uusi"])
def test_pages_keep_their_shape_in_forced_colours(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(width=390, forced_colors="active")
    if path == "/teot/uusi":
        sign_in(page)
    page.goto(path)
    # The colours are then the reader's own; axe can't compute their contrast.
    assert faults(page, **{"color-contrast": {"enabled": False}}) == []


def test_a_phone_at_double_size_scrolls_only_down(open_page: Callable[..., Page]) -> None:
    """A window of 390 px at 200 %: narrower than WCAG asks, and what some people have in their hand."""
    page = open_page(width=195)
    for path in (
        "/", "/teot", "/teot/5", "/organisaatiot", "/toplistat/varhaiskasvatus", "/oppaat", "/toplistat", "/kampanjat",
        "/kampanjat/tekoja-tiskiin-2018", "/jutut", "/sv/jutut/kuntatyo-2-0/2-itseohjautuvuus",
        "/sv/jutut/kuntatyo-2-0/4-tyoelaman-muotoilu", "/teemat", "/toiveet", "/palaute", "/rekisteroidy", "/tilastot",
        "/kysely",
    ):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    sign_in(page)
    for path in ("/teot/uusi", "/teot/uusi?koko=1", "/oma", "/teot/12", "/toiveet/uusi"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
