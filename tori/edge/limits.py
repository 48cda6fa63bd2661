"""How often something may be done. Counted in the database: every process sees the same, a restart forgets nothing."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import TooMany
from tori.database import insert_of
from tori.models.operations import RateCount
from tori.models.people import OrganisationDomain
from tori.policy import Actor

LIMITS: dict[str, tuple[int, timedelta]] = {
    "sign_in_device": (10, timedelta(minutes=15)),
    "sign_in_pair": (10, timedelta(minutes=15)),
    "sign_in_account": (30, timedelta(minutes=15)),
    "sign_in_address": (40, timedelta(minutes=15)),
    "invite_colleague_account": (50, timedelta(days=1)),
    "code_account": (10, timedelta(minutes=15)),
    "password_account": (10, timedelta(minutes=15)),
    "register_address": (40, timedelta(hours=1)),
    "register_quick": (12, timedelta(hours=1)),
    "register_account": (3, timedelta(hours=1)),
    "organisation_account": (3, timedelta(days=1)),
    "kept_text_address": (60, timedelta(hours=1)),
    "reset_account": (3, timedelta(hours=1)),
    "reset_address": (10, timedelta(hours=1)),
    "publish_account": (60, timedelta(hours=1)),
    "upload_account": (100, timedelta(hours=1)),
    "comment_account": (20, timedelta(minutes=10)),
    "private_account": (20, timedelta(hours=1)),
    "thank_account": (120, timedelta(hours=1)),
    "adopt_account": (120, timedelta(hours=1)),
    "ask_account": (60, timedelta(hours=1)),
    "note_account": (40, timedelta(hours=1)),
    "invite_account": (20, timedelta(days=1)),
    "team_address": (120, timedelta(hours=1)),
    "plan_account": (60, timedelta(hours=1)),
    "keep_account": (240, timedelta(hours=1)),
    "report_address": (20, timedelta(hours=1)),
    "survey_address": (30, timedelta(hours=1)),
    "poll_address": (60, timedelta(hours=1)),
    "feedback_address": (10, timedelta(hours=1)),
    "click_address": (600, timedelta(hours=1)),
    "digest_address": (10, timedelta(hours=1)),
    "digest_email": (1, timedelta(days=1)),
    "nominate_address": (30, timedelta(hours=1)),
    "nominate_email": (10, timedelta(days=1)),
    "vote_address": (20, timedelta(hours=1)),
    "vote_email": (5, timedelta(days=1)),
    "event_address": (120, timedelta(hours=1)),
    "event_email": (10, timedelta(days=1)),
    "api_write_account": (600, timedelta(hours=1)),
    "api_import_account": (30, timedelta(hours=1)),
    "nominate_organisation": (100, timedelta(days=1)),
    "register_organisation": (200, timedelta(hours=1)),
    "sign_in_organisation": (400, timedelta(minutes=15)),
    "reset_organisation": (200, timedelta(hours=1)),
    "link_organisation": (200, timedelta(hours=1)),
    "vote_organisation": (1000, timedelta(hours=1)),
    "digest_organisation": (200, timedelta(hours=1)),
    "wish_account": (20, timedelta(hours=1)),
    "follow_account": (240, timedelta(hours=1)),
}
"""Limit -> how many times in which time."""

BUSY_COLLEAGUES = 10
BY_ORGANISATION = (
    "publish", "upload", "comment", "private", "thank", "adopt", "ask", "note", "invite", "invite_colleague", "wish",
    "api_write", "api_import",
)  # fmt: skip
"""What an organisation does by all its accounts together: as much as so many of its people who do all they may."""

LIMITS |= {
    f"{act}_organisation": (BUSY_COLLEAGUES * LIMITS[f"{act}_account"][0], LIMITS[f"{act}_account"][1])
    for act in BY_ORGANISATION
}


IPV6_NET = 64
"""Who has one address of IPv6 has usually all of its net of 64 bits."""


def net_of(address: str) -> str:
    """What is counted for an address: itself, or its net where one customer owns a whole net."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:45]
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((parsed, IPV6_NET), strict=False).network_address)
    return str(parsed)


def asker() -> str:
    """Where the request comes from, as it is counted."""
    return net_of(request.remote_addr or "")


def count(session: Session, limit: str, key: object) -> None:
    """Counts one use. Raises TooMany when there were too many in the window. Runs inside the caller's transaction."""
    if wait := note(session, limit, key):
        raise TooMany(limit, wait)


def count_act(session: Session, act: str, actor: Actor) -> None:
    """Counts something that a person does, for the account and for every organisation that it speaks for."""
    count(session, f"{act}_account", actor.id)
    for organisation_id in sorted(actor.organisation_ids):
        count(session, f"{act}_organisation", organisation_id)


def note(session: Session, limit: str, key: object) -> int:
    """Counts one use, so that it stays counted also when it is refused. Returns the seconds to wait, 0 when allowed."""
    allowed, _ = LIMITS[limit]
    name, window, wait = _window(limit, key)
    insert = insert_of(session)
    statement = insert(RateCount).values(key=name, window=window, count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[RateCount.key, RateCount.window], set_={"count": RateCount.count + 1}
        )
    )
    used = session.scalar(select(func.sum(RateCount.count)).where(RateCount.key == name, RateCount.window == window))
    return wait if (used or 0) > allowed else 0


def house_of(session: Session, email: str) -> int | None:
    """The organisation that the domain of the address belongs to."""
    domain = session.get(OrganisationDomain, email.lower().rpartition("@")[2])
    return domain.organisation_id if domain else None


def note_house(session: Session, act: str, email: str) -> int:
    """Counts what anybody makes happen to an address, for its organisation. Returns the seconds to wait."""
    house = house_of(session, email)
    return note(session, f"{act}_organisation", house) if house is not None else 0


def count_house(session: Session, act: str, email: str) -> None:
    """The same, and raises TooMany."""
    if wait := note_house(session, act, email):
        raise TooMany(f"{act}_organisation", wait)


def take_back(session: Session, limit: str, key: object) -> None:
    """Uncounts one use that turned out to be in order."""
    name, window, _ = _window(limit, key)
    session.execute(
        update(RateCount)
        .where(RateCount.key == name, RateCount.window == window, RateCount.count > 0)
        .values(count=RateCount.count - 1)
    )


def forget(session: Session, limit: str, key: object) -> None:
    """Begins the count of a key from nothing."""
    name, _, _ = _window(limit, key)
    session.execute(delete(RateCount).where(RateCount.key == name))


def _window(limit: str, key: object) -> tuple[str, int, int]:
    """The name of the counter, the start of its window, and the seconds that are left of it."""
    _, length = LIMITS[limit]
    seconds = int(length.total_seconds())
    moment = int(clock.now().timestamp())
    window = moment - moment % seconds
    return f"{limit}:{key}"[:150], window, window + seconds - moment
