"""A large file in parts: checked as a whole first, then each part in a transaction of its own.

What is in stays in when the import is broken off; the same file given again goes on from where it was. So much of the
file as one part is in memory at a time, beside the names of its lines.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.database import db, transaction
from tori.exchange.format import BadLine, DeedLine, Problem, parse_line
from tori.exchange.importing import (
    LINKS,
    BadRow,
    ImportOptions,
    ImportReport,
    Progress,
    batches,
    import_deeds,
    no_progress,
)
from tori.exchange.names import Names
from tori.models.deeds import Deed
from tori.models.operations import Setting
from tori.policy import Actor, Permission, require

PART = 1_000
COLUMNS = {"part_of": Deed.part_of_id, "variant_of": Deed.parent_id}


@dataclass
class _Check:
    """What the first reading has found: how many lines, which are bad, which deeds name others."""

    lines: int = 0
    bad: list[BadRow] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    links: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Number of the line, its external_id, the key and the external_id that it names."""


def import_in_parts(
    actor: Actor, path: Path, options: ImportOptions, progress: Progress = no_progress, part: int = PART
) -> ImportReport:
    """As ``import_deeds``, of a file on the disk, part by part. Commits by itself. Each line needs an external_id."""
    require(actor, Permission.DEED_IMPORT)
    found = _check(db.session(), path, options)
    db.session.rollback()
    report = ImportReport(bad=sorted(found.bad, key=lambda row: row.number))
    report.refused = bool(report.bad) and not options.keep_going
    if report.refused:
        return report
    bad = {row.number for row in report.bad}
    key = _bookmark_of(path)
    done = _done(db.session(), key)
    progress(done, found.lines)
    with path.open("rb") as file:
        for number, lines in _parts(file, done, part):
            with transaction() as session:
                good = [line for place, line in enumerate(lines, number + 1) if place not in bad]
                told = import_deeds(session, actor, good, replace(options, keep_going=True, links_later=True))
                _keep(session, key, number + len(lines))
                session.flush()
            db.session.expunge_all()
            report.created += told.created
            report.updated += told.updated
            report.unchanged += told.unchanged
            progress(number + len(lines), found.lines)
    with transaction() as session:
        _link(session, [link for link in found.links if link[0] not in bad])
        if (row := session.get(Setting, key)) is not None:
            session.delete(row)
    return report


def _check(session: Session, path: Path, options: ImportOptions) -> _Check:
    found, names = _Check(), Names(session)
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            found.lines = number
            if not text.strip():
                continue
            try:
                line = parse_line(text.strip(), options.ignore_unknown)
            except BadLine as error:
                found.bad.append(BadRow(number, error.problems))
                continue
            if problems := _problems(line, names, found, number):
                found.bad.append(BadRow(number, problems))
    _check_links(session, found)
    return found


def _problems(line: DeedLine, names: Names, found: _Check, number: int) -> list[Problem]:
    problems = names.problems(line)
    if line.published_on and line.published_on > clock.today():
        problems.append(Problem("future_day", "published_on"))
    if line.external_id is None:
        return [*problems, Problem("missing", "external_id")]
    if line.external_id in found.ids:
        problems.append(Problem("repeated_id", "external_id", {"line": found.ids[line.external_id]}))
    if problems:
        return problems
    found.ids[line.external_id] = number
    found.links += [(number, line.external_id, key, other) for key in LINKS if (other := getattr(line, key))]
    return []


def _check_links(session: Session, found: _Check) -> None:
    wanted = {other for _number, _own, _key, other in found.links} - set(found.ids)
    known: set[str] = set()
    for batch in batches(wanted):
        known.update(map(str, session.scalars(select(Deed.external_id).where(Deed.external_id.in_(batch)))))
    for number, own, key, other in found.links:
        if other == own:
            found.bad.append(BadRow(number, [Problem(f"{key}_itself", key, {"given": other})]))
        elif other not in found.ids and other not in known:
            found.bad.append(BadRow(number, [Problem("unknown_deed", key, {"given": other})]))


def _parts(file: Iterable[bytes], done: int, size: int) -> Iterator[tuple[int, list[bytes]]]:
    """How many lines come before, and the lines of the part."""
    lines = iter(islice(file, done, None))
    while part := list(islice(lines, size)):
        yield done, part
        done += len(part)


def _link(session: Session, links: Sequence[tuple[int, str, str, str]]) -> None:
    """Ties deeds to those that they name, now that all are there."""
    for batch in batches(links):
        names = {name for _number, own, _key, other in batch for name in (own, other)}
        rows = session.execute(select(Deed.external_id, Deed.id).where(Deed.external_id.in_(names)))
        ids = {str(name): number for name, number in rows}
        for _number, own, key, other in batch:
            column = COLUMNS[key]
            with suppress(KeyError):
                session.execute(update(Deed).where(Deed.id == ids[own]).values({column: ids[other]}))


# Where the import of a file is


def _bookmark_of(path: Path) -> str:
    with path.open("rb") as file:
        return f"import:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _done(session: Session, key: str) -> int:
    row = session.get(Setting, key)
    done = int(row.value["lines"]) if row else 0
    session.rollback()
    return done


def _keep(session: Session, key: str, lines: int) -> None:
    session.merge(Setting(key=key, value={"lines": lines}))
