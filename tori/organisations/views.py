"""Organisations: the list, one organisation, and the text that its contact person keeps."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.paging import make_pages, page_count, parse_page
from tori.database import db, transaction
from tori.deeds import sharing
from tori.deeds.queries import all_themes, cards_by_ids, cards_in_themes, cards_made_with, interests_of
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import by_label
from tori.edge.seen import lock
from tori.edge.templating import public_link, request_locale
from tori.models.deeds import Deed, Theme
from tori.models.people import Organisation, OrganisationKind
from tori.organisations import queries, register
from tori.organisations.forms import IntroductionForm
from tori.organisations.labels import ADOPTION_STATUSES, CLOSENESS, KINDS, KINDS_PLURAL, MARKS
from tori.organisations.queries import ListFilter
from tori.organisations.service import (
    MAX_INTERESTS,
    MAX_INTRODUCTION,
    choose_interests,
    choose_marks,
    edit_introduction,
)
from tori.policy import ANONYMOUS, Permission, can, require

NEW_SHOWN = 3

blueprint = Blueprint("organisations", __name__)


@blueprint.app_context_processor
def earlier_names() -> dict[str, Any]:
    """``name_then(deed)``: what its organisation was called when it was told, if not as now."""

    def name_then(deed: Deed) -> str:
        if deed.published_at is None:
            return ""
        found = register.name_then(deed.organisation, clock.in_finland(deed.published_at).date())
        return (found.name_sv if request_locale() == "sv" and found.name_sv else found.name) if found else ""

    return {"name_then": name_then}


@blueprint.route("/organisaatiot")
@access(PUBLIC)
def index() -> str:
    chosen = ListFilter.parse(request.args.get("q"), request.args.get("tyyppi"), request.args.get("maakunta"))
    session = db.session()
    groups = queries.listing(session, chosen, request_locale())
    return render_template(
        "organisations/index.html",
        chosen=chosen,
        groups=groups,
        total=sum(len(group.organisations) for group in groups),
        kinds=KINDS,
        kinds_plural=KINDS_PLURAL,
        regions=queries.regions(session),
    )


@blueprint.route("/organisaatiot/<slug>")
@access(PUBLIC)
def show(slug: str) -> str | Response:
    session = db.session()
    locale = request_locale()
    try:
        organisation = queries.organisation_of(session, slug)
    except NotFound:
        moved = register.moved(session, slug)
        if moved is None:
            raise
        return redirect(url_for("organisations.show", slug=moved.slug), 301)
    figures = queries.figures(session, organisation)
    page = min(parse_page(request.args.get("sivu")), page_count(figures.deeds, queries.PER_PAGE))
    made = queries.adoptions_made(session, organisation) if figures.made else []
    own = queries.deed_ids(session, organisation, page) if figures.deeds else []
    near = [] if own else queries.neighbour_deed_ids(session, organisation)
    wanted = [*own, *near, *(row.deed_id for row in made)]
    cards = {card.id: card for card in cards_by_ids(session, wanted, locale, ANONYMOUS)}
    interests = interests_of(session, organisation.id)
    return render_template(
        "organisations/show.html",
        interests=interests,
        boxes=_boxes(organisation, interests, figures),
        ambassadors=queries.ambassadors_of(session, organisation.id),
        elsewhere=cards_in_themes(session, [row.id for row in interests], organisation.id, locale, NEW_SHOWN),
        organisation=organisation,
        is_municipality=organisation.kind == OrganisationKind.MUNICIPALITY,
        kind=KINDS[OrganisationKind(organisation.kind)],
        earlier_names=register.names_of(session, organisation.id),
        predecessors=queries.predecessors(session, organisation),
        figures=figures,
        marks=queries.marks_of(organisation, figures),
        mark_names=MARKS,
        themes=queries.themes_of(session, organisation) if figures.deeds else [],
        deeds=[cards[number] for number in own if number in cards],
        near=[cards[number] for number in near if number in cards],
        together=cards_made_with(session, organisation.id, locale),
        adoptions=[(row, cards[row.deed_id]) for row in made if row.deed_id in cards],
        statuses=ADOPTION_STATUSES,
        closeness=CLOSENESS,
        pages=make_pages(
            page,
            page_count(figures.deeds, queries.PER_PAGE),
            lambda number: url_for("organisations.show", slug=slug, sivu=number if number > 1 else None),
        ),
        may_edit=can(current_actor(), Permission.ORGANISATION_EDIT, organisation),
        may_work_as_ambassador=can(current_actor(), Permission.ORGANISATION_AMBASSADOR, organisation),
        may_keep_people=can(current_actor(), Permission.ORGANISATION_PEOPLE, organisation),
    )


def _boxes(organisation: Organisation, interests: list[Theme], figures: queries.Figures) -> list[tuple[str, str, str]]:
    """Label, code and feed of what the organisation, or a partner of the square, may show on its own site: its deeds,
    and the newest on each theme that interests it."""
    config: Config = current_app.extensions["tori"]
    locale = request_locale()
    base, feed = public_link(config, "previews.latest", locale), url_for("feeds.deeds")
    found = []
    if figures.deeds:
        found.append((organisation.name_in(locale), f"organisaatio={organisation.slug}"))
    found += [(theme.name_in(locale), f"teema={theme.slug}") for theme in interests]
    return [
        (label, sharing.embed_code(f"{base}?{chosen}&maara=5", label), f"{feed}?{chosen}") for label, chosen in found
    ]


@blueprint.route("/organisaatiot/<slug>/muokkaa", methods=["GET", "POST"])
@access(OBJECT)
def edit(slug: str) -> str | Response | tuple[str, int]:
    organisation = queries.organisation_of(db.session(), slug)
    require(current_actor(), Permission.ORGANISATION_EDIT, organisation)
    form = _introduction_form(db.session(), organisation)
    status = 200
    if request.method == "POST":
        if form.validate():
            try:
                with transaction() as session:
                    row, actor = queries.organisation_of(session, slug), current_actor()
                    lock(session, row)
                    form.compare(_introduction(session, row))
                    edit_introduction(session, actor, row, form.introduction.data or "")
                    choose_interests(session, actor, row, form.interests.data or [])
                    choose_marks(session, actor, row, shown=bool(form.shows_marks.data))
            except RuleBroken as error:
                form.show(error)
            else:
                flash(_("The introduction has been saved."), "success")
                return redirect(url_for("organisations.show", slug=slug), 303)
        status = form.status
    page = render_template(
        "organisations/edit.html", organisation=organisation, form=form, limit=MAX_INTRODUCTION, most=MAX_INTERESTS
    )
    return page, status


def _introduction(session: Session, organisation: Organisation) -> dict[str, Any]:
    return {
        "introduction": organisation.introduction, "shows_marks": organisation.shows_marks,
        "interests": [theme.slug for theme in interests_of(session, organisation.id)],
    }  # fmt: skip


def _introduction_form(session: Session, organisation: Organisation) -> IntroductionForm:
    form = IntroductionForm(data=_introduction(session, organisation))
    form.interests.choices = by_label(
        SelectChoice(theme.slug, theme.name_in(request_locale())) for theme in all_themes(session)
    )
    return form
