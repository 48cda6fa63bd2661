"""Making, changing, copying and ending campaigns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import CampaignChanged, CampaignCreated, CampaignEndedEarly, CampaignMoved, record
from tori.core.text import clean_line, clean_text, slugify
from tori.deeds.sharing import SOURCES
from tori.models.campaign_life import CampaignVideo
from tori.models.campaigning import Award
from tori.models.campaigns import AwardFor, AwardSeries, Campaign, CampaignKind, CampaignState
from tori.models.deeds import Sector, Theme
from tori.policy import SYSTEM, Actor, Permission, require

MAX_NAME = 100
MAX_LINE = 300
MAX_TEXT = 5000
MAX_ITEMS = 20
MAX_GOAL = 100_000
NEXT = {CampaignState.CLOSED: CampaignState.JUDGED, CampaignState.JUDGED: CampaignState.PUBLISHED}
"""Steps that a person takes; the clock takes the others."""


@dataclass(frozen=True)
class Question:
    label: str
    is_public: bool


@dataclass(frozen=True)
class Prize:
    name: str
    meaning: str
    kind: AwardFor


@dataclass(frozen=True)
class CampaignContent:
    """What a campaign says. Days are Finnish; ``sectors`` and ``themes`` are slugs; ``texts`` are translations."""

    kind: str
    name: str
    starts_on: date | None
    ends_on: date | None
    subtitle: str = ""
    slogan: str = ""
    description: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    rules: str = ""
    video_url: str = ""
    video_text: str = ""
    hashtags: Sequence[str] = ()
    goal_deeds: int | None = None
    goal_organisations: int | None = None
    goal_regions: int | None = None
    sectors: Sequence[str] = ()
    themes: Sequence[str] = ()
    partners: Sequence[str] = ()
    sources: Sequence[str] = SOURCES
    questions: Sequence[Question] = ()
    prizes: Sequence[Prize] = ()
    is_public: bool = False
    vote_from: date | None = None
    vote_until: date | None = None


def create(session: Session, actor: Actor, content: CampaignContent, earlier: Campaign | None = None) -> Campaign:
    """A new campaign; ``earlier`` is the one that it follows and is compared with."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    campaign = Campaign(state=CampaignState.PLANNED, texts={}, facts={}, questions=[], slug="", name="")
    campaign.earlier_id = earlier.id if earlier else None
    with session.no_autoflush:
        _apply(session, campaign, content)
        campaign.slug = _free_slug(session, campaign.name)
    session.add(campaign)
    session.flush()
    record(session, CampaignCreated(actor_id=actor.id, campaign_id=campaign.id))
    _move_if_due(session, actor, campaign)
    return campaign


def edit(session: Session, actor: Actor, campaign: Campaign, content: CampaignContent) -> None:
    require(actor, Permission.CAMPAIGN_MANAGE)
    with session.no_autoflush:
        _apply(session, campaign, content)
        if not campaign.video_text and _shows_video(session, campaign):
            raise RuleBroken("video_text_missing", "video_text")
    session.flush()
    record(session, CampaignChanged(actor_id=actor.id, campaign_id=campaign.id))
    if campaign.state == CampaignState.CLOSED and not campaign.is_over(clock.today()):
        # More time was given.
        _move(session, actor, campaign, CampaignState.CLOSED, CampaignState.OPEN)
    _move_if_due(session, actor, campaign)


def content_of(campaign: Campaign) -> CampaignContent:
    return CampaignContent(
        kind=campaign.kind, name=campaign.name, starts_on=campaign.starts_on, ends_on=campaign.ends_on,
        subtitle=campaign.subtitle, slogan=campaign.slogan, description=campaign.description,
        texts=dict(campaign.texts), rules=campaign.rules, video_url=campaign.video_url, video_text=campaign.video_text,
        hashtags=tuple(campaign.hashtags), goal_deeds=campaign.goal_deeds,
        goal_organisations=campaign.goal_organisations, goal_regions=campaign.goal_regions,
        sectors=tuple(campaign.sectors), themes=tuple(campaign.themes), partners=tuple(campaign.partners),
        sources=tuple(campaign.sources), is_public=campaign.is_public,
        vote_from=campaign.vote_from, vote_until=campaign.vote_until,
        questions=tuple(Question(row["label"], row["is_public"]) for row in campaign.questions),
        prizes=tuple(Prize(row.name, row.meaning, AwardFor(row.kind)) for row in campaign.series),
    )  # fmt: skip


def following(campaign: Campaign, today: date) -> CampaignContent:
    """The content of an earlier campaign for its next time: same days of the first year in which they lie ahead."""
    years = 1
    while _later(campaign.starts_on, years) < today:
        years += 1
    content = content_of(campaign)
    year = str(_later(campaign.starts_on, years).year)
    name = re.sub(r"\b(19|20)\d\d\b", year, campaign.name)
    prizes = content.prizes or tuple(
        Prize(row["name"], row.get("for") or "", AwardFor.DEED) for row in campaign.facts.get("award_series") or ()
    )
    values: dict[str, Any] = {
        **content.__dict__, "name": name if name != campaign.name else f"{campaign.name} {year}",
        "starts_on": _later(campaign.starts_on, years), "ends_on": _later(campaign.ends_on, years),
        "sources": content.sources or SOURCES, "prizes": prizes, "is_public": False,
        "vote_from": _later(content.vote_from, years) if content.vote_from else None,
        "vote_until": _later(content.vote_until, years) if content.vote_until else None,
    }  # fmt: skip
    return CampaignContent(**values)


