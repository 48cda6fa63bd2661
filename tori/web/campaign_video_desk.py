"""The campaign manager's page of the video of a campaign: the file, its captions, and what it tells as text."""

from typing import BinaryIO, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField, TextAreaField

from tori.campaigns import video as service
from tori.campaigns.service import MAX_TEXT
from tori.config import Config
from tori.core.errors import NotFound
from tori.database import db, transaction
from tori.deeds.views import language_names
from tori.edge import limits
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block
from tori.edge.security import with_own_media
from tori.media.captions import MAX_BYTES
from tori.media.movies import MEGABYTE, VIDEO_TYPES
from tori.media.storage import storage_of
from tori.models.campaigns import Campaign
from tori.policy import Permission
from tori.web.desk import blueprint

MAX_NAME = 100


class VideoForm(ToriForm):
    """What is there already stays where nothing new is sent. The text is the same that a linked video has."""

    video = FileField(__("The video"))
    captions = FileField(__("Captions"))
    language = SelectField(__("Language of the captions"), validate_choice=False)
    text = TextAreaField(__("What the video tells, as text"), filters=[block])


def _house() -> service.House:
    config: Config = current_app.extensions["tori"]
    return service.House(storage_of(config), config.video_megabytes, config.clamd)


def _campaign(campaign_id: int) -> Campaign:
    found = db.session().get(Campaign, campaign_id)
    if found is None:
        raise NotFound("campaign")
    return found


def _sent_file(field: FileField) -> FileStorage | None:
    """A browser sends a nameless file when none was chosen."""
    return field.data if isinstance(field.data, FileStorage) and field.data.filename else None


@blueprint.route("/kampanjat/<id:campaign_id>/video", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def campaign_video(campaign_id: int) -> Response:
    campaign = _campaign(campaign_id)
    row = service.video_of(db.session(), campaign)
    form = VideoForm(text=campaign.video_text, language=row.language if row else "fi")
    languages = language_names()
    form.language.choices = list(languages.items())
    back = url_for("desk.campaign", campaign_id=campaign_id)
    if form.is_submitted() and form.validate():
        try:
            _save(form, campaign)
        except service.Unfinished as error:
            for problem in error.errors:
                form.show(problem)
            if error.keeps_video:
                flash(_("The video itself was kept: mend the rest, and it is shown to readers."), "info")
        else:
            flash(_("The video was saved."), "success")
            return redirect(back, 303)
    session = db.session()
    campaign = _campaign(campaign_id)
    house = _house()
    page = render_template(
        "desk/campaign_video.html",
        form=form, campaign=campaign, row=service.video_of(session, campaign), back=back, max_text=MAX_TEXT,
        types=",".join(VIDEO_TYPES), megabytes=house.most_megabytes, most_bytes=house.most_megabytes * MEGABYTE,
        languages=languages, address=request.path,
    )  # fmt: skip
    answer = with_own_media(page)
    answer.status_code = 422 if form.errors else 200
    return answer


def _save(form: VideoForm, campaign: Campaign) -> None:
    video, captions = _sent_file(form.video), _sent_file(form.captions)
    with transaction() as session:
        limits.count(session, "upload_account", current_actor().id)
    service.put(
        _house(),
        current_actor(),
        campaign,
        service.Sent(
            form.language.data or "",
            form.text.data or "",
            cast(BinaryIO, video.stream) if video else None,
            (video.filename or "")[:MAX_NAME] if video else "",
            captions.stream.read(MAX_BYTES + 1) if captions else None,
        ),
    )


@blueprint.post("/kampanjat/<id:campaign_id>/video/poista")
@access(Permission.CAMPAIGN_MANAGE)
def remove_campaign_video(campaign_id: int) -> Response:
    with transaction() as session:
        keys = service.remove(session, current_actor(), _campaign(campaign_id))
    storage = _house().storage
    for key in keys:
        storage.delete(key)
    flash(_("The video was removed."), "success")
    return redirect(url_for("desk.campaign", campaign_id=campaign_id), 303)
