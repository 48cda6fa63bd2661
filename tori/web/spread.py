"""How a model has spread: a map, a list and a line of time of those who took it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tori.adoptions import queries as adoptions
from tori.adoptions.queries import Taker
from tori.core import clock
from tori.database import db
from tori.deeds import variants
from tori.deeds.forms import ADOPTION_STATUSES, CLOSENESSES
from tori.deeds.queries import get_deed
from tori.edge.access import PUBLIC, access
from tori.edge.templating import month_name, request_locale
from tori.models.deeds import IN_USE_STATUSES, Deed, DeedStatus
from tori.policy import ANONYMOUS
from tori.web import map as finland

MONTHS_DRAWN = 12

blueprint = Blueprint("spread", __name__)


@blueprint.get("/teot/<id:deed_id>/leviaminen")
@access(PUBLIC)
def show(deed_id: int) -> str:
    session, locale = db.session(), request_locale()
    deed = get_deed(session, ANONYMOUS, deed_id, also_gone=True)
    if deed.status == DeedStatus.WITHDRAWN:
        abort(410)
    takers = adoptions.takers(session, deed.id, locale)
    areas, dots = _drawing(session, deed, takers)
    municipalities = {taker.municipality_code for taker in takers if taker.municipality_code}
    return render_template(
        "spread/show.html",
        deed=deed,
        takers=takers,
        municipalities=len(municipalities),
        regions=len({taker.region for taker in takers if taker.region}),
        in_use=sum(taker.status in IN_USE_STATUSES for taker in takers),
        areas=areas,
        dots=dots,
        legend=legend(),
        borders=finland.region_borders(),
        viewbox=finland.viewbox(),
        timeline=timeline(deed, takers),
        closenesses=CLOSENESSES,
        adoption_statuses=ADOPTION_STATUSES,
        tree=variants.tree_of(session, deed, locale),
    )


def legend() -> list[tuple[str, str]]:
    return [
        ("q4", _("Where the model comes from")),
        ("q3", _("In use")),
        ("q2", _("Taken as a model")),
        ("q0", _("Not yet")),
    ]


def _drawing(session: Session, deed: Deed, takers: Sequence[Taker]) -> tuple[list[finland.Area], list[finland.Dot]]:
    """The giver's municipality and those of the takers, each with what is known of it."""
    words = {cls: label for cls, label in legend() if cls != "q0"}
    classes: dict[str, str] = {}
    for taker in takers:
        if taker.municipality_code and classes.get(taker.municipality_code) != "q3":
            classes[taker.municipality_code] = "q3" if taker.status in IN_USE_STATUSES else "q2"
    if deed.organisation.municipality is not None:
        classes[deed.organisation.municipality.code] = "q4"
    names = finland.municipality_names(session, request_locale())
    titles = {code: f"{names.get(code, code)}: {words[cls]}" for code, cls in classes.items()}
    return finland.marked_drawing(classes, {**names, **titles})


def timeline(deed: Deed, takers: Sequence[Taker]) -> list[tuple[str, int, None, str]]:
    """New adoptions by month for a young model, by year for an older one; nothing is left out in between."""
    if not takers:
        return []
    today = clock.today()
    first = takers[0].since
    if (today.year - first.year) * 12 + today.month - first.month < MONTHS_DRAWN:
        counted = Counter((taker.since.year, taker.since.month) for taker in takers)
        return [
            (f"{month_name(date(year, month, 1))} {year}", counted[year, month], None, f"{month}/{year % 100:02}")
            for year, month in _months(first, today)
        ]
    by_year = Counter(taker.since.year for taker in takers)
    return [(str(year), by_year[year], None, str(year)) for year in range(first.year, today.year + 1)]


def _months(first: date, last: date) -> list[tuple[int, int]]:
    months = [(first.year, first.month)]
    while months[-1] < (last.year, last.month):
        year, month = months[-1]
        months.append((year + 1, 1) if month == 12 else (year, month + 1))
    return months
