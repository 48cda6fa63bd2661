"""The page where a deed gets its pictures and files, and the addresses that they are read from."""

from typing import Any, TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.errors import error_page
from tori.edge.templating import number
from tori.media import queries, service, uploads
from tori.media.documents import ENDINGS, MAX_FILE_BYTES
from tori.media.forms import DescriptionForm, FilesForm, PicturesForm, description_of, new_description
from tori.media.links import link_of
from tori.media.pictures import MAX_PICTURE_BYTES, MEGABYTE, PICTURE_TYPES
from tori.media.serving import OPEN, PERSONAL, answer_with, answer_with_size, as_download
from tori.media.storage import Storage, storage_of
from tori.models.deeds import Deed
from tori.models.media import Picture
from tori.policy import Permission, can, require

blueprint = Blueprint("media", __name__)

REST_OF_FORM = 1 * MEGABYTE
UPLOAD_BYTES = {
    "deeds.new": MAX_PICTURE_BYTES + REST_OF_FORM,
    "desk.campaign_picture": MAX_PICTURE_BYTES + REST_OF_FORM,
    "desk.feature_picture": MAX_PICTURE_BYTES + REST_OF_FORM,
    "media.add_pictures": service.MAX_PICTURES * MAX_PICTURE_BYTES + REST_OF_FORM,
    "desk.add_story_picture": MAX_PICTURE_BYTES + REST_OF_FORM,
    "media.add_files": service.MAX_FILES * MAX_FILE_BYTES + REST_OF_FORM,
}
VIDEO_UPLOAD = "desk.campaign_video"
TIMES_TOO_LARGE = 3
"""So much more than allowed is read of a video, to tell of it beside its field with the rest of the form in place."""
TOO_LARGE = {"picture_too_large", "document_too_large"}
STEPS = {"earlier": -1, "later": 1, "first": -service.MAX_PICTURES}

Answer = Response | str | tuple[str, int]
F = TypeVar("F", PicturesForm, FilesForm)


blueprint.add_app_template_filter(link_of)


@blueprint.app_template_filter()
def file_size(size: int) -> str:
    """``1.2 MB`` as it is written in the reader's language."""
    if size >= MEGABYTE:
        return str(_("%(size)s MB", size=number(size / MEGABYTE, 1)))
    return str(_("%(size)s kB", size=number(max(1, round(size / 1000)))))


