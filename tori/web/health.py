"""What a monitor asks: does the process live, and can the site do its work."""

import shutil
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import StorageAway
from tori.database import db
from tori.edge import read_only
from tori.edge.access import PUBLIC, access
from tori.edge.logs import lost_lines
from tori.media.storage import storage_of
from tori.models.operations import Heartbeat
from tori.search import indexing
from tori.search.port import SearchEngine

blueprint = Blueprint("health", __name__)

LEAST_FREE_BYTES = 20_000_000
"""Under this the site is as good as full; the page of the state warns long before."""

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
    """The process answers. Touches nothing else, so that a slow database doesn't get it restarted.

    Tells also what the process has noticed by itself: that nothing can be written, or that its log is full.
    """
    told: dict[str, object] = {}
    if reason := read_only.state().reason:
        told["read_only"] = str(reason)
    if lost := lost_lines():
        told["lost_log_lines"] = lost
    return _uncached(jsonify(status="degraded" if "read_only" in told else "ok", **told))


@blueprint.get("/readyz")
@access(PUBLIC)
def readyz() -> Response:
    """Database, index, worker, uploads and disk; 503 when one of them is not fit for work."""
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
        checks = [check_database(), check_index(session, engine), check_worker(session)]
    except SQLAlchemyError:
        session.rollback()
        return [Check("database", False, "does not answer, or is not up to date")]
    config: Config = current_app.extensions["tori"]
    return [*checks, check_uploads(config), check_disk(config)]


def check_database() -> Check:
    """That it can be written is what the worker proves every few seconds; here, what this process has noticed."""
    reason = read_only.state().reason
    return Check("database", not reason or reason == "declared", f"read-only: {reason}" if reason else "answers")


def check_uploads(config: Config) -> Check:
    try:
        storage_of(config).check()
    except StorageAway:
        return Check("uploads", False, "are not where they were")
    return Check("uploads", True, "are there")


def check_disk(config: Config) -> Check:
    free = shutil.disk_usage(config.instance).free
    return Check("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free")


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
