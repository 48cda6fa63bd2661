"""What a deed said earlier: its versions, the differences between two of them, and taking one back into use."""

import re
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound
from tori.core.events import DeedVersionRestored, record
from tori.deeds import service
from tori.deeds.content import DeedContent, IndicatorContent, MaterialContent
from tori.deeds.labels import KEYS
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed, DeedRevision, Sector, Theme
from tori.models.people import Role, User
from tori.models.tags import TAG_FIELDS, Tag
from tori.policy import Actor, Permission, can, is_editor, require

MAX_VERSIONS = 200
NEVER_SHOWN = ("editor_note", "external_id", "organisation_type", "municipality", "region", "published_on", "related")
"""Keys of the line that are no part of the story, or are not for its readers."""

_PIECES = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
_ROWS: dict[str, type[IndicatorContent] | type[MaterialContent]] = {
    "indicators": IndicatorContent,
    "materials": MaterialContent,
}
_INNER = ("name", "title", "funder", "start", *(item.name for item in fields(IndicatorContent)))
"""The order of the values inside one item of a line."""
_LOOKED_UP = ("organisation", "sector", "themes", "campaign", *TAG_FIELDS)


@dataclass(frozen=True)
class Piece:
    """A part of a text: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    key: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Version:
    """A version of a deed. ``changed`` names the keys that differ from the one before, none for the first.

    ``editor`` and ``organisation`` are empty where the reader may not know them.
    """

    number: int
    at: datetime
    changed: tuple[str, ...]
    is_first: bool
    editor: str = ""
    organisation: str = ""
    is_editorial: bool = False


def versions_of(session: Session, actor: Actor, deed: Deed, locale: str) -> list[Version]:
    """The versions that this actor may know of, the newest first.

    Makers and editors know all of them; a reader those that were on the square, without names.
    """
    require(actor, Permission.DEED_READ, deed)
    rows = _revisions(session, deed)
    knows_all = can(actor, Permission.DEED_EDIT, deed)
    versions: list[Version] = []
    before: dict[str, Any] | None = None
    for row in rows:
        changed = () if before is None else tuple(changed_keys(before, row.content))
        before = row.content
        if knows_all:
            who = _who(actor, deed, row, locale, session)
            versions.append(Version(row.version, row.created_at, changed, len(versions) == 0, *who))
        elif changed or not versions:
            versions.append(Version(row.version, row.created_at, changed, len(versions) == 0))
    if not knows_all:
        versions = _published_only(deed, versions)
    return versions[::-1]


def _published_only(deed: Deed, versions: list[Version]) -> list[Version]:
    """From the publishing on: what was written before it was nobody's to read."""
    if deed.published_at is None:
        return []
    before = [version for version in versions if version.at <= deed.published_at]
    after = [version for version in versions if version.at > deed.published_at]
    first = before[-1:] or after[:1]
    later = after if before else after[1:]
    return [*(Version(item.number, deed.published_at, (), True) for item in first), *later]


def _who(actor: Actor, deed: Deed, row: DeedRevision, locale: str, session: Session) -> tuple[str, str, bool]:
    editor = session.get(User, row.editor_id) if row.editor_id else None
    if editor is None:
        return "", "", False
    organisation = editor.organisation.name_in(locale) if editor.organisation else ""
    is_editorial = editor.role in (Role.EDITOR, Role.ADMIN) and deed.author_id != editor.id
    may_know_name = is_editor(actor) or deed.organisation_id in actor.organisation_ids or editor.id == actor.id
    return (editor.display_name if may_know_name else ""), organisation, is_editorial


def _revisions(session: Session, deed: Deed) -> list[DeedRevision]:
    newest = session.scalars(
        select(DeedRevision)
        .where(DeedRevision.deed_id == deed.id)
        .order_by(DeedRevision.version.desc())
        .limit(MAX_VERSIONS)
    ).all()
    editors = {row.editor_id for row in newest if row.editor_id}
    if editors:
        # Into the session in one go, so that asking for each costs nothing.
        session.scalars(select(User).where(User.id.in_(editors))).all()
    return list(newest)[::-1]


