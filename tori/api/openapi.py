"""The description of the interface (OpenAPI 3.1), written as data. Tests hold it against routes and answers."""

from collections.abc import Collection
from typing import Any

from tori.api.parameters import DEED_LIST, IMPORT, ORGANISATION_LIST, SUGGEST, WISH_LIST, Parameter, Schema
from tori.api.schemas import COUNT, SCHEMAS, URL, WHOLE, list_of, object_of, ref

VERSION = "1.0.0"


def _items(name: str) -> Schema:
    return object_of({"items": list_of(ref(name))})


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


_PROBLEMS_OF_WRITING = {
    "400": "An unknown parameter or value.",
    "401": "There is no key, or it does not work any more.",
    "403": "The key, or the person whose it is, may not do this.",
    "404": "There is no such organisation.",
    "413": "Too much at a time.",
    "415": "The body is of another kind.",
    "422": "Something in the body can't be taken; the answer tells what.",
    "429": "Too many in a short time; Retry-After tells how long to wait.",
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
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
    return {"get": operation}


def _writing(
    name: str, summary: str, scope: str, body: dict[str, Any], answers: dict[str, dict[str, Any]],
    parameters: Collection[dict[str, Any]] = (), problems: str = "400 401 403 413 415 422 429",
) -> dict[str, Any]:  # fmt: skip
    refusals = {
        status: {
            "description": _PROBLEMS_OF_WRITING[status],
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
        for status in problems.split()
    }
    return {
        "operationId": name,
        "summary": summary,
        "description": f"Needs a key with the scope {scope}.",
        "security": [{"key": []}],
        "parameters": [*parameters],
        "requestBody": {"required": True, "content": body},
        "responses": {**answers, **refusals},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": list_of(parameter.schema) if parameter.repeats else parameter.schema,
    }
    if parameter.repeats:
        described |= {"style": "form", "explode": True}
    return described


PATHS: dict[str, Any] = {
    "/api/v1/deeds": {
        **_operation(
            "deeds", "Public deeds, searched and filtered, with facets", ref("DeedPage"), DEED_LIST, "400 503"
        ),
        "post": _writing(
            "draft",
            "A draft for the person whose key it is",
            "deeds:draft",
            {"application/json": {"schema": ref("DraftDeed")}},
            {
                "201": {
                    "description": "The draft was made, or had been made with the same Idempotency-Key.",
                    "headers": {"Location": {"description": "Address of the draft.", "schema": URL}},
                    "content": {"application/json": {"schema": ref("Draft")}},
                }
            },
            [
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": False,
                    "description": "A name of your own for the draft: sent again, it makes no second one.",
                    "schema": {"type": "string", "maxLength": 60, "pattern": "^[A-Za-z0-9._:-]*$"},
                }
            ],
        ),
    },
    "/api/v1/organisations/{slug}/import": {
        "post": _writing(
            "import",
            "Deeds of an own organisation as lines of the import format; at most 1000 lines and 5 MB",
            "deeds:import",
            {
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "One deed a line; see docs/api.md."}
                }
            },
            {"200": {"description": "OK", "content": {"application/json": {"schema": ref("ImportReport")}}}},
            [
                {
                    "name": "slug",
                    "in": "path",
                    "required": True,
                    "description": "Slug of the organisation.",
                    "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,100}$"},
                },
                *map(_parameter, IMPORT),
            ],
            "400 401 403 404 413 415 422 429",
        )
    },
    "/api/v1/deeds/{deed_id}": _operation("deed", "One deed with all its fields", ref("Deed"), (), "400 404 410"),
    "/api/v1/deeds/{deed_id}/lineage": _operation(
        "lineage",
        "What the deed is a part or a variant of, its parts and variants, and who took the model",
        ref("Lineage"),
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
    "/api/v1/tags": _operation("tags", "Customer groups, benefits, professions, situations and methods", _items("Tag")),
    "/api/v1/organisations": _operation(
        "organisations",
        "Organisations by name",
        object_of({"items": list_of(ref("Organisation")), "total": COUNT, "page": WHOLE, "per_page": WHOLE}),
        ORGANISATION_LIST,
    ),
    "/api/v1/campaigns": _operation("campaigns", "Campaigns, the newest first", _items("Campaign")),
    "/api/v1/toplists": _operation("toplists", "TOP lists with their deeds", _items("TopList")),
    "/api/v1/stories": _operation("stories", "Published stories with their deeds", _items("Story")),
    "/api/v1/wishes": _operation(
        "wishes",
        "What is looked for, the newest first",
        object_of({"items": list_of(ref("Wish")), "page": WHOLE, "per_page": WHOLE}),
        WISH_LIST,
    ),
    "/api/v1/statistics": _operation("figures", "The figures of the statistics page", ref("Statistics")),
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
                "each deed names. Writing needs a key, which a person makes on the own pages of the service."
            ),
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": public_url}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key made under /oma/avaimet. Scopes: deeds:draft, deeds:import.",
                }
            },
        },
    }
