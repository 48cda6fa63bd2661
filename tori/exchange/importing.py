"""Deeds from a file of lines: the whole file or nothing, unless the caller wants the good lines of a bad file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core import clock
from tori.core.events import DeedImported, record
from tori.deeds.content import DeedContent, apply_content
from tori.exchange.fence import Fence
from tori.exchange.format import BadLine, DeedLine, Problem, as_line, parse_line, read_deed
from tori.exchange.names import Names
from tori.models.deeds import UNPUBLISHED_STATUSES, Deed, DeedRevision, DeedStatus
from tori.models.people import Organisation, User
from tori.models.tags import TAG_FIELDS
from tori.policy import Actor, Permission, require

BATCH = 200
LINKS = ("part_of", "variant_of")
"""Keys that name another deed, in the file or on the site."""

T = TypeVar("T")

FOR_LINES = (
    joinedload(Deed.organisation).joinedload(Organisation.municipality),
    joinedload(Deed.organisation).joinedload(Organisation.region),
    joinedload(Deed.sector),
    joinedload(Deed.campaign),
    joinedload(Deed.part_of),
    joinedload(Deed.parent),
    selectinload(Deed.themes),
    selectinload(Deed.tags),
    selectinload(Deed.indicators),
    selectinload(Deed.materials),
    selectinload(Deed.co_organisations),
)
"""Loads at once all that a line of the format holds."""

Progress = Callable[[int, int], None]


_SAME_FIELDS = {item.name for item in fields(DeedContent)} & {item.name for item in fields(DeedLine)} - {
    "organisation", "sector", "themes", "campaign", *TAG_FIELDS,
}  # fmt: skip


def content_of_line(line: DeedLine, names: Names) -> DeedContent:
    """What a checked line says, with the rows that it names; an organisation and themes that are new are made."""
    start, end = line.period
    funder, euros = line.funding
    return DeedContent(
        organisation=names.organisation(line),
        sector=names.sector(line),
        themes=names.line_themes(line),
        customer_groups=names.line_tags(line, "customer_groups"),
        benefits=names.line_tags(line, "benefits"),
        professions=names.line_tags(line, "professions"),
        situations=names.line_tags(line, "situations"),
        methods=names.line_tags(line, "methods"),
        campaign=names.campaign(line),
        period_start=start,
        period_end=end,
        funder=funder,
        funding_euros=euros,
        **{name: getattr(line, name) for name in _SAME_FIELDS},
    )


def no_progress(done: int, total: int) -> None:
    """For callers that show none."""


@dataclass(frozen=True)
class ImportOptions:
    """``keep_edited`` leaves alone what a person has changed on the site; ``dry_run`` only tells what would happen.

    ``links_later``: the caller ties the deeds to each other itself, when all are there.
    """

    keep_going: bool = False
    ignore_unknown: bool = False
    keep_edited: bool = False
    dry_run: bool = False
    links_later: bool = False


@dataclass(frozen=True)
class BadRow:
    """A line that can't go in. ``number`` counts from one and counts empty lines too."""

    number: int
    problems: Sequence[Problem]


@dataclass
class ImportReport:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)
    refused: bool = False
    """Nothing was written since some line was bad."""


@dataclass(frozen=True)
class _Row:
    number: int
    line: DeedLine


def import_deeds(
    session: Session,
    actor: Actor,
    lines: Iterable[str | bytes],
    options: ImportOptions | None = None,
    progress: Progress = no_progress,
    organisation: Organisation | None = None,
) -> ImportReport:
    """Adds the deeds of the lines, or updates those whose ``external_id`` is known, in the caller's transaction.

    On an update the line is the whole deed: what it leaves out is emptied, except that a missing ``status`` or
    ``published_on`` changes nothing. With ``organisation`` the lines may touch that one's deeds only.
    """
    if organisation is None:
        require(actor, Permission.DEED_IMPORT)
    else:
        require(actor, Permission.ORGANISATION_IMPORT, organisation)
    options = options or ImportOptions()
    report = ImportReport()
    names = Names(session)
    rows = _read(lines, names, options, report)
    if organisation is not None:
        rows = _keep_own(session, rows, Fence(session, actor, organisation, names), report)
    if not options.links_later:
        rows = _refuse_bad_links(session, rows, report)
    report.bad.sort(key=lambda row: row.number)
    report.refused = bool(report.bad) and not options.keep_going
    if report.refused:
        return report
    _Writer(session, actor, names, options, report).write(rows, progress)
    return report


