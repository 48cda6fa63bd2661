"""What people type, and what comes out of it. Names begin with the id of the case."""

import csv
import io
import json
import re
import time
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tests.repository.test_architecture import MARKUP_REVIEWED, ROOT
from tori.core.text import render_markdown
from tori.exchange.importing import ImportOptions, import_deeds
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.people import Role, User
from tori.policy import SYSTEM
from tori.search import indexing

PAYLOADS = [
    "<script>alert(1)</script>", "<svg/onload=alert(1)>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
    "[a](java&#10;script:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)", "[a](vbscript:x)", "[a](\x01javascript:alert(1))",
    "![a](javascript:alert(1))", "![a](https://evil.example/x.png)", "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    "<base href=//evil.example>", "<a href='javascript:alert(1)'>a</a>", "<iframe src=//evil.example></iframe>",
    "<object data=//evil.example>", "<embed src=//evil.example>", "<form action=//evil.example><input name=p></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example>",
    "<style>*{background:url(//evil.example)}</style>", "<p style='position:fixed'>a</p>", "<p id=main>a</p>",
    "<p class=button>a</p>", "<details open ontoggle=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=1>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<!--><img src=x onerror=alert(1)>-->",
    "<svg><style><img src=x onerror=alert(1)></style></svg>", "</textarea><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>", "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "`</code><script>alert(1)</script>`", "```\n</pre><script>alert(1)</script>\n```", "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]", "[x](https://ok.example \"onmouseover=alert(1) x\")",
    "[x](https://ok.example\"onmouseover=\"alert(1))", "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>", "**<b onclick=alert(1)>x</b>**", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
]  # fmt: skip
ALLOWED = re.compile(r"<(/?)(p|br|hr|h[2-6]|ul|ol|li|strong|em|a|code|pre|blockquote|table|thead|tbody|tr|th|td)\b")
MARK = "\"'><script>alert(1)</script>{{7*7}}"


def faults(html: str) -> list[str]:
    """Whatever a browser could run, fetch or be confused by."""
    found = [tag for tag in re.findall(r"<[^>]*>", html) if not ALLOWED.match(tag)]
    for tag in re.findall(r"<[a-z][^>]*>", html):
        for name, value in re.findall(r'\s([a-z-]+)="([^"]*)"', tag):
            if name not in ("href", "title", "rel", "align", "scope", "start"):
                found.append(f"{name} in {tag}")
            if name == "href" and scheme_of(value) not in ("", "http", "https", "mailto"):
                found.append(f"address {value}")
    return found


def scheme_of(value: str) -> str:
    """As a browser reads it: entities told, white space and control characters gone. Empty in a relative address, as
    one is that does not begin with letters and a colon."""
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", unescape(value)))
    return found[1].lower() if found else ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x01_x01b_no_payload_is_active(payload: str) -> None:
    html = str(render_markdown(payload))
    assert faults(html) == []
    assert "<a " not in html or 'rel="nofollow ugc noopener"' in html


def test_x01_all_payloads_together_leave_the_good_text_alone() -> None:
    html = str(render_markdown("\n\n".join(["**lihava**", *PAYLOADS, "[ohje](https://ok.example)"])))
    assert faults(html) == []
    assert "<strong>lihava</strong>" in html
    assert '<a href="https://ok.example" rel="nofollow ugc noopener">ohje</a>' in html


pieces = st.sampled_from([*PAYLOADS, "<", ">", "&", '"', "'", "`", "[", "](", ")", "\n", "\n\n", "#", "* ", "> ", "| ",
                          "javascript:", "&#x6a;", "<a href=", "onerror=", "\x00", "\u202e", "&lt;", "]]>",
                          "-->"])  # fmt: skip


