"""The page of the map: what is shown, of which deeds, and how near."""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori import statistics
from tori.core import clock
from tori.core.text import alphabetical
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.edge.templating import number, request_locale
from tori.models.campaigns import Campaign
from tori.models.deeds import Sector, Theme
from tori.models.people import Region
from tori.notifications.reads import reads_of
from tori.statistics.mapped import FILTERS, Arc, MapChoice, Measure, Place, arcs, places, silent_regions
from tori.web import map as finland
from tori.web.map import blueprint

RELATIVE_FLOORS = {"q4": 1.0, "q3": 0.5, "q2": 0.2}
"""Class of the map -> the least number for each thousand inhabitants."""
WIDE, WIDER = 2, 5
SILENT_NAMED = 3
FIRST_YEAR = 2014

MEASURES = {
    Measure.DEEDS: __("Deeds"),
    Measure.ORGANISATIONS: __("Organisations with deeds"),
    Measure.RECEIVED: __("Models given to others"),
    Measure.MADE: __("Models taken from others"),
}


@dataclass(frozen=True)
class View:
    """How near: the whole country or one region."""

    region: Region | None

    @property
    def viewbox(self) -> str:
        return finland.region_viewbox(self.region.code) if self.region else finland.viewbox()


def _class_of(place: Place, choice: MapChoice) -> str:
    if not choice.is_relative:
        return finland.class_of(place.count)
    lowest = "q1" if place.count else "q0"
    return next((cls for cls, floor in RELATIVE_FLOORS.items() if place.value >= floor), lowest)


def _legend(choice: MapChoice) -> list[tuple[str, str]]:
    if not choice.is_relative:
        return finland.legend()
    floors = list(RELATIVE_FLOORS.items())
    words = [(floors[0][0], _("%(count)s or more", count=number(floors[0][1], 1)))]
    for (_above, top), (cls, floor) in pairwise(floors[:3]):
        words.append((cls, f"{number(floor, 1)}–{number(top, 1)}"))
    return [*words, ("q1", _("less than %(count)s", count=number(floors[2][1], 1))), ("q0", _("none yet"))]


def _name(place: Place, choice: MapChoice) -> str:
    value = number(place.value, 2) if choice.is_relative else number(place.count)
    return f"{place.name}: {value}"


def _drawing(found: list[Place], choice: MapChoice, view: View) -> tuple[list[finland.Area], list[finland.Dot]]:
    areas, dots = [], []
    is_fine = view.region is not None
    for place in found:
        shape = finland.shape_of(place.code, is_fine)
        if shape is None:
            continue
        d, x, y, size = shape
        cls, name = _class_of(place, choice), _name(place, choice)
        areas.append(finland.Area(d, cls, name))
        if size < finland.SMALL_AREA:
            dots.append(finland.Dot(x, y, cls, name))
    return areas, dots


def _curves(found: list[Arc], names: dict[str, str]) -> list[finland.Curve]:
    curves = []
    for arc in found:
        width = "w3" if arc.adoptions >= WIDER else "w2" if arc.adoptions >= WIDE else "w1"
        words = ngettext(
            "From %(giver)s to %(taker)s: %(num)d model", "From %(giver)s to %(taker)s: %(num)d models", arc.adoptions,
            giver=names.get(arc.giver, arc.giver), taker=names.get(arc.taker, arc.taker),
        )  # fmt: skip
        drawn = finland.curve(arc.giver, arc.taker, width, words)
        if drawn is not None:
            curves.append(drawn)
    return curves


def _options(session: Session, locale: str, choice: MapChoice) -> list[dict[str, Any]]:
    """The choices of the form, each with its label, its values and what is chosen."""
    sectors = session.execute(select(Sector).order_by(Sector.position)).scalars()
    themes = sorted(session.scalars(select(Theme)), key=lambda theme: alphabetical(theme.name_in(locale)))
    campaigns = session.execute(select(Campaign.slug, Campaign.name).order_by(Campaign.starts_on.desc())).all()
    years = range(clock.today().year, FIRST_YEAR - 1, -1)
    chosen = choice.deeds.values
    return [
        {"name": name, "label": label, "values": values, "chosen": chosen.get(name, "")}
        for name, label, values in (
            ("toimiala", _("Sector"), [(row.slug, row.name_in(locale)) for row in sectors]),
            ("teema", _("Theme"), [(row.slug, row.name_in(locale)) for row in themes]),
            ("kampanja", _("Campaign"), [(slug, name) for slug, name in campaigns]),
            ("vuosi", _("Year"), [(str(year), str(year)) for year in years]),
        )
    ]


def _sentence(found: list[Place], choice: MapChoice) -> str:
    told = [place for place in found if place.count]
    if not told:
        return str(_("Map of Finland: nothing is counted in any municipality with these choices."))
    best = max(told, key=lambda place: place.value)
    words = ngettext(
        "Map of Finland, %(what)s: something in %(num)d municipality, most in %(best)s (%(value)s).",
        "Map of Finland, %(what)s: something in %(num)d municipalities, most in %(best)s (%(value)s).",
        len(told),
        what=str(MEASURES[choice.measure]).lower(),
        best=best.name,
        value=number(best.value, 2) if choice.is_relative else number(best.count),
    )
    return str(words)


def _places(session: Session, reads: dict[Hashable, Any], choice: MapChoice, locale: str) -> list[Place]:
    key = ("map places", choice.key, locale)
    if key not in reads:
        reads[key] = places(session, choice, locale)
    found: list[Place] = reads[key]
    return found


def _arcs(session: Session, reads: dict[Hashable, Any], choice: MapChoice) -> list[Arc]:
    key = ("map arcs", choice.key)
    if key not in reads:
        reads[key] = arcs(session, choice)
    found: list[Arc] = reads[key]
    return found


@blueprint.route("/kartta")
@access(PUBLIC)
def index() -> str:
    session, locale = db.session(), request_locale()
    choice = MapChoice.parse(request.args)
    regions = {
        region.slug: region for region in session.scalars(select(Region)) if region.code in finland.region_codes()
    }
    view = View(regions.get(request.args.get("alue", "")))
    reads = reads_of(session)
    found = _places(session, reads, choice, locale)
    areas, dots = _drawing(found, choice, view)
    has_arcs = request.args.get("reitit") == "1"
    near = [place for place in found if view.region is None or place.region_slug == view.region.slug]
    silent = sorted(
        (regions[slug].name_in(locale) for slug in silent_regions(found) if slug in regions), key=alphabetical
    )
    figures = statistics.kept_figures(current_app.extensions, session, locale)
    return render_template(
        "map/index.html",
        areas=areas,
        dots=dots,
        curves=_curves(_arcs(session, reads, choice), {place.code: place.name for place in found}) if has_arcs else [],
        borders=finland.region_borders() if view.region else finland.coarse_borders(),
        viewbox=view.viewbox,
        region=view.region,
        legend=_legend(choice),
        sentence=_sentence(near, choice),
        choice=choice,
        has_arcs=has_arcs,
        measures=MEASURES,
        options=_options(session, locale, choice),
        chosen={name: choice.deeds.values.get(name) for name in FILTERS},
        is_narrowed=bool(choice.deeds.values),
        listed=[place for place in near if place.count or view.region],
        silent=silent[:SILENT_NAMED],
        silent_more=max(0, len(silent) - SILENT_NAMED),
        choices=sorted(regions.values(), key=lambda region: alphabetical(region.name_in(locale))),
        regions=figures.regions,
        without_region=figures.without_region,
        base=url_for("map.index"),
    )