def _read(lines: Iterable[str | bytes], names: Names, options: ImportOptions, report: ImportReport) -> list[_Row]:
    rows: list[_Row] = []
    line_of: dict[str, int] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = parse_line(text.strip(), options.ignore_unknown)
        except BadLine as error:
            report.bad.append(BadRow(number, error.problems))
            continue
        problems = names.problems(line)
        if line.published_on and line.published_on > clock.today():
            problems.append(Problem("future_day", "published_on"))
        if line.external_id in line_of:
            problems.append(Problem("repeated_id", "external_id", {"line": line_of[line.external_id]}))
        if problems:
            report.bad.append(BadRow(number, problems))
            continue
        if line.external_id:
            line_of[line.external_id] = number
        rows.append(_Row(number, line))
    return rows


def _keep_own(session: Session, rows: list[_Row], fence: Fence, report: ImportReport) -> list[_Row]:
    """Leaves out lines that would reach beyond the organisation; the others get the status that the person may give."""
    wanted = {value for row in rows for key in ("external_id", *LINKS) if (value := getattr(row.line, key))}
    for batch in batches(wanted):
        fence.learn(session.scalars(select(Deed).where(Deed.external_id.in_(batch))))
    fence.coming = {row.line.external_id for row in rows}
    good = []
    for row in rows:
        if problems := fence.problems(row.line):
            report.bad.append(BadRow(row.number, problems))
        else:
            good.append(_Row(row.number, fence.tamed(row.line)))
    return good


def _refuse_bad_links(session: Session, rows: list[_Row], report: ImportReport) -> list[_Row]:
    """Leaves out lines that are a part or a variant of a deed which neither the site nor the good lines have."""
    wanted = {other for row in rows for key in LINKS if (other := getattr(row.line, key))}
    stored = set(_ids_by_external_id(session, wanted))
    while True:
        known = stored | {row.line.external_id for row in rows}
        good = []
        for row in rows:
            if problems := _bad_links(row.line, known):
                report.bad.append(BadRow(row.number, problems))
            else:
                good.append(row)
        if len(good) == len(rows):
            return good
        rows = good


def _bad_links(line: DeedLine, known: set[str | None]) -> list[Problem]:
    problems = []
    for key in LINKS:
        other = getattr(line, key)
        if other and other == line.external_id:
            problems.append(Problem(f"{key}_itself", key, {"given": other}))
        elif other and other not in known:
            problems.append(Problem("unknown_deed", key, {"given": other}))
    return problems


