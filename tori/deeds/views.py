"""Pages of deeds: list, one deed, writing and editing."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import adoptions, alike, growing, labels, moved, panels, queries, readings, results
from tori.deeds.filters import DeedFilter
from tori.deeds.forms import (
    ABANDON_REASONS,
    ADOPTION_STATUSES,
    BASES,
    CLOSENESSES,
    COSTS,
    EFFORTS,
    GAINS,
    MATURITIES,
    AdoptionForm,
    GainsForm,
)
from tori.deeds.listing import list_deeds, result_of
from tori.edge import limits
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor, request_reads
from tori.edge.engine import search_engine
from tori.edge.errors import error_page
from tori.edge.frames import framed
from tori.edge.stored import by_deeds, stored
from tori.edge.templating import request_locale
from tori.media.queries import shown_media
from tori.models.deeds import Deed, DeedStatus, Indicator
from tori.models.tags import TAG_FIELDS, TagKind
from tori.policy import Actor, Permission, can, require

blueprint = Blueprint("deeds", __name__)

SIMILAR = 3
MAX_LARGE_FIGURES = 4
MEDIA = frozenset({"pictures", "attachments"})
Answer = Response | str | tuple[str, int]


def wants_fragment() -> bool:
    """Whether a script asked for a part of the page only."""
    return request.headers.get("X-Requested-With") == "fetch"


def language_names() -> dict[str, str]:
    return {"fi": _("Finnish"), "sv": _("Swedish"), "en": _("English")}


@blueprint.get("/teot")
@access(PUBLIC)
def index() -> str | bytes | Response:
    chosen, actor, engine, locale = DeedFilter.parse(request.args), current_actor(), search_engine(), request_locale()
    result = result_of(engine, chosen, locale)
    # For visitors the page versions of the hits come in the same statement.
    reads = request_reads([hit.id for hit in result.hits] if result and actor.user is None else ())
    if elsewhere := moved.to_list_of_today(reads):
        return elsewhere
    address = current_app.extensions["tori.kept"].here().address
    base = address("deeds.index")
    listing = list_deeds(db.session(), actor, engine, chosen, result, locale, base, language_names, reads)
    return framed(
        "deeds/index.html", chosen.feed_url(address("feeds.deeds")),
        {"words": chosen.text, "results": results.drawn(listing, base)},
        has_words=bool(chosen.text), is_whole=chosen.is_empty,
    )  # fmt: skip


@blueprint.get("/teot/<id:deed_id>")
@blueprint.get("/teot/<id:deed_id>-<slug>")
@access(OBJECT)
@stored(by_deeds, arguments=["tilanne"], each_time=readings.note_reading)
def show(deed_id: int, slug: str = "") -> Answer | Response:
    session: Session = db.session()
    actor = current_actor()
    around = queries.what_stands_around(session, deed_id)
    deed = queries.get_deed(session, actor, deed_id, also_gone=True, around=around)
    if deed.status == DeedStatus.WITHDRAWN and (into := deed.merged_into) is not None and into.is_public:
        return redirect(url_for("deeds.show", deed_id=into.id, slug=into.slug), 301)
    if deed.status == DeedStatus.WITHDRAWN and not can(actor, Permission.DEED_EDIT, deed):
        return error_page(410)
    if slug != deed.slug:
        return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, lahde=readings.tag_of_request()), 301)
    readings.note_member(actor, deed)
    return render_template("deeds/show.html", **deed_page(actor, deed, around))


def deed_page(actor: Actor, deed: Deed, around: frozenset[str] | None = None) -> dict[str, Any]:
    """Everything that the page of a deed shows."""
    session, locale = db.session(), request_locale()
    if around is None:
        around = queries.what_stands_around(session, deed.id)
    return {
        **story(deed, around),
        "around": around,
        "theme_links": [(theme.name_in(locale), url_for("themes.show", slug=theme.slug)) for theme in deed.themes],
        "tag_links": [
            (labels.KEYS[name], [(tag.name_in(locale), _deeds_with(kind, tag.slug)) for tag in tags])
            for name, kind in TAG_FIELDS.items()
            if (tags := deed.tags_of(name))
        ],
        "story_kinds": labels.STORY_KINDS,
        "stories": queries.stories_about(session, deed) if "stories" in around else [],
        "meetings": queries.meetings_about(session, deed) if "meetings" in around else [],
        "parts": queries.public_parts(session, deed, locale) if "parts" in around else [],
        "updates": growing.updates_of(session, deed.id) if "updates" in around else [],
        "similar": alike.shown(
            queries.cards_by_ids(session, alike.ids_beside(session, deed), locale, actor), deed.sector.slug, SIMILAR
        ),
        "may_edit": can(actor, Permission.DEED_EDIT, deed),
        "may_moderate": can(actor, Permission.MODERATE),
        "actor": actor,
        **adoption_panel(actor, deed, "adoptions" in around),
        **panels.tools(actor, deed, "variants" in around or deed.parent_id is not None),
    }


def _deeds_with(kind: TagKind, slug: str) -> str:
    return DeedFilter(values={kind: (slug,)}).url(url_for("deeds.index"))


def story(deed: Deed, around: frozenset[str] = MEDIA) -> dict[str, Any]:
    """Figures of the deed: large ones when there are few and only outcomes, else rows of a table."""
    rows = deed.indicators
    simple = 0 < len(rows) <= MAX_LARGE_FIGURES and all(row.actual and not (row.target or row.baseline) for row in rows)
    return {
        "deed": deed,
        **shown_media(db.session(), deed.id, around),
        "maturities": MATURITIES,
        "efforts": EFFORTS,
        "costs": COSTS,
        **panels.drawn_figures(deed),
        "figures": [(_with_unit(row.actual, row.unit), row.name) for row in rows] if simple else [],
        "figure_rows": [
            [row.name, _with_unit(row.baseline, row.unit), _with_unit(row.target, row.unit), _actual(row)]
            for row in rows
        ],
    }


def _actual(row: Indicator) -> str:
    """The actual value, and whether it was measured or estimated when that is told."""
    shown = _with_unit(row.actual, row.unit)
    return f"{shown} ({BASES[row.basis]})" if row.actual and row.basis in BASES else shown


def _with_unit(value: str, unit: str) -> str:
    return f"{value} {unit}".strip() if value else "–"


def adoption_panel(actor: Actor, deed: Deed, is_adopted: bool = True) -> dict[str, Any]:
    """What the "otettu mallia" box shows, on the page and as a fragment. No statement when nobody ever has."""
    session = db.session()
    adopted = queries.adoptions_of(session, deed.id) if is_adopted else []
    own = next((row for row in adopted if row.organisation_id in actor.organisation_ids), None)
    return {
        "deed": deed,
        "actor": actor,
        "adoptions": adopted,
        "own_adoption": own,
        "adoption_form": AdoptionForm(obj=own, formdata=None) if own else None,
        "gains_form": GainsForm(formdata=None) if own and adoptions.may_be_asked(own) else None,
        "gain_counts": adoptions.gains_of(row.gains for row in adopted),
        "gain_names": GAINS,
        "is_own_deed": _is_own(actor, deed),
        "closenesses": CLOSENESSES,
        "adoption_statuses": ADOPTION_STATUSES,
        "abandon_reasons": ABANDON_REASONS,
        "adopters": queries.adopters_of(session, [row.id for row in adopted]),
    }


def _is_own(actor: Actor, deed: Deed) -> bool:
    """Whether the actor speaks for nobody but the makers of the deed, so that there is no model to take."""
    own = actor.organisation_ids
    return actor.is_member and bool(own) and own <= adoptions.maker_ids(deed)


@blueprint.route("/teot/<id:deed_id>/mallia", methods=["GET", "POST"])
@access(OBJECT)
def adopt(deed_id: int) -> Answer | Response:
    """One press records the adoption. Opened as a page (after signing in) it shows the one button."""
    session: Session = db.session()
    actor = current_actor()
    deed = queries.get_deed(session, actor, deed_id, also_gone=True)
    if deed.status == DeedStatus.WITHDRAWN:
        return error_page(410)
    if request.method == "GET":
        require(actor, Permission.ACCOUNT_OWN)
        return render_template("deeds/adopt.html", **adoption_panel(actor, deed))
    with transaction() as session:
        limits.count_act(session, "adopt", actor)
        adoptions.adopt(session, actor, deed)
    return _adoption_answer(actor, deed, _("Thank you! The author will hear that you took this model."))


@blueprint.post("/teot/<id:deed_id>/mallia/peru")
@access(OBJECT)
def undo_adoption(deed_id: int) -> Answer | Response:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    with transaction() as session:
        adoptions.undo(session, actor, deed)
    return _adoption_answer(actor, deed, _("Taken back."))


@blueprint.post("/teot/<id:deed_id>/mallia/tiedot")
@access(OBJECT)
def describe_adoption(deed_id: int) -> Answer | Response:
    session: Session = db.session()
    actor = current_actor()
    deed = queries.get_deed(session, actor, deed_id)
    adoption = queries.own_adoption(session, actor, deed.id)
    form = AdoptionForm()
    if adoption is None:
        # Taken back meanwhile, in another tab or by a colleague. What was written is shown, so that it is not lost.
        written = [text for text in (form.note.data, form.outcome.data) if text]
        return render_template("deeds/adopt.html", **adoption_panel(actor, deed), is_gone=True, written=written), 422
    if form.validate():
        try:
            with transaction() as session:
                adoptions.describe(session, actor, adoption, form.details())
        except RuleBroken as error:
            form.show(error)
    if form.errors:
        page = {**adoption_panel(actor, deed), "adoption_form": form}
        return render_template("deeds/adopt.html", **page), 422
    return _adoption_answer(actor, deed, _("Thank you, your details were saved."))


@blueprint.post("/teot/<id:deed_id>/mallia/hyoty")
@access(OBJECT)
def tell_gains(deed_id: int) -> Answer | Response:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    adoption = queries.own_adoption(db.session(), actor, deed.id)
    form = GainsForm()
    if adoption is None:
        return render_template("deeds/adopt.html", **adoption_panel(actor, deed), is_gone=True, written=[]), 422
    if not form.validate():
        return render_template("deeds/adopt.html", **{**adoption_panel(actor, deed), "gains_form": form}), 422
    with transaction() as session:
        adoptions.tell_gains(session, actor, adoption, form.gains.data)
    return _adoption_answer(actor, deed, _("Thank you, your answer was saved."))


def _adoption_answer(actor: Actor, deed: Deed, words: str) -> Answer | Response:
    if wants_fragment():
        return render_template("deeds/_adoption.html", **adoption_panel(actor, deed), said=words)
    flash(words, "success")
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, _anchor="mallia"), 303)
