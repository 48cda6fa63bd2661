"""The JSON interface, version 1: reading what everybody may read. Nobody is signed in here, whatever cookies say."""

from collections.abc import Collection, Container, Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed

from tori import statistics
from tori.api import openapi, queries, serializers
from tori.api import parameters as allowed
from tori.api.parameters import BadParameter, Parameter
from tori.api.shapes import as_json
from tori.campaigns.awards import published_rows
from tori.campaigns.queries import all_campaigns
from tori.campaigns.queries import deed_counts as campaign_counts
from tori.config import Config
from tori.core import clock
from tori.curation.queries import items_of, published_lists
from tori.database import db
from tori.deeds import alike, popular
from tori.deeds import queries as deed_queries
from tori.deeds.filters import FACET_OF, DeedFilter
from tori.deeds.listing import facet_labels, mark_passages
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.edge.access import PUBLIC, SAFE_METHODS, access
from tori.edge.engine import search_engine
from tori.edge.errors import problem
from tori.edge.templating import request_locale
from tori.i18n import prefix_of
from tori.models.deeds import Deed, DeedStatus, Sector, Theme
from tori.models.people import Organisation, Region
from tori.models.tags import TagKind
from tori.policy import ANONYMOUS
from tori.search.port import FACETS, SearchError, Suggestion

blueprint = Blueprint("api", __name__)

RELATED = 6
RETRY_SECONDS = "30"
ROOT = "/api/"


@blueprint.before_app_request
def refuse_writing() -> Response | None:
    """Changes need a key of the interface, which a browser's cookie is not. Views that take one say so themselves."""
    if (
        not request.path.startswith(ROOT)
        or request.method in SAFE_METHODS
        or isinstance(request.routing_exception, MethodNotAllowed)
    ):
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    return None if hasattr(view, "scope") else ask_for_key()


def ask_for_key() -> Response:
    answer = problem(401, _("Writing needs a key of the interface. Make one under “Keys for programs” of your pages."))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@blueprint.after_app_request
def open_to_other_sites(response: Response) -> Response:
    """Scripts of any site may read, and never with the reader's cookies."""
    if request.path.startswith(ROOT) and request.method in ("GET", "HEAD"):
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.errorhandler(BadParameter)
def bad_parameter(error: BadParameter) -> Response:
    return problem(400, error.detail, parameter=error.parameter, allowed=error.allowed)


@blueprint.errorhandler(SearchError)
def no_index(error: SearchError) -> Response:
    answer = problem(503, _("The search does not answer just now. Try again in a moment."))
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _public_url() -> str:
    config: Config = current_app.extensions["tori"]
    return config.public_url


def _page_url(endpoint: str, **values: Any) -> str:
    """The full address of a page in the language of the request."""
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    return _public_url() + prefix_of(request_locale()) + path


def _check(parameters: Collection[Parameter], slugs: Mapping[str, Collection[str]] | None = None) -> None:
    allowed.check(request.args, parameters, slugs)


def _slugs(session: Session) -> dict[str, Collection[str]]:
    """The values of those vocabularies that the request names."""
    columns = {"sector": Sector.slug, "theme": Theme.slug, "organisation": Organisation.slug, "region": Region.slug}
    wanted = {item.vocabulary for item in allowed.DEED_LIST if item.name in request.args}
    slugs: dict[str, Collection[str]] = {
        name: queries.all_slugs(session, column) for name, column in columns.items() if name in wanted
    }
    return {**slugs, **{kind: queries.tag_slugs(session, kind) for kind in TagKind if kind in wanted}}


def _language_names() -> dict[str, str]:
    return {"fi": _("Finnish"), "sv": _("Swedish"), "en": _("English")}


@blueprint.get("/api/openapi.json")
@access(PUBLIC)
def specification() -> Response:
    return jsonify(openapi.document(_public_url()))


@blueprint.get("/api/v1/deeds")
@access(PUBLIC)
def deeds() -> Response:
    session, locale, engine = db.session(), request_locale(), search_engine()
    _check(allowed.DEED_LIST, _slugs(session))
    chosen = DeedFilter.parse(request.args)
    per_page = allowed.number(request.args, allowed.per_page(allowed.PER_PAGE))
    if "updated_since" in request.args:
        return _changed_deeds(session, locale, chosen.page, per_page)
    result = engine.search(chosen.as_query(locale, per_page))
    cards = cards_by_ids(session, [hit.id for hit in result.hits], locale, ANONYMOUS)
    if chosen.text:
        cards = mark_passages(session, engine, result, cards)
    labels = facet_labels(session, locale, _language_names())
    page: serializers.DeedPage = {
        "items": _items(session, cards, {hit.id for hit in result.hits if hit.weak}),
        "total": result.total,
        "page": chosen.page,
        "per_page": per_page,
        "facets": serializers.facets(result, {FACET_OF[name]: names for name, names in labels.items()}),
        "did_you_mean": result.did_you_mean,
        "corrected_from": result.corrected_from,
        "relaxed": result.relaxed,
    }
    return jsonify(page)


