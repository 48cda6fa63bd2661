"""Public pages of awards: results of a campaign, the archive, one award, its diploma."""

from typing import Any

from flask import Response, abort, render_template
from flask_babel import gettext as _

from tori.campaigns import awards, cockpit, diplomas, figures, nominations, queries
from tori.campaigns.labels import campaign_time
from tori.campaigns.views import blueprint, pdf_answer, recorded_result
from tori.core.errors import NotFound
from tori.database import db
from tori.deeds.panels import site_name
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import request_locale
from tori.models.campaigns import CampaignKind
from tori.models.deeds import Deed
from tori.models.people import Organisation
from tori.policy import Permission, can


@blueprint.app_context_processor
def badges() -> dict[str, Any]:
    """``deed_awards(deed)`` and ``organisation_awards(organisation)``: one statement each, where a template asks."""

    def of_deed(deed: Deed) -> list[awards.AwardRow]:
        return awards.awards_of_deed(db.session(), deed.id, request_locale())

    def of_organisation(organisation: Organisation) -> list[awards.AwardRow]:
        return awards.awards_of_organisation(db.session(), organisation.id, request_locale())

    return {"deed_awards": of_deed, "organisation_awards": of_organisation}


@blueprint.get("/kampanjat/<slug>/tulokset")
@access(OBJECT)
def results(slug: str) -> str:
    """The winners. Before they are public only for the staff, marked so."""
    session, actor = db.session(), current_actor()
    campaign = queries.campaign_of(session, slug, actor)
    is_public = awards.are_public(campaign)
    if not is_public and not can(actor, Permission.CAMPAIGN_MANAGE):
        raise NotFound("results")
    rows = awards.award_rows(session, campaign, request_locale())
    by_series: dict[str, list[awards.AwardRow]] = {}
    for row in rows:
        by_series.setdefault(row.series, []).append(row)
    return render_template(
        "campaigns/results.html",
        campaign=campaign,
        by_series=by_series,
        count=len(rows),
        is_public=is_public,
        corrections=awards.corrections_of(session, campaign),
    )


@blueprint.get("/palkinnot")
@access(PUBLIC)
def archive() -> str:
    """Every public award by year."""
    by_year: dict[int, list[awards.AwardRow]] = {}
    for row in awards.published_rows(db.session(), request_locale()):
        by_year.setdefault(row.year, []).append(row)
    return render_template("campaigns/archive.html", by_year=dict(sorted(by_year.items(), reverse=True)))


@blueprint.get("/palkinnot/<key>")
@access(PUBLIC)
def award(key: str) -> str:
    """Where the code of a diploma leads: the award is true."""
    row = awards.public_award(db.session(), key, request_locale())
    return render_template("campaigns/award.html", row=row, languages=diplomas.LANGUAGES)


@blueprint.get("/palkinnot/<key>/kunniakirja-<language>.pdf")
@access(PUBLIC)
def diploma(key: str, language: str) -> Response:
    if language not in diplomas.LANGUAGES:
        abort(404)
    row = awards.public_award(db.session(), key, language)
    if row.is_withdrawn:
        raise NotFound("diploma")
    word = _("diploma")
    name = f"{word}-{row.key}-{language}.pdf"
    return pdf_answer((diplomas.page(row, language),), "diploma-pdf.css", name, is_common=True)


def _report(slug: str) -> dict[str, Any]:
    """What the final report says; counted anew, so it agrees with every other page. The staff sees it before others."""
    session, actor, locale = db.session(), current_actor(), request_locale()
    campaign = queries.campaign_of(session, slug, actor)
    if not awards.are_public(campaign) and not can(actor, Permission.CAMPAIGN_MANAGE):
        raise NotFound("report")
    found = figures.figures_of(session, campaign, locale)
    return {
        "campaign": campaign,
        "time": campaign_time(campaign),
        "figures": found,
        "standing": cockpit.standing(session, campaign, campaign.last_day),
        "top": figures.ranked(found.takers, lambda taker: taker.deeds),
        "result": recorded_result(campaign),
        "rows": awards.award_rows(session, campaign, locale),
        "funnel": nominations.funnel(session, campaign) if campaign.kind == CampaignKind.CHALLENGE else None,
        "visits": sum(figures.visits_of(session, campaign).values()),
        "site_name": site_name(),
    }


@blueprint.get("/kampanjat/<slug>/raportti")
@access(OBJECT)
def report(slug: str) -> str:
    return render_template("campaigns/report.html", **_report(slug))


@blueprint.get("/kampanjat/<slug>/raportti.pdf")
@access(OBJECT)
def report_pdf(slug: str) -> Response:
    values = _report(slug)
    page = render_template("campaigns/_report_pdf.html", **values)
    is_common, word = awards.are_public(values["campaign"]), _("report")
    return pdf_answer((page,), "report-pdf.css", f"{slug}-{word}.pdf", is_common)