def _ids_by_external_id(session: Session, external_ids: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in batches(external_ids):
        rows = session.execute(select(Deed.external_id, Deed.id).where(Deed.external_id.in_(batch)))
        found.update({str(external_id): deed_id for external_id, deed_id in rows})
    return found


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _published_on(deed: Deed) -> date | None:
    return clock.in_finland(deed.published_at).date() if deed.published_at else None


def _told(deed: Deed) -> dict[str, Any]:
    """What the history keeps: the text, not whose it is."""
    return {key: value for key, value in as_line(deed).items() if key != "co_organisations"}


class _Writer:
    """Writes checked rows in batches: first all deeds, then the links between them, then what follows from each."""

    def __init__(
        self, session: Session, actor: Actor, names: Names, options: ImportOptions, report: ImportReport
    ) -> None:
        self.session = session
        self.actor = actor
        self.names = names
        self.options = options
        self.report = report
        self.deeds: dict[str, Deed] = {}
        self.people: dict[str, User | None] = {}
        self.changed: list[tuple[Deed, DeedLine]] = []

    def write(self, rows: list[_Row], progress: Progress) -> None:
        done = 0
        with self.session.no_autoflush:
            for batch in batches(rows):
                self._load([row.line.external_id for row in batch if row.line.external_id])
                for row in batch:
                    self._take(row.line)
                if not self.options.dry_run:
                    self.session.flush()
                done += len(batch)
                progress(done, len(rows))
            if self.options.dry_run:
                return
            self._link()
        self._finish()

    def _load(self, external_ids: list[str]) -> None:
        statement = select(Deed).where(Deed.external_id.in_(external_ids)).options(*FOR_LINES)
        for deed in self.session.scalars(statement):
            self.deeds[str(deed.external_id)] = deed

    def _take(self, line: DeedLine) -> None:
        deed = self.deeds.get(line.external_id or "")
        if self.options.dry_run:
            self._foretell(deed, line)
        elif deed is None:
            self._create(line)
        else:
            self._update(deed, line)

    def _foretell(self, deed: Deed | None, line: DeedLine) -> None:
        if deed is None:
            self.report.created += 1
        elif self._differs(deed, line):
            self.report.updated += 1
        else:
            self.report.unchanged += 1

    def _create(self, line: DeedLine) -> None:
        deed = Deed(external_id=line.external_id, status=line.status or DeedStatus.PUBLISHED, version=1)
        apply_content(deed, self._content(line))
        self._write_rest(deed, line)
        deed.updated_at = deed.published_at or deed.updated_at
        self.session.add(deed)
        if line.external_id:
            self.deeds[line.external_id] = deed
        self.report.created += 1
        self.changed.append((deed, line))

    def _update(self, deed: Deed, line: DeedLine) -> None:
        if not self._differs(deed, line) or (self.options.keep_edited and self._was_edited(deed)):
            self.report.unchanged += 1
            return
        apply_content(deed, self._content(line))
        self._write_rest(deed, line)
        deed.version += 1
        self.report.updated += 1
        self.changed.append((deed, line))

    def _write_rest(self, deed: Deed, line: DeedLine) -> None:
        deed.status = line.status or deed.status
        deed.editor_note = line.editor_note
        deed.related = list(line.related)
        if deed.status in UNPUBLISHED_STATUSES:
            return
        if line.published_on and line.published_on != _published_on(deed):
            deed.published_at = clock.start_of_day(line.published_on)
        deed.published_at = deed.published_at or clock.now()

    def _content(self, line: DeedLine) -> DeedContent:
        return content_of_line(line, self.names)

    def _differs(self, deed: Deed, line: DeedLine) -> bool:
        """Whether the line would change the deed. Makes nothing."""
        try:
            present = replace(read_deed(as_line(deed)), status=deed.status)
        except BadLine:
            return True
        wanted = replace(
            line, status=line.status or deed.status, published_on=line.published_on or present.published_on
        )
        return self._resolved(present) != self._resolved(wanted) or self._has_other_makers(deed, line)

    def _has_other_makers(self, deed: Deed, line: DeedLine) -> bool:
        """Of what the line tells of makers; who has no account here is passed over."""
        if line.co_organisations is not None:
            names = {self.names.organisation_name(name) for name in line.co_organisations}
            if names != {row.name for row in deed.co_organisations}:
                return True
        author = self._person(line.author) if line.author else None
        if author is not None and author.id != deed.author_id:
            return True
        return line.co_authors is not None and set(self._people(line.co_authors)) != set(deed.co_authors)

    def _person(self, address: str) -> User | None:
        address = address.casefold()
        if address not in self.people:
            self.people[address] = self.session.scalar(select(User).where(User.email == address))
        return self.people[address]

    def _people(self, addresses: Iterable[str]) -> list[User]:
        return [person for address in addresses if (person := self._person(address)) is not None]

    def _resolved(self, line: DeedLine) -> DeedLine:
        """The line with names in one spelling, without what only matters when something is made from it."""
        return replace(
            line,
            sector=self.names.sector(line).slug,
            organisation=self.names.organisation_name(line.organisation),
            themes=tuple(sorted(self.names.theme_name(theme) for theme in line.themes)),
            customer_groups=self.names.tag_slugs(line, "customer_groups"),
            benefits=self.names.tag_slugs(line, "benefits"),
            professions=self.names.tag_slugs(line, "professions"),
            situations=self.names.tag_slugs(line, "situations"),
            methods=self.names.tag_slugs(line, "methods"),
            published_on=None if line.status in UNPUBLISHED_STATUSES else line.published_on,
            organisation_type=None,
            municipality=None,
            region=None,
            collections=(),
            co_organisations=None,
            author=None,
            co_authors=None,
        )

    def _was_edited(self, deed: Deed) -> bool:
        """Whether a person has changed the deed on the site since it came in."""
        statement = select(DeedRevision.id).where(DeedRevision.deed_id == deed.id, DeedRevision.editor_id.is_not(None))
        return self.session.scalar(statement.limit(1)) is not None

    def _link(self) -> None:
        named = {other for deed, line in self.changed for key in LINKS if (other := getattr(line, key))}
        missing = [other for other in named if other not in self.deeds]
        for batch in batches(missing):
            self._load(batch)
        for deed, line in self.changed:
            deed.part_of = self.deeds.get(line.part_of) if line.part_of else None
            deed.parent = self.deeds.get(line.variant_of) if line.variant_of else None
            self._join_makers(deed, line)
        self.session.flush()

    def _join_makers(self, deed: Deed, line: DeedLine) -> None:
        """After all lines, so that an organisation which a later line tells more of is made by that line."""
        if line.co_organisations is not None:
            rows = [self.names.organisation_named(name) for name in line.co_organisations]
            deed.co_organisations = [row for row in dict.fromkeys(rows) if row is not deed.organisation]
        if line.author and (author := self._person(line.author)) is not None:
            deed.author_id = author.id
        if line.co_authors is not None:
            deed.co_authors = [person for person in self._people(line.co_authors) if person.id != deed.author_id]

    def _finish(self) -> None:
        self.session.add_all(
            DeedRevision(deed_id=deed.id, version=deed.version, editor_id=self.actor.id, content=_told(deed))
            for deed, line in self.changed
        )
        for deed, _line in self.changed:
            record(self.session, DeedImported(actor_id=self.actor.id, deed_id=deed.id))
