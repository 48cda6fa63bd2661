"""The figures of a campaign, by the counting rules of ``statistics.py``: public deeds that name the campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.deeds import form_steps
from tori.models.campaign_life import CampaignStep
from tori.models.campaigns import Campaign, CampaignVisit
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.people import Municipality, Organisation, OrganisationKind, Region

TOP = 10
PER_INHABITANTS = 1_000


@dataclass(frozen=True)
class Taker:
    """An organisation of the campaign. ``is_new``: its first public deed of all is one of the campaign's."""

    slug: str
    name: str
    kind: str
    municipality: str | None
    region: str | None
    population: int | None
    deeds: int
    is_new: bool

    @property
    def per_thousand(self) -> float | None:
        """Only of municipalities: others serve people of many places."""
        if self.kind != OrganisationKind.MUNICIPALITY or not self.population:
            return None
        return PER_INHABITANTS * self.deeds / self.population


@dataclass(frozen=True)
class Placed:
    """A row of a ranking; equals share a place."""

    place: int
    taker: Taker
    value: float


@dataclass(frozen=True)
class Figures:
    deeds: int
    takers: Sequence[Taker]
    missing_regions: Sequence[str]
    regions: int

    @property
    def organisations(self) -> int:
        return len(self.takers)

    @property
    def newcomers(self) -> int:
        return sum(taker.is_new for taker in self.takers)

    @property
    def municipalities(self) -> dict[str, int]:
        """Code -> deeds of all organisations in the municipality."""
        counts: dict[str, int] = {}
        for taker in self.takers:
            if taker.municipality:
                counts[taker.municipality] = counts.get(taker.municipality, 0) + taker.deeds
        return counts


def figures_of(session: Session, campaign: Campaign, locale: str) -> Figures:
    """Three statements."""
    public = Deed.status.in_(PUBLIC_STATUSES)
    rows = session.execute(
        select(Organisation, Municipality.code, Municipality.population, Region, func.count(), func.min(Deed.id))
        .join(Deed, Deed.organisation_id == Organisation.id)
        .outerjoin(Municipality, Municipality.id == Organisation.municipality_id)
        .outerjoin(Region, Region.id == Organisation.region_id)
        .where(Deed.campaign_id == campaign.id, public)
        .group_by(Organisation.id, Municipality.id, Region.id)
    ).all()
    earlier = set(
        session.scalars(
            select(Deed.organisation_id)
            .where(
                public,
                Deed.organisation_id.in_([row[0].id for row in rows]),
                Deed.campaign_id.is_distinct_from(campaign.id),
                Deed.published_at < clock.start_of_day(campaign.ends_on + timedelta(days=1)),
            )
            .distinct()
        )
    )
    takers = sorted(
        (
            Taker(
                slug=organisation.slug, name=organisation.name_in(locale), kind=organisation.kind, municipality=code,
                region=region.slug if region else None, population=population, deeds=count,
                is_new=organisation.id not in earlier,
            )
            for organisation, code, population, region, count, first in rows
        ),
        key=lambda taker: (-taker.deeds, taker.name),
    )  # fmt: skip
    joined = {taker.region for taker in takers if taker.region}
    regions = session.scalars(select(Region)).all()
    missing = sorted(region.name_in(locale) for region in regions if region.slug not in joined)
    return Figures(sum(taker.deeds for taker in takers), takers, missing, len(joined))


def ranked(takers: Sequence[Taker], value: Callable[[Taker], float | None]) -> list[Placed]:
    """The first ten places by a figure; a tie at the end is shown whole or not at all."""
    valued = sorted(
        ((found, taker) for taker in takers if (found := value(taker))), key=lambda row: (-row[0], row[1].name)
    )
    values = [row[0] for row in valued]
    placed = [Placed(values.index(number) + 1, taker, number) for number, taker in valued]
    if len(placed) <= TOP:
        return placed
    cut = placed[TOP].place
    return [row for row in placed[: TOP + 1] if row.place < cut] or placed[:TOP]


# Pace


@dataclass(frozen=True)
class Pace:
    """Deeds by the end of each day of a campaign, its first day being 1."""

    name: str
    by_day: Sequence[int]

    def at(self, day: int) -> int:
        """What there was by a day; after the last one the whole."""
        if not self.by_day or day < 1:
            return 0
        return self.by_day[min(day, len(self.by_day)) - 1]


def pace_of(session: Session, campaign: Campaign, until: date) -> Pace:
    """One statement. A campaign counts what was published on its days, and later ones on the last."""
    last = min(until, campaign.last_day)
    length = (last - campaign.starts_on).days + 1
    counts = [0] * max(0, length)
    moments = session.scalars(
        select(Deed.published_at).where(Deed.campaign_id == campaign.id, Deed.status.in_(PUBLIC_STATUSES))
    )
    for moment in moments:
        if moment is not None and counts:
            day = (clock.in_finland(moment).date() - campaign.starts_on).days
            counts[max(0, min(day, length - 1))] += 1
    total, by_day = 0, []
    for count in counts:
        total += count
        by_day.append(total)
    return Pace(campaign.name, by_day)


# Steps of the form


@dataclass(frozen=True)
class FormSteps:
    """``steps``: how often each was taken. ``fields``: at which questions people stumbled, the most often first."""

    steps: dict[str, int]
    fields: Sequence[tuple[str, int]]

    @property
    def share_done(self) -> float | None:
        """The share of openings that ended in a kept text, a draft or a deed; None when nobody opened the form."""
        opened = self.steps[form_steps.OPENED]
        done = sum(self.steps[step] for step in (form_steps.KEPT, form_steps.SAVED, form_steps.PUBLISHED))
        return min(1.0, done / opened) if opened else None


def form_steps_of(session: Session, campaign: Campaign) -> FormSteps:
    """One statement."""
    rows = session.execute(
        select(CampaignStep.step, func.sum(CampaignStep.count))
        .where(CampaignStep.campaign_id == campaign.id)
        .group_by(CampaignStep.step)
    )
    found = {step: int(count) for step, count in rows}
    fields = [
        (step.removeprefix(form_steps.FIELD), count)
        for step, count in found.items()
        if step.startswith(form_steps.FIELD)
    ]
    return FormSteps(
        {step: found.get(step, 0) for step in form_steps.STEPS}, sorted(fields, key=lambda row: (-row[1], row[0]))
    )


# Counted links


def visits_of(session: Session, campaign: Campaign) -> dict[str, int]:
    """Source -> how often its link has been followed. One statement."""
    rows = session.execute(
        select(CampaignVisit.source, func.sum(CampaignVisit.count))
        .where(CampaignVisit.campaign_id == campaign.id)
        .group_by(CampaignVisit.source)
    )
    found = {source: int(count) for source, count in rows}
    return {source: found.get(source, 0) for source in dict.fromkeys([*campaign.sources, *found])}
