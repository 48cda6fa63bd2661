"""The campaign manager's pages of pictures: of a campaign, and of the makers of a week."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import FileField

from tori.campaigns import picture as service
from tori.config import Config
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.media.forms import DescriptionForm
from tori.media.pictures import FIELD, MAX_PICTURE_BYTES, MEGABYTE, PICTURE_TYPES
from tori.media.service import MAX_TEXT
from tori.media.storage import storage_of
from tori.models.campaigning import WeeklyFeature
from tori.models.campaigns import Campaign
from tori.policy import Permission
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
MAX_NAME = 100


class PictureForm(DescriptionForm):
    """One picture with what is told of it. A picture that is there already can be described anew without sending it."""

    picture = FileField(__("Choose a picture"))


def _config() -> Config:
    found: Config = current_app.extensions["tori"]
    return found


def _answer(owner: service.Owner, back: str, **words: Any) -> Page:
    session: Session = db.session()
    row = service.picture_of(session, owner)
    form = PictureForm(obj=row)
    if form.is_submitted() and form.validate():
        try:
            _save(form, owner)
        except RuleBroken as error:
            form.show(RuleBroken(error.code, "picture", **error.values) if error.field == FIELD else error)
        else:
            flash(_("The picture was saved."), "success")
            return redirect(back, 303)
    page = render_template(
        "desk/campaign_picture.html",
        form=form, row=row, back=back, max_text=MAX_TEXT, types=",".join(PICTURE_TYPES),
        megabytes=MAX_PICTURE_BYTES // MEGABYTE, address=request.path, **words,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _save(form: PictureForm, owner: service.Owner) -> None:
    actor, file = current_actor(), form.picture.data
    if isinstance(file, FileStorage) and file.filename:
        with transaction() as session:
            limits.count(session, "upload_account", actor.id)
        data = file.stream.read(MAX_PICTURE_BYTES + 1)
        service.put(storage_of(_config()), actor, owner, file.filename[:MAX_NAME], data, form.description())
    elif service.picture_of(db.session(), owner) is None:
        raise RuleBroken("file_missing", FIELD)
    else:
        with transaction() as session:
            service.describe(session, actor, owner, form.description())


def _remove(owner: service.Owner, back: str) -> Response:
    with transaction() as session:
        keys = service.remove(session, current_actor(), owner)
    for key in keys:
        storage_of(_config()).delete(key)
    flash(_("The picture was removed."), "success")
    return redirect(back, 303)


def _campaign(campaign_id: int) -> Campaign:
    found = db.session().get(Campaign, campaign_id)
    if found is None:
        raise NotFound("campaign")
    return found


def _feature(feature_id: int) -> WeeklyFeature:
    found = db.session().get(WeeklyFeature, feature_id)
    if found is None or found.withdrawn_at is not None:
        raise NotFound("feature")
    return found


@blueprint.route("/kampanjat/<id:campaign_id>/kuva", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def campaign_picture(campaign_id: int) -> Page:
    campaign = _campaign(campaign_id)
    back = url_for("desk.campaign", campaign_id=campaign_id)
    remove = url_for("desk.remove_campaign_picture", campaign_id=campaign_id)
    return _answer(campaign, back, title=_("Picture of the campaign"), lead=campaign.name, remove=remove)


@blueprint.post("/kampanjat/<id:campaign_id>/kuva/poista")
@access(Permission.CAMPAIGN_MANAGE)
def remove_campaign_picture(campaign_id: int) -> Page:
    return _remove(_campaign(campaign_id), url_for("desk.campaign", campaign_id=campaign_id))


@blueprint.route("/viikon-tekijat/<id:feature_id>/kuva", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def feature_picture(feature_id: int) -> Page:
    """Goes with the presentation when the makers take their consent back."""
    row = _feature(feature_id)
    remove = url_for("desk.remove_feature_picture", feature_id=feature_id)
    return _answer(row, url_for("desk.weekly_queue"), title=_("Picture of the makers"), lead=row.makers, remove=remove)


@blueprint.post("/viikon-tekijat/<id:feature_id>/kuva/poista")
@access(Permission.CAMPAIGN_MANAGE)
def remove_feature_picture(feature_id: int) -> Page:
    return _remove(_feature(feature_id), url_for("desk.weekly_queue"))
