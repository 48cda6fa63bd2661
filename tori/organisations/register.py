"""The register of organisations: names and their history, e-mail domains, contact persons, checking."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    DomainAdded,
    DomainRemoved,
    OrganisationChanged,
    OrganisationRenamed,
    StewardChanged,
    record,
)
from tori.core.text import clean_line, slugify
from tori.deeds.moving import ORGANISATION, move_address
from tori.models.deeds import Deed
from tori.models.desk import MovedAddress
from tori.models.operations import IndexTask
from tori.models.people import (
    Membership,
    Municipality,
    Organisation,
    OrganisationDomain,
    OrganisationKind,
    OrganisationName,
    Region,
    User,
)
from tori.policy import Actor, Permission, require

PARAMETER = "organisaatio"
PER_PAGE = 50
MAX_NAME = 150
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
FREE_MAIL = frozenset(
    ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "live.com", "luukku.com", "suomi24.fi")
)
"""Addresses that anybody gets: they can't prove an organisation."""


@dataclass(frozen=True)
class Entry:
    """An organisation as the register tells it; ``municipality`` and ``region`` are ids."""

    name: str
    kind: str
    name_sv: str = ""
    name_en: str = ""
    municipality: int | None = None
    region: int | None = None


def listing(session: Session, text: str, kind: str, after: int | None) -> list[Organisation]:
    """In the order of ids, one more than a page; ``after`` is the last id of the page before."""
    statement = (
        select(Organisation)
        .options(joinedload(Organisation.region), selectinload(Organisation.domains))
        .order_by(Organisation.id)
        .limit(PER_PAGE + 1)
    )
    if words := clean_line(text)[:100]:
        plain = slugify(words, fallback="")
        conditions = [Organisation.name.icontains(words, autoescape=True)]
        if plain:
            conditions.append(Organisation.slug.contains(plain, autoescape=True))
        statement = statement.where(or_(*conditions))
    if kind in set(OrganisationKind):
        statement = statement.where(Organisation.kind == kind)
    if after is not None:
        statement = statement.where(Organisation.id > after)
    return list(session.scalars(statement))


def entry_of(session: Session, organisation_id: int) -> Organisation:
    found = session.scalar(
        select(Organisation)
        .options(joinedload(Organisation.successor), selectinload(Organisation.domains))
        .where(Organisation.id == organisation_id)
    )
    if found is None:
        raise NotFound("organisation")
    return found


def _checked(session: Session, entry: Entry) -> dict[str, object]:
    name = clean_line(entry.name)
    if not name:
        raise RuleBroken("value_missing", "name")
    if len(name) > MAX_NAME:
        raise RuleBroken("text_too_long", "name", limit=MAX_NAME)
    if entry.kind not in set(OrganisationKind):
        raise RuleBroken("unknown_choice", "kind")
    municipality = session.get(Municipality, entry.municipality) if entry.municipality else None
    region_id = municipality.region_id if municipality else entry.region
    if region_id is not None and session.get(Region, region_id) is None:
        raise RuleBroken("unknown_choice", "region")
    return {
        "name": name,
        "name_sv": clean_line(entry.name_sv)[:MAX_NAME] or None,
        "name_en": clean_line(entry.name_en)[:MAX_NAME] or None,
        "kind": entry.kind,
        "municipality_id": municipality.id if municipality else None,
        "region_id": region_id,
    }


def _free_slug(session: Session, name: str) -> str:
    basis = slugify(name, "organisaatio")
    taken = set(session.scalars(select(Organisation.slug).where(Organisation.slug.like(f"{basis}%"))))
    return next(slug for slug in (basis, *(f"{basis}-{n}" for n in range(2, 1000))) if slug not in taken)


def add(session: Session, actor: Actor, entry: Entry) -> Organisation:
    require(actor, Permission.ORGANISATION_REGISTER)
    values = _checked(session, entry)
    if session.scalar(select(Organisation.id).where(func.lower(Organisation.name) == str(values["name"]).lower())):
        raise RuleBroken("organisation_exists", "name")
    row = Organisation(slug=_free_slug(session, str(values["name"])), introduction="", note="", **values)
    row.verified_at = clock.now()
    session.add(row)
    session.flush()
    record(session, OrganisationChanged(actor_id=actor.id, organisation_id=row.id, fields=("name",)))
    return row


