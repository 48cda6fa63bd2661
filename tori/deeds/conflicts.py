"""Two people, or two windows, changed the same deed. What only one of them changed is put together by itself; what both
changed is shown side by side, and the writer chooses."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.deeds.content import DeedContent, IndicatorContent, MaterialContent, content_of
from tori.deeds.forms import DeedForm
from tori.deeds.history import content_from_line
from tori.edge.templating import request_locale
from tori.models.base import Named
from tori.models.deeds import Deed, DeedRevision
from tori.models.tags import TAG_FIELDS

CHOICE = "keep-"
"""Beginning of the name of a choice in the form; its value is ``ours`` or ``theirs``."""


@dataclass(frozen=True)
class Clash:
    """A question that both answered anew, with the two answers in plain words."""

    name: str
    label: str
    theirs: str
    ours: str


@dataclass(frozen=True)
class Merge:
    """``taken`` are the labels of what only the others had changed; it is in the form now."""

    clashes: list[Clash]
    taken: list[str]


def put_together(session: Session, form: DeedForm, deed: Deed) -> Merge:
    """Sorts out what the form and the newest version say. The form then carries the newest version's number, so that
    saving it again overwrites knowingly."""
    base = _content_at(session, deed, form.version.data or 0)
    theirs, ours = content_of(deed), form.content(deed)
    merge = Merge([], [])
    for name in form._fields:
        if not hasattr(theirs, name) or _same(theirs, ours, name):
            continue
        if base is not None and _same(base, ours, name):
            form.take(deed, name)
            merge.taken.append(str(form[name].label.text))
        elif base is None or not _same(base, theirs, name):
            texts = as_text(getattr(theirs, name)), as_text(getattr(ours, name))
            merge.clashes.append(Clash(name, str(form[name].label.text), *texts))
    form.version.data = deed.version
    return merge


def follow_choices(form: DeedForm, deed: Deed, sent: Mapping[str, str]) -> None:
    """Takes the others' answer where the writer chose it. They were shown that of the version that the form names."""
    if form.version.data != deed.version:
        return
    for name in list(form._fields):
        if sent.get(CHOICE + name) == "theirs":
            form.take(deed, name)


def _content_at(session: Session, deed: Deed, version: int) -> DeedContent | None:
    row = session.scalar(select(DeedRevision).where(DeedRevision.deed_id == deed.id, DeedRevision.version == version))
    return content_from_line(session, deed, row.content) if row is not None else None


def _same(one: DeedContent, other: DeedContent, name: str) -> bool:
    first, second = getattr(one, name), getattr(other, name)
    if name == "themes" or name in TAG_FIELDS:
        return set(first) == set(second)
    return bool(first == second)


def as_text(value: Any) -> str:
    """A part of a deed's content in plain words, for comparing."""
    if isinstance(value, tuple):
        return "\n".join(as_text(item) for item in value)
    if isinstance(value, IndicatorContent | MaterialContent):
        return " · ".join(text for text in astuple(value) if text)
    if isinstance(value, Named):
        return value.name_in(request_locale())
    return "" if value is None else str(value)
