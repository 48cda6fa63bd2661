"""The marks of a person: the own page, and what others see of one that has been taken along (also as an open badge)."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __

from tori import drawing
from tori.accounts import marks
from tori.accounts.marks import Kind
from tori.accounts.views import Page, blueprint, me
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound
from tori.database import db, transaction
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import public_link, request_locale
from tori.models.accounts import PersonMark
from tori.policy import Permission

NAMES = {
    Kind.TELLER: __("Teller of deeds"),
    Kind.TAKER: __("User of models"),
    Kind.AMBASSADOR: __("Ambassador"),
}
GROUNDS = {
    Kind.TELLER: __("Has told at least three development deeds of their organisation, for others to use."),
    Kind.TAKER: __("Has taken at least three models from other organisations into the own work."),
    Kind.AMBASSADOR: __("Has agreed to carry the word of good practices in their organisation."),
}
PICTURE_WIDTH = 600
OPEN_BADGES = "https://w3id.org/openbadges/v2"


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


@blueprint.get("/oma/merkit")
@access(Permission.ACCOUNT_OWN)
def own_marks() -> str:
    rows = marks.standings(db.session(), me())
    return render_template("accounts/marks.html", rows=rows, names=NAMES, grounds=GROUNDS, address_of=_address_of)


def _address_of(mark: PersonMark) -> str:
    return public_link(_config(), "accounts.mark", request_locale(), key=mark.key)


@blueprint.post("/oma/merkit/<kind>/<action>")
@access(Permission.ACCOUNT_OWN)
def change_mark(kind: str, action: str) -> Page:
    if action not in ("ota", "luovu"):
        raise NotFound(action)
    with transaction() as session:
        if action == "ota":
            marks.take(session, current_actor(), kind)
        else:
            marks.let_go(session, current_actor(), kind)
    words = _("The mark has an address now: give it to whom you like.") if action == "ota" else _("Taken back.")
    flash(words, "success")
    return redirect(url_for("accounts.own_marks"), 303)


@blueprint.get("/merkki/<key>")
@access(OBJECT)
def mark(key: str) -> Response:
    row = marks.shown_mark(db.session(), key)
    kind = Kind(row.kind)
    page = render_template("accounts/mark.html", mark=row, kind=kind, name=NAMES[kind], grounds=GROUNDS[kind])
    return _unkept(Response(page))


@blueprint.get("/merkki/<key>.json")
@access(OBJECT)
def mark_data(key: str) -> Response:
    """An assertion of Open Badges 2.0 that programs verify by fetching it. It tells no e-mail address: the bearer is
    known by the address of the mark."""
    row = marks.shown_mark(db.session(), key)
    own = public_link(_config(), "accounts.mark", request_locale(), key=key)
    link = public_link(_config(), "accounts.mark_data", request_locale(), key=key)
    return _unkept(
        jsonify(
            {
                "@context": OPEN_BADGES, "type": "Assertion", "id": link,
                "recipient": {"type": "url", "hashed": False, "identity": own},
                "badge": _badge_class(Kind(row.kind)),
                "verification": {"type": "hosted"},
                "issuedOn": clock.in_finland(row.created_at).isoformat(timespec="seconds"),
                "image": public_link(_config(), "accounts.mark_picture", request_locale(), kind=row.kind),
            }
        )
    )  # fmt: skip


@blueprint.get("/merkit/<kind>.json")
@access(PUBLIC)
def mark_kind(kind: str) -> Response:
    """What the mark is and who gives it, as Open Badges tells it."""
    return jsonify({"@context": OPEN_BADGES, **_badge_class(_kind(kind))})


@blueprint.get("/merkit/<kind>.png")
@access(PUBLIC)
def mark_picture(kind: str) -> Response:
    found = _kind(kind)
    svg = render_template(
        "accounts/mark.svg", name=NAMES[found], kind=found.value, address=urlsplit(_config().public_url).netloc
    )
    return Response(drawing.png(svg, PICTURE_WIDTH), content_type="image/png")


def _kind(text: str) -> Kind:
    if text not in set(Kind):
        raise NotFound("mark")
    return Kind(text)


def _badge_class(kind: Kind) -> dict[str, Any]:
    locale = request_locale()
    return {
        "type": "BadgeClass",
        "id": public_link(_config(), "accounts.mark_kind", locale, kind=kind.value),
        "name": str(NAMES[kind]),
        "description": str(GROUNDS[kind]),
        "image": public_link(_config(), "accounts.mark_picture", locale, kind=kind.value),
        "criteria": {"narrative": str(GROUNDS[kind])},
        "issuer": {
            "type": "Issuer", "id": _config().public_url, "name": _config().site_names[locale],
            "url": _config().public_url,
        },
    }  # fmt: skip


def _unkept(response: Response) -> Response:
    """It may be taken back at any moment, so nobody keeps it."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
