"""schemathesis sends what the OpenAPI document allows, and what it does not, and holds every answer against it.

The same cases every time; a fault that it finds is shown with the request that sets it off.
"""

import json
import warnings
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from sqlalchemy.orm import Session

from tests.api.conftest import Site
from tests.factories import Factory
from tori.accounts import api_tokens
from tori.api.openapi import PATHS, document
from tori.edge import limits
from tori.policy import Actor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.config import SchemathesisConfig
    from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLES = 15
OPERATIONS = [
    (path, method, mode)
    for path, operations in PATHS.items()
    for method, operation in operations.items()
    for mode in GenerationMode
    if mode == GenerationMode.POSITIVE or operation.get("parameters")
]
"""What takes no parameters can't be called wrongly."""


@schemathesis.serializer("application/x-ndjson")
def as_lines(ctx: Any, value: Any) -> bytes:
    """Only a text can be a file of lines."""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="surrogatepass")


LOOSER = {
    operation: [positive_data_acceptance]
    for operation in (
        ("/api/v1/deeds", "get"), ("/api/v1/deeds", "post"), ("/api/v1/organisations", "get"),
        ("/api/v1/organisations/{slug}/import", "post"),
    )
}  # fmt: skip
"""What a JSON Schema can't say: slugs are those of the day, and a day must be one of the calendar. A refusal is right
there; that it is a described refusal is checked all the same."""


@pytest.fixture
def key(session: Session, make: Factory, site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a contact person of the organisation that has the first deed."""
    monkeypatch.setattr(limits, "LIMITS", {name: (10**6, length) for name, (_, length) in limits.LIMITS.items()})
    organisation = site["whole"].organisation
    key = api_tokens.make(
        session, Actor(make.user(organisation=organisation, steward=True)), "x", list(api_tokens.Scope), 90
    )
    session.commit()
    return key


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_answers_keep_to_the_document(app: Flask, site: Site, key: str, path: str, method: str, mode: Any) -> None:
    schema = schemathesis.openapi.from_dict(document("http://127.0.0.1"), config=SchemathesisConfig())
    schema.app = app
    operation = schema[path][method.upper()]
    strategy = operation.as_strategy(generation_mode=mode)

    @seed(8)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def run(case: Any) -> None:
        headers = {"Authorization": f"Bearer {key}"} if method == "post" else {}
        case.call_and_validate(headers=headers, excluded_checks=LOOSER.get((path, method), []))

    run()