def _later(day: date, years: int) -> date:
    year = day.year + years
    try:
        return day.replace(year=year)
    except ValueError:
        # The 29th of February.
        return date(year, 2, 28)


def _free_slug(session: Session, name: str) -> str:
    wanted = slugify(name, "kampanja")
    taken = set(session.scalars(select(Campaign.slug).where(Campaign.slug.startswith(wanted))))
    number = 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _apply(session: Session, campaign: Campaign, content: CampaignContent) -> None:
    name = _line(content.name, "name", MAX_NAME)
    if not name:
        raise RuleBroken("value_missing", "name")
    if content.kind not in set(CampaignKind):
        raise RuleBroken("unknown_choice", "kind")
    _check_days(session, campaign, content)
    campaign.kind, campaign.name, campaign.is_public = content.kind, name, content.is_public
    assert content.starts_on is not None
    assert content.ends_on is not None
    campaign.starts_on, campaign.ends_on = content.starts_on, content.ends_on
    _check_vote(content)
    campaign.vote_from, campaign.vote_until = content.vote_from, content.vote_until
    for goal in ("goal_deeds", "goal_organisations", "goal_regions"):
        value = getattr(content, goal)
        if value is not None and not 1 <= value <= MAX_GOAL:
            raise RuleBroken("bad_goal", goal)
        setattr(campaign, goal, value)
    campaign.subtitle = _line(content.subtitle, "subtitle")
    campaign.slogan = _line(content.slogan, "slogan")
    for text in ("description", "rules", "video_text"):
        setattr(campaign, text, _text(getattr(content, text), text))
    campaign.texts = {name: _text(value, name) for name, value in content.texts.items() if value.strip()}
    campaign.video_url = _video(content.video_url, campaign.video_text)
    campaign.hashtags = [f"#{tag}" for word in content.hashtags if (tag := re.sub(r"\W", "", word))][:MAX_ITEMS]
    campaign.partners = _lines(content.partners, "partners")
    campaign.sources = list(dict.fromkeys(slugify(row, "")[:40] for row in content.sources if row.strip()))[:MAX_ITEMS]
    campaign.sectors = _known(session, Sector.slug, content.sectors, "unknown_sector", "sectors")
    campaign.themes = _known(session, Theme.slug, content.themes, "unknown_theme", "themes")
    _apply_questions(campaign, content.questions)
    _apply_prizes(session, campaign, content.prizes)


def _check_days(session: Session, campaign: Campaign, content: CampaignContent) -> None:
    """Both are needed, in this order, and two public campaigns of one kind never run at the same time."""
    if content.starts_on is None:
        raise RuleBroken("value_missing", "starts_on")
    if content.ends_on is None:
        raise RuleBroken("value_missing", "ends_on")
    if content.ends_on < content.starts_on:
        raise RuleBroken("bad_period", "ends_on")
    if not content.is_public:
        return
    other = session.scalar(
        select(Campaign.name)
        .where(
            Campaign.kind == content.kind,
            Campaign.is_public.is_(True),
            Campaign.ended_at.is_(None),
            Campaign.id != (campaign.id or 0),
            Campaign.starts_on <= content.ends_on,
            Campaign.ends_on >= content.starts_on,
        )
        .limit(1)
    )
    if other is not None:
        raise RuleBroken("campaigns_overlap", "starts_on", name=other)


def _check_vote(content: CampaignContent) -> None:
    """A vote of the public has both days or neither."""
    if (content.vote_from is None) != (content.vote_until is None):
        raise RuleBroken("value_missing", "vote_from" if content.vote_from is None else "vote_until")
    if content.vote_from is not None and content.vote_until is not None and content.vote_until < content.vote_from:
        raise RuleBroken("bad_period", "vote_until")


def _line(value: str, field_name: str, limit: int = MAX_LINE) -> str:
    text = clean_line(value)
    if len(text) > limit:
        raise RuleBroken("text_too_long", field_name, limit=limit)
    return text


def _text(value: str, field_name: str) -> str:
    text = clean_text(value)
    if len(text) > MAX_TEXT:
        raise RuleBroken("text_too_long", field_name, limit=MAX_TEXT)
    return text


def _lines(values: Sequence[str], field_name: str) -> list[str]:
    lines = [_line(value, field_name, 200) for value in values if value.strip()]
    if len(lines) > MAX_ITEMS:
        raise RuleBroken("too_many_items", field_name, limit=MAX_ITEMS)
    return lines


