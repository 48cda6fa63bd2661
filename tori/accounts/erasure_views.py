"""Taking one's things along, and going."""

import json
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from flask import Response, current_app, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from wtforms import PasswordField

from tori.accounts import erasure
from tori.accounts.export import everything_about
from tori.accounts.views import Page, blueprint, me
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DataTaken, record
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.media.storage import storage_of
from tori.models.media import Attachment, Picture
from tori.models.people import User
from tori.policy import Permission

IN_MEMORY = 10_000_000
FILE_NAME = "tekojen-tori-omat-tiedot.zip"


class ErasureForm(ToriForm):
    current = PasswordField(__("Your password"))


@blueprint.route("/oma/vienti.zip")
@access(Permission.ACCOUNT_OWN)
def export_all() -> Response:
    """Everything about the person and every file they brought, in one archive that is made now and kept nowhere."""
    # Sent after this function has ended, so it is the answer that closes it.
    archive = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    with ZipFile(archive, "w", ZIP_DEFLATED) as target:
        text = json.dumps(everything_about(db.session(), me()), ensure_ascii=False, indent=2)
        target.writestr("omat-tiedot.json", text + "\n")
        for name, key in _files_of(me()):
            try:
                with storage_of(current_app.extensions["tori"]).open(key) as source:
                    target.writestr(name, source.read(), ZIP_STORED)
            except NotFound:
                continue
    archive.seek(0)
    with transaction() as rows:
        record(rows, DataTaken(actor_id=me().id, user_id=me().id))
    response = send_file(archive, "application/zip", as_attachment=True, download_name=FILE_NAME, max_age=None)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _files_of(user: User) -> list[tuple[str, str]]:
    """Name in the archive and key in the storage."""
    rows = db.session()
    pictures = rows.scalars(select(Picture).where(Picture.created_by_id == user.id).order_by(Picture.id))
    files = rows.scalars(select(Attachment).where(Attachment.created_by_id == user.id).order_by(Attachment.id))
    found = [(f"kuvat/{row.id}-{width}.webp", key) for row in pictures for width, key in row.files.items()]
    return found + [(f"liitteet/{row.id}.{row.kind.lower()}", row.key) for row in files]


@blueprint.route("/oma/poista", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def erase() -> Page:
    form = ErasureForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                erasure.ask(current_actor(), form.current.data or "")
            except RuleBroken as error:
                form.show(error)
            else:
                flash(_("Your account will be erased. You can change your mind here until then."), "success")
                return redirect(url_for("accounts.erase"), 303)
    days = current_app.extensions["tori"].erasure_days
    return render_template("accounts/erase.html", form=form, user=me(), days=days), status


@blueprint.route("/oma/poista/peru", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
def cancel_erasure() -> Page:
    with transaction() as rows:
        erasure.cancel(rows, current_actor())
    flash(_("Good that you stay. Your account is not erased."), "success")
    return redirect(url_for("accounts.details"), 303)
