"""Making and keeping TOP lists: texts, deeds in order with reasons, versions, publishing, keepers of a network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    ListKeeperAdded,
    ListKeeperRemoved,
    TopListChanged,
    TopListHidden,
    TopListPublished,
    record,
)
from tori.core.text import clean_line, clean_text, slugify
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import Deed
from tori.models.desk import TopListVersion
from tori.models.people import User
from tori.policy import Actor, Permission, require

MAX_TITLE = 150
MAX_TEXT = 3_000
MAX_REASON = 500
MAX_ITEMS = 100
MAX_AHEAD = timedelta(days=366)
RESERVED = ("eniten-mallia", "organisaatiot")
"""Addresses of the lists that count themselves."""


@dataclass(frozen=True)
class ListTexts:
    """``texts`` holds the translations: ``title_sv``, ``introduction_en``…"""

    title: str
    introduction: str = ""
    criteria: str = ""
    network: str = ""
    expires_on: date | None = None
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """A deed on a list, and why it is there."""

    deed_id: int
    reason: str = ""


def get_list(session: Session, list_id: int) -> TopList:
    """Any list, published or not. Raises NotFound."""
    found = session.get(TopList, list_id)
    if found is None:
        raise NotFound("toplist")
    return found


def create(session: Session, actor: Actor, title: str) -> TopList:
    """An empty list that nobody sees yet."""
    require(actor, Permission.CURATE)
    title = _title(title)
    row = TopList(
        slug=_free_slug(session, title), title=title, texts={}, position=_last_position(session) + 1, version=0
    )
    session.add(row)
    session.flush()
    _keep_version(session, actor, row)
    return row


def _title(text: str) -> str:
    title = clean_line(text)
    if not title:
        raise RuleBroken("value_missing", "title")
    if len(title) > MAX_TITLE:
        raise RuleBroken("text_too_long", "title", limit=MAX_TITLE)
    return title


def _free_slug(session: Session, title: str) -> str:
    basis = slugify(title, "lista")
    taken = set(session.scalars(select(TopList.slug).where(TopList.slug.like(f"{basis}%")))) | set(RESERVED)
    return next(slug for slug in (basis, *(f"{basis}-{n}" for n in range(2, 1000))) if slug not in taken)


def _last_position(session: Session) -> int:
    return session.scalar(select(func.max(TopList.position))) or 0


def edit(session: Session, actor: Actor, row: TopList, content: ListTexts) -> None:
    """Changes the texts. The address stays, so that links to a renamed list go on working."""
    require(actor, Permission.LIST_EDIT, row)
    title = _title(content.title)
    introduction, criteria = clean_text(content.introduction), clean_text(content.criteria)
    texts = {key: clean_text(value) for key, value in content.texts.items() if clean_text(value)}
    for name, text in (("introduction", introduction), ("criteria", criteria), *texts.items()):
        if len(text) > MAX_TEXT:
            raise RuleBroken("text_too_long", name, limit=MAX_TEXT)
    if content.expires_on is not None and content.expires_on != row.expires_on and content.expires_on < clock.today():
        raise RuleBroken("day_over", "expires_on")
    kept = {key: value for key, value in row.texts.items() if key.rpartition("_")[0] not in ("title", "introduction")}
    wanted = {
        "title": title, "introduction": introduction, "criteria": criteria, "texts": {**kept, **texts},
        "network": clean_line(content.network)[:MAX_TITLE], "expires_on": content.expires_on,
    }  # fmt: skip
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return
    for name, value in wanted.items():
        setattr(row, name, value)
    _keep_version(session, actor, row)


def arrange(session: Session, actor: Actor, row: TopList, places: Sequence[Placed]) -> None:
    """The deeds of the list in this order with these reasons; those left out leave it. A published list has a deed,
    and a reason for each."""
    require(actor, Permission.LIST_EDIT, row)
    wanted = [Placed(place.deed_id, clean_text(place.reason)) for place in places]
    if len({place.deed_id for place in wanted}) < len(wanted):
        raise RuleBroken("already_on_list", "deed")
    if len(wanted) > MAX_ITEMS:
        raise RuleBroken("too_many_items", "deed", limit=MAX_ITEMS)
    for place in wanted:
        if len(place.reason) > MAX_REASON:
            raise RuleBroken("text_too_long", f"peruste-{place.deed_id}", limit=MAX_REASON)
    if row.published_at is not None:
        if not wanted:
            raise RuleBroken("list_empty")
        _check_reasons(wanted)
    present = {item.deed_id: item for item in row.items}
    if [(item.deed_id, item.reason) for item in row.items] == [(place.deed_id, place.reason) for place in wanted]:
        return
    added = [place.deed_id for place in wanted if place.deed_id not in present]
    _check_public(session, added)
    kept = []
    for position, place in enumerate(wanted, 1):
        item = present.get(place.deed_id) or TopListItem(deed_id=place.deed_id)
        item.position, item.reason = position, place.reason
        kept.append(item)
    row.items = kept
    _keep_version(session, actor, row, added=len(added))


def _check_public(session: Session, deed_ids: Sequence[int]) -> None:
    for deed_id in deed_ids:
        deed = session.get(Deed, deed_id)
        if deed is None or not deed.is_public:
            raise RuleBroken("unknown_deed", "deed")


def _check_reasons(places: Sequence[Placed]) -> None:
    for place in places:
        if not place.reason:
            raise RuleBroken("list_reason_missing", f"peruste-{place.deed_id}")


def placed(row: TopList) -> list[Placed]:
    return [Placed(item.deed_id, item.reason) for item in row.items]


def add(session: Session, actor: Actor, row: TopList, deed_id: int, reason: str = "") -> None:
    """To the end of the list. A deed that is there already stays where it is."""
    if any(item.deed_id == deed_id for item in row.items):
        require(actor, Permission.LIST_EDIT, row)
        return
    arrange(session, actor, row, [*placed(row), Placed(deed_id, reason)])


def _keep_version(session: Session, actor: Actor, row: TopList, added: int = 0) -> None:
    row.version += 1
    row.changed_at = clock.now()
    session.flush()
    session.add(
        TopListVersion(
            top_list_id=row.id,
            number=row.version,
            editor_id=actor.id,
            content={
                "title": row.title,
                "introduction": row.introduction,
                "criteria": row.criteria,
                "texts": row.texts,
                "items": [[item.deed_id, item.reason] for item in row.items],
            },
        )
    )
    record(session, TopListChanged(actor_id=actor.id, list_id=row.id, version=row.version, added=added))


def versions(session: Session, row: TopList) -> list[TopListVersion]:
    """The newest first."""
    return list(
        session.scalars(
            select(TopListVersion)
            .where(TopListVersion.top_list_id == row.id)
            .order_by(TopListVersion.number.desc())
            .limit(50)
        )
    )


def restore(session: Session, actor: Actor, row: TopList, number: int) -> None:
    """An older version becomes the newest one. Deeds that have left the square since are left out."""
    require(actor, Permission.LIST_EDIT, row)
    version = session.scalar(
        select(TopListVersion).where(TopListVersion.top_list_id == row.id, TopListVersion.number == number)
    )
    if version is None:
        raise NotFound("version")
    content = version.content
    deeds = {item[0]: session.get(Deed, item[0]) for item in content["items"]}
    shown = [item for item in content["items"] if (deed := deeds[item[0]]) is not None and deed.is_public]
    edit(
        session, actor, row,
        ListTexts(content["title"], content["introduction"], content["criteria"], row.network, row.expires_on,
                  {key: str(value) for key, value in content["texts"].items()}),
    )  # fmt: skip
    arrange(session, actor, row, [Placed(deed_id, reason) for deed_id, reason in shown])


def publish(session: Session, actor: Actor, row: TopList, moment: datetime | None = None) -> None:
    """On the square now, or by itself at a moment to come. Every deed has a reason, and there is at least one."""
    require(actor, Permission.LIST_EDIT, row)
    now = clock.now()
    if moment is not None and not now < moment < now + MAX_AHEAD:
        raise RuleBroken("bad_moment", "publish_at")
    if not row.items:
        raise RuleBroken("list_empty")
    _check_reasons(placed(row))
    if row.expires_on is not None and row.expires_on < clock.today():
        raise RuleBroken("bad_last_day", "expires_on")
    row.published_at = moment or now
    # Somebody has chosen and stands behind it: it is a proposal no more.
    row.is_proposal = False
    record(session, TopListPublished(actor_id=actor.id, list_id=row.id))


def hide(session: Session, actor: Actor, row: TopList) -> None:
    require(actor, Permission.LIST_EDIT, row)
    if row.published_at is None:
        return
    row.published_at = None
    record(session, TopListHidden(actor_id=actor.id, list_id=row.id))


def add_keeper(session: Session, actor: Actor, row: TopList, email: str) -> User:
    """Lets a person of a network keep this list, and nothing else of the desk."""
    require(actor, Permission.CURATE)
    user = session.scalar(select(User).where(User.email == clean_line(email).lower()))
    if user is None or not user.is_active:
        raise RuleBroken("unknown_person", "email")
    if user in row.keepers:
        raise RuleBroken("keeper_already", "email", name=user.display_name)
    row.keepers.append(user)
    record(session, ListKeeperAdded(actor_id=actor.id, list_id=row.id, user_id=user.id))
    return user


def remove_keeper(session: Session, actor: Actor, row: TopList, user_id: int) -> None:
    require(actor, Permission.CURATE)
    for user in row.keepers:
        if user.id == user_id:
            row.keepers.remove(user)
            record(session, ListKeeperRemoved(actor_id=actor.id, list_id=row.id, user_id=user_id))
            return
