"""Pages that editors keep: advice, tools, paths of learning, rules, news. Every change leaves a version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import PageChanged, PageHidden, PageShown, record
from tori.core.text import MAX_MARKDOWN, clean_line, clean_text, slugify
from tori.i18n import LOCALES
from tori.models.deeds import Deed
from tori.models.editorial import GuidePage, GuidePageVersion
from tori.policy import Actor, Permission, require

MAX_TITLE = 120
MAX_LEAD = 400
MAX_DEEDS = 12


class Shelf(StrEnum):
    """Where a page stands among the others."""

    GUIDE = "guide"
    TOOL = "tool"
    PATH = "path"
    RULES = "rules"
    NEWS = "news"


@dataclass(frozen=True)
class PageTexts:
    """Texts by language; Finnish must be there."""

    shelf: str
    titles: dict[str, str]
    leads: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    deeds: str = ""


def shown_pages(session: Session) -> list[GuidePage]:
    statement = select(GuidePage).where(GuidePage.hidden_at.is_(None))
    return list(session.scalars(statement.order_by(GuidePage.shelf, GuidePage.position, GuidePage.id)))


def all_pages(session: Session) -> list[GuidePage]:
    return list(session.scalars(select(GuidePage).order_by(GuidePage.shelf, GuidePage.position, GuidePage.id)))


def page_of(session: Session, slug: str) -> GuidePage:
    """A page that readers see. Raises NotFound."""
    found = session.scalar(select(GuidePage).where(GuidePage.slug == slug, GuidePage.hidden_at.is_(None)))
    if found is None:
        raise NotFound(slug)
    return found


def get_page(session: Session, page_id: int) -> GuidePage:
    found = session.get(GuidePage, page_id)
    if found is None:
        raise NotFound("page")
    return found


def deed_numbers(text: str) -> list[int]:
    """The numbers of deeds in addresses or alone, one a line, in order."""
    found = []
    for row in text.split("\n"):
        if not row.strip():
            continue
        match = re.search(r"/(?:teot|t)/(\d{1,9})\b", row) or re.fullmatch(r"\s*#?(\d{1,9})\s*", row)
        if match is None:
            raise RuleBroken("unknown_deed", "deeds")
        found.append(int(match[1]))
    return list(dict.fromkeys(found))


def _checked(session: Session, content: PageTexts) -> dict[str, object]:
    if content.shelf not in set(Shelf):
        raise RuleBroken("unknown_choice", "shelf")
    titles = {code: clean_line(content.titles.get(code, "")) for code in LOCALES}
    leads = {code: clean_line(content.leads.get(code, "")) for code in LOCALES}
    bodies = {code: clean_text(content.bodies.get(code, "")) for code in LOCALES}
    if not titles["fi"]:
        raise RuleBroken("value_missing", "title_fi")
    if not bodies["fi"]:
        raise RuleBroken("value_missing", "body_fi")
    limits = (("title", titles, MAX_TITLE), ("lead", leads, MAX_LEAD), ("body", bodies, MAX_MARKDOWN))
    for name, values, limit in limits:
        for code, text in values.items():
            if len(text) > limit:
                raise RuleBroken("text_too_long", f"{name}_{code}", limit=limit)
    deed_ids = deed_numbers(content.deeds)
    if len(deed_ids) > MAX_DEEDS:
        raise RuleBroken("too_many_items", "deeds", limit=MAX_DEEDS)
    known = set(session.scalars(select(Deed.id).where(Deed.id.in_(deed_ids))))
    if known != set(deed_ids):
        raise RuleBroken("unknown_deed", "deeds")
    return {
        "shelf": content.shelf,
        **{name: {code: text for code, text in values.items() if text} for name, values in
           (("titles", titles), ("leads", leads), ("bodies", bodies))},
        "deed_ids": deed_ids,
    }  # fmt: skip


def add(session: Session, actor: Actor, content: PageTexts) -> GuidePage:
    require(actor, Permission.CURATE)
    values = _checked(session, content)
    basis = slugify(content.titles["fi"], "sivu")
    taken = set(session.scalars(select(GuidePage.slug).where(GuidePage.slug.like(f"{basis}%"))))
    slug = next(name for name in (basis, *(f"{basis}-{n}" for n in range(2, 1000))) if name not in taken)
    row = GuidePage(slug=slug, position=len(all_pages(session)), version=0, **values)
    session.add(row)
    _keep_version(session, actor, row)
    return row


def change(session: Session, actor: Actor, row: GuidePage, content: PageTexts) -> None:
    """The address stays. The same texts again make no version."""
    require(actor, Permission.CURATE)
    values = _checked(session, content)
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    _keep_version(session, actor, row)


def _keep_version(session: Session, actor: Actor, row: GuidePage) -> None:
    row.version += 1
    row.changed_at = clock.now()
    session.flush()
    content = {
        "shelf": row.shelf, "titles": row.titles, "leads": row.leads, "bodies": row.bodies, "deed_ids": row.deed_ids,
    }  # fmt: skip
    session.add(GuidePageVersion(page_id=row.id, number=row.version, editor_id=actor.id, content=content))
    record(session, PageChanged(actor_id=actor.id, page_id=row.id, version=row.version))


def versions(session: Session, row: GuidePage) -> Sequence[GuidePageVersion]:
    """The newest first."""
    return session.scalars(
        select(GuidePageVersion)
        .where(GuidePageVersion.page_id == row.id)
        .options(joinedload(GuidePageVersion.editor))
        .order_by(GuidePageVersion.number.desc())
        .limit(100)
    ).all()


def restore(session: Session, actor: Actor, row: GuidePage, number: int) -> None:
    """An older version becomes the newest one."""
    require(actor, Permission.CURATE)
    found = session.scalar(
        select(GuidePageVersion).where(GuidePageVersion.page_id == row.id, GuidePageVersion.number == number)
    )
    if found is None:
        raise NotFound("version")
    if all(getattr(row, name) == value for name, value in found.content.items()):
        return
    for name, value in found.content.items():
        setattr(row, name, value)
    _keep_version(session, actor, row)


def hide(session: Session, actor: Actor, row: GuidePage) -> None:
    require(actor, Permission.CURATE)
    if row.hidden_at is None:
        row.hidden_at = clock.now()
        record(session, PageHidden(actor_id=actor.id, page_id=row.id))


def show(session: Session, actor: Actor, row: GuidePage) -> None:
    require(actor, Permission.CURATE)
    if row.hidden_at is not None:
        row.hidden_at = None
        record(session, PageShown(actor_id=actor.id, page_id=row.id))
