"""The desk's page of the pictures of a story."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from tori.core.errors import RuleBroken
from tori.curation import story_pictures, writing_stories
from tori.curation.story_pictures import MAX_PICTURES
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import line
from tori.edge.seen import SeenForm
from tori.media.pictures import MAX_PICTURE_BYTES, MEGABYTE, PICTURE_TYPES
from tori.media.service import Description
from tori.media.views import storage
from tori.models.media import StoryPicture
from tori.policy import Permission
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]


class StoryPictureForm(SeenForm):
    """``has_consent`` is asked of a new picture only."""

    pictures = FileField(__("Choose a picture"))
    alt = StringField(__("What is in the picture?"), filters=[line])
    caption = StringField(__("Caption"), filters=[line])
    credit = StringField(__("Who took or drew it?"), filters=[line])
    has_consent = BooleanField(__("Nobody can be recognised in the picture, or they have given their permission"))

    @staticmethod
    def values_of(row: StoryPicture) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("alt", "caption", "credit")}

    def description(self) -> Description:
        return Description(
            self.alt.data or "", False, self.caption.data or "", self.credit.data or "", bool(self.has_consent.data)
        )


def _form_of(picture: StoryPicture, *, sent: bool = False) -> StoryPictureForm:
    form = (
        StoryPictureForm(prefix=f"kuva-{picture.id}")
        if sent
        else StoryPictureForm(prefix=f"kuva-{picture.id}", formdata=None, data=StoryPictureForm.values_of(picture))
    )
    del form.pictures, form.has_consent
    return form


def _page(
    story_id: int, adding: StoryPictureForm | None = None, changing: tuple[int, StoryPictureForm] | None = None
) -> str:
    session = db.session()
    pictures = story_pictures.pictures_of(session, story_id)
    forms = {picture.id: _form_of(picture) for picture in pictures}
    if changing:
        forms[changing[0]] = changing[1]
    return render_template(
        "desk/story_pictures.html", story=writing_stories.get_story(session, story_id), pictures=pictures, forms=forms,
        adding=adding or StoryPictureForm(formdata=None), sent=adding or (changing and changing[1]),
        max_pictures=MAX_PICTURES, megabytes=MAX_PICTURE_BYTES // MEGABYTE, types=",".join(PICTURE_TYPES),
    )  # fmt: skip


def _back(story_id: int) -> Response:
    return redirect(url_for("desk.story_pictures_page", story_id=story_id), 303)


@blueprint.get("/jutut/<id:story_id>/kuvat")
@access(Permission.CURATE)
def story_pictures_page(story_id: int) -> Page:
    return _page(story_id)


@blueprint.post("/jutut/<id:story_id>/kuvat")
@access(Permission.CURATE)
def add_story_picture(story_id: int) -> Page:
    form, actor = StoryPictureForm(), current_actor()
    writing_stories.get_story(db.session(), story_id)
    try:
        file = form.pictures.data
        if not isinstance(file, FileStorage) or not file.filename:
            raise RuleBroken("file_missing", "pictures")
        with transaction() as session:
            limits.count(session, "upload_account", actor.id)
        data = file.stream.read(MAX_PICTURE_BYTES + 1)
        story_pictures.upload(storage(), actor, story_id, data, file.filename[:100], form.description())
    except RuleBroken as error:
        form.show(error)
        return _page(story_id, form), 422
    flash(_("The picture is in the story."), "success")
    return _back(story_id)


@blueprint.post("/jutut/<id:story_id>/kuvat/<id:picture_id>")
@access(Permission.CURATE)
def describe_story_picture(story_id: int, picture_id: int) -> Page:
    form = _form_of(story_pictures.picture_of(db.session(), story_id, picture_id), sent=True)
    try:
        with transaction() as session:
            picture = story_pictures.picture_of(session, story_id, picture_id)
            form.check(session, picture)
            told = Description(form.alt.data or "", False, form.caption.data or "", form.credit.data or "", True)
            story_pictures.describe(session, current_actor(), picture, told)
    except RuleBroken as error:
        form.show(error)
        return _page(story_id, changing=(picture_id, form)), form.status
    flash(_("The description was saved."), "success")
    return _back(story_id)


@blueprint.post("/jutut/<id:story_id>/kuvat/<id:picture_id>/ensimmaiseksi")
@access(Permission.CURATE)
def put_story_picture_first(story_id: int, picture_id: int) -> Page:
    with transaction() as session:
        picture = story_pictures.picture_of(session, story_id, picture_id)
        story_pictures.put_first(session, current_actor(), picture)
    return _back(story_id)


@blueprint.post("/jutut/<id:story_id>/kuvat/<id:picture_id>/poista")
@access(Permission.CURATE)
def remove_story_picture(story_id: int, picture_id: int) -> Page:
    with transaction() as session:
        picture = story_pictures.picture_of(session, story_id, picture_id)
        keys = story_pictures.remove_picture(session, current_actor(), picture)
    for key in keys:
        storage().delete(key)
    flash(_("The picture was removed."), "success")
    return _back(story_id)
