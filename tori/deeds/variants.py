"""Variants: a model told again as somebody else made it, and the family that deeds so made form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import DeedPublished
from tori.deeds import adoptions, service
from tori.deeds.content import DeedContent
from tori.i18n import prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.operations import Notification
from tori.models.people import Organisation
from tori.policy import Actor, Permission, require

MAX_FAMILY = 500


@dataclass(frozen=True, kw_only=True)
class VariantStory:
    """What only the maker of a variant knows; sector, themes, and whom it serves come from the model. What set it
    going, and how it was done, is the maker's own."""

    title: str
    summary: str
    organisation: Organisation
    language: str
    changed: str
    reason: str = ""
    results: str = ""


def begin(session: Session, actor: Actor, parent: Deed, story: VariantStory, form_number: str | None = None) -> Deed:
    """A draft linked to its model: the differences are its implementation, their reason its need for change."""
    require(actor, Permission.DEED_VARY, parent)
    if not story.changed.strip():
        raise RuleBroken("value_missing", "changed")
    content = DeedContent(
        title=story.title,
        summary=story.summary,
        organisation=story.organisation,
        sector=parent.sector,
        themes=tuple(parent.themes),
        customer_groups=tuple(parent.tags_of("customer_groups")),
        benefits=tuple(parent.tags_of("benefits")),
        professions=tuple(parent.tags_of("professions")),
        language=story.language,
        need=story.reason,
        implementation=story.changed,
        results=story.results,
    )
    return service.write_draft(session, actor, content, form_number, parent)


def follow_publishing(session: Session, event: DeedPublished) -> None:
    """A published variant counts as an adoption of its model, and the model's author hears of it."""
    variant = session.get_one(Deed, event.deed_id)
    parent = variant.parent
    if parent is None:
        return
    adoptions.adopt_by_variant(session, variant)
    if parent.author_id is not None and parent.author_id != variant.author_id:
        session.add(
            Notification(
                user_id=parent.author_id,
                kind="variant",
                deed_id=variant.id,
                organisation_id=variant.organisation_id,
            )
        )


@dataclass(frozen=True)
class Relative:
    """A deed of a family, as far as its line in the tree needs."""

    id: int
    parent_id: int | None
    title: str
    url: str
    language: str
    status: str
    organisation: str
    published_on: date | None
    adoptions: int

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES


@dataclass(frozen=True)
class Family:
    """The nearest relatives of a deed that everybody may see."""

    parent: Relative | None = None
    siblings: tuple[Relative, ...] = ()
    children: tuple[Relative, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parent or self.siblings or self.children)


@dataclass
class Branch:
    deed: Relative
    children: list["Branch"] = field(default_factory=list)


def family_of(session: Session, deed: Deed, locale: str) -> Family:
    """Parent, siblings and children. One statement."""
    near = Deed.parent_id == deed.id
    if deed.parent_id is not None:
        near = near | (Deed.id == deed.parent_id) | (Deed.parent_id == deed.parent_id)
    rows = _relatives(session, locale, _statement().where(near, Deed.id != deed.id, Deed.status.in_(PUBLIC_STATUSES)))
    return Family(
        parent=next((row for row in rows if row.id == deed.parent_id), None),
        siblings=tuple(row for row in rows if deed.parent_id and row.parent_id == deed.parent_id),
        children=tuple(row for row in rows if row.parent_id == deed.id),
    )


def tree_of(session: Session, deed: Deed, locale: str) -> list[Branch]:
    """The whole family from its first ancestor on. A deed that is not public is left out, and what was made from it
    stands under the next ancestor that can be seen; the asked deed itself is always there."""
    up = select(Deed.id, Deed.parent_id).where(Deed.id == deed.id).cte("up", recursive=True)
    up = up.union(select(Deed.id, Deed.parent_id).join(up, Deed.id == up.c.parent_id))
    down = select(up.c.id).cte("down", recursive=True)
    down = down.union(select(Deed.id).join(down, Deed.parent_id == down.c.id))
    rows = _relatives(session, locale, _statement().where(Deed.id.in_(select(down.c.id))))
    return _grown(rows, deed.id)


def _grown(rows: Iterable[Relative], own_id: int) -> list[Branch]:
    known = {row.id: row for row in rows}
    branches = {row.id: Branch(row) for row in known.values() if row.is_public or row.id == own_id}
    roots = []
    for branch in branches.values():
        ancestor = _seen_ancestor(branch.deed, known, branches)
        if ancestor is None:
            roots.append(branch)
        else:
            branches[ancestor].children.append(branch)
    # A ring, which only an import could make, has no beginning: it is cut open at the asked deed.
    if branches and not roots:
        ring = branches[own_id]
        for branch in branches.values():
            if ring in branch.children:
                branch.children.remove(ring)
        roots.append(ring)
    return roots


def _seen_ancestor(deed: Relative, known: dict[int, Relative], branches: dict[int, Branch]) -> int | None:
    passed = {deed.id}
    above = deed.parent_id
    while above is not None and above in known and above not in passed:
        if above in branches:
            return above
        passed.add(above)
        above = known[above].parent_id
    return None


def _statement() -> Select[*tuple[Any, ...]]:
    return select(Deed, Organisation).join(Organisation, Organisation.id == Deed.organisation_id)


def _relatives(session: Session, locale: str, statement: Select[*tuple[Any, ...]]) -> list[Relative]:
    columns = statement.with_only_columns(
        Deed.id, Deed.parent_id, Deed.title, Deed.slug, Deed.language, Deed.status, Deed.published_at,
        Deed.adoption_count, Organisation.name, Organisation.name_sv, Organisation.name_en,
    ).order_by(Deed.published_at, Deed.id).limit(MAX_FAMILY)  # fmt: skip
    names = {"sv": "name_sv", "en": "name_en"}
    return [
        Relative(
            id=row.id,
            parent_id=row.parent_id,
            title=row.title,
            url=f"{prefix_of(locale)}/teot/{row.id}-{row.slug}",
            language=row.language,
            status=row.status,
            organisation=getattr(row, names.get(locale, "name")) or row.name,
            published_on=clock.in_finland(row.published_at).date() if row.published_at else None,
            adoptions=row.adoption_count,
        )
        for row in session.execute(columns)
    ]