def _video(url: str, text: str) -> str:
    """A link, never a player of somebody else. A video without its content as text is not for everybody."""
    address = clean_line(url)
    if not address:
        return ""
    if not re.fullmatch(r"https://[^\s/]+\.[^\s]+", address) or len(address) > 2000:
        raise RuleBroken("bad_url", "video_url")
    if not text:
        raise RuleBroken("video_text_missing", "video_text")
    return address


def _shows_video(session: Session, campaign: Campaign) -> bool:
    row = session.scalar(select(CampaignVideo).where(CampaignVideo.campaign_id == campaign.id))
    return row is not None and row.is_shown


def _known(session: Session, column: Any, slugs: Sequence[str], code: str, field_name: str) -> list[str]:
    wanted = list(dict.fromkeys(slugs))
    if len(set(session.scalars(select(column).where(column.in_(wanted))))) < len(wanted):
        raise RuleBroken(code, field_name)
    return wanted


def _apply_questions(campaign: Campaign, questions: Sequence[Question]) -> None:
    """A question keeps its id as long as its words stay, and with it its answers."""
    if len(questions) > MAX_ITEMS:
        raise RuleBroken("too_many_items", "questions_public", limit=MAX_ITEMS)
    known = {row["label"]: row["id"] for row in campaign.questions}
    greatest = max((int(number[1:]) for number in known.values()), default=0)
    rows: list[dict[str, Any]] = []
    for question in questions:
        label = _line(question.label, "questions_public", 200)
        if not label:
            continue
        if label not in known:
            greatest += 1
            known[label] = f"q{greatest}"
        rows.append({"id": known[label], "label": label, "is_public": question.is_public})
    campaign.questions = rows


def _apply_prizes(session: Session, campaign: Campaign, prizes: Sequence[Prize]) -> None:
    """A series keeps its awards as long as its name stays."""
    wanted = {_line(prize.name, "prizes_deeds", 200): prize for prize in prizes if prize.name.strip()}
    if len(wanted) > 2 * MAX_ITEMS:
        raise RuleBroken("too_many_items", "prizes_deeds", limit=2 * MAX_ITEMS)
    known = {row.name: row for row in campaign.series}
    for name in known.keys() - wanted.keys():
        if session.scalar(select(Award.id).where(Award.series_id == known[name].id).limit(1)) is not None:
            raise RuleBroken("series_has_awards", "prizes_deeds", name=name)
        campaign.series.remove(known[name])
    for position, (name, prize) in enumerate(wanted.items(), 1):
        row = known.get(name)
        if row is None:
            row = AwardSeries(name=name)
            campaign.series.append(row)
        row.position, row.meaning, row.kind = position, _line(prize.meaning, "prizes_deeds"), prize.kind


# Time


def due_state(campaign: Campaign, today: date) -> CampaignState | None:
    """Where the clock moves the campaign now; None when it stays. A hidden one doesn't open."""
    if campaign.state == CampaignState.PLANNED and campaign.is_running(today):
        return CampaignState.OPEN
    if campaign.state in (CampaignState.PLANNED, CampaignState.OPEN) and campaign.is_over(today):
        return CampaignState.CLOSED
    return None


def _move_if_due(session: Session, actor: Actor, campaign: Campaign) -> bool:
    state = due_state(campaign, clock.today())
    return state is not None and _move(session, actor, campaign, CampaignState(campaign.state), state)


def _move(session: Session, actor: Actor, campaign: Campaign, before: CampaignState, after: CampaignState) -> bool:
    """Only who finds the campaign in the earlier state moves it, so that every step is told once."""
    moved = session.execute(
        update(Campaign).where(Campaign.id == campaign.id, Campaign.state == before).values(state=after),
        execution_options={"synchronize_session": False},
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        return False
    session.refresh(campaign, ["state"])
    record(session, CampaignMoved(actor_id=actor.id, campaign_id=campaign.id, state=str(after)))
    return True


def move_by_clock(session: Session, campaign_id: int) -> bool:
    """One step of one campaign. Harmless when repeated."""
    campaign = session.get(Campaign, campaign_id)
    return campaign is not None and _move_if_due(session, SYSTEM, campaign)


def move_on(session: Session, actor: Actor, campaign: Campaign) -> CampaignState:
    """From closed to judged, and from judged to published."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    before = CampaignState(campaign.state)
    if before not in NEXT:
        raise RuleBroken("campaign_not_over")
    _move(session, actor, campaign, before, NEXT[before])
    return NEXT[before]


def end_early(session: Session, actor: Actor, campaign: Campaign, note: str, successor: Campaign | None = None) -> None:
    """Ends a planned or running campaign today, with words that everybody reads and what takes its place."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    text = _text(note, "note")
    if not text:
        raise RuleBroken("reason_needed", "note")
    if campaign.is_over(clock.today()):
        raise RuleBroken("campaign_over")
    if successor is not None and successor.id == campaign.id:
        raise RuleBroken("unknown_choice", "successor")
    campaign.ended_at, campaign.ended_note = clock.now(), text
    campaign.successor_id = successor.id if successor else None
    record(session, CampaignEndedEarly(actor_id=actor.id, campaign_id=campaign.id))
    _move_if_due(session, actor, campaign)