CHANGES = ("updated_since", "sivu", "per_page")


def _changed_deeds(session: Session, locale: str, page: int, per_page: int) -> Response:
    """What a copy elsewhere lacks, from the database itself."""
    for name in request.args:
        if name not in CHANGES:
            raise BadParameter(name, _("“%(name)s” does not go with updated_since.", name=name), CHANGES)
    since = allowed.moment(request.args["updated_since"])
    ids, total = queries.changed_ids(session, since, page, per_page)
    answer: serializers.DeedPage = {
        "items": _items(session, cards_by_ids(session, ids, locale, ANONYMOUS)),
        "total": total,
        "page": page,
        "per_page": per_page,
        "facets": {facet: [] for facet in FACETS},
        "did_you_mean": None,
        "corrected_from": None,
        "relaxed": False,
    }
    return jsonify(answer)


def _items(session: Session, cards: list[DeedCard], weak: Container[int] = ()) -> list[serializers.DeedItem]:
    ids = [card.id for card in cards]
    known, themes = queries.external_ids(session, ids), queries.theme_slugs(session, ids)
    return [
        serializers.deed_item(card, known[card.id], themes[card.id], _public_url(), card.id in weak) for card in cards
    ]


def _deed(session: Session, deed_id: int) -> Deed:
    """A public deed; 410 for one that was taken back, 404 for everything else."""
    deed = deed_queries.get_deed(session, ANONYMOUS, deed_id, also_gone=True)
    if deed.status == DeedStatus.WITHDRAWN:
        abort(410)
    return deed


@blueprint.get("/api/v1/deeds/<id:deed_id>")
@access(PUBLIC)
def deed(deed_id: int) -> Response:
    _check(())
    found = _deed(db.session(), deed_id)
    url = _page_url("deeds.show", deed_id=found.id, slug=found.slug)
    return jsonify(serializers.full_deed(found, request_locale(), url))


@blueprint.get("/api/v1/deeds/<id:deed_id>/lineage")
@access(PUBLIC)
def lineage(deed_id: int) -> Response:
    """Where the deed belongs, what belongs to it, and who took the model."""
    _check(())
    session, locale = db.session(), request_locale()
    found = _deed(session, deed_id)
    ids = [found.id, *(other for other in (found.part_of_id, found.parent_id) if other)]
    cards = {
        card.id: serializers.deed_link(card, _public_url()) for card in cards_by_ids(session, ids, locale, ANONYMOUS)
    }
    answer: serializers.Lineage = {
        "deed": cards[found.id],
        "part_of": cards.get(found.part_of_id or 0),
        "parts": [
            serializers.deed_link(card, _public_url()) for card in deed_queries.public_parts(session, found, locale)
        ],
        "variant_of": cards.get(found.parent_id or 0),
        "variants": [
            serializers.deed_link(card, _public_url()) for card in deed_queries.public_variants(session, found, locale)
        ],
        "adoptions": [
            serializers.adoption_item(adoption, locale, clock.in_finland(adoption.created_at).date())
            for adoption in deed_queries.adoptions_of(session, found.id)
        ],
    }
    return jsonify(answer)


@blueprint.get("/api/v1/deeds/<id:deed_id>/adoptions")
@access(PUBLIC)
def adoptions(deed_id: int) -> Response:
    """Who took the model, how closely, how far they are and what came of it."""
    _check(())
    session, locale = db.session(), request_locale()
    rows = deed_queries.adoptions_of(session, _deed(session, deed_id).id)
    people = deed_queries.adopters_of(session, [row.id for row in rows])
    items = [
        serializers.adoption_details(row, locale, clock.in_finland(row.created_at).date(), len(people[row.id]))
        for row in rows
    ]
    return jsonify(items=items)


@blueprint.get("/api/v1/deeds/<id:deed_id>/related")
@access(PUBLIC)
def related(deed_id: int) -> Response:
    """Deeds that the maker names, then those that speak of the same things."""
    _check(())
    session = db.session()
    found = _deed(session, deed_id)
    ids = alike.related_ids(session, found)
    ids += [other for other in search_engine().related(found.id, RELATED) if other not in ids]
    return jsonify(items=_items(session, cards_by_ids(session, ids[:RELATED], request_locale(), ANONYMOUS)))


