"""The arrangement of the front page: blocks in order, drafted in peace and published at once.

Kept as two values, the draft and the published one. An arrangement that is empty or whose blocks are all out of season
gives way to the usual one, so the front page is never empty.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import FrontPageDrafted, FrontPagePublished, record
from tori.core.text import clean_line, clean_text
from tori.i18n import LOCALES
from tori.models.operations import Setting
from tori.policy import Actor, Permission, require

PUBLISHED, DRAFT = "front_page", "front_page_draft"
MOST_BLOCKS = 15
MAX_TITLE = 120
MAX_TEXT = 1_000
MAX_CHOICE = 300


class BlockKind(StrEnum):
    FIGURES = "figures"
    CAMPAIGN = "campaign"
    THEME = "theme"
    NEWEST = "newest"
    WEEKLY = "weekly"
    AWARDED = "awarded"
    TOP_LISTS = "toplists"
    MOST_ADOPTED = "adopted"
    WISHES = "wishes"
    SMALL = "small"
    STORIES = "stories"
    TEXT = "text"
    MAP = "map"


CHOOSING = {BlockKind.THEME: "theme", BlockKind.TOP_LISTS: "toplist", BlockKind.CAMPAIGN: "campaign"}
"""Kinds whose ``choice`` is the slug of a thing."""
NEEDS_CHOICE = {BlockKind.THEME}
NEEDS_TEXT = {BlockKind.TEXT}


@dataclass(frozen=True)
class Block:
    """A part of the front page. ``titles`` and ``texts`` by language; days are inclusive."""

    key: str
    kind: BlockKind
    choice: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    link: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def is_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    def title_in(self, locale: str) -> str:
        return self.titles.get(locale) or self.titles.get("fi", "")

    def text_in(self, locale: str) -> str:
        return self.texts.get(locale) or self.texts.get("fi", "")


USUAL = tuple(
    Block(kind.value, kind)
    for kind in (
        BlockKind.FIGURES,
        BlockKind.CAMPAIGN,
        BlockKind.WEEKLY,
        BlockKind.AWARDED,
        BlockKind.NEWEST,
        BlockKind.TOP_LISTS,
        BlockKind.MAP,
    )
)


def _stored(block: Block) -> dict[str, Any]:
    values = asdict(block)
    for name in ("starts_on", "ends_on"):
        values[name] = values[name].isoformat() if values[name] else None
    return values


def _read(values: dict[str, Any]) -> Block | None:
    """None for a block of a kind that there is no more."""
    if values.get("kind") not in set(BlockKind):
        return None
    days = {name: date.fromisoformat(values[name]) if values.get(name) else None for name in ("starts_on", "ends_on")}
    return Block(
        values["key"], BlockKind(values["kind"]), values.get("choice", ""), values.get("titles", {}),
        values.get("texts", {}), values.get("link", ""), **days,
    )  # fmt: skip


def _load(session: Session, key: str) -> list[Block] | None:
    row = session.get(Setting, key)
    if row is None:
        return None
    return [block for values in row.value["blocks"] if (block := _read(values)) is not None]


def published(session: Session, day: date) -> list[Block]:
    """What readers see on a day."""
    blocks = [block for block in _load(session, PUBLISHED) or USUAL if block.is_on(day)]
    return blocks or list(USUAL)


def draft(session: Session) -> list[Block]:
    """What the editors are arranging; what is published when nobody has begun."""
    drafted = _load(session, DRAFT)
    return drafted if drafted is not None else (_load(session, PUBLISHED) or list(USUAL))


def is_drafted(session: Session) -> bool:
    """Whether the draft tells of something that readers don't see yet."""
    return draft(session) != (_load(session, PUBLISHED) or list(USUAL))


def _keep(session: Session, actor: Actor, key: str, blocks: Sequence[Block]) -> None:
    session.merge(Setting(key=key, value={"blocks": [_stored(block) for block in blocks], "by": actor.id}))
    session.flush()


