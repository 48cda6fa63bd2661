"""The shapes of what the interface takes and gives, as JSON Schema; ``openapi.py`` names them."""

from collections.abc import Collection

from tori.api.parameters import Schema
from tori.api.serializers import StatisticsItem
from tori.api.shapes import schema_of
from tori.deeds.content import (
    LANGUAGES,
    MAX_FIRST_STEPS,
    MAX_ITEMS,
    MAX_LINE,
    MAX_SUMMARY,
    MAX_THEMES,
    MAX_TITLE,
)
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
    MaterialKind,
    Maturity,
)
from tori.models.people import OrganisationKind
from tori.models.tags import TAG_FIELDS, TagKind
from tori.search.port import FACETS

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
URL: Schema = {"type": "string", "format": "uri"}
DAY: Schema = {"type": "string", "format": "date"}
DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
PERIOD: Schema = {"type": ["string", "null"], "description": "A year, a month or a day: 2013, 2021-02 or 2021-09-01."}


def object_of(properties: dict[str, Schema], optional: Collection[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "null"}]}


def one_of(values: Collection[str], nullable: bool = False) -> Schema:
    if nullable:
        return {"type": ["string", "null"], "enum": [*map(str, values), None]}
    return {"type": "string", "enum": [str(value) for value in values]}


_ITEM: dict[str, Schema] = {
    "id": WHOLE,
    "external_id": TEXT_OR_NULL,
    "title": TEXT,
    "summary": TEXT,
    "url": URL,
    "organisation": ref("OrganisationName"),
    "sector": {"type": "string", "description": "Slug; see /sectors."},
    "themes": {**list_of(TEXT), "description": "Slugs; see /themes."},
    "published_on": DAY_OR_NULL,
    "language": one_of(LANGUAGES),
    "adoptions": {**COUNT, "description": "Organisations that have taken the model."},
    "comments": COUNT,
}