def changed_keys(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """In the order of the page: the database does not keep that of the line."""
    keys = {key for key in (*old, *new) if key not in NEVER_SHOWN and old.get(key) != new.get(key)}
    return sorted(keys, key=lambda key: (_place(key, KEYS), key))


def _place(key: str, order: Iterable[str]) -> int:
    known = list(order)
    return known.index(key) if key in known else len(known)


def differences(session: Session, actor: Actor, deed: Deed, number: int) -> list[Difference]:
    """What the version changed, field by field and word by word. For makers and editors only."""
    require(actor, Permission.DEED_EDIT, deed)
    row = _revision(session, deed, number)
    before = session.scalar(
        select(DeedRevision)
        .where(DeedRevision.deed_id == deed.id, DeedRevision.version < number)
        .order_by(DeedRevision.version.desc())
        .limit(1)
    )
    old = before.content if before else {}
    return [
        Difference(key, compare(as_text(old.get(key)), as_text(row.content.get(key))))
        for key in changed_keys(old, row.content)
    ]


def _revision(session: Session, deed: Deed, number: int) -> DeedRevision:
    row = session.scalar(select(DeedRevision).where(DeedRevision.deed_id == deed.id, DeedRevision.version == number))
    if row is None:
        raise NotFound("version")
    return row


def as_text(value: Any) -> str:
    """A value of the line format as a person reads it, one item a line."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return " · ".join(as_text(value[key]) for key in sorted(value, key=lambda key: (_place(key, _INNER), key)))
    if isinstance(value, list):
        return "\n".join(as_text(item) for item in value)
    return str(value)


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one row of pieces, by words."""
    left, right = _PIECES.findall(old), _PIECES.findall(new)
    pieces: list[Piece] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, left, right).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(left[start:end])))
            continue
        for name, text in (("removed", "".join(left[start:end])), ("added", "".join(right[new_start:new_end]))):
            if text:
                pieces.append(Piece(name, text))
    return tuple(pieces)


def restore_version(session: Session, actor: Actor, deed: Deed, number: int, opened: int) -> Deed:
    """Makes what the deed said at ``number`` its newest version. ``opened`` is the version that the actor saw."""
    require(actor, Permission.DEED_EDIT, deed)
    content = content_from_line(session, deed, _revision(session, deed, number).content)
    service.edit(session, actor, deed, content, opened)
    record(session, DeedVersionRestored(actor_id=actor.id, deed_id=deed.id, version=number))
    return deed


def content_from_line(session: Session, deed: Deed, line: dict[str, Any]) -> DeedContent:
    """The content that a kept line tells. The organisation stays; a sector or campaign that is gone stays as it is."""
    sector = session.scalar(select(Sector).where(Sector.slug == line.get("sector"))) or deed.sector
    campaign = session.scalar(select(Campaign).where(Campaign.slug == line.get("campaign")))
    named = line.get("themes") or []
    themes = session.scalars(select(Theme).where(Theme.slug.in_(named) | Theme.name.in_(named)).order_by(Theme.name))
    period, funding = line.get("period") or {}, line.get("funding") or {}
    values: dict[str, Any] = {
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        "funder": funding.get("funder", ""),
        "funding_euros": funding.get("euros"),
    }
    for item in fields(DeedContent):
        if item.name in values or item.name in _LOOKED_UP or item.name not in line:
            continue
        values[item.name] = _value(item.name, line[item.name])
    missing = [item.name for item in fields(DeedContent) if item.default is MISSING and item.name not in _LOOKED_UP]
    for name in missing:
        values.setdefault(name, getattr(deed, name))
    values.update({name: _tags(session, name, line.get(name) or []) for name in TAG_FIELDS})
    return DeedContent(organisation=deed.organisation, sector=sector, themes=tuple(themes), campaign=campaign, **values)


def _tags(session: Session, field: str, slugs: list[str]) -> tuple[Tag, ...]:
    """Those of the choices that there still are."""
    if not slugs:
        return ()
    return tuple(
        session.scalars(select(Tag).where(Tag.kind == TAG_FIELDS[field], Tag.slug.in_(slugs)).order_by(Tag.name))
    )


def _value(name: str, kept: Any) -> Any:
    if name in _ROWS:
        row = _ROWS[name]
        known = {item.name for item in fields(row)}
        return tuple(row(**{key: value for key, value in item.items() if key in known}) for item in kept)
    return tuple(kept) if isinstance(kept, list) else kept
