"""Deeds as lines of the import format, a batch at a time, so that any number fits."""

import secrets
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import String, cast, func, literal, select, update
from sqlalchemy.orm import Session

from tori.exchange.format import as_line, dump_line
from tori.exchange.importing import FOR_LINES, Progress, no_progress
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.operations import Setting
from tori.notifications.changes import bump_content_version

BATCH = 100
"""Five hundred are read five per cent faster and take 16 MB more."""
SITE_CODE = "site_code"


def give_external_ids(session: Session) -> None:
    """Gives every deed that was written here the name by which other systems know it, once and for good.

    It begins with a code of this site, so that deeds of two sites never take each other's place in an import.
    Runs inside the caller's transaction.
    """
    setting = session.get(Setting, SITE_CODE)
    if setting is None:
        setting = Setting(key=SITE_CODE, value={"code": secrets.token_hex(4)})
        session.add(setting)
    name = literal(f"{setting.value['code']}-", String).concat(cast(Deed.id, String))
    named = session.execute(update(Deed).where(Deed.external_id.is_(None)).values(external_id=name))
    if named.rowcount:  # type: ignore[attr-defined]
        # The interface tells these names to everybody.
        bump_content_version(session)


def nobody(deed: Deed) -> dict[str, Any]:
    """Leaves the makers out."""
    return {}


def people_of(deed: Deed) -> dict[str, Any]:
    """Addresses of the author and of those who write the deed with them."""
    told: dict[str, Any] = {"author": deed.author.email} if deed.author else {}
    if deed.co_authors:
        told["co_authors"] = [person.email for person in deed.co_authors]
    return told


def export_lines(
    session: Session,
    statuses: Collection[str] = PUBLIC_STATUSES,
    progress: Progress = no_progress,
    tell_people: Callable[[Deed], dict[str, Any]] = nobody,
) -> Iterator[str]:
    """The deeds of those statuses as lines, in the order in which they came to the site.

    ``tell_people`` adds the makers' addresses (``people_of``), which are nobody else's business and stay out otherwise.
    """
    chosen = Deed.status.in_(statuses)
    total = session.scalar(select(func.count()).select_from(Deed).where(chosen)) or 0
    done = last_id = 0
    while True:
        statement = select(Deed).where(chosen, Deed.id > last_id).order_by(Deed.id).limit(BATCH).options(*FOR_LINES)
        deeds = session.scalars(statement).all()
        if not deeds:
            return
        for deed in deeds:
            line = as_line(deed)
            if deed.part_of and deed.part_of.status not in statuses:
                # The file must stand on its own: what it refers to is in it.
                line.pop("part_of", None)
            if deed.parent and deed.parent.status not in statuses:
                line.pop("variant_of", None)
            yield dump_line({**line, **tell_people(deed)})
        last_id = deeds[-1].id
        done += len(deeds)
        session.expunge_all()
        progress(done, total)
