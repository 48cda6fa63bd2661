"""What a monitor asks: does the process live, and can the site do its work."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tori.core import clock
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.models.operations import Heartbeat
from tori.search import indexing
from tori.search.port import SearchEngine

blueprint = Blueprint("health", __name__)

WORKER_SILENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Check:
    """One part of the site. ``detail`` is a sentence without secrets, as anybody may read it."""

    name: str
    ok: bool
    detail: str


@blueprint.get("/healthz")
@access(PUBLIC)
def healthz() -> Response:
    """The process answers. Touches nothing else, so that a slow database doesn't get it restarted."""
    return _uncached(jsonify(status="ok"))


@blueprint.get("/readyz")
@access(PUBLIC)
def readyz() -> Response:
    """Database, index and worker; 503 when one of them is not fit for work."""
    checks = run_checks(db.session(), current_app.extensions["tori.search"]())
    ready = all(check.ok for check in checks)
    answer = jsonify(
        status="ok" if ready else "unavailable",
        checks={check.name: {"ok": check.ok, "detail": check.detail} for check in checks},
    )
    answer.status_code = 200 if ready else 503
    return _uncached(answer)


def run_checks(session: Session, engine: SearchEngine) -> list[Check]:
    try:
        return [Check("database", True, "answers"), check_index(session, engine), check_worker(session)]
    except SQLAlchemyError:
        session.rollback()
        return [Check("database", False, "does not answer, or is not up to date")]


def check_index(session: Session, engine: SearchEngine) -> Check:
    report = indexing.status(session, engine)
    detail = f"{report.index.documents} of {report.published} deeds, {report.lag} changes waiting"
    return Check("index", report.index.ready, report.index.problem or detail)


def check_worker(session: Session) -> Check:
    seen_at = session.scalar(select(func.max(Heartbeat.seen_at)))
    if seen_at is None:
        return Check("worker", False, "has never run")
    silence = clock.now() - seen_at
    return Check("worker", silence < WORKER_SILENCE, f"was alive {int(silence.total_seconds())} seconds ago")


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
