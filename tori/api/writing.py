"""Writing by the interface, for a program that has a person's key: a draft, and the deeds of an own organisation.

A key lets its holder do less than the person: what its scopes name, with the rights of a member. Everything goes
through the same services as the forms, so the same rules hold and the same lines come into the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from typing import Any

from flask import Response, g, jsonify, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.accounts import api_tokens
from tori.accounts.api_tokens import Scope
from tori.api import parameters as allowed
from tori.api.v1 import _check, _page_url, ask_for_key, blueprint
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds import service
from tori.edge import limits, messages
from tori.edge.access import OBJECT, access
from tori.edge.errors import problem
from tori.edge.sessions import hash_token
from tori.exchange.format import MAX_LINE_BYTES, BadLine, DeedLine, Problem, decode, read_deed
from tori.exchange.importing import BadRow, ImportOptions, ImportReport, content_of_line, import_deeds
from tori.exchange.names import Names
from tori.models.deeds import Deed
from tori.models.people import Organisation
from tori.notifications import audit
from tori.policy import Actor

MAX_IMPORT_BYTES = 5_000_000
MAX_IMPORT_LINES = 1_000
MAX_NUMBER = 60
JSON, LINES = "application/json", "application/x-ndjson"
NOT_OF_DRAFTS = frozenset({
    "external_id", "status", "published_on", "editor_note", "collections", "part_of", "variant_of", "related",
    "organisation_type", "municipality", "region", "campaign", "co_organisations", "author", "co_authors",
})  # fmt: skip
"""Keys of the format that a draft does not take: what it is tied to is chosen on its page."""
DRAFT_KEYS = tuple(item.name for item in fields(DeedLine) if item.name not in NOT_OF_DRAFTS)

View = Callable[..., Response]


def needs(scope: Scope) -> Callable[[View], View]:
    """A view that asks for a key with the scope: 401 without a key that works, 403 when it is for other things."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(**values: Any) -> Response:
            kind, _space, key = request.headers.get("Authorization", "").partition(" ")
            row = api_tokens.find(db.session(), key.strip()) if kind.lower() == "bearer" else None
            if row is None:
                return ask_for_key()
            if scope not in row.scopes:
                return problem(403, _("This key is not for this. It needs the scope “%(scope)s”.", scope=scope))
            audit.set_source(f"api key {row.id} {request.remote_addr or ''}".strip())
            g.api_token = row
            return view(**values)

        checked.scope = scope  # type: ignore[attr-defined]
        return checked

    return mark


def _actor() -> Actor:
    return api_tokens.actor_of(g.api_token)


def _body(kind: str, limit: int) -> bytes | Response:
    if request.mimetype != kind:
        return problem(415, _("Send %(kind)s.", kind=kind))
    request.max_content_length = limit
    length = request.content_length
    if length is not None and length > limit:
        return problem(413, _("At most %(limit)s bytes at a time.", limit=limit))
    return request.get_data(cache=False)


def _refused(rows: Sequence[BadRow]) -> Response:
    """422 with every problem, each at its line and field."""
    return problem(422, _("Some of it can't be taken. “problems” tells what."), problems=_told(rows))


def _told(rows: Sequence[BadRow]) -> list[dict[str, Any]]:
    return [
        {"line": row.number, "field": item.field, "code": item.code, "detail": item.sentence()}
        for row in rows
        for item in row.problems
    ]


