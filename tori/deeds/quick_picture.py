"""The picture of a quick deed: checked before anything is saved, kept when the deed is, described on the next page."""

from dataclasses import dataclass

from flask import current_app
from werkzeug.datastructures import FileStorage

from tori.core.errors import RuleBroken
from tori.database import transaction
from tori.deeds.forms import DeedForm
from tori.edge import limits
from tori.media import uploads
from tori.media.pictures import MAX_PICTURE_BYTES, CheckedPicture, check_picture
from tori.media.service import Description
from tori.media.storage import storage_of
from tori.models.deeds import Deed
from tori.policy import Actor

MAX_NAME = 100


@dataclass(frozen=True)
class QuickPicture:
    sent: uploads.SentPicture
    checked: CheckedPicture


def is_sent(form: DeedForm) -> bool:
    return "picture" in form and isinstance(form.picture.data, FileStorage) and bool(form.picture.data.filename)


def checked_picture(actor: Actor, form: DeedForm) -> QuickPicture | None:
    """Raises RuleBroken with the limit that the file breaks, at the field of the form."""
    if not is_sent(form):
        return None
    file = form.picture.data
    sent = uploads.SentPicture((file.filename or "")[:MAX_NAME], file.stream.read(MAX_PICTURE_BYTES + 1), Description())
    with transaction() as session:
        limits.count_act(session, "upload", actor)
    try:
        return QuickPicture(sent, check_picture(sent.data, sent.name))
    except RuleBroken as error:
        raise RuleBroken(error.code, "picture", **error.values) from error


def keep(actor: Actor, deed: Deed, picture: QuickPicture | None) -> None:
    if picture is not None:
        storage = storage_of(current_app.extensions["tori"])
        uploads.add_checked_picture(storage, actor, deed, picture.sent, picture.checked)
