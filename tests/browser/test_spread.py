"""How a practice spreads, in a browser and in the mail: the visitor's press, the follow-up, an answer, the digest."""

import re
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_loop import write_quick_deed
from tests.site import Site

Open = Callable[..., Page]
KANGASALA = "jasen2@example.org"
PASSWORD = "tuulinen torstai torilla"


def newest(site: Site, recipient: str, header: str, words: str) -> EmailMessage:
    """The newest mail to the recipient whose header has the words, waited for."""
    for _turn in range(120):
        folder = site.instance / "mail"
        for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == recipient and words in (message[header] or ""):
                return message
        time.sleep(0.25)
    raise AssertionError(f"no mail to {recipient} with {words}")


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def change(site: Site, statement: str, *values: object) -> None:
    """Moves the rows of the running site back in time: the clock of the site itself can't be moved."""
    with sqlite3.connect(site.instance / "tori.sqlite3", timeout=20) as rows:
        assert rows.execute(statement, values).rowcount, statement
    rows.close()


def ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")


def test_a_visitors_press_lives_through_registration(open_page: Open, site: Site) -> None:
    page = open_page(width=390)
    address = "uusi.mallinottaja@akaa.fi"
    page.goto("/teot/31")
    page.locator("#mallia a.button-primary").click()
    page.locator("main a[href*='/rekisteroidy?next=']").click()
    page.locator("#name").fill("Suunnittelija")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.wait_for_timeout(3500)  # the form asks how long a person took to fill it in
    page.locator("main form button.button-primary").first.click()
    link = re.search(r"https?://\S+/rekisteroidy/vahvista/\S+", part(newest(site, address, "Subject", ""), "plain"))
    assert link is not None
    page.goto(link[0])
    page.locator("main form button").first.click()
    page.wait_for_url("**/teot/31/mallia")
    page.locator("#mallia form button").first.click()
    expect(page.locator("#mallia strong").first).to_contain_text("Akaan kaupunki")
    page.goto("/teot/31")
    expect(page.locator("#mallia-ottaneet")).to_contain_text("Akaan kaupunki")


def test_the_follow_up_is_answered_by_the_link_of_the_mail_without_signing_in(open_page: Open, site: Site) -> None:
    page = open_page()
    sign_in(page, KANGASALA)
    page.goto("/teot/33")
    page.locator("#mallia form[data-press] button").first.click()
    expect(page.locator("#mallia strong").first).to_contain_text("Kangasalan kaupunki")
    change(site, "UPDATE adoption SET created_at = ? WHERE deed_id = 33", ago(190))
    change(site, "DELETE FROM job_run WHERE name = 'ask_how_it_went'")
    letter = newest(site, KANGASALA, "List-Unsubscribe", "/seuranta/")
    links = [link for link in Links(part(letter, "html")).found if "tila=kaytossa" in link]
    assert links
    assert links[0] in part(letter, "plain")
    visitor = open_page(width=390)
    visitor.goto(links[0])
    expect(visitor.locator("input[name=status][value=kaytossa]")).to_be_checked()
    visitor.locator("input[name=success][value='4']").check()
    visitor.locator("#outcome").fill("Kierros on nyt joka yksikössä.")
    visitor.locator("main form button.button-primary").click()
    expect(visitor.locator("main .notice, main [role=status]").first).to_be_visible()
    visitor.goto("/teot/33")
    expect(visitor.locator("#mallia-ottaneet")).to_contain_text("Kierros on nyt joka yksikössä.")


def test_a_question_is_answered_and_the_asker_reads_it_by_the_link_of_the_mail(open_page: Open, site: Site) -> None:
    author = open_page()
    sign_in(author)
    write_quick_deed(author, "Kysytty teko: ulkona pidetty kokous", "fi")
    author.goto("/oma")
    author.get_by_role("link", name="Kysytty teko: ulkona pidetty kokous").first.click()
    address = author.url
    asker = open_page(width=390)
    sign_in(asker, KANGASALA)
    asker.goto(address)
    asker.locator("#comment-form textarea").fill("Entä sateella?")
    asker.locator("#comment-form input[value=question]").check()
    asker.locator("#comment-form button.button-primary").click()
    expect(asker.locator("#kommentit")).to_contain_text("Entä sateella?")
    question = newest(site, "jasen@example.org", "Subject", "Kysytty teko")
    found = re.search(r"https?://\S+#kommentti-\d+", part(question, "plain"))
    assert found is not None
    author.goto("/")
    author.goto(found[0])
    author.locator("#kommentit a[href$='/vastaa']").click()
    author.locator("#body").fill("Katoksessa, ja **aina** lyhyesti.")
    author.locator("main form button.button-primary").click()
    expect(author.locator("#kommentit .badge").first).to_contain_text("vastattu")
    answer = newest(site, KANGASALA, "Subject", "Kysytty teko")
    assert "Katoksessa" in part(answer, "html")
    found = re.search(r"https?://\S+#kommentti-\d+", part(answer, "plain"))
    assert found is not None
    asker.goto("/")
    asker.goto(found[0])
    expect(asker.locator(".comment-answers strong", has_text="aina")).to_be_visible()


def test_the_digest_is_ordered_read_opened_and_left(open_page: Open, site: Site) -> None:
    author = open_page()
    sign_in(author)
    write_quick_deed(author, "Uutiskirjeen teko", "fi")
    address = "uutisten.lukija@example.org"
    page = open_page(width=390)
    page.goto("/uutiskirje")
    page.locator("#email").fill(address)
    for label in page.locator("#sectors .tile label").all():
        label.click()
    page.locator("main form button.button-primary").click()
    confirm = re.search(r"https?://\S+/uutiskirje/vahvista/\S+", part(newest(site, address, "Subject", ""), "plain"))
    assert confirm is not None
    page.goto(confirm[0])
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_be_visible()
    change(site, "UPDATE news_item SET created_at = ? WHERE created_at > ?", ago(9), ago(1))
    change(site, "UPDATE digest_subscriber SET told_until = ? WHERE email = ?", ago(20), address)

    letter = newest(site, address, "List-Unsubscribe", "/uutiskirje/peru/")
    assert letter.get_content_type() == "multipart/alternative"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert "Uutiskirjeen teko" in part(letter, kind)
    html = part(letter, "html")
    assert "<img" not in html
    links = sorted(set(Links(html).found))
    assert any("/teot/" in link for link in links)
    for link in links:
        if link.startswith("mailto:"):
            continue
        assert link.startswith(site.url), link
        opened = page.goto(link)
        assert opened is not None
        assert opened.status == 200, link
    one_click = letter["List-Unsubscribe"].strip("<>")
    request = urllib.request.Request(one_click, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request, timeout=20) as done:
        assert done.status == 200
    page.goto(one_click.replace("/peru/", "/asetukset/"))
    expect(page.locator("input[name=rhythm][value=none]")).to_be_checked()
