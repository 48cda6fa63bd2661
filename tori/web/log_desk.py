"""The audit log for administrators, to search and to take out; and the settings of the site with their meaning."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tori.config import Config
from tori.core.events import LogExported, record
from tori.core.text import clean_line
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.exchange.format import csv_rows
from tori.policy import Permission
from tori.web import desk_queries as queries
from tori.web.desk import blueprint, place_in_list
from tori.web.desk_labels import EVENTS
from tori.web.desk_queries import LogFilter

MOST_EXPORTED = 10_000
SECRETS = {"secret_key", "secret_key_fallbacks", "database_url", "search_url", "mail_url"}
"""Settings whose values may hold passwords or keys: the page tells only whether they are set."""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filter(values: MultiDict[str, str]) -> LogFilter:
    event = values.get("tapahtuma", "")
    return LogFilter(
        event if event in EVENTS else "", clean_line(values.get("kuka", ""))[:100], _day(values.get("alkaen", "")),
        _day(values.get("asti", "")),
    )  # fmt: skip


def _parameters(chosen: LogFilter) -> dict[str, Any]:
    return {
        "tapahtuma": chosen.event or None,
        "kuka": chosen.who or None,
        "alkaen": chosen.since.isoformat() if chosen.since else None,
        "asti": chosen.until.isoformat() if chosen.until else None,
    }


@blueprint.route("/loki")
@access(Permission.AUDIT_READ)
def log() -> str:
    chosen = _filter(request.args)
    rows = queries.audit_entries(db.session(), chosen, place_in_list())
    shown = rows[: queries.PER_PAGE]
    more = len(rows) > len(shown)
    parameters = _parameters(chosen)
    return render_template(
        "desk/log.html",
        entries=shown,
        chosen=chosen,
        events=EVENTS,
        first_url=url_for("desk.log", **parameters),
        next_url=url_for("desk.log", **parameters, ennen=shown[-1][0].id) if more else None,
        is_first=place_in_list() is None,
        most=MOST_EXPORTED,
    )


@blueprint.post("/loki/taulukko")
@access(Permission.AUDIT_READ)
def export_log() -> Response:
    """The newest rows of the filter as a table. That somebody took them out is itself in the log."""
    with transaction() as session:
        rows = queries.audit_entries(session, _filter(request.form), None, MOST_EXPORTED)
        table = [
            [
                entry.id, entry.created_at.isoformat(timespec="seconds"), entry.event, EVENTS.get(entry.event, ""),
                entry.actor_id or "", name or "", entry.source, json.dumps(entry.data, ensure_ascii=False),
            ]
            for entry, name in rows
        ]  # fmt: skip
        record(session, LogExported(actor_id=current_actor().id, rows=len(table)))
    header = ["id", "time", "event", "words", "actor", "name", "source", "data"]
    response = Response(csv_rows(header, table), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="loki.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/asetukset")
@access(Permission.AUDIT_READ)
def settings() -> str:
    """What the site has been set to. Settings are changed in the environment, so that a page can't lock the site."""
    config: Config = current_app.extensions["tori"]
    rows = []
    for item in fields(config):
        name, help = item.metadata["env"], item.metadata["help"]
        value, default = getattr(config, item.name), item.default
        shown = (_("set") if value else _("empty")) if item.name in SECRETS else str(value)
        rows.append((name, _(help), shown, str(default), value != default))
    return render_template("desk/settings.html", rows=rows)
