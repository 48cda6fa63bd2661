"""Text for addresses and Markdown that can do nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tori.core.text import alphabetical, clean_line, excerpt, plain_text, render_markdown, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Hämeenkyrön kunta", "hameenkyron-kunta"), ("Ääni & väri!", "aani-vari"), ("…", "teko"), ("Čáhci", "cahci")],
)
def test_a_slug_has_plain_letters_only(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_a_long_slug_is_cut_between_words() -> None:
    slug = slugify("kehittäminen " * 20)
    assert len(slug) <= 80
    assert slug.endswith("kehittaminen")


def test_markdown_becomes_html_with_headings_below_the_pages_own() -> None:
    assert render_markdown("# Otsikko\n\n**lihava**") == "<h3>Otsikko</h3>\n<p><strong>lihava</strong></p>"


def test_links_give_no_credit_and_no_access_to_the_page() -> None:
    assert 'rel="nofollow ugc noopener"' in render_markdown("[ohje](https://example.org)")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<svg/onload=alert(1)>",
        "[a](java&#10;script:alert(1))",
        "[a](javascript:alert(1))",
        "![a](data:text/html;base64,PHN2Zz4=)",
        '<img src=x onerror="alert(1)">',
        "<base href=//evil.example>",
        "[a](data:text/html,<script>alert(1)</script>)",
        "<a href='javascript:alert(1)'>a</a>",
        "`</code><script>alert(1)</script>`",
    ],
)
def test_x01_nothing_in_markdown_is_active(payload: str) -> None:
    html = render_markdown(payload).lower()
    assert "<script" not in html
    assert "<svg" not in html
    assert "<img" not in html
    assert "<base" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


@given(st.text(max_size=300))
def test_x06_rendering_what_was_rendered_adds_nothing_active(text: str) -> None:
    html = str(render_markdown(text)).lower()
    assert "<script" not in html
    assert " on" not in "".join(part.split(">")[0] for part in html.split("<a ")[1:])


def test_x07_control_and_direction_characters_are_removed() -> None:
    assert clean_line("Kaisa\u202e\u200b\r\nBcc: x") == "Kaisa Bcc: x"


def test_an_excerpt_ends_between_words() -> None:
    assert excerpt("Aamupalaveri pidetään kävellen", 18) == "Aamupalaveri…"


def test_plain_text_leaves_the_marks_out() -> None:
    assert plain_text("## Tavoite\n\n- **nopeampi** palvelu") == "Tavoite nopeampi palvelu"


def test_names_are_in_the_order_of_the_finnish_alphabet() -> None:
    names = ["Öja", "Ähtäri", "vihti", "Åbo", "Zetor", "Vaasa"]
    assert sorted(names, key=alphabetical) == ["Vaasa", "vihti", "Zetor", "Åbo", "Ähtäri", "Öja"]