@blueprint.app_url_value_preprocessor
def allow_uploads(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Members may send more to these addresses alone. Comes before the forms are read for their tokens."""
    if request.method != "POST":
        return
    if endpoint in UPLOAD_BYTES and current_actor().is_member:
        request.max_content_length = UPLOAD_BYTES[endpoint]
    elif endpoint == VIDEO_UPLOAD and can(current_actor(), Permission.CAMPAIGN_MANAGE):
        most = current_app.extensions["tori"].video_megabytes
        request.max_content_length = TIMES_TOO_LARGE * most * MEGABYTE + REST_OF_FORM


@blueprint.app_errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    words = _("That was too much at once: send fewer or smaller files.")
    return error_page(413, words)


def storage() -> Storage:
    return storage_of(current_app.extensions["tori"])


@blueprint.get("/teot/<id:deed_id>/kuvat")
@access(OBJECT)
def index(deed_id: int) -> str:
    return _page(_editable(deed_id))


def _editable(deed_id: int) -> Deed:
    return queries.editable_deed(db.session(), current_actor(), deed_id)


def _page(
    deed: Deed,
    adding: PicturesForm | None = None,
    describing: tuple[int, DescriptionForm] | None = None,
    attaching: FilesForm | None = None,
) -> str:
    """Every form on the page is empty or as stored, but for the one that was sent."""
    session: Session = db.session()
    pictures = queries.pictures_of(session, deed.id)
    forms = {picture.id: description_of(picture, formdata=None) for picture in pictures}
    if describing:
        forms[describing[0]] = describing[1]
    return render_template(
        "media/index.html",
        deed=deed, pictures=pictures, forms=forms, attachments=queries.files_of(session, deed.id),
        adding=adding or PicturesForm(formdata=None), new=new_description(0, formdata=None),
        attaching=attaching or FilesForm(formdata=None), sent=adding or attaching or (describing and describing[1]),
        max_pictures=service.MAX_PICTURES, max_files=service.MAX_FILES, max_text=service.MAX_TEXT,
        picture_megabytes=MAX_PICTURE_BYTES // MEGABYTE, file_megabytes=MAX_FILE_BYTES // MEGABYTE,
        picture_types=",".join(PICTURE_TYPES), file_types=",".join(f".{ending}" for ending in ENDINGS),
    )  # fmt: skip


def _back(deed_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for("media.index", deed_id=deed_id, _anchor=anchor), 303)


@blueprint.post("/teot/<id:deed_id>/kuvat")
@access(OBJECT)
def add_pictures(deed_id: int) -> Answer:
    """Takes the pictures that are in order and says of the others what is wrong."""
    deed, actor, form = _editable(deed_id), current_actor(), PicturesForm()
    sent = [
        uploads.SentPicture(_name(file), _read(file, MAX_PICTURE_BYTES), new_description(number).description())
        for number, file in enumerate(_files(form.pictures.data))
    ]
    try:
        if not sent:
            raise RuleBroken("file_missing", "pictures")
        service.check_room_for_pictures(db.session(), actor, deed, len(sent))
        _count_upload()
    except RuleBroken as error:
        form.show(error)
        return _page(deed, adding=form), 422
    outcome = uploads.add_pictures(storage(), actor, deed, sent)
    waiting = [picture for picture in outcome.added if not picture.is_shown]
    if outcome.added:
        flash(_said_of_pictures(len(outcome.added), len(waiting)), "warning" if waiting else "success")
    if not outcome.errors:
        return _back(deed_id, f"kuva-{waiting[0].id}" if waiting else "pictures")
    return _page(deed, adding=_with_errors(form, outcome.errors)), _status(outcome.errors)


def _said_of_pictures(added: int, waiting: int) -> str:
    words = ngettext("%(num)d picture was added.", "%(num)d pictures were added.", added)
    if waiting:
        words += " " + ngettext(
            "One waits for its description before readers see it.",
            "%(num)d wait for their descriptions before readers see them.",
            waiting,
        )
    return str(words)


def _files(data: Any) -> list[FileStorage]:
    """A browser sends one nameless file when none was chosen."""
    return [file for file in data or [] if isinstance(file, FileStorage) and file.filename]


def _name(file: FileStorage) -> str:
    """As the sender named it, short enough for a sentence."""
    return (file.filename or "")[:100]


def _read(file: FileStorage, limit: int) -> bytes:
    """One byte more than allowed is enough to tell that it is too much."""
    return file.stream.read(limit + 1)


def _count_upload() -> None:
    with transaction() as session:
        limits.count_act(session, "upload", current_actor())


def _with_errors(form: F, errors: list[RuleBroken]) -> F:
    for error in errors:
        form.show(error)
    return form


def _status(errors: list[RuleBroken]) -> int:
    return 413 if {error.code for error in errors} <= TOO_LARGE else 422


@blueprint.post("/teot/<id:deed_id>/kuvat/<id:picture_id>")
@access(OBJECT)
def describe_picture(deed_id: int, picture_id: int) -> Answer:
    deed, actor = _editable(deed_id), current_actor()
    picture = queries.picture_of(db.session(), deed, picture_id)
    form = description_of(picture)
    try:
        with transaction() as session:
            service.describe_picture(session, actor, picture, form.description())
    except RuleBroken as error:
        form.show(error)
        return _page(deed, describing=(picture_id, form)), 422
    flash(_("The description was saved."), "success")
    if request.form.get("back") == "receipt":
        return redirect(url_for("deeds.receipt", deed_id=deed_id), 303)
    return _back(deed_id, f"kuva-{picture_id}")


@blueprint.post("/teot/<id:deed_id>/kuvat/<id:picture_id>/siirra")
@access(OBJECT)
def move_picture(deed_id: int, picture_id: int) -> Answer:
    deed, actor = _editable(deed_id), current_actor()
    picture = queries.picture_of(db.session(), deed, picture_id)
    steps = STEPS.get(request.form.get("where", ""))
    if steps is None:
        raise RuleBroken("unknown_choice")
    with transaction() as session:
        service.move_picture(session, actor, picture, steps)
    return _back(deed_id, f"kuva-{picture_id}")


@blueprint.post("/teot/<id:deed_id>/kuvat/<id:picture_id>/poista")
@access(OBJECT)
def remove_picture(deed_id: int, picture_id: int) -> Answer:
    deed, actor = _editable(deed_id), current_actor()
    picture = queries.picture_of(db.session(), deed, picture_id)
    with transaction() as session:
        keys = service.remove_picture(session, actor, picture)
    _forget(keys)
    flash(_("The picture was removed."), "success")
    return _back(deed_id, "pictures")


def _forget(keys: list[str]) -> None:
    for key in keys:
        storage().delete(key)


@blueprint.post("/teot/<id:deed_id>/liitteet")
@access(OBJECT)
def add_files(deed_id: int) -> Answer:
    deed, actor, form = _editable(deed_id), current_actor(), FilesForm()
    files = _files(form.files.data)
    # A title is for one file; several are known by their own names.
    title = (form.title.data or "") if len(files) == 1 else ""
    sent = [uploads.SentFile(_name(file), _read(file, MAX_FILE_BYTES), title) for file in files]
    try:
        if not sent:
            raise RuleBroken("file_missing", "files")
        service.check_room_for_files(db.session(), actor, deed, len(sent))
        _count_upload()
    except RuleBroken as error:
        form.show(error)
        return _page(deed, attaching=form), 422
    outcome = uploads.add_files(storage(), actor, deed, sent)
    if outcome.added:
        flash(
            ngettext("%(num)d file was added.", "%(num)d files were added.", len(outcome.added)),
            "success",
        )
    if not outcome.errors:
        return _back(deed_id, "files")
    return _page(deed, attaching=_with_errors(form, outcome.errors)), _status(outcome.errors)


@blueprint.post("/teot/<id:deed_id>/liitteet/<id:attachment_id>/poista")
@access(OBJECT)
def remove_file(deed_id: int, attachment_id: int) -> Answer:
    deed, actor = _editable(deed_id), current_actor()
    attachment = queries.file_of(db.session(), deed, attachment_id)
    with transaction() as session:
        keys = service.remove_file(session, actor, attachment)
    _forget(keys)
    flash(_("The file was removed."), "success")
    return _back(deed_id, "files")


@blueprint.get("/kuvat/<key>/<any('480', '960', '1600'):width>.webp")
@access(OBJECT)
def picture(key: str, width: str) -> Response:
    """One of the fixed sizes. The right is checked before anything of the request is looked at."""
    row = queries.picture_by_key(db.session(), key)
    is_open = _check_picture_reader(row)
    return answer_with_size(storage(), row, int(width), is_open)


def _check_picture_reader(row: Picture) -> bool:
    """Whether anybody may see it; the person is looked at only when not, so that a cache can keep what is open."""
    if row.is_shown:
        return _check_reader(row.deed)
    if not can(current_actor(), Permission.DEED_EDIT, row.deed):
        raise NotFound("picture")
    return False


def _check_reader(deed: Deed) -> bool:
    if not deed.is_public:
        require(current_actor(), Permission.DEED_READ, deed)
    return deed.is_public


@blueprint.get("/liitteet/<key>")
@access(OBJECT)
def file(key: str) -> Response:
    """Always saved, never opened in the service's name."""
    row = queries.file_by_key(db.session(), key)
    is_open = _check_reader(row.deed)
    response = answer_with(storage().open(row.key), row.media_type, row.key, OPEN if is_open else PERSONAL)
    return as_download(response, row.file_name)