@blueprint.get("/api/v1/suggest")
@access(PUBLIC)
def suggest() -> Response:
    _check(allowed.SUGGEST)
    limit = allowed.number(request.args, allowed.SUGGEST[1])
    typed, locale = request.args.get("q", ""), request_locale()
    session = db.session()
    known = queries.as_they_are(session, search_engine().suggest(typed, locale, limit))
    found = popular.mixed(known, popular.beginning_with(session, typed, locale), limit)
    return jsonify(items=[serializers.suggestion_item(item, _suggestion_url(item)) for item in found])


def _suggestion_url(suggestion: Suggestion) -> str:
    match suggestion.kind:
        case "deed":
            return _page_url("deeds.show", deed_id=suggestion.key)
        case "theme":
            return _page_url("themes.show", slug=suggestion.key)
        case "sector":
            return _page_url("sectors.show", slug=suggestion.key)
        case "organisation":
            return _page_url("organisations.show", slug=suggestion.key)
        case _:
            return _page_url("deeds.index", q=suggestion.text)


@blueprint.get("/api/v1/sectors")
@access(PUBLIC)
def sectors() -> Response:
    _check(())
    session, locale = db.session(), request_locale()
    counts = queries.counts_by_sector(session)
    return jsonify(
        items=[
            serializers.sector_item(row, counts.get(row.id, 0), locale, _page_url("sectors.show", slug=row.slug))
            for row in deed_queries.all_sectors(session)
        ]
    )


@blueprint.get("/api/v1/themes")
@access(PUBLIC)
def themes() -> Response:
    _check(())
    session, locale = db.session(), request_locale()
    counts = queries.counts_by_theme(session)
    return jsonify(
        items=[
            serializers.theme_item(row, counts.get(row.id, 0), locale, _page_url("themes.show", slug=row.slug))
            for row in deed_queries.all_themes(session)
        ]
    )


@blueprint.get("/api/v1/tags")
@access(PUBLIC)
def tags() -> Response:
    """Customer groups, benefits, professions, situations and methods."""
    _check(())
    session, locale = db.session(), request_locale()
    counts = queries.counts_by_tag(session)
    return jsonify(
        items=[
            serializers.tag_item(row, counts.get(row.id, 0), locale, _page_url("deeds.index", **{row.kind: row.slug}))
            for row in deed_queries.all_tags(session)
        ]
    )


@blueprint.get("/api/v1/organisations")
@access(PUBLIC)
def organisations() -> Response:
    session, locale = db.session(), request_locale()
    _check(allowed.ORGANISATION_LIST, _slugs(session))
    args = request.args
    page, per_page = (allowed.number(args, parameter) for parameter in allowed.ORGANISATION_LIST[-2:])
    rows, total = queries.organisations(
        session, args.get("q", "").strip(), args.getlist("tyyppi"), args.getlist("maakunta"), page, per_page
    )
    counts = queries.deed_counts(session, [row.id for row in rows])
    items = [
        serializers.organisation_item(
            row, counts.get(row.id, 0), locale, _page_url("organisations.show", slug=row.slug)
        )
        for row in rows
    ]
    return jsonify(items=items, total=total, page=page, per_page=per_page)


@blueprint.get("/api/v1/campaigns")
@access(PUBLIC)
def campaigns() -> Response:
    _check(())
    session, locale = db.session(), request_locale()
    rows = all_campaigns(session)
    counts = campaign_counts(session, rows)
    awards: dict[str, list[serializers.AwardItem]] = {}
    for award in published_rows(session, locale):
        item = serializers.award_item(award, _page_url("campaigns.award", key=award.key))
        awards.setdefault(award.campaign_slug, []).append(item)
    return jsonify(
        items=[
            serializers.campaign_item(
                row, counts.get(row.id, 0), locale, _page_url("campaigns.show", slug=row.slug), awards.get(row.slug, [])
            )
            for row in rows
        ]
    )


@blueprint.get("/api/v1/toplists")
@access(PUBLIC)
def toplists() -> Response:
    _check(())
    session, locale = db.session(), request_locale()
    rows = published_lists(session)
    items = items_of(session, rows)
    ids = [item.deed_id for listed in items.values() for item in listed]
    cards = {card.id: card for card in cards_by_ids(session, ids, locale, ANONYMOUS)}
    return jsonify(
        items=[
            serializers.top_list_item(
                row, items[row.id], cards, locale, _public_url(), _page_url("toplists.show", slug=row.slug)
            )
            for row in rows
        ]
    )


@blueprint.get("/api/v1/statistics")
@access(PUBLIC)
def figures() -> Response:
    """The figures of the statistics page, counted once for both."""
    _check(())
    figures = statistics.kept_figures(current_app.extensions, db.session(), request_locale())
    return jsonify(as_json(serializers.statistics_item(figures)))
