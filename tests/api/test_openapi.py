"""The OpenAPI document says what the routes do, and the routes answer as it says."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.api.conftest import Site
from tori.api.openapi import PATHS, document

Fetch = Callable[..., Any]
READ = [path for path, operations in PATHS.items() if "get" in operations]


def test_the_document_is_valid() -> None:
    validate(document("https://tori.example.org"))


def test_every_route_is_described_and_the_other_way_round(app: Flask) -> None:
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if "/api/" in rule.rule
    }
    assert routes == set(PATHS)


@pytest.mark.parametrize("path", [path for path in READ if path != "/api/openapi.json"])
def test_described_parameters_are_taken_and_others_are_not(client: Any, site: Site, path: str) -> None:
    described = {item["name"] for item in PATHS[path]["get"]["parameters"] if item["in"] == "query"}
    answer = client.get(path.format(deed_id=site["whole"].id) + "?no_such_parameter=1")
    assert answer.status_code == 400
    assert set(answer.get_json()["allowed"]) == described


@pytest.mark.parametrize("path", READ)
def test_answers_have_the_described_shape(fetch: Fetch, site: Site, path: str) -> None:
    schema = PATHS[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": document("https://tori.example.org")["components"]}
    for locale in ("", "/sv", "/en"):
        answer = fetch(locale + path.format(deed_id=site["whole"].id))
        errors = list(Draft202012Validator(whole).iter_errors(answer))
        assert not errors, errors[:3]


def test_problems_have_the_described_shape(client: Any, site: Site) -> None:
    schema = document("https://tori.example.org")["components"]["schemas"]["Problem"]
    Draft202012Validator(schema).validate(client.get("/api/v1/deeds?x=1").get_json())
    Draft202012Validator(schema).validate(client.get("/api/v1/deeds/0").get_json())


def test_what_is_written_needs_a_key_and_is_described(app: Flask) -> None:
    """Each view that takes a key names its scope, and the document names the same one."""
    described = {
        (path, operations["post"]["description"].split()[-1].rstrip("."))
        for path, operations in PATHS.items()
        if "post" in operations
    }
    views = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), str(app.view_functions[rule.endpoint].scope))  # type: ignore[attr-defined]
        for rule in app.url_map.iter_rules()
        if "/api/" in rule.rule and "POST" in (rule.methods or ())
    }
    assert views == described
