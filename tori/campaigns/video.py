"""The video of a campaign: never without captions and its content as text, stored as files of deeds are."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tori.campaigns.service import MAX_TEXT
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import CampaignVideoRemoved, CampaignVideoSaved, record
from tori.core.text import clean_text
from tori.database import db, transaction
from tori.i18n import LOCALES
from tori.media.captions import check_captions
from tori.media.movies import CheckedVideo, check_video, forget_places
from tori.media.scanner import refuse_infected
from tori.media.storage import Storage
from tori.models.campaign_life import CampaignVideo
from tori.models.campaigns import Campaign
from tori.policy import Actor, Permission, can, require


@dataclass(frozen=True)
class Sent:
    """What came with the form. No ``video`` or no ``captions``: those that are there stay. ``text`` is Markdown."""

    language: str
    text: str
    video: BinaryIO | None = None
    video_name: str = ""
    captions: bytes | None = None


@dataclass(frozen=True)
class House:
    """Where videos are kept and by what they are judged: ``clamd`` as in ``refuse_infected``."""

    storage: Storage
    most_megabytes: int
    clamd: str = ""


class Unfinished(Exception):
    """What is wrong with what was sent, all of it. ``keeps_video``: the video itself is in order and waits for the rest
    unseen, so that nobody has to send it twice."""

    def __init__(self, errors: list[RuleBroken], keeps_video: bool) -> None:
        super().__init__(errors)
        self.errors = errors
        self.keeps_video = keeps_video


def video_of(session: Session, campaign: Campaign) -> CampaignVideo | None:
    return session.scalar(select(CampaignVideo).where(CampaignVideo.campaign_id == campaign.id))


def put(house: House, actor: Actor, campaign: Campaign, sent: Sent) -> None:
    """Takes what was sent, in the place of what was there. The slow work is done while no transaction is open.

    Raises Unfinished.
    """
    require(actor, Permission.CAMPAIGN_MANAGE)
    session: Session = db.session()
    before = video_of(session, campaign)
    has_video, has_captions = before is not None, before is not None and before.is_shown
    session.rollback()
    errors: list[RuleBroken] = []
    checked = _video_in(house, sent, has_video, errors)
    # The old captions are of another video.
    captions = _captions_in(sent, has_captions and sent.video is None, errors)
    text = _text_in(sent, errors)
    if not errors:
        _store(house.storage, actor, campaign, sent, checked, captions, text)
        return
    keeps_video = checked is not None and not has_captions
    if keeps_video:
        _store(house.storage, actor, campaign, sent, checked, None, None)
    raise Unfinished(errors, keeps_video)


def _video_in(house: House, sent: Sent, has_video: bool, errors: list[RuleBroken]) -> CheckedVideo | None:
    try:
        if sent.video is not None:
            if not house.most_megabytes:
                raise RuleBroken("videos_not_taken", "video")
            checked = check_video(sent.video, sent.video_name, house.most_megabytes)
            refuse_infected(sent.video, sent.video_name, house.clamd, "video")
            forget_places(sent.video, checked.media_type)
            return checked
        if not has_video:
            raise RuleBroken("file_missing", "video")
    except RuleBroken as error:
        errors.append(error)
    return None


def _captions_in(sent: Sent, may_stay: bool, errors: list[RuleBroken]) -> bytes | None:
    try:
        if sent.captions is not None:
            return check_captions(sent.captions).data
        if not may_stay:
            raise RuleBroken("captions_missing", "captions")
    except RuleBroken as error:
        errors.append(error)
    return None


def _text_in(sent: Sent, errors: list[RuleBroken]) -> str:
    text = clean_text(sent.text)
    if sent.language not in LOCALES:
        errors.append(RuleBroken("unknown_choice", "language"))
    if not text:
        errors.append(RuleBroken("video_text_missing", "text"))
    if len(text) > MAX_TEXT:
        errors.append(RuleBroken("text_too_long", "text", limit=MAX_TEXT))
    return text


def _store(
    storage: Storage,
    actor: Actor,
    campaign: Campaign,
    sent: Sent,
    checked: CheckedVideo | None,
    captions: bytes | None,
    text: str | None,
) -> None:
    """Without ``text`` the video waits for the rest."""
    new: list[str] = []
    old: list[str] = []
    try:
        if checked is not None and sent.video is not None:
            new.append(storage.put_file(sent.video))
        if captions is not None:
            new.append(storage.put_file(io.BytesIO(captions)))
        with transaction() as session:
            _lock(session, campaign)
            row = video_of(session, campaign) or CampaignVideo(campaign_id=campaign.id, captions_key=None)
            if checked is not None:
                old += row.keys
                row.key, row.captions_key = new[0], None
                row.media_type, row.width, row.height = checked.media_type, checked.width, checked.height
                row.seconds, row.size = checked.seconds, _size_of(sent.video)
            if captions is not None:
                old += [row.captions_key] if row.captions_key else []
                row.captions_key = new[-1]
            if text is not None:
                row.language = sent.language
                session.get_one(Campaign, campaign.id).video_text = text
            session.add(row)
            session.flush()
            record(session, CampaignVideoSaved(actor_id=actor.id, campaign_id=campaign.id))
    except BaseException:
        # Keeps no file that no row names.
        _forget(storage, new)
        raise
    _forget(storage, old)


def _size_of(file: BinaryIO | None) -> int:
    assert file is not None
    return file.seek(0, io.SEEK_END)


def _lock(session: Session, campaign: Campaign) -> None:
    """Two who put a video to one campaign at once take turns."""
    if session.scalar(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update()) is None:
        raise NotFound("campaign")


def _forget(storage: Storage, keys: list[str]) -> None:
    for key in keys:
        storage.delete(key)


def remove(session: Session, actor: Actor, campaign: Campaign) -> list[str]:
    """Returns the keys of the files, to be deleted when the change is committed."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    row = video_of(session, campaign)
    if row is None:
        return []
    keys = row.keys
    session.delete(row)
    record(session, CampaignVideoRemoved(actor_id=actor.id, campaign_id=campaign.id))
    return keys


def by_file(session: Session, key: str, ending: str) -> tuple[CampaignVideo, str]:
    """The video that the stored file belongs to, with its campaign, and the type of the file. Raises NotFound."""
    row = session.scalar(
        select(CampaignVideo)
        .where(or_(CampaignVideo.key == key, CampaignVideo.captions_key == key))
        .options(joinedload(CampaignVideo.campaign))
    )
    if row is None:
        raise NotFound("video")
    found = (row.captions_address, "text/vtt") if key == row.captions_key else (row.address, row.media_type)
    if not found[0].endswith(f"{key}.{ending}"):
        raise NotFound("video")
    return row, found[1]


def is_seen_by(actor: Actor, row: CampaignVideo) -> bool:
    """Whether everybody may see it. Raises NotFound for whoever may not: there is no such video to them."""
    if row.is_shown and row.campaign.is_public:
        return True
    if not can(actor, Permission.CAMPAIGN_MANAGE):
        raise NotFound("video")
    return False
