"""Text for addresses, Markdown to safe HTML, excerpts. The only place where a text of a person becomes HTML."""

import re
import threading
import unicodedata
from html import escape
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

MAX_MARKDOWN = 20_000
MANY_BRACKETS = 100
"""The parser looks for the end of each bracket through the whole text, so thousands of open ones would take minutes.
A text with more than these is looked at: brackets that never close, stand too deep or begin too many links are text."""
MAX_DEPTH = 4
MAX_LINKS = 250
MAX_NESTED = 12
"""Lists and quotations inside each other on one line; the parser goes into each, and would fall off the end."""
MAX_SLUG = 80

_ALLOWED_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a"),
    *("code", "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td"),
}
_ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "th": {"align", "scope"}, "td": {"align"}, "ol": {"start"}}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_AFTER_Z = str.maketrans("åäö", "{|}")
_SLUG_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t"})


def slugify(text: str, fallback: str = "teko") -> str:
    """``Hämeenkyrön kunta`` -> ``hameenkyron-kunta``; at most 80 characters, never empty."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SLUG_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > MAX_SLUG:
        slug = slug[:MAX_SLUG].rsplit("-", 1)[0]
    return slug or fallback


def alphabetical(name: str) -> str:
    """Key of names in the order of Finnish and Swedish: å, ä and ö come last, capitals beside small letters."""
    return name.casefold().translate(_AFTER_Z)


def clean_line(text: str | None) -> str:
    """One line as a person meant it: NFC, no control or direction characters, single spaces."""
    text = unicodedata.normalize("NFC", text or "")
    return _SPACES.sub(" ", _CONTROL.sub("", text).replace("\r", " ").replace("\n", " ")).strip()


def clean_text(text: str | None) -> str:
    """Several lines: as ``clean_line``, with line breaks kept as ``\\n``."""
    text = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).strip()


class _HeadingsFromTwo(Treeprocessor):
    """The page has the only first-level heading, so a writer's ``# x`` becomes ``h2``, and so on."""

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if re.fullmatch(r"h[1-6]", element.tag)]
        shift = 2 if any(element.tag == "h1" for element in headings) else 1
        for element in headings:
            element.tag = f"h{min(6, int(element.tag[1]) + shift)}"


class _TableHeaders(Treeprocessor):
    def run(self, root: Element) -> None:
        for cell in root.iter("th"):
            cell.set("scope", "col")


class _PlainMarkdown(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (the library's name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("image_link")
        md.inlinePatterns.deregister("image_reference")
        md.treeprocessors.register(_HeadingsFromTwo(md), "headings_from_two", 0)
        md.treeprocessors.register(_TableHeaders(md), "table_headers", 1)


_NESTED = re.compile(rf"^((?:[ \t]*(?:[-*+>]|\d{{1,9}}\.)[ \t]*){{{MAX_NESTED}}})(?=[-*+>]|\d{{1,9}}\.)", re.MULTILINE)


def _bounded(text: str) -> str:
    """The text with what no person writes made harmless to the parser: brackets and nested marks beyond all need."""
    if text.count("[") > MANY_BRACKETS:
        text = _with_closed_brackets(text)
    return _NESTED.sub(r"\1\\", text)


def _with_closed_brackets(text: str) -> str:
    """Escapes each bracket that has no end, stands deeper than ``MAX_DEPTH`` or begins a link past ``MAX_LINKS``."""
    kept: set[int] = set()
    opened: list[int] = []
    links = 0
    for place, letter in enumerate(text):
        if letter == "[":
            opened.append(place)
        elif letter == "]" and opened:
            start = opened.pop()
            links += text[place + 1 : place + 2] == "("
            if len(opened) < MAX_DEPTH and links <= MAX_LINKS:
                kept.add(start)
    return "".join(
        "\\[" if letter == "[" and place not in kept and text[place - 1 : place] != "\\" else letter
        for place, letter in enumerate(text)
    )


_of_thread = threading.local()


def _parser() -> Markdown:
    """One for each thread: making it costs more than a short text does."""
    parser: Markdown | None = getattr(_of_thread, "parser", None)
    if parser is None:
        parser = Markdown(extensions=[_PlainMarkdown(), "tables", "sane_lists"], output_format="html")
        _of_thread.parser = parser
    return parser.reset()


def render_markdown(source: str | None) -> Markup:
    """Markdown of a person as HTML that can't do anything: no raw HTML, no images, no scripts, links without credit.

    Longer text than ``MAX_MARKDOWN`` is cut before rendering, as odd input makes the parser slow.
    """
    text = clean_text(source)[:MAX_MARKDOWN]
    if not text:
        return Markup("")
    try:
        html = _parser().convert(_bounded(text))
    except RecursionError:
        # Stopped in the middle of the text, it is not fit for another one.
        del _of_thread.parser
        return paragraphs(text)
    return Markup(
        nh3.clean(
            html,
            tags=_ALLOWED_TAGS,
            attributes=_ALLOWED_ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow ugc noopener",
        )
    )


def stored_html(html: str | None) -> Markup:
    """HTML that ``render_markdown`` made when the text was saved."""
    return Markup(html or "")


def plain_text(source: str | None) -> str:
    """Markdown without its marks, on one line, for excerpts, feeds and mails."""
    html = str(render_markdown(source))
    return clean_line(nh3.clean(re.sub(r"</(p|li|h\d|tr|td|th)>|<br>", " ", html), tags=set()).replace("&nbsp;", " "))


def excerpt(text: str, length: int = 200) -> str:
    """The start of a plain text, cut between words, with an ellipsis when something was left out."""
    if len(text) <= length:
        return text
    return text[: length + 1].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs, every character shown as it was typed."""
    blocks = [block for block in re.split(r"\n\s*\n", clean_text(text)) if block]
    return Markup("".join(f"<p>{escape(block)}</p>".replace("\n", "<br>") for block in blocks))