@settings(max_examples=10_000, deadline=None)
@example('[](<noscript><p title="</noscript><img src=x onerror=alert(1)>">')
@given(st.lists(st.one_of(pieces, st.text(max_size=12)), max_size=12).map("".join))
def test_x06_whatever_is_written_nothing_active_comes_out_and_cleaning_again_changes_nothing(text: str) -> None:
    import nh3

    from tori.core import text as module

    html = str(render_markdown(text))
    assert faults(html) == []
    again = nh3.clean(
        html, tags=module._ALLOWED_TAGS, attributes=module._ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"}, link_rel="nofollow ugc noopener",
    )  # fmt: skip
    assert again == html


SHAPES = ["http://a", "![![![", "[[[[", "****", "____", "`", "> ", "# ", "- ", "1. ", "|a", "<a ", "&amp;", "a\n\n",
          "[a](", "![a][b]", "\\", "~~~\n"]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_i09_no_shape_of_markdown_takes_long(shape: str) -> None:
    begun = time.thread_time()
    render_markdown(shape * (40_000 // len(shape)))
    assert time.thread_time() - begun < 6


@pytest.mark.parametrize(
    "text", ["1. " * 6_000, "> 1. - " * 2_500, "1. a\n" + "    1. b\n" * 1_500, "[" * 20_000 + "]" * 20]
)
def test_i09_what_would_take_the_parser_too_deep_is_shown_as_text(text: str) -> None:
    begun = time.thread_time()
    assert faults(str(render_markdown(text))) == []
    assert time.thread_time() - begun < 6


def test_i09_many_honest_links_stay_links() -> None:
    text = "\n".join(f"- [ohje {number}](https://example.org/{number})" for number in range(150))
    assert str(render_markdown(text)).count("<a href") == 150


# Texts on pages, in feeds, in mails


@pytest.fixture
def marked(make: Factory, session: Session, app: Flask) -> Deed:
    organisation = make.organisation("Nokian kaupunki")
    author = make.user(organisation=organisation, display_name="Aino <b>& Co")
    deed = make.deed(f"Teko {MARK}", summary=f"Tiivis {MARK}", organisation_id=organisation.id, author_id=author.id)
    session.add(Comment(deed_id=deed.id, author_id=author.id, body=MARK, html=str(render_markdown(MARK))))
    session.commit()
    indexing.rebuild(session, app.extensions["tori.search"]())
    session.rollback()
    return deed


def test_x02_titles_and_names_are_shown_as_they_were_typed_everywhere(
    marked: Deed, client: FlaskClient, app: Flask, make: Factory
) -> None:
    admin = Browser(app).sign_in(make.user(role=Role.ADMIN))
    paths = ["/", "/teot", f"/teot/{marked.id}-{marked.slug}", "/organisaatiot/nokian-kaupunki", "/teot?q=teko",
             f"/teot/{marked.id}/upote", f"/teot/{marked.id}/historia", f"/teot/{marked.id}/jaa"]  # fmt: skip
    for reader, addresses in (
        (client, paths),
        (admin.client, ["/hallinta", "/hallinta/kayttajat", "/hallinta/moderointi"]),
    ):
        for path in addresses:
            page = reader.get(path).text
            assert "<script>alert(1)" not in page, path
            assert "49" not in re.findall(r"</script&gt;(\S*)", page), path
    for path in ("/teot.atom", "/sitemap.xml"):
        root = ElementTree.fromstring(client.get(path).text)
        assert root.tag
    assert MARK in "".join(ElementTree.fromstring(client.get("/teot.atom").text).itertext())


def test_x05_json_inside_a_page_can_not_end_its_script(marked: Deed, client: FlaskClient) -> None:
    page = client.get(f"/teot/{marked.id}-{marked.slug}").text
    for content in re.findall(r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', page, re.DOTALL):
        assert "<" not in content
        json.loads(content)


def test_x03_mails_hold_marks_as_text_and_one_line_of_subject(
    marked: Deed, app: Flask, make: Factory, session: Session
) -> None:
    reader = Browser(app).sign_in(make.user(organisation=make.organisation("Toinen kunta")))
    for path in ("kommentit", "mallia"):
        reader.post(f"/teot/{marked.id}/{path}", {"body": MARK, "kind": "question"})
    browser = Browser(app)
    browser.post("/unohtunut-salasana", {"email": session.scalars(select(User.email)).first()})
    for mail in mails(session):
        assert "<script>" not in mail.body_html
        assert "\n" not in mail.subject


def test_i12_cells_of_a_table_are_no_formulas(app: Flask, session: Session, make: Factory, client: FlaskClient) -> None:
    starts = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
    for start in starts:
        make.deed(f"{start} teko")
    answer = client.get("/teot.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    delimiter = ";" if ";" in text.split("\n")[0] else ","
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
    assert [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "@", "＝")] == []
    assert sum(cell.startswith("'") for cell in cells) >= len(starts)


# The interface


def test_c06_the_interface_changes_nothing_also_with_a_cookie(browser: Browser, make: Factory) -> None:
    deed = make.deed()
    browser.sign_in(make.user(role=Role.ADMIN))
    for method, path in (("POST", "/api/v1/deeds"), ("PUT", f"/api/v1/deeds/{deed.id}"),
                         ("DELETE", f"/api/v1/deeds/{deed.id}")):  # fmt: skip
        answer = browser.client.open(path, method=method, json={"title": "x"})
        assert answer.status_code in (400, 401, 403, 404, 405), (method, path)


@pytest.mark.parametrize(
    "query", ["author_email=a", "sort=password_hash", "fields=email", "filter[author.email]=a", "include_drafts=1",
              "per_page=100000", "per_page=-1", "page=0", "per_page=NaN", "page=" + "9" * 23]
)  # fmt: skip
def test_z10_z11_the_interface_takes_what_it_knows_only(
    app: Flask, session: Session, make: Factory, client: FlaskClient, query: str
) -> None:
    make.deed()
    indexing.rebuild(session, app.extensions["tori.search"]())
    session.rollback()
    answer = client.get(f"/api/v1/deeds?{query}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert len(answer.get_json()["items"]) <= 100


def test_z11b_g01_no_address_of_a_person_is_anywhere(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    nokia = make.organisation("Nokian kaupunki")
    author = make.user("salattu.osoite@nokia.example.org", organisation=nokia, steward=True)
    deed = make.deed(organisation_id=nokia.id, author_id=author.id)
    session.add(Comment(deed_id=deed.id, author_id=author.id, body="Hei", html="<p>Hei</p>"))
    session.commit()
    indexing.rebuild(session, app.extensions["tori.search"]())
    session.rollback()
    reader = Browser(app).sign_in(make.user())
    paths = ["/", "/teot", f"/teot/{deed.id}-{deed.slug}", "/organisaatiot/nokian-kaupunki", "/teot.atom", "/teot.csv",
             "/api/v1/deeds", f"/api/v1/deeds/{deed.id}", "/api/v1/organisations", f"/teot/{deed.id}/historia",
             "/sitemap.xml", f"/teot/{deed.id}/upote", "/api/v1/suggest?q=salattu"]  # fmt: skip
    for source in (client, reader.client):
        for path in paths:
            assert "salattu.osoite" not in source.get(path).text, path
    assert client.get("/api/v1/users").status_code == 404


@pytest.mark.parametrize(
    "body", ["{", "[" * 100_000, '{"a": NaN}', "9" * 5_000, '"\\ud800"', '["a"]', "null", '{"q": ["a"]}']
)
def test_i08_broken_json_is_no_error_of_ours(client: FlaskClient, body: str) -> None:
    for path in ("/api/v1/deeds", "/haku/klikkaus", "/kirjaudu", "/teot/uusi/automaattitallennus"):
        answer = client.post(path, data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500 or answer.status_code == 204, path


# Import


def test_u12_an_import_with_one_bad_row_writes_nothing_and_again_changes_nothing(
    session: Session, make: Factory
) -> None:
    make.sector()
    line = {"title": "Tuotu", "summary": "Lyhyesti.", "organisation": "Nokian kaupunki", "sector": "koko-kunta"}
    lines = [json.dumps({**line, "title": f"Tuotu {number}", "external_id": f"a-{number}"}) for number in range(50)]
    bad = [*lines[:49], lines[49].replace("koko-kunta", "avaruus")]
    report = import_deeds(session, SYSTEM, bad, ImportOptions(dry_run=True))
    assert report.refused
    session.rollback()
    import_deeds(session, SYSTEM, bad, ImportOptions())
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Deed)) == 0
    for _ in range(2):
        import_deeds(session, SYSTEM, lines, ImportOptions())
        session.commit()
        assert session.scalar(select(func.count()).select_from(Deed)) == 50


@pytest.mark.parametrize(
    "text", ["[" * 50_000, '{"title": ' * 5_000, "\x00" * 100, '{"title": "a"}{"title": "b"}', "[]", "1"]
)
def test_u13_a_broken_file_is_told_of_in_time(session: Session, make: Factory, text: str) -> None:
    make.sector()
    begun = time.thread_time()
    report = import_deeds(session, SYSTEM, [text], ImportOptions(dry_run=True))
    assert report.refused
    assert time.thread_time() - begun < 5


# Drafts and sharing


@pytest.mark.parametrize("rest", ["jaa", "qr.png", "upote", "kokous", "linkit"])
def test_z21_a_draft_has_no_sharing_picture_and_no_sheet(make: Factory, client: FlaskClient, rest: str) -> None:
    draft = make.deed("Salainen", status=DeedStatus.DRAFT)
    assert client.get(f"/teot/{draft.id}/{rest}").status_code in (404, 405)
    assert client.get(f"/teot/{draft.id}.pdf").status_code == 404


def test_z03_z09_the_deed_of_another_municipality_stays_as_it_was(
    app: Flask, make: Factory, session: Session, browser: Browser
) -> None:
    deed = make.deed("Oma", organisation_id=make.organisation("Omistaja").id)
    other = make.user(organisation=make.organisation("Vieras"))
    browser.sign_in(other)
    for path in ("muokkaa", "poista"):
        assert browser.get(f"/teot/{deed.id}/{path}").status_code in (403, 404)
        form = {"title": "Kaapattu", "summary": "x", "action": "publish", "author_id": other.id, "organisaatio_id": "1"}
        assert browser.post(f"/teot/{deed.id}/{path}", form).status_code in (403, 404)
    session.rollback()
    session.expire_all()
    assert (session.get_one(Deed, deed.id).title, session.get_one(Deed, deed.id).author_id) == ("Oma", None)


def test_s01_nothing_that_a_person_names_is_fetched() -> None:
    """Only the client of ``edge/outbound.py`` calls other servers: the sign-in of organisations and hooks go by it."""
    calls = re.compile(r"^\s*(?:import|from) (requests|urllib\.request|urllib3|httpx|http\.client)\b", re.MULTILINE)
    users = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "tori").rglob("*.py") if calls.search(path.read_text())
    }
    # printing.py and serving.py open what is their own: files of the site, and its own readiness.
    assert users == {
        "tori/edge/outbound.py",
        "tori/accounts/openid.py",
        "tori/deeds/printing.py",
        "tori/serving.py",
    }
    html = str(render_markdown("![k](http://127.0.0.1:1/x) [l](http://127.1/) ![k](http://[::1]/)"))
    assert "<img" not in html


REVIEWED = {
    "Markup(": set(MARKUP_REVIEWED),
    "render_template_string": set(),
    "|safe": {"templates/gallery/sample.html"},
    "pickle.load": set(),
    "yaml.load": set(),
    "shell=True": set(),
    "verify=False": set(),
    "eval(": set(),
}


@pytest.mark.parametrize("words", list(REVIEWED))
def test_i06_dangerous_words_stand_only_where_they_were_reviewed(words: str) -> None:
    files: list[Path] = [*(ROOT / "tori").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    pattern = re.compile(r"(?<![\w.])" + re.escape(words)) if words[0].isalpha() else re.compile(re.escape(words))
    found = {path.relative_to(ROOT).as_posix() for path in files if pattern.search(path.read_text())}
    assert found <= REVIEWED[words]