def change(session: Session, actor: Actor, row: Organisation, entry: Entry, since: date | None = None) -> None:
    """Corrects the register. A new name ends the old one on the day before ``since`` (today when not told); the old
    name stays in the history, and the old address leads to the new one."""
    require(actor, Permission.ORGANISATION_REGISTER)
    values = _checked(session, entry)
    changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return
    if "name" in changed:
        _rename(session, actor, row, str(values["name"]), since or clock.today())
    for name, value in values.items():
        setattr(row, name, value)
    # The search finds deeds by all names of the organisation, its kind and its place.
    deeds = session.scalars(select(Deed.id).where(Deed.organisation_id == row.id)).all()
    session.add_all(IndexTask(deed_id=deed_id) for deed_id in deeds)
    record(session, OrganisationChanged(actor_id=actor.id, organisation_id=row.id, fields=changed))


def _rename(session: Session, actor: Actor, row: Organisation, name: str, since: date) -> None:
    if since > clock.today():
        raise RuleBroken("future_day", "since")
    session.add(OrganisationName(organisation_id=row.id, name=row.name, name_sv=row.name_sv, until=since))
    slug = _free_slug(session, name) if slugify(name) != row.slug else row.slug
    if slug != row.slug:
        move_address(session, ORGANISATION, PARAMETER, row.slug, row.id, slug)
        row.slug = slug
    record(session, OrganisationRenamed(actor_id=actor.id, organisation_id=row.id))


def names_of(session: Session, organisation_id: int) -> list[OrganisationName]:
    """Earlier names, the newest first."""
    statement = select(OrganisationName).where(OrganisationName.organisation_id == organisation_id)
    return list(session.scalars(statement.order_by(OrganisationName.until.desc(), OrganisationName.id.desc())))


def name_then(organisation: Organisation, day: date) -> OrganisationName | None:
    """The name that the organisation had on a day, when it was not the present one."""
    return next((name for name in organisation.former_names if name.until > day), None)


def moved(session: Session, slug: str) -> Organisation | None:
    """The organisation that an old address leads to."""
    return session.scalar(
        select(Organisation)
        .join(MovedAddress, MovedAddress.target_id == Organisation.id)
        .where(MovedAddress.kind == ORGANISATION, MovedAddress.slug == slug)
    )


def verify(session: Session, actor: Actor, row: Organisation) -> None:
    """Somebody of the staff has checked that the organisation is what it says."""
    require(actor, Permission.ORGANISATION_REGISTER)
    if row.verified_at is None:
        row.verified_at = clock.now()
        record(session, OrganisationChanged(actor_id=actor.id, organisation_id=row.id, fields=("verified_at",)))


def add_domain(session: Session, actor: Actor, row: Organisation, text: str) -> None:
    """Whoever confirms an address of this domain belongs to the organisation."""
    require(actor, Permission.ORGANISATION_MERGE, row)
    domain = clean_line(text).lower().lstrip("@")
    if not _DOMAIN.fullmatch(domain) or domain in FREE_MAIL:
        raise RuleBroken("bad_domain", "domain")
    found = session.get(OrganisationDomain, domain)
    if found is not None:
        if found.organisation_id == row.id:
            return
        raise RuleBroken("domain_taken", "domain", name=found.organisation.name)
    row.domains.append(OrganisationDomain(domain=domain))
    session.flush()
    record(session, DomainAdded(actor_id=actor.id, organisation_id=row.id, domain=domain))


def remove_domain(session: Session, actor: Actor, row: Organisation, domain: str) -> None:
    require(actor, Permission.ORGANISATION_MERGE, row)
    for found in row.domains:
        if found.domain == domain:
            row.domains.remove(found)
            record(session, DomainRemoved(actor_id=actor.id, organisation_id=row.id, domain=domain))
            return


def members(session: Session, organisation_id: int) -> list[Membership]:
    statement = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .options(joinedload(Membership.user).lazyload(User.memberships))
        .where(Membership.organisation_id == organisation_id, User.disabled_at.is_(None))
        .order_by(Membership.is_steward.desc(), User.display_name)
        .limit(200)
    )
    return list(session.scalars(statement))


def set_steward(session: Session, actor: Actor, row: Organisation, user_id: int, steward: str) -> None:
    """Names or frees a contact person; ``steward`` is "yes" or "no"."""
    require(actor, Permission.ORGANISATION_MERGE, row)
    membership = session.scalar(
        select(Membership).where(Membership.organisation_id == row.id, Membership.user_id == user_id)
    )
    if membership is None:
        raise NotFound("membership")
    wanted = steward == "yes"
    if membership.is_steward == wanted:
        return
    membership.is_steward = wanted
    record(session, StewardChanged(actor_id=actor.id, organisation_id=row.id, user_id=user_id, is_steward=wanted))
