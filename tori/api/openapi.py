"""The description of the interface (OpenAPI 3.1), written as data. Tests hold it against routes and answers."""

from collections.abc import Collection
from typing import Any

from tori.api.parameters import DEED_LIST, ORGANISATION_LIST, SUGGEST, WISH_LIST, Parameter, Schema
from tori.api.serializers import StatisticsItem
from tori.api.shapes import schema_of
from tori.deeds.content import LANGUAGES
from tori.models.campaigns import CampaignKind, CampaignState
from tori.models.deeds import (
    MARKDOWN_FIELDS,
    PUBLIC_STATUSES,
    AbandonReason,
    AdoptionStatus,
    Basis,
    Closeness,
    Cost,
    Effort,
    Maturity,
)
from tori.models.people import OrganisationKind
from tori.models.tags import TAG_FIELDS, TagKind
from tori.search.port import FACETS

VERSION = "1.0.0"

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
URL: Schema = {"type": "string", "format": "uri"}
DAY: Schema = {"type": "string", "format": "date"}
DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
PERIOD: Schema = {"type": ["string", "null"], "description": "A year, a month or a day: 2013, 2021-02 or 2021-09-01."}


def _object(properties: dict[str, Schema], optional: Collection[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "null"}]}


def _one_of(values: Collection[str], nullable: bool = False) -> Schema:
    if nullable:
        return {"type": ["string", "null"], "enum": [*map(str, values), None]}
    return {"type": "string", "enum": [str(value) for value in values]}


_ITEM: dict[str, Schema] = {
    "id": WHOLE,
    "external_id": TEXT_OR_NULL,
    "title": TEXT,
    "summary": TEXT,
    "url": URL,
    "organisation": _ref("OrganisationName"),
    "sector": {"type": "string", "description": "Slug; see /sectors."},
    "themes": {**_list(TEXT), "description": "Slugs; see /themes."},
    "published_on": DAY_OR_NULL,
    "language": _one_of(LANGUAGES),
    "adoptions": {**COUNT, "description": "Organisations that have taken the model."},
    "comments": COUNT,
}

