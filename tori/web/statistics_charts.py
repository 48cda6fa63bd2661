"""The figures as charts: each with a heading that states the finding, a sentence that reads it, and its deeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tori.core.text import alphabetical
from tori.deeds.forms import ADOPTION_STATUSES, CLOSENESSES, MATURITIES
from tori.edge.templating import month_name, number
from tori.organisations.labels import KINDS_PLURAL
from tori.statistics import Figures, Share
from tori.statistics.behind import NOT_TOLD
from tori.statistics.shares import BIG, SHORT, SMALL

THEMES_DRAWN = 15
LEAST_LANGUAGES = 2
COLUMNS, BARS = "columns", "bars"


@dataclass(frozen=True)
class Row:
    """``short`` is the label under a column, ``href`` leads to the deeds behind the value."""

    label: str
    value: float
    href: str | None = None
    short: str = ""


@dataclass(frozen=True)
class Chart:
    """``name`` is that of its files. ``kind`` is columns or bars."""

    name: str
    title: str
    sentence: str
    rows: list[Row]
    unit: str
    kind: str = BARS

    @property
    def greatest(self) -> float:
        return max((row.value for row in self.rows), default=0)

    @property
    def drawn(self) -> list[tuple[Any, ...]]:
        """The rows as the macros of charts take them."""
        return [
            (row.label, row.value, row.href, row.short) if row.short else (row.label, row.value, row.href)
            for row in self.rows
        ]


def behind(**values: str | int) -> str:
    """The address of the list of deeds that a figure counts."""
    return url_for("statistics.deeds_behind", **values)  # type: ignore[arg-type]


def _extremes(rows: Sequence[Row]) -> str:
    """A sentence that names the greatest and the smallest value."""
    greatest = max(rows, key=lambda row: row.value)
    smallest = min(rows, key=lambda row: row.value)
    words = _(
        "Most: %(most)s (%(most_count)s). Fewest: %(fewest)s (%(fewest_count)s).",
        most=greatest.label,
        most_count=number(greatest.value),
        fewest=smallest.label,
        fewest_count=number(smallest.value),
    )
    return str(words)


def years_chart(figures: Figures) -> Chart | None:
    years = figures.years
    if not years:
        return None
    rows = [Row(str(row.year), row.deeds, behind(vuosi=row.year) if row.deeds else None) for row in years]
    best = max(years, key=lambda row: row.deeds)
    title = ngettext(
        "The best year so far is %(year)s with %(count)s deed",
        "The best year so far is %(year)s with %(count)s deeds",
        best.deeds,
        year=best.year,
        count=number(best.deeds),
    )
    return Chart("vuodet", title, _extremes(rows), rows, _("deeds"), COLUMNS)


def months_chart(figures: Figures) -> Chart | None:
    """None when nothing came in the months, as a chart of zeros says nothing."""
    total = sum(row.deeds for row in figures.months)
    if not total:
        return None
    rows = [
        Row(
            f"{month_name(row.first_day)} {row.first_day.year}",
            row.deeds,
            behind(kuukausi=f"{row.first_day:%Y-%m}") if row.deeds else None,
            f"{row.first_day.month}/{row.first_day:%y}",
        )
        for row in figures.months
    ]
    title = ngettext(
        "%(count)s new deed in twelve months", "%(count)s new deeds in twelve months", total, count=number(total)
    )
    return Chart("kuukaudet", title, _extremes(rows), rows, _("deeds"), COLUMNS)


def sectors_chart(figures: Figures) -> Chart | None:
    shares = figures.sectors
    if not any(share.count for share in shares):
        return None
    ordered = sorted(shares, key=lambda share: -share.count)
    rows = [Row(share.name, share.percent, behind(toimiala=share.slug)) for share in ordered]
    title = _("%(sector)s: %(share)s of the deeds", sector=ordered[0].name, share=f"{ordered[0].percent} %")
    sentence = _("Every deed has one sector. The shares are rounded so that they make 100 % together.")
    return Chart("toimialat", title, sentence, rows, "%")


def regions_chart(figures: Figures) -> Chart | None:
    told = sorted((row for row in figures.regions if row.deeds), key=lambda row: (-row.deeds, alphabetical(row.name)))
    if not told:
        return None
    rows = [Row(row.name, row.deeds, behind(maakunta=row.slug)) for row in told]
    title = ngettext(
        "Deeds from %(num)d region", "Deeds from %(num)d regions, most from %(region)s", len(told), region=told[0].name
    )
    silent = len(figures.regions) - len(told)
    sentence = (
        ngettext("%(num)d region has no deeds yet.", "%(num)d regions have no deeds yet.", silent)
        if silent
        else _("Every region is on the square.")
    )
    return Chart("maakunnat", title, sentence, rows, _("deeds"))


def themes_chart(figures: Figures) -> Chart | None:
    if not figures.themes:
        return None
    shown = figures.themes[:THEMES_DRAWN]
    rows = [Row(row.name, row.deeds, behind(teema=row.slug)) for row in shown]
    title = _("Most is told of: %(theme)s", theme=shown[0].name)
    rising = max(figures.themes, key=lambda row: (row.by_year[-1], row.deeds))
    sentence = (
        _("This year most new deeds are of this theme: %(theme)s (%(count)s).", theme=rising.name,
          count=number(rising.by_year[-1]))
        if rising.by_year[-1]
        else _("A deed may have several themes, so the numbers are more than the deeds together.")
    )  # fmt: skip
    return Chart("teemat", title, sentence, rows, _("deeds"))


Words = dict[str, Any]


def _size_words() -> Words:
    return {
        SMALL: _("Small improvements"),
        BIG: _("Bigger development"),
        SHORT: _("Known by little more than the heading"),
    }


def language_words() -> Words:
    return {"fi": _("Finnish"), "sv": _("Swedish"), "en": _("English")}


def share_words(name: str) -> Words:
    """Slug -> words of the values of a division; an empty slug has not been told."""
    words: dict[str, Words] = {
        "tyypit": {str(kind): words for kind, words in KINDS_PLURAL.items()},
        "koot": _size_words(),
        "vaiheet": MATURITIES,
        "kielet": language_words(),
        "laheisyys": CLOSENESSES,
        "mallien-tilat": ADOPTION_STATUSES,
    }
    return words[name] | {"": _("Not told")}


def _of_deeds(name: str, share: str) -> str:
    return str(_("%(name)s: %(share)s of the deeds", name=name, share=share))


def _of_adopters(name: str, share: str) -> str:
    return str(_("“%(name)s” is what %(share)s of those who took a model say now", name=name, share=share))


def _shares_chart(
    name: str, shares: list[Share], sentence: str, href: Callable[[str], str] | None, title: Callable[[str, str], str]
) -> Chart | None:
    told = [share for share in shares if share.slug]
    if not any(share.count for share in told):
        return None
    words = share_words(name)
    rows = [
        Row(str(words[share.slug]), share.percent, href(share.slug) if href and share.count else None)
        for share in shares
    ]
    best = max(told, key=lambda share: share.count)
    return Chart(name, title(str(words[best.slug]), f"{best.percent} %"), sentence, rows, "%")


def kinds_chart(figures: Figures) -> Chart | None:
    return _shares_chart(
        "tyypit", figures.kinds, _("Deeds by the kind of their organisation."),
        lambda slug: behind(tyyppi=slug), _of_deeds,
    )  # fmt: skip


def sizes_chart(figures: Figures) -> Chart | None:
    return _shares_chart(
        "koot", figures.sizes, _("A small improvement is as good a deed as a project. The maker says which it is."),
        lambda slug: behind(koko=slug), _of_deeds,
    )  # fmt: skip


def maturities_chart(figures: Figures) -> Chart | None:
    return _shares_chart(
        "vaiheet", figures.maturities, _("How far the practice was when the deed was told or last edited."),
        lambda slug: behind(vaihe=slug or NOT_TOLD),
        lambda name, share: _("Stage most often: %(name)s, %(share)s of the deeds", name=name, share=share),
    )  # fmt: skip


def languages_chart(figures: Figures) -> Chart | None:
    """None while all deeds are in one language."""
    if sum(share.count > 0 for share in figures.languages) < LEAST_LANGUAGES:
        return None
    return _shares_chart(
        "kielet", figures.languages, _("The language in which the deed was written."),
        lambda slug: behind(kieli=slug), _of_deeds,
    )  # fmt: skip


def closeness_chart(figures: Figures) -> Chart | None:
    return _shares_chart(
        "laheisyys", figures.closenesses, _("What those who took a model say: how close theirs is to it."),
        lambda slug: behind(laheisyys=slug or NOT_TOLD),
        lambda name, share: _("“%(name)s” say %(share)s of those who took a model", name=name, share=share),
    )  # fmt: skip


def statuses_chart(figures: Figures) -> Chart | None:
    return _shares_chart(
        "mallien-tilat", figures.adoption_statuses, _("Where the models taken stand today, as far as has been told."),
        lambda slug: behind(**{"mallin-tila": slug or NOT_TOLD}), _of_adopters,
    )  # fmt: skip


CHARTS: dict[str, Callable[[Figures], Chart | None]] = {
    "vuodet": years_chart,
    "kuukaudet": months_chart,
    "toimialat": sectors_chart,
    "maakunnat": regions_chart,
    "teemat": themes_chart,
    "tyypit": kinds_chart,
    "koot": sizes_chart,
    "vaiheet": maturities_chart,
    "kielet": languages_chart,
    "laheisyys": closeness_chart,
    "mallien-tilat": statuses_chart,
}
"""Name in the address -> its chart; each has a file of the same name as a table."""
