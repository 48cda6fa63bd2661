"""Three years of a few hundred organisations, through the same services as real people use. The same seed, start and
number of organisations give the same square; only keys and addresses of links differ.

What happens is drawn day by day: deeds are told, found, kept, asked about and taken, adopters answer the follow-up, and
readers get their digest. A good deed spreads first to its own region and to those who follow its theme.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tori.accounts.passwords import hash_password
from tori.accounts.service import DEMO_PASSWORD
from tori.adoptions import breakthrough, follow_up, letters
from tori.config import Config
from tori.conversation import private
from tori.conversation import service as talk
from tori.core import clock
from tori.core.errors import ConfigurationError
from tori.database import db, transaction
from tori.deeds import adoptions, keeping, service
from tori.deeds.content import DeedContent
from tori.digest import sending, subscriptions
from tori.exchange.seeding import LOADERS, SEED_FOLDER, load_vocabulary
from tori.follows import service as follows
from tori.models.adoptions import FollowUp
from tori.models.campaigns import Campaign, CampaignKind
from tori.models.conversation import PrivateQuestion
from tori.models.deeds import (
    AbandonReason,
    Adoption,
    AdoptionStatus,
    Closeness,
    Comment,
    CommentKind,
    Deed,
    Sector,
    Theme,
)
from tori.models.digest import DigestIssue, Subscriber
from tori.models.follows import Followed
from tori.models.operations import OutboxMail
from tori.models.people import Membership, Organisation, OrganisationKind, Role, User
from tori.models.wishes import Wish
from tori.policy import Actor
from tori.search.port import SearchEngine
from tori.simulation import words
from tori.wishes import service as wishes

DIGEST_WEEKS = 4
"""So many of the last weeks get their digests; years of old issues would only fill the outbox."""
DAY = timedelta(days=1)
WORK_BEGINS, WORK_ENDS = 8, 16
LOCAL_HOSTS = ("", "127.0.0.1", "localhost")

Progress = Callable[[int, int], None]
Act = Callable[[Session], None]


@dataclass(frozen=True)
class Plan:
    seed: int
    start: date
    days: int
    organisations: int


@dataclass(frozen=True)
class Outcome:
    """What there is after the play. ``fingerprint`` is the same for the same plan."""

    people: int
    deeds: int
    adoptions: int
    comments: int
    wishes: int
    answered: int
    issues: int
    fingerprint: str


def refuse_on_real_sites(session: Session, config: Config) -> None:
    """Raises ConfigurationError unless the site is a local one, sends no mail and is empty."""
    if urlsplit(config.mail_url).scheme != "folder":
        raise ConfigurationError("MAIL_URL sends real mail: the simulation plays only where mail stays in a folder.")
    if (urlsplit(config.base_url).hostname or "") not in LOCAL_HOSTS:
        raise ConfigurationError("BASE_URL is a public address: the simulation never plays into a real site.")
    if session.scalar(select(User.id).limit(1)) or session.scalar(select(Deed.id).limit(1)):
        raise ConfigurationError("The database has people or deeds: the simulation plays only into an empty site.")


@dataclass
class Person:
    """Rows are read anew at every change; what the draws need of them is kept beside."""

    user: User
    organisation: Organisation
    energy: float
    organisation_id: int
    region_id: int | None

    @property
    def actor(self) -> Actor:
        return Actor(self.user)


@dataclass
class Told:
    """A deed of the play: how good it is, and who made it."""

    deed: Deed
    maker: Person
    appeal: float
    day: date
    takers: set[int] = field(default_factory=set)


class Play:
    """One play. ``coming`` are acts that earlier days have set going, by day."""

    def __init__(self, config: Config, engine: SearchEngine, plan: Plan) -> None:
        self.config = config
        self.engine = engine
        self.plan = plan
        self.chance = Random(plan.seed)  # noqa: S311  (no secret is made of it)
        self.people: list[Person] = []
        self.told: list[Told] = []
        self.wishes: list[Wish] = []
        self.campaigns: list[Campaign] = []
        self.coming: defaultdict[int, list[Act]] = defaultdict(list)
        self.sectors: list[Sector] = []
        self.themes: list[Theme] = []

    def run(self, progress: Progress) -> None:
        with clock.frozen(self._at(0, 6)), transaction() as session:
            self._found(session)
        for day in range(self.plan.days):
            self._live(day)
            self._do_chores(day)
            progress(day + 1, self.plan.days)
        with transaction() as session:
            # Nothing that was written in the play is for sending.
            session.execute(update(OutboxMail).where(OutboxMail.sent_at.is_(None)).values(sent_at=OutboxMail.due_at))

    def _at(self, day: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.plan.start + day * DAY, time(hour, minute), tzinfo=clock.HELSINKI)

    @contextmanager
    def _moment(self, day: int) -> Iterator[None]:
        """Some moment of the working day."""
        with clock.frozen(self._at(day, self.chance.randrange(WORK_BEGINS, WORK_ENDS), self.chance.randrange(60))):
            yield

    # The beginning

    def _found(self, session: Session) -> None:
        load_vocabulary(session, SEED_FOLDER)
        LOADERS["organisations"](session, SEED_FOLDER)
        session.flush()
        self.sectors = list(session.scalars(select(Sector).order_by(Sector.position)))
        self.themes = list(session.scalars(select(Theme).order_by(Theme.slug)))
        places = session.scalars(
            select(Organisation)
            .where(Organisation.kind == OrganisationKind.MUNICIPALITY, Organisation.ended_on.is_(None))
            .order_by(Organisation.slug)
        ).all()
        chosen = self.chance.sample(places, min(self.plan.organisations, len(places)))
        hashed = hash_password(DEMO_PASSWORD)
        for number, place in enumerate(chosen):
            for colleague in range(self.chance.choice([1, 1, 2, 3])):
                self._enter(session, place, f"{number + 1}-{colleague + 1}", hashed, is_steward=colleague == 0)
        for number, year in enumerate(sorted({(self.plan.start + day * DAY).year for day in range(self.plan.days)})):
            self.campaigns.append(
                Campaign(
                    slug=f"syksyn-teot-{year}", kind=CampaignKind.CHALLENGE, name=f"Syksyn teot {year}",
                    description=words.MARK, starts_on=date(year, 9, 1), ends_on=date(year, 10, 31),
                    goal_deeds=60 + 20 * number,
                )
            )  # fmt: skip
        session.add_all(self.campaigns)
        session.flush()

    def _enter(self, session: Session, place: Organisation, name: str, hashed: str, is_steward: bool) -> None:
        title = self.chance.choice(words.TITLES)
        locale = "sv" if place.municipality and place.municipality.language_status.startswith("sv") else "fi"
        user = User(
            email=f"henkilo-{name}@simulaatio.example", display_name=f"{title} {name}", job_title=title,
            password_hash=hashed, role=Role.MEMBER, locale=locale, confirmed_at=clock.now(), trusted_at=clock.now(),
        )  # fmt: skip
        user.memberships.append(Membership(organisation=place, is_steward=is_steward))
        session.add(user)
        session.flush()
        person = Person(user, place, self.chance.paretovariate(1.6), place.id, place.region_id)
        self.people.append(person)
        for theme in self.chance.sample(self.themes, 2):
            follows.follow(session, person.actor, Followed.THEME, theme.id)
        follows.follow(session, person.actor, Followed.SECTOR, self.chance.choice(self.sectors).id)

    # A day

    def _live(self, day: int) -> None:
        weekday = (self.plan.start + day * DAY).weekday()
        acts = list(self.coming.pop(day, []))
        if weekday < 5:
            acts += [self._tell] * self._draw(self._deeds_a_day(day))
            acts += [self._read] * self._draw(0.05 * len(self.people) + 1)
            acts += [self._wish] * self._draw(0.12)
        if not acts:
            return
        with transaction() as session:
            for act in acts:
                with self._moment(day):
                    act(session)

    def _deeds_a_day(self, day: int) -> float:
        """Slow in July, twice as lively in a campaign, and growing over the years."""
        today = self.plan.start + day * DAY
        rate = 0.006 * len(self.people) * (0.5 + day / max(self.plan.days, 1))
        if today.month == 7:
            rate *= 0.2
        return rate * (2 if any(campaign.is_running(today) for campaign in self.campaigns) else 1)

    def _draw(self, mean: float) -> int:
        """How many times something happens that happens ``mean`` times on average (Poisson, by Knuth's way)."""
        limit, count, product = math.exp(-mean), 0, self.chance.random()
        while product > limit:
            count += 1
            product *= self.chance.random()
        return count

    def _somebody(self) -> Person:
        return self.chance.choices(self.people, [person.energy for person in self.people])[0]

    def _later(self, act: Act, first: int, last: int) -> None:
        today = (clock.today() - self.plan.start).days
        self.coming[today + self.chance.randint(first, last)].append(act)

    def _tell(self, session: Session) -> None:
        maker, sector = self._somebody(), self.chance.choice(self.sectors)
        self._publish(session, maker, sector, self.chance.choice(words.PRACTICES[sector.slug]))

    def _publish(self, session: Session, maker: Person, sector: Sector, title: str, parent: Deed | None = None) -> Told:
        way = self.chance.choice(words.WAYS)
        running = [campaign for campaign in self.campaigns if campaign.is_running(clock.today())]
        content = DeedContent(
            title=f"{title} {way}".strip(), summary=f"{self.chance.choice(words.RESULTS)} {words.MARK}",
            organisation=maker.organisation, sector=sector, themes=tuple(self.chance.sample(self.themes, 2)),
            need=self.chance.choice(words.NEEDS), implementation=self.chance.choice(words.LESSONS),
            results=self.chance.choice(words.RESULTS), lessons=self.chance.choice(words.LESSONS), maturity="kaytossa",
            campaign=running[0] if running and self.chance.random() < 0.7 else None,
        )  # fmt: skip
        deed = service.write_draft(session, maker.actor, content, parent=parent)
        service.publish(session, maker.actor, deed)
        told = Told(deed, maker, self.chance.lognormvariate(0, 1.1), clock.today())
        self.told.append(told)
        return told

    def _read(self, session: Session) -> None:
        """Somebody reads a deed and perhaps keeps it, thanks, asks or takes the model."""
        if not self.told:
            return
        reader = self._somebody()
        told = self.chance.choices(self.told, [self._pull(reader, item) for item in self.told])[0]
        if told.maker is reader:
            return
        for share, act in ((0.25, keeping.keep), (0.2, talk.thank)):
            if self.chance.random() < share:
                act(session, reader.actor, told.deed)
        draw = self.chance.random()
        if draw < 0.1:
            self._ask(session, reader, told)
        elif draw < 0.16:
            talk.post(session, reader.actor, told.deed, self.chance.choice(words.COMMENTS), CommentKind.COMMENT)
        elif draw < 0.19:
            talk.post(session, reader.actor, told.deed, self.chance.choice(words.TAKEAWAYS), CommentKind.TAKEAWAY)
        if self.chance.random() < 0.18 * min(told.appeal, 3):
            self._take(session, reader, told)

    def _pull(self, reader: Person, told: Told) -> float:
        near = 2.5 if told.maker.region_id == reader.region_id else 1
        freshness = 0.15 + math.exp(-(clock.today() - told.day).days / 120)
        fame = 1 + 0.05 * min(len(told.takers), 20)
        return told.appeal * near * fame * freshness

    def _ask(self, session: Session, reader: Person, told: Told) -> None:
        if self.chance.random() < 0.2:
            row = private.ask(session, reader.actor, told.deed, self.chance.choice(words.QUESTIONS))
            if self.chance.random() < 0.7:
                self._later(lambda later: self._reply_privately(later, told, row), 0, 12)
            return
        question = talk.post(
            session, reader.actor, told.deed, self.chance.choice(words.QUESTIONS), CommentKind.QUESTION
        )
        if self.chance.random() < 0.85:
            self._later(lambda later: self._reply(later, told, question), 0, 9)

    def _reply(self, session: Session, told: Told, question: Comment) -> None:
        text = self.chance.choice(words.REPLIES)
        talk.post(session, told.maker.actor, told.deed, text, CommentKind.COMMENT, parent_id=question.id)

    def _reply_privately(self, session: Session, told: Told, row: PrivateQuestion) -> None:
        private.answer(session, told.maker.actor, row, self.chance.choice(words.REPLIES))

    def _take(self, session: Session, reader: Person, told: Told) -> None:
        if reader.organisation_id == told.maker.organisation_id:
            return
        adoption = adoptions.adopt(session, reader.actor, told.deed)
        is_first = reader.organisation_id not in told.takers
        told.takers.add(reader.organisation_id)
        if is_first and self.chance.random() < 0.6:
            details = adoptions.AdoptionDetails(
                closeness=self.chance.choice(list(Closeness)), note=self.chance.choice(words.NOTES),
                status=self.chance.choice([AdoptionStatus.INTENDS, AdoptionStatus.TRIES]),
                may_contact=self.chance.random() < 0.5,
            )  # fmt: skip
            adoptions.describe(session, reader.actor, adoption, details)
        if is_first and self.chance.random() < 0.04:
            self._later(lambda later: self._vary(later, reader, told), 120, 400)

    def _vary(self, session: Session, reader: Person, told: Told) -> None:
        self._publish(session, reader, told.deed.sector, told.deed.title.split(" uudella")[0], parent=told.deed)

    def _wish(self, session: Session) -> None:
        content = wishes.WishContent(self.chance.choice(words.WISHES), words.MARK)
        wish = wishes.post(session, self._somebody().actor, content)
        self.wishes.append(wish)
        for _number in range(self._draw(2)):
            wishes.join(session, self._somebody().actor, wish)
        if self.told and self.chance.random() < 0.6:
            told = self.chance.choice(self.told)
            self._later(lambda later: self._answer_wish(later, wish, told), 2, 60)

    def _answer_wish(self, session: Session, wish: Wish, told: Told) -> None:
        wishes.answer(session, told.maker.actor, wish, told.deed)

    # What the worker does

    def _do_chores(self, day: int) -> None:
        weekday = (self.plan.start + day * DAY).weekday()
        with clock.frozen(self._at(day, 6)):
            if weekday == 0:
                subscriptions.enrol_members(self.config)
                private.pass_on(self.config)
                breakthrough.mark_all(self.config)
            if weekday == 3:
                follow_up.send_due(self.config)
                letters.write_due(self.config)
                self._answer_follow_ups(day)
        left = self.plan.days - day
        if weekday == 1 and left <= DIGEST_WEEKS * 7:
            with clock.frozen(self._at(day, 8)):
                if left > (DIGEST_WEEKS - 1) * 7:
                    with transaction() as session:
                        session.execute(update(Subscriber).values(told_until=clock.now() - 7 * DAY))
                while sending.send_due_digests(self.config, self.engine):
                    pass

    def _answer_follow_ups(self, day: int) -> None:
        """Four of ten answer, some days after the mail."""
        asked = db.session().scalars(select(FollowUp.id).where(FollowUp.sent_at == clock.now()).order_by(FollowUp.id))
        for number in asked.all():
            if self.chance.random() < 0.4:
                self.coming[day + self.chance.randint(1, 12)].append(self._answer_of(number))

    def _answer_of(self, number: int) -> Act:
        def act(session: Session) -> None:
            row = session.get(FollowUp, number)
            if row is None:
                return
            chosen = [AdoptionStatus.TRIES, AdoptionStatus.IN_USE, AdoptionStatus.EXTENDED, AdoptionStatus.ABANDONED]
            status = self.chance.choices(chosen, [3, row.month, row.month / 3, 1])[0]
            marks = {}
            if row.month == follow_up.QUESTIONS_AT:
                marks = {name: self.chance.randint(2, 5) for name in follow_up.QUESTIONS}
            reason = self.chance.choice(list(AbandonReason)) if status == AdoptionStatus.ABANDONED else None
            given = follow_up.Answer(status, reason, self.chance.choice(words.RESULTS), marks)
            follow_up.answer(session, follow_up.token_of(row), given)

        return act


def outcome(session: Session) -> Outcome:
    def count(model: type[object]) -> int:
        return session.scalar(select(func.count()).select_from(model)) or 0

    return Outcome(
        people=count(User), deeds=count(Deed), adoptions=count(Adoption), comments=count(Comment), wishes=count(Wish),
        answered=session.scalar(select(func.count(FollowUp.answered_at))) or 0, issues=count(DigestIssue),
        fingerprint=fingerprint(session),
    )  # fmt: skip


def fingerprint(session: Session) -> str:
    """Of what there is to see on the square: deeds, adoptions, comments, follow-ups and wishes with their moments."""
    digest = hashlib.sha256()
    statements = [
        select(Deed.id, Deed.title, Deed.organisation_id, Deed.published_at, Deed.adoption_count, Deed.breakthrough_at),
        select(Adoption.id, Adoption.deed_id, Adoption.organisation_id, Adoption.created_at, Adoption.status),
        select(Comment.id, Comment.deed_id, Comment.body, Comment.created_at, Comment.answered_at),
        select(FollowUp.id, FollowUp.adoption_id, FollowUp.month, FollowUp.answered_at),
        select(Wish.id, Wish.title, Wish.created_at, Wish.supporter_count, Wish.answered_at),
    ]
    for statement in statements:
        for row in session.execute(statement.order_by("id")):
            digest.update("|".join(str(value) for value in row).encode())
    return digest.hexdigest()[:16]
