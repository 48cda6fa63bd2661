"""The vocabulary in the database: groups beside those that come with the code, and a version that engines follow.

Groups of the code (`data/vocabulary.txt`) stay the base, so that an upgrade brings new ones. A row adds a group; a row
of the same concept replaces the group of the code, and one that is switched off takes it away.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.errors import RuleBroken
from tori.models.operations import Setting
from tori.models.searching import SynonymRow
from tori.policy import Actor, Permission, require
from tori.search.analysis import LANGUAGES
from tori.search.engine import BaseEngine
from tori.search.port import SearchEngine
from tori.search.vocabulary import Member, SynonymGroup, base_groups

log = logging.getLogger(__name__)

VERSION = "vocabulary_version"
LOOK_EVERY_SECONDS = 15.0
FEWEST_MEMBERS, MOST_MEMBERS = 2, 40
MAX_MEMBER = 80
KIN = "~"

_used: WeakKeyDictionary[SearchEngine, int] = WeakKeyDictionary()
_looked: WeakKeyDictionary[SearchEngine, float] = WeakKeyDictionary()


def concept_of(group: SynonymGroup) -> str:
    """The name by which a row replaces a group of the code: its first word, after a ~ when the others are kin of it."""
    return f"{KIN}{group.head.text}" if group.head else group.members[0].text


def group_of(row: SynonymRow) -> SynonymGroup:
    """A row as engines read it. The first member of kin is their head."""
    members = tuple(Member(member["text"], member["language"]) for member in row.members)
    return SynonymGroup(members[1:], members[0]) if row.is_kin else SynonymGroup(members)


def groups(session: Session) -> tuple[SynonymGroup, ...]:
    """What engines use: the groups of the code but for those that rows replace, then the rows that are in use."""
    rows = session.scalars(select(SynonymRow).order_by(SynonymRow.id)).all()
    replaced = {row.concept for row in rows}
    kept = (group for group in base_groups() if concept_of(group) not in replaced)
    return (*kept, *(group_of(row) for row in rows if row.is_enabled))


def version(session: Session) -> int:
    """Grows with every change of the rows; 0 when there never was one."""
    value = session.scalar(select(Setting.value).where(Setting.key == VERSION))
    return int(value["number"]) if value else 0


def bump(session: Session) -> None:
    """Tells every process that the rows have changed."""
    row = session.get(Setting, VERSION, with_for_update=True)
    if row is None:
        session.add(Setting(key=VERSION, value={"number": 1}))
    else:
        row.value = {"number": row.value["number"] + 1}


def keep(
    session: Session,
    actor: Actor,
    concept: str,
    members: Iterable[Member],
    *,
    is_kin: bool = False,
    is_enabled: bool = True,
) -> SynonymRow:
    """Adds or changes the group of a concept."""
    require(actor, Permission.CURATE)
    found = [Member(" ".join(member.text.split()), member.language) for member in members]
    wanted = list(dict.fromkeys(member for member in found if member.text))
    if len(wanted) < FEWEST_MEMBERS:
        raise RuleBroken("value_missing", field="members")
    if len(wanted) > MOST_MEMBERS:
        raise RuleBroken("too_many_items", field="members", limit=MOST_MEMBERS)
    if any(len(member.text) > MAX_MEMBER or member.language not in LANGUAGES for member in wanted):
        raise RuleBroken("bad_value", field="members")
    row = session.scalar(select(SynonymRow).where(SynonymRow.concept == concept))
    if row is None:
        row = SynonymRow(concept=concept)
        session.add(row)
    row.members = [{"text": member.text, "language": member.language} for member in wanted]
    row.is_kin, row.is_enabled = is_kin, is_enabled
    bump(session)
    session.flush()
    return row


def follow(session: Session, engine: SearchEngine) -> bool:
    """Gives the engine the present groups when they have changed. Looks now and then, so call it before any search."""
    now = time.monotonic()
    if now - _looked.get(engine, -LOOK_EVERY_SECONDS) < LOOK_EVERY_SECONDS or not isinstance(engine, BaseEngine):
        return False
    _looked[engine] = now
    number = version(session)
    if _used.get(engine, 0) == number:
        return False
    engine.use_groups(groups(session))
    _used[engine] = number
    log.info("the search uses version %s of the vocabulary", number)
    return True
