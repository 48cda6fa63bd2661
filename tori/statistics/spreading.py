"""How models spread: what became of adoptions, and which deeds are in use elsewhere."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.adoptions import FollowUp
from tori.models.deeds import Adoption, AdoptionStatus, Deed
from tori.statistics.counting import COUNTED, COUNTED_ADOPTION, percent_of
from tori.statistics.gathered import Gathered, gather
from tori.statistics.spans import THE_BEGINNING, adoptions_within

MONTHS_ASKED = (6, 12)
DAYS_IN_MONTH = 30.4375
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Standing:
    """``adoptions`` are ``month`` months old or older, ``answered`` those whose organisation told then how it stands;
    ``counts`` goes by status."""

    month: int
    adoptions: int
    answered: int
    counts: dict[str, int]

    @property
    def still_used(self) -> int | None:
        """Per cent of the answers that are not "given up"; None without answers."""
        return percent_of(self.answered - self.counts[AdoptionStatus.ABANDONED], self.answered)


@dataclass(frozen=True)
class Spreading:
    """``confirmed_deeds`` have an adoption that is in use elsewhere, ``confirmed_percent`` is their share of all deeds.

    ``breakthroughs`` are deeds whose practice has broken through.
    """

    adoptions: int
    confirmed_adoptions: int
    confirmed_deeds: int
    confirmed_percent: int | None
    breakthroughs: int


def spreading(session: Session, gathered: Gathered | None = None) -> Spreading:
    """No statement beside what is gathered."""
    rows = gathered or gather(session)
    return Spreading(
        adoptions=sum(group.adoptions for group in rows.adoptions),
        confirmed_adoptions=sum(group.adoptions for group in rows.adoptions if group.is_confirmed),
        confirmed_deeds=rows.confirmed_deeds,
        confirmed_percent=percent_of(rows.confirmed_deeds, sum(group.deeds for group in rows.tellers)),
        breakthroughs=sum(group.breakthroughs for group in rows.tellers),
    )


def standings(session: Session) -> list[Standing]:
    """What adopters answered at six and at twelve months. Three statements."""
    status = FollowUp.answers["status"].as_string()
    left_out = select(Adoption.id).where(~COUNTED_ADOPTION)
    rows = session.execute(
        select(FollowUp.month, status, func.count())
        .where(FollowUp.month.in_(MONTHS_ASKED), FollowUp.answered_at.is_not(None))
        .where(FollowUp.adoption_id.not_in(left_out))
        .group_by(FollowUp.month, status)
    ).all()
    result = []
    for month, old_enough in zip(MONTHS_ASKED, _as_old_as(session), strict=True):
        found = {value: count for asked, value, count in rows if asked == month}
        counts = {str(value): found.get(value, 0) for value in AdoptionStatus}
        result.append(Standing(month, old_enough, sum(counts.values()), counts))
    return result


def _as_old_as(session: Session) -> list[int]:
    """Adoptions that are so many months old."""
    ages = [timedelta(days=round(month * DAYS_IN_MONTH)) for month in MONTHS_ASKED]
    return adoptions_within(session, [(THE_BEGINNING, clock.now() - age + MOMENT) for age in ages])


def most_adopted_ids(session: Session, limit: int = 5) -> list[int]:
    """Deeds whose model most organisations have taken; only those that somebody has. One statement."""
    return list(
        session.scalars(
            select(Deed.id)
            .where(COUNTED, Deed.adoption_count > 0)
            .order_by(Deed.adoption_count.desc(), Deed.published_at.desc(), Deed.id)
            .limit(limit)
        )
    )