SCHEMAS: dict[str, Schema] = {
    "OrganisationName": _object({"name": TEXT, "slug": TEXT}),
    "Names": _object({"fi": TEXT, "sv": TEXT_OR_NULL, "en": TEXT_OR_NULL}),
    "DeedItem": _object(
        {
            **_ITEM,
            "updated_at": {"type": "string", "format": "date-time"},
            "highlights": {**_list(TEXT), "description": "Passages as HTML: the words found stand in <mark>."},
            "weak": {**FLAG, "description": "Shares something with the words but hardly answers them; such come last."},
        }
    ),
    "Facet": _list(_object({"value": {"type": ["string", "integer"]}, "label": TEXT, "count": COUNT})),
    "DeedPage": _object(
        {
            "items": _list(_ref("DeedItem")),
            "total": COUNT,
            "page": WHOLE,
            "per_page": WHOLE,
            "facets": {
                **_object({facet: _ref("Facet") for facet in FACETS}),
                "description": "Each facet is counted without its own filter.",
            },
            "did_you_mean": {**TEXT_OR_NULL, "description": "A better spelling."},
            "corrected_from": {**TEXT_OR_NULL, "description": "What was typed, when the items answer did_you_mean."},
            "relaxed": {**FLAG, "description": "No deed had all the words; the items have some of them."},
        }
    ),
    "Indicator": _object(
        {
            **dict.fromkeys(("name", "unit", "baseline", "target", "actual"), TEXT),
            "basis": _one_of(list(Basis)),
        },
        optional=("unit", "baseline", "target", "actual", "basis"),
    ),
    "Material": _object({"title": TEXT, "url": URL}, optional=("url",)),
    "Deed": _object(
        {
            **_ITEM,
            **{name: {"type": "string", "description": "Markdown."} for name in MARKDOWN_FIELDS},
            "organisation_type": _one_of(list(OrganisationKind)),
            "unit": TEXT,
            "municipality": TEXT_OR_NULL,
            "region": TEXT_OR_NULL,
            "sector_name": TEXT,
            "theme_names": _list(TEXT),
            **{name: {**_list(TEXT), "description": "Slugs; see /tags."} for name in TAG_FIELDS},
            "status": _one_of(PUBLIC_STATUSES),
            "period": _or_null(_object({"start": PERIOD, "end": PERIOD}, optional=("start", "end"))),
            "maturity": _one_of(list(Maturity), nullable=True),
            "effort": _one_of(list(Effort), nullable=True),
            "cost": _one_of(list(Cost), nullable=True),
            "indicators": _list(_ref("Indicator")),
            "participants": TEXT,
            "partners": _list(TEXT),
            "funding": _or_null(_object({"funder": TEXT, "euros": COUNT}, optional=("funder", "euros"))),
            "materials": _list(_ref("Material")),
            "campaign": {"type": ["string", "null"], "description": "Slug; see /campaigns."},
            "is_short": {**FLAG, "description": "Little more than a heading is known."},
            "is_small": FLAG,
            "icon": TEXT_OR_NULL,
            "part_of": {"type": ["string", "null"], "description": "external_id of the deed that this is a part of."},
            "variant_of": {"type": ["string", "null"], "description": "external_id of the deed that it varies."},
            "first_steps": {**_list(TEXT), "description": "At most three lines of advice for a beginner."},
            "related": {**_list(TEXT), "description": "external_ids."},
            "source_url": TEXT_OR_NULL,
            "citation": TEXT,
            "licence": TEXT,
            "version": WHOLE,
            "updated_at": {"type": "string", "format": "date-time"},
        }
    ),
    "DeedLink": _object({"id": WHOLE, "title": TEXT, "url": URL, "organisation": _ref("OrganisationName")}),
    "Lineage": _object(
        {
            "deed": _ref("DeedLink"),
            "part_of": _or_null(_ref("DeedLink")),
            "parts": _list(_ref("DeedLink")),
            "variant_of": _or_null(_ref("DeedLink")),
            "variants": _list(_ref("DeedLink")),
            "adoptions": _list(
                _object(
                    {
                        "organisation": _ref("OrganisationName"),
                        "closeness": _one_of(list(Closeness), nullable=True),
                        "status": _one_of(list(AdoptionStatus), nullable=True),
                        "adopted_on": DAY,
                    }
                )
            ),
        }
    ),
    "AdoptionDetails": _object(
        {
            "organisation": _ref("OrganisationName"),
            "closeness": _one_of(list(Closeness), nullable=True),
            "status": _one_of(list(AdoptionStatus), nullable=True),
            "adopted_on": DAY,
            "abandoned_reason": _one_of(list(AbandonReason), nullable=True),
            "unit": TEXT,
            "note": TEXT,
            "outcome": TEXT,
            "people": COUNT,
        }
    ),
    "Suggestion": _object(
        {"text": TEXT, "kind": _one_of(("deed", "theme", "sector", "organisation", "query")), "url": URL}
    ),
    "Sector": _object(
        {
            "slug": TEXT, "name": TEXT, "names": _ref("Names"), "meaning": TEXT, "colour": TEXT, "icon": TEXT,
            "position": WHOLE, "deeds": COUNT, "url": URL,
        }
    ),
    "Theme": _object(
        {
            "slug": TEXT, "name": TEXT, "names": _ref("Names"), "meaning": TEXT, "synonyms": _list(TEXT),
            "deeds": COUNT, "url": URL,
        }
    ),
    "Tag": _object(
        {
            "kind": _one_of(list(TagKind)), "slug": TEXT, "name": TEXT, "names": _ref("Names"),
            "synonyms": _list(TEXT), "deeds": COUNT, "url": URL,
        }
    ),
    "Organisation": _object(
        {
            "slug": TEXT, "name": TEXT, "names": _ref("Names"), "type": _one_of(list(OrganisationKind)),
            "municipality": TEXT_OR_NULL, "region": {"type": ["string", "null"], "description": "Slug."},
            "ended_on": DAY_OR_NULL, "successor": {"type": ["string", "null"], "description": "Slug."},
            "deeds": COUNT, "url": URL,
        }
    ),
    "Award": _object(
        {
            "series": TEXT, "is_mention": {"type": "boolean"},
            "title": {"type": "string", "description": "Empty when the organisation itself is awarded."},
            "organisation": TEXT, "citation": TEXT,
            "deed_id": {"type": ["integer", "null"], "description": "Null when the deed has been withdrawn."},
            "url": URL,
        }
    ),
    "Campaign": _object(
        {
            "slug": TEXT, "name": TEXT, "subtitle": TEXT, "kind": _one_of(list(CampaignKind)), "starts_on": DAY,
            "ends_on": DAY, "description": {"type": "string", "description": "Markdown."}, "slogan": TEXT,
            "hashtags": _list(TEXT), "goal_deeds": {"type": ["integer", "null"]}, "deeds": COUNT,
            "state": _one_of(list(CampaignState)), "awards": _list(_ref("Award")),
            "facts": {"type": "object", "description": "What the source tells of a finished campaign."},
            "citation": TEXT, "url": URL,
        }
    ),
    "TopList": _object(
        {
            "slug": TEXT, "title": TEXT, "introduction": TEXT,
            "stated_size": {"type": ["integer", "null"], "description": "Size that a historical list had."},
            "is_proposal": FLAG,
            "items": _list(_object({"position": WHOLE, "id": WHOLE, "title": TEXT, "url": URL, "reason": TEXT})),
            "citation": TEXT, "url": URL,
        }
    ),
    "Story": _object(
        {
            "series": TEXT, "slug": TEXT, "kind": TEXT, "title": TEXT, "summary": TEXT, "published_on": DAY_OR_NULL,
            "deeds": {**_list(WHOLE), "description": "Numbers of the deeds that it tells of."}, "url": URL,
        }
    ),
    "Wish": _object(
        {
            "id": WHOLE, "title": TEXT, "body": {"type": "string", "description": "Markdown."},
            "language": _one_of(LANGUAGES), "organisation": _or_null(_ref("OrganisationName")),
            "sector": TEXT_OR_NULL, "themes": _list(TEXT), "supporters": COUNT,
            "answers": {**_list(WHOLE), "description": "Numbers of the deeds that answer it."}, "asked_on": DAY,
            "url": URL,
        }
    ),
    "Statistics": schema_of(StatisticsItem),
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
            "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT,
            "parameter": {"type": "string", "description": "The parameter at fault, when the status is 400."},
            "allowed": {**_list(TEXT), "description": "What is allowed instead, when it is a short list."},
        },
        "required": ["type", "title", "status", "detail"],
    },
}  # fmt: skip


