"""How a deed is passed on: a short link, a code for phones, ready texts, and the way to cite it."""

import re
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from urllib.parse import quote, urlencode

from flask_babel import gettext as _

from tori.core import clock
from tori.core.text import clean_line, excerpt
from tori.models.deeds import Deed

QUIET_ZONE = 4
QR_INK = "#07291f"
PNG_SCALE = 12
SHORT_POST = 280
LINK_LENGTH = 52
"""Room that a post keeps for the link and a space."""

LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
SOURCES = ("some", "uutiskirje", "intranet", "kortti", "tapahtuma", "lehti")
"""The tags of counted links, of deeds and of campaigns; they are parts of addresses."""
SOURCE_NAME = "lahde"
"""What carries the tag in the address of a deed."""
_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Code:
    """A QR code to draw: ``size`` modules wide with its quiet zone, ``path`` of the dark ones for an SVG."""

    size: int
    path: str


@dataclass(frozen=True)
class ReadyText:
    """A text to copy. ``name`` is its part of ids in the page; ``send`` are the channels that it can be sent to from
    there, the name of each and a plain link that opens it with the text in place."""

    name: str
    label: str
    text: str
    rows: int
    send: tuple[tuple[str, str], ...] = ()


def qr_code(address: str) -> Code:
    import segno

    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                parts.append(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{width}v1h-{width}z")
            x += width
    return Code(len(rows) + 2 * QUIET_ZONE, "".join(parts))


def qr_png(address: str) -> bytes:
    import segno

    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="png", scale=PNG_SCALE, border=QUIET_ZONE, dark=QR_INK, light="#fff"
    )
    return out.getvalue()


def hashtags(deed: Deed) -> str:
    """Those of the campaign, in one line."""
    tags = deed.campaign.hashtags if deed.campaign else []
    return " ".join(f"#{tag.lstrip('#')}" for tag in tags if tag.strip("# "))


def ready_texts(deed: Deed, organisation: str, site: str, link: str) -> list[ReadyText]:
    """Texts for others to publish, around the maker's own words."""
    tags = hashtags(deed)
    close = " ".join(part for part in (tagged(link, "some"), tags) if part)
    line = _("%(organisation)s: %(title)s", organisation=organisation, title=deed.title)
    room = SHORT_POST - LINK_LENGTH - len(tags) - 1

    def read(source: str) -> str:
        return str(_("Read how it was done and take the model: %(link)s", link=tagged(link, source)))

    told = _("The deed has been told on %(site)s, where municipalities pass on what they made better.", site=site)
    short = f"{excerpt(line, room)} {close}"
    long = "\n\n".join(filter(None, (line, deed.summary, read("some"), tags)))
    letter = f"{deed.title}\n\n{deed.summary}\n\n{organisation}. {read('uutiskirje')}"
    notice = "\n\n".join(
        (
            _("Could we do this, too?"),
            f"{deed.title} ({organisation})",
            deed.summary,
            told,
            _("Read it, and talk it over in your unit meeting: %(link)s", link=tagged(link, "intranet")),
        )
    )
    by_mail, in_teams = str(_("E-mail")), teams_link(tagged(link, "intranet"), notice)
    return [
        ReadyText("short", _("Social media, short"), short, 3, _posts(short, tagged(link, "some"))),
        ReadyText("long", _("Social media, longer"), long, 8, (("LinkedIn", linkedin_post(long)),)),
        ReadyText("newsletter", _("Newsletter"), letter, 8, ((by_mail, mail_with(deed.title, letter)),)),
        ReadyText(
            "intranet", _("Intranet"), notice, 10, (("Teams", in_teams), (by_mail, mail_with(deed.title, notice)))
        ),
    ]


def _posts(text: str, link: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Bluesky", "https://bsky.app/intent/compose?" + urlencode({"text": text})),
        ("X", "https://x.com/intent/post?" + urlencode({"text": text})),
        ("Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": link})),
    )


def linkedin_post(text: str) -> str:
    return "https://www.linkedin.com/feed/?" + urlencode({"shareActive": "true", "text": text})


def mail_with(subject: str, text: str) -> str:
    """Opens the reader's own mail program with the text in place."""
    return f"mailto:?subject={quote(subject)}&body={quote(text)}"


def source_names() -> dict[str, str]:
    """The names of the links that every campaign begins with; others are shown as they were written."""
    return {
        "some": _("Social media"), "uutiskirje": _("Newsletter"), "intranet": _("Intranet"), "kortti": _("Card"),
        "tapahtuma": _("Stand at an event"), "lehti": _("Newspaper"),
    }  # fmt: skip


def tagged(link: str, source: str) -> str:
    """The link of a deed with the channel it is passed on in."""
    return f"{link}?{SOURCE_NAME}={source}"


def teams_link(address: str, text: str = "") -> str:
    told = {"href": address, "msgText": text} if text else {"href": address}
    return "https://teams.microsoft.com/share?" + urlencode(told)


def linkedin_link(address: str) -> str:
    return "https://www.linkedin.com/sharing/share-offsite/?" + urlencode({"url": address})


def embed_code(address: str, title: str) -> str:
    """The element that another site puts on its page."""
    name = clean_line(title).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<iframe src="{address}" title="{name}" width="100%" height="320" loading="lazy"></iframe>'


def year_of(deed: Deed) -> str:
    return str(clock.in_finland(deed.published_at).year) if deed.published_at else ""


def apa(deed: Deed, organisation: str, site: str, link: str) -> str:
    """One line in the manner of APA; the organisation stands as the author, since it keeps the deed."""
    year = f" ({year_of(deed)})" if deed.published_at else ""
    return f"{organisation}{year}. {deed.title}. {site}. {link}"


def bibtex(deed: Deed, organisation: str, site: str, link: str) -> str:
    fields = {
        "author": "{" + _tex(organisation) + "}",
        "title": "{" + _tex(deed.title) + "}",
        "year": year_of(deed),
        "howpublished": _tex(site),
        "url": link,
        "urldate": clock.today().isoformat(),
        "language": deed.language,
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{teko{deed.id},\n{body}}}\n"


def _tex(text: str) -> str:
    return re.sub(r"[\\~^{}&%$#_]", lambda found: _TEX.get(found[0], f"\\{found[0]}"), clean_line(text))


def ris(deed: Deed, organisation: str, site: str, link: str) -> str:
    rows = [
        ("TY", "ELEC"), ("AU", organisation), ("TI", deed.title), ("PY", year_of(deed)), ("PB", site), ("UR", link),
        ("Y2", clock.today().strftime("%Y/%m/%d")), ("LA", deed.language),
        ("AB", deed.summary.replace("\n", " ")), ("ER", ""),
    ]  # fmt: skip
    return "".join(f"{tag}  - {clean_line(value)}\r\n" for tag, value in rows if value or tag == "ER")