SCHEMAS: dict[str, Schema] = {
    "OrganisationName": object_of({"name": TEXT, "slug": TEXT}),
    "Names": object_of({"fi": TEXT, "sv": TEXT_OR_NULL, "en": TEXT_OR_NULL}),
    "DeedItem": object_of(
        {
            **_ITEM,
            "updated_at": {"type": "string", "format": "date-time"},
            "highlights": {**list_of(TEXT), "description": "Passages as HTML: the words found stand in <mark>."},
            "weak": {**FLAG, "description": "Shares something with the words but hardly answers them; such come last."},
        }
    ),
    "Facet": list_of(object_of({"value": {"type": ["string", "integer"]}, "label": TEXT, "count": COUNT})),
    "DeedPage": object_of(
        {
            "items": list_of(ref("DeedItem")),
            "total": COUNT,
            "page": WHOLE,
            "per_page": WHOLE,
            "facets": {
                **object_of({facet: ref("Facet") for facet in FACETS}),
                "description": "Each facet is counted without its own filter.",
            },
            "did_you_mean": {**TEXT_OR_NULL, "description": "A better spelling."},
            "corrected_from": {**TEXT_OR_NULL, "description": "What was typed, when the items answer did_you_mean."},
            "relaxed": {**FLAG, "description": "No deed had all the words; the items have some of them."},
        }
    ),
    "Indicator": object_of(
        {
            **dict.fromkeys(("name", "unit", "baseline", "target", "actual"), TEXT),
            "basis": one_of(list(Basis)),
        },
        optional=("unit", "baseline", "target", "actual", "basis"),
    ),
    "Material": object_of(
        {
            "title": TEXT,
            "url": URL,
            "kind": {**one_of(list(MaterialKind)), "description": "Left out for a material or a tool."},
            "date": PERIOD,
            "licence": {**TEXT, "description": "Left out when it is that of the deed."},
        },
        optional=("url", "kind", "date", "licence"),
    ),
    "Deed": object_of(
        {
            **_ITEM,
            **{name: {"type": "string", "description": "Markdown."} for name in MARKDOWN_FIELDS},
            "organisation_type": one_of(list(OrganisationKind)),
            "unit": TEXT,
            "municipality": TEXT_OR_NULL,
            "region": TEXT_OR_NULL,
            "sector_name": TEXT,
            "theme_names": list_of(TEXT),
            **{name: {**list_of(TEXT), "description": "Slugs; see /tags."} for name in TAG_FIELDS},
            "status": one_of(PUBLIC_STATUSES),
            "period": or_null(object_of({"start": PERIOD, "end": PERIOD}, optional=("start", "end"))),
            "maturity": one_of(list(Maturity), nullable=True),
            "effort": one_of(list(Effort), nullable=True),
            "cost": one_of(list(Cost), nullable=True),
            "indicators": list_of(ref("Indicator")),
            "participants": TEXT,
            "partners": list_of(TEXT),
            "team": {**list_of(TEXT), "description": "Who did what: roles, not names."},
            "strategy_goal": TEXT,
            "programme": TEXT,
            "funding": or_null(object_of({"funder": TEXT, "euros": COUNT}, optional=("funder", "euros"))),
            "materials": list_of(ref("Material")),
            "campaign": {"type": ["string", "null"], "description": "Slug; see /campaigns."},
            "is_short": {**FLAG, "description": "Little more than a heading is known."},
            "is_small": FLAG,
            "icon": TEXT_OR_NULL,
            "part_of": {"type": ["string", "null"], "description": "external_id of the deed that this is a part of."},
            "variant_of": {"type": ["string", "null"], "description": "external_id of the deed that it varies."},
            "first_steps": {**list_of(TEXT), "description": "At most three lines of advice for a beginner."},
            "related": {**list_of(TEXT), "description": "external_ids."},
            "co_organisations": {**list_of(TEXT), "description": "Names of organisations that made it together."},
            "source_url": TEXT_OR_NULL,
            "citation": TEXT,
            "licence": TEXT,
            "version": WHOLE,
            "updated_at": {"type": "string", "format": "date-time"},
        }
    ),
    "DeedLink": object_of({"id": WHOLE, "title": TEXT, "url": URL, "organisation": ref("OrganisationName")}),
    "Lineage": object_of(
        {
            "deed": ref("DeedLink"),
            "part_of": or_null(ref("DeedLink")),
            "parts": list_of(ref("DeedLink")),
            "variant_of": or_null(ref("DeedLink")),
            "variants": list_of(ref("DeedLink")),
            "adoptions": list_of(
                object_of(
                    {
                        "organisation": ref("OrganisationName"),
                        "closeness": one_of(list(Closeness), nullable=True),
                        "status": one_of(list(AdoptionStatus), nullable=True),
                        "adopted_on": DAY,
                    }
                )
            ),
        }
    ),
    "AdoptionDetails": object_of(
        {
            "organisation": ref("OrganisationName"),
            "closeness": one_of(list(Closeness), nullable=True),
            "status": one_of(list(AdoptionStatus), nullable=True),
            "adopted_on": DAY,
            "abandoned_reason": one_of(list(AbandonReason), nullable=True),
            "unit": TEXT,
            "note": TEXT,
            "outcome": TEXT,
            "people": COUNT,
        }
    ),
    "Suggestion": object_of(
        {"text": TEXT, "kind": one_of(("deed", "theme", "sector", "organisation", "query")), "url": URL}
    ),
    "Sector": object_of(
        {
            "slug": TEXT, "name": TEXT, "names": ref("Names"), "meaning": TEXT, "colour": TEXT, "icon": TEXT,
            "position": WHOLE, "deeds": COUNT, "url": URL,
        }
    ),
    "Theme": object_of(
        {
            "slug": TEXT, "name": TEXT, "names": ref("Names"), "meaning": TEXT, "synonyms": list_of(TEXT),
            "deeds": COUNT, "url": URL,
        }
    ),
    "Tag": object_of(
        {
            "kind": one_of(list(TagKind)), "slug": TEXT, "name": TEXT, "names": ref("Names"),
            "synonyms": list_of(TEXT), "deeds": COUNT, "url": URL,
        }
    ),
    "Organisation": object_of(
        {
            "slug": TEXT, "name": TEXT, "names": ref("Names"), "type": one_of(list(OrganisationKind)),
            "municipality": TEXT_OR_NULL, "region": {"type": ["string", "null"], "description": "Slug."},
            "ended_on": DAY_OR_NULL, "successor": {"type": ["string", "null"], "description": "Slug."},
            "deeds": COUNT, "url": URL,
        }
    ),
    "Award": object_of(
        {
            "series": TEXT, "is_mention": {"type": "boolean"},
            "title": {"type": "string", "description": "Empty when the organisation itself is awarded."},
            "organisation": TEXT, "citation": TEXT,
            "deed_id": {"type": ["integer", "null"], "description": "Null when the deed has been withdrawn."},
            "url": URL,
        }
    ),
    "Campaign": object_of(
        {
            "slug": TEXT, "name": TEXT, "subtitle": TEXT, "kind": one_of(list(CampaignKind)), "starts_on": DAY,
            "ends_on": DAY, "description": {"type": "string", "description": "Markdown."}, "slogan": TEXT,
            "hashtags": list_of(TEXT), "goal_deeds": {"type": ["integer", "null"]}, "deeds": COUNT,
            "state": one_of(list(CampaignState)), "awards": list_of(ref("Award")),
            "facts": {"type": "object", "description": "What the source tells of a finished campaign."},
            "citation": TEXT, "url": URL,
        }
    ),
    "TopList": object_of(
        {
            "slug": TEXT, "title": TEXT, "introduction": TEXT,
            "stated_size": {"type": ["integer", "null"], "description": "Size that a historical list had."},
            "is_proposal": FLAG,
            "items": list_of(object_of({"position": WHOLE, "id": WHOLE, "title": TEXT, "url": URL, "reason": TEXT})),
            "citation": TEXT, "url": URL,
        }
    ),
    "Story": object_of(
        {
            "series": TEXT, "slug": TEXT, "kind": TEXT, "title": TEXT, "summary": TEXT, "published_on": DAY_OR_NULL,
            "deeds": {**list_of(WHOLE), "description": "Numbers of the deeds that it tells of."}, "url": URL,
        }
    ),
    "Wish": object_of(
        {
            "id": WHOLE, "title": TEXT, "body": {"type": "string", "description": "Markdown."},
            "language": one_of(LANGUAGES), "organisation": or_null(ref("OrganisationName")),
            "sector": TEXT_OR_NULL, "themes": list_of(TEXT), "supporters": COUNT,
            "answers": {**list_of(WHOLE), "description": "Numbers of the deeds that answer it."}, "asked_on": DAY,
            "url": URL,
        }
    ),
    "Statistics": schema_of(StatisticsItem),
    "DraftDeed": {
        "type": "object",
        "description": "The keys of the import format that a draft takes; see docs/api.md.",
        "properties": {
            "title": {"type": "string", "maxLength": MAX_TITLE},
            "summary": {"type": "string", "maxLength": MAX_SUMMARY},
            "organisation": {
                "type": "string", "maxLength": MAX_LINE,
                "description": "Name or slug; left out by who belongs to one organisation.",
            },
            "sector": {"type": "string", "description": "Slug; see /sectors."},
            **{name: {"type": "string", "description": "Markdown."} for name in MARKDOWN_FIELDS},
            "unit": TEXT, "participants": TEXT, "strategy_goal": TEXT, "programme": TEXT,
            "citation": TEXT, "licence": TEXT,
            "source_url": {"type": "string", "format": "uri"},
            "language": one_of(LANGUAGES),
            "themes": {**list_of(TEXT), "maxItems": MAX_THEMES, "description": "Slugs; see /themes."},
            "first_steps": {**list_of(TEXT), "maxItems": MAX_FIRST_STEPS},
            "partners": {**list_of(TEXT), "maxItems": MAX_ITEMS},
            "team": {**list_of(TEXT), "maxItems": MAX_ITEMS},
            "period": object_of({"start": TEXT, "end": TEXT}, optional=("start", "end")),
            "funding": object_of({"funder": TEXT, "euros": COUNT}, optional=("funder", "euros")),
            "indicators": {**list_of(ref("Indicator")), "maxItems": MAX_ITEMS},
            "materials": {**list_of(ref("Material")), "maxItems": MAX_ITEMS},
            "maturity": one_of(list(Maturity)), "effort": one_of(list(Effort)), "cost": one_of(list(Cost)),
            "is_short": FLAG, "is_small": FLAG, "icon": TEXT,
        },
        "required": ["title", "summary", "sector"],
        "additionalProperties": False,
    },
    "Draft": object_of(
        {
            "id": WHOLE, "status": one_of(["draft"]), "title": TEXT, "version": WHOLE,
            "url": {**URL, "description": "Opens to its writer."}, "edit_url": URL,
        }
    ),
    "LineProblem": object_of({"line": WHOLE, "field": TEXT, "code": TEXT, "detail": TEXT}),
    "ImportReport": object_of(
        {
            "created": COUNT, "updated": COUNT, "unchanged": COUNT, "dry_run": FLAG,
            "problems": {**list_of(ref("LineProblem")), "description": "Lines left out by keep_going."},
        }
    ),
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
            "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT,
            "parameter": {"type": "string", "description": "The parameter at fault, when the status is 400."},
            "allowed": {**list_of(TEXT), "description": "What is allowed instead, when it is a short list."},
            "problems": {**list_of(ref("LineProblem")), "description": "What is wrong in what was sent."},
        },
        "required": ["type", "title", "status", "detail"],
    },
}  # fmt: skip