@blueprint.post("/api/v1/deeds")
@access(OBJECT)
@needs(Scope.DRAFT)
def write_draft() -> Response:
    """A draft of the key's person. The same Idempotency-Key again answers with the same draft."""
    _check(())
    body = _body(JSON, MAX_LINE_BYTES)
    if isinstance(body, Response):
        return body
    number = request.headers.get("Idempotency-Key", "").strip()
    if len(number) > MAX_NUMBER:
        return problem(400, _("An Idempotency-Key has at most %(limit)s characters.", limit=MAX_NUMBER))
    try:
        with transaction() as session:
            actor = _actor()
            limits.count_act(session, "api_write", actor)
            deed = _draft(session, actor, body, _form_number(actor, number))
            api_tokens.note_use(g.api_token)
            answer = jsonify(_draft_item(deed))
    except BadLine as error:
        return _refused([BadRow(1, error.problems)])
    except RuleBroken as error:
        return problem(422, messages.sentence(error), problems=[_told_rule(error)])
    answer.status_code = 201
    answer.headers["Location"] = answer.get_json()["url"]
    return answer


def _form_number(actor: Actor, key: str) -> str | None:
    """The person's own name for the draft as the name of a form, which is one of a kind on the whole site."""
    return f"api-{hash_token(f'{actor.id} {key}')[:36]}" if key else None


def _told_rule(error: RuleBroken) -> dict[str, Any]:
    return {"line": 1, "field": error.field or "", "code": error.code, "detail": messages.sentence(error)}


def _draft(session: Session, actor: Actor, body: bytes, number: str | None) -> Deed:
    line = read_deed(_own_organisation_added(decode(body), actor))
    other = [name for name in NOT_OF_DRAFTS if _is_given(line, name)]
    if other:
        values = {"allowed": ", ".join(DRAFT_KEYS)}
        raise BadLine([Problem("not_for_drafts", name, values) for name in sorted(other)])
    names = Names(session)
    problems = names.problems(line)
    if names.known_organisation(line.organisation) is None:
        problems.append(Problem("unknown_organisation", "organisation", {"given": line.organisation}))
    problems += [
        Problem("unknown_theme", "themes", {"given": theme}) for theme in line.themes if not names.knows_theme(theme)
    ]
    if problems:
        raise BadLine(problems)
    return service.write_draft(session, actor, content_of_line(line, names), number)


def _is_given(line: DeedLine, name: str) -> bool:
    return getattr(line, name) not in (None, "", ())


def _own_organisation_added(data: Any, actor: Actor) -> Any:
    """Who belongs to one organisation need not name it."""
    own = actor.user.memberships if actor.user else []
    if isinstance(data, dict) and not data.get("organisation") and len(own) == 1:
        return {**data, "organisation": own[0].organisation.slug}
    return data


def _draft_item(deed: Deed) -> dict[str, Any]:
    return {
        "id": deed.id,
        "status": deed.status,
        "title": deed.title,
        "version": deed.version,
        "url": _page_url("deeds.show", deed_id=deed.id, slug=deed.slug),
        "edit_url": _page_url("deeds.edit", deed_id=deed.id),
    }


@blueprint.post("/api/v1/organisations/<slug>/import")
@access(OBJECT)
@needs(Scope.IMPORT)
def bring_in(slug: str) -> Response:
    """Deeds of the organisation as lines of the format, all or nothing unless ``keep_going`` is asked for."""
    _check(allowed.IMPORT)
    body = _body(LINES, MAX_IMPORT_BYTES)
    if isinstance(body, Response):
        return body
    lines = body.splitlines()
    if len(lines) > MAX_IMPORT_LINES:
        return problem(413, _("At most %(limit)s lines at a time.", limit=MAX_IMPORT_LINES))
    options = ImportOptions(**{name: request.args.get(name) == "1" for name in (
        "dry_run", "keep_going", "keep_edited", "ignore_unknown",
    )})  # fmt: skip
    with transaction() as session:
        actor = _actor()
        organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
        if organisation is None:
            raise NotFound(slug)
        limits.count_act(session, "api_import", actor)
        report = import_deeds(session, actor, lines, options, organisation=organisation)
        api_tokens.note_use(g.api_token)
        return _refused(report.bad) if report.refused else jsonify(_report_item(report, options))


def _report_item(report: ImportReport, options: ImportOptions) -> dict[str, Any]:
    return {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "dry_run": options.dry_run,
        "problems": _told(report.bad),
    }