def _items(name: str) -> Schema:
    return _object({"items": _list(_ref(name))})


_DEED_ID: Schema = {
    "name": "deed_id", "in": "path", "required": True, "description": "The number in the deed's address.",
    "schema": {"type": "integer", "minimum": 1},
}  # fmt: skip
_PROBLEMS = {
    "400": "An unknown parameter or value; the answer says what is allowed.",
    "404": "There is no such deed.",
    "410": "The deed has been taken back.",
    "503": "The search does not answer just now.",
}


def _operation(
    name: str, summary: str, schema: Schema, parameters: Collection[Parameter] = (), problems: str = "400"
) -> dict[str, Any]:
    of_deed = "404" in problems
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "parameters": [*([_DEED_ID] if of_deed else []), *map(_parameter, parameters)],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}},
    }
    for status in problems.split():
        operation["responses"][status] = {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
    return {"get": operation}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": _list(parameter.schema) if parameter.repeats else parameter.schema,
    }
    if parameter.repeats:
        described |= {"style": "form", "explode": True}
    return described


PATHS: dict[str, Any] = {
    "/api/v1/deeds": _operation(
        "deeds", "Public deeds, searched and filtered, with facets", _ref("DeedPage"), DEED_LIST, "400 503"
    ),
    "/api/v1/deeds/{deed_id}": _operation("deed", "One deed with all its fields", _ref("Deed"), (), "400 404 410"),
    "/api/v1/deeds/{deed_id}/lineage": _operation(
        "lineage",
        "What the deed is a part or a variant of, its parts and variants, and who took the model",
        _ref("Lineage"),
        (),
        "400 404 410",
    ),
    "/api/v1/deeds/{deed_id}/adoptions": _operation(
        "adoptions", "Who took the model and what came of it", _items("AdoptionDetails"), (), "400 404 410"
    ),
    "/api/v1/deeds/{deed_id}/related": _operation(
        "related", "Deeds about the same things", _items("DeedItem"), (), "400 404 410 503"
    ),
    "/api/v1/suggest": _operation(
        "suggest", "Completions while somebody types", _items("Suggestion"), SUGGEST, "400 503"
    ),
    "/api/v1/sectors": _operation("sectors", "The eight sectors", _items("Sector")),
    "/api/v1/themes": _operation("themes", "The themes", _items("Theme")),
    "/api/v1/tags": _operation("tags", "Customer groups, benefits and professions", _items("Tag")),
    "/api/v1/organisations": _operation(
        "organisations",
        "Organisations by name",
        _object({"items": _list(_ref("Organisation")), "total": COUNT, "page": WHOLE, "per_page": WHOLE}),
        ORGANISATION_LIST,
    ),
    "/api/v1/campaigns": _operation("campaigns", "Campaigns, the newest first", _items("Campaign")),
    "/api/v1/toplists": _operation("toplists", "TOP lists with their deeds", _items("TopList")),
    "/api/v1/stories": _operation("stories", "Published stories with their deeds", _items("Story")),
    "/api/v1/wishes": _operation(
        "wishes",
        "What is looked for, the newest first",
        _object({"items": _list(_ref("Wish")), "page": WHOLE, "per_page": WHOLE}),
        WISH_LIST,
    ),
    "/api/v1/statistics": _operation("figures", "The figures of the statistics page", _ref("Statistics")),
    "/api/openapi.json": {
        "get": {
            "operationId": "specification",
            "summary": "This document",
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}
            },
        }
    },
}


def document(public_url: str) -> dict[str, Any]:
    """The whole document. ``public_url`` is the address of the site without a slash at its end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tekojen tori",
            "version": VERSION,
            "summary": "Development deeds of Finnish municipal work, open to read.",
            "description": (
                "Reading needs no key, and scripts of any site may read. Put /sv or /en before /api for names in "
                "Swedish or English. Times are UTC; days are days in Finland. Contents are under the licence that "
                "each deed names."
            ),
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": public_url}],
        "paths": PATHS,
        "components": {"schemas": SCHEMAS},
    }