def _keep_draft(session: Session, actor: Actor, blocks: Sequence[Block]) -> None:
    require(actor, Permission.CURATE)
    if len(blocks) > MOST_BLOCKS:
        raise RuleBroken("too_many_items", limit=MOST_BLOCKS)
    _keep(session, actor, DRAFT, blocks)
    record(session, FrontPageDrafted(actor_id=actor.id, blocks=len(blocks)))


def _checked(block: Block) -> Block:
    titles = {code: clean_line(block.titles.get(code, "")) for code in LOCALES}
    texts = {code: clean_text(block.texts.get(code, "")) for code in LOCALES}
    choice, link = clean_line(block.choice), clean_line(block.link)
    for name, values, limit in (("title", titles, MAX_TITLE), ("text", texts, MAX_TEXT)):
        for code, text in values.items():
            if len(text) > limit:
                raise RuleBroken("text_too_long", f"{name}_{code}", limit=limit)
    if block.kind in NEEDS_CHOICE and not choice:
        raise RuleBroken("value_missing", "choice")
    if block.kind in NEEDS_TEXT and not (titles["fi"] and texts["fi"]):
        raise RuleBroken("value_missing", "title_fi" if not titles["fi"] else "text_fi")
    if (link and not link.startswith(("https://", "/"))) or link.startswith("//"):
        raise RuleBroken("bad_url", "link")
    if block.starts_on and block.ends_on and block.ends_on < block.starts_on:
        raise RuleBroken("bad_period", "ends_on")
    return replace(
        block,
        choice=choice[:MAX_CHOICE],
        link=link[:MAX_CHOICE],
        titles={code: text for code, text in titles.items() if text},
        texts={code: text for code, text in texts.items() if text},
    )


def add(session: Session, actor: Actor, block: Block) -> Block:
    """To the end of the draft, under a key of its own."""
    made = replace(_checked(block), key=token_hex(4))
    _keep_draft(session, actor, [*draft(session), made])
    return made


def find(blocks: Sequence[Block], key: str) -> Block:
    for block in blocks:
        if block.key == key:
            return block
    raise NotFound("block")


def change(session: Session, actor: Actor, block: Block) -> None:
    """The block of the same key gets new content."""
    blocks = draft(session)
    find(blocks, block.key)
    checked = _checked(block)
    _keep_draft(session, actor, [checked if other.key == block.key else other for other in blocks])


def remove(session: Session, actor: Actor, key: str) -> None:
    blocks = draft(session)
    find(blocks, key)
    _keep_draft(session, actor, [block for block in blocks if block.key != key])


def arrange(session: Session, actor: Actor, keys: Sequence[str]) -> None:
    """The blocks of the draft in this order; those not named come last in their old order."""
    blocks = draft(session)
    places = {key: place for place, key in enumerate(keys)}
    _keep_draft(session, actor, sorted(blocks, key=lambda block: places.get(block.key, len(places))))


def publish(session: Session, actor: Actor) -> None:
    """What the editors have arranged is what readers see."""
    require(actor, Permission.CURATE)
    blocks = draft(session)
    _keep(session, actor, PUBLISHED, blocks)
    _drop_draft(session)
    record(session, FrontPagePublished(actor_id=actor.id, blocks=len(blocks)))


def discard(session: Session, actor: Actor) -> None:
    """Back to what readers see."""
    require(actor, Permission.CURATE)
    _drop_draft(session)
    record(session, FrontPageDrafted(actor_id=actor.id, blocks=len(draft(session))))


def back_to_usual(session: Session, actor: Actor) -> None:
    """The draft becomes the arrangement with which the square opened."""
    _keep_draft(session, actor, USUAL)


def _drop_draft(session: Session) -> None:
    row = session.get(Setting, DRAFT)
    if row is not None:
        session.delete(row)
        session.flush()
