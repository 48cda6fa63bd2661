"""Tags of every kind: adding, renaming, merging and taking away, and how they are used."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import TagChanged, TagRemoved, TagsMerged, record
from tori.core.text import slugify
from tori.curation.vocabulary import MAX_SYNONYMS, TOO_GENERAL, checked_names, checked_words
from tori.deeds.moving import move_address
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.desk import MovedAddress
from tori.models.operations import IndexTask
from tori.models.tags import Tag, TagKind, deed_tag
from tori.policy import Actor, Permission, require


@dataclass(frozen=True)
class TagTexts:
    """``synonyms`` are words that should find the deeds of the tag."""

    name: str
    name_sv: str = ""
    name_en: str = ""
    synonyms: Sequence[str] = ()


@dataclass(frozen=True)
class TagUse:
    """``deeds`` counts the public ones."""

    tag: Tag
    deeds: int
    is_too_general: bool

    @property
    def is_unused(self) -> bool:
        return self.deeds == 0


def get_tag(session: Session, tag_id: int) -> Tag:
    found = session.get(Tag, tag_id)
    if found is None:
        raise NotFound("tag")
    return found


def _checked(content: TagTexts) -> dict[str, object]:
    names = checked_names(content.name, content.name_sv, content.name_en)
    return {**names, "synonyms": checked_words(content.synonyms)}


def _free_slug(session: Session, kind: str, name: str, own_id: int | None = None) -> str:
    """Raises RuleBroken when another of the kind has the name already."""
    slug = slugify(name, "valinta")
    other = session.scalar(select(Tag.id).where(Tag.kind == kind, Tag.slug == slug))
    if other is not None and other != own_id:
        raise RuleBroken("tag_exists", "name")
    return slug


def add_tag(session: Session, actor: Actor, kind: TagKind, content: TagTexts) -> Tag:
    require(actor, Permission.CURATE)
    values = _checked(content)
    slug = _free_slug(session, kind, str(values["name"]))
    session.execute(delete(MovedAddress).where(MovedAddress.kind == kind, MovedAddress.slug == slug))
    tag = Tag(kind=kind, slug=slug, **values)
    session.add(tag)
    session.flush()
    record(session, TagChanged(actor_id=actor.id, tag_id=tag.id, name=tag.name))
    return tag


def change_tag(session: Session, actor: Actor, tag: Tag, content: TagTexts) -> None:
    """Names and words. A new Finnish name gives a new address, and the old one leads to it."""
    require(actor, Permission.CURATE)
    values = _checked(content)
    slug = _free_slug(session, tag.kind, str(values["name"]), tag.id) if values["name"] != tag.name else tag.slug
    if slug == tag.slug and all(getattr(tag, name) == value for name, value in values.items()):
        return
    if slug != tag.slug:
        move_address(session, tag.kind, tag.kind, tag.slug, tag.id, slug)
    for name, value in values.items():
        setattr(tag, name, value)
    tag.slug = slug
    _index_again(session, _deeds_of(session, tag.id))
    record(session, TagChanged(actor_id=actor.id, tag_id=tag.id, name=tag.name))


def merge_tags(session: Session, actor: Actor, source: Tag, target: Tag) -> None:
    """``source`` becomes ``target``: deeds, kept searches and words go along, and old addresses lead to ``target``."""
    require(actor, Permission.CURATE)
    if source.id == target.id or source.kind != target.kind:
        raise RuleBroken("same_tag", "into")
    deeds = _deeds_of(session, source.id)
    both = select(deed_tag.c.deed_id).where(deed_tag.c.tag_id == target.id).scalar_subquery()
    session.execute(delete(deed_tag).where(deed_tag.c.tag_id == source.id, deed_tag.c.deed_id.in_(both)))
    session.execute(update(deed_tag).where(deed_tag.c.tag_id == source.id).values(tag_id=target.id))
    known = {word.casefold() for word in (target.name, target.name_sv or "", target.name_en or "", *target.synonyms)}
    gained = dict.fromkeys(word for word in (source.name, source.name_sv, source.name_en, *source.synonyms) if word)
    fresh = [word for word in gained if word.casefold() not in known]
    target.synonyms = [*target.synonyms, *fresh][:MAX_SYNONYMS]
    kind, old_slug, old_name = source.kind, source.slug, source.name
    session.execute(
        update(MovedAddress)
        .where(MovedAddress.kind == kind, MovedAddress.target_id == source.id)
        .values(target_id=target.id)
    )
    session.flush()
    session.expire_all()
    session.delete(source)
    session.flush()
    move_address(session, kind, kind, old_slug, target.id, target.slug)
    _index_again(session, deeds)
    record(session, TagsMerged(actor_id=actor.id, into_id=target.id, name=old_name))


def remove_tag(session: Session, actor: Actor, tag: Tag) -> None:
    """Only one that no deed has, a draft neither: others are merged."""
    require(actor, Permission.CURATE)
    if _deeds_of(session, tag.id):
        raise RuleBroken("tag_in_use")
    name = tag.name
    session.execute(delete(MovedAddress).where(MovedAddress.kind == tag.kind, MovedAddress.target_id == tag.id))
    session.delete(tag)
    session.flush()
    record(session, TagRemoved(actor_id=actor.id, name=name))


def _deeds_of(session: Session, tag_id: int) -> list[int]:
    return list(session.scalars(select(deed_tag.c.deed_id).where(deed_tag.c.tag_id == tag_id)))


def _index_again(session: Session, deed_ids: Sequence[int]) -> None:
    session.add_all(IndexTask(deed_id=deed_id) for deed_id in sorted(deed_ids))


def uses(session: Session) -> dict[TagKind, list[TagUse]]:
    """Every tag of every kind with its public deeds, the most used first. Two statements."""
    public = Deed.status.in_(PUBLIC_STATUSES)
    total = session.scalar(select(func.count()).where(public)) or 0
    counts = (
        select(deed_tag.c.tag_id, func.count().label("deeds"))
        .join(Deed, Deed.id == deed_tag.c.deed_id)
        .where(public)
        .group_by(deed_tag.c.tag_id)
        .subquery()
    )
    count = func.coalesce(counts.c.deeds, 0)
    found: dict[TagKind, list[TagUse]] = {kind: [] for kind in TagKind}
    statement = select(Tag, count).outerjoin(counts, counts.c.tag_id == Tag.id).order_by(count.desc(), Tag.name)
    for tag, number in session.execute(statement):
        found[TagKind(tag.kind)].append(TagUse(tag, number, total > 0 and number > TOO_GENERAL * total))
    return found
