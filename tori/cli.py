"""The commands of ``flask --app wsgi``: parse, call a service, print. ``docs/operations.md`` describes each."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from tori import backup, doctor, serving, upgrades, wiring
from tori.accounts.administration import set_role
from tori.accounts.service import DEMO_PASSWORD, create_user
from tori.adoptions.merging import merge
from tori.config import READ_ONLY_FILE, ROOT, Config
from tori.core import clock
from tori.core.errors import RuleBroken, ToriError
from tori.database import db, transaction
from tori.digest import bounces
from tori.edge import messages
from tori.exchange import copying, exporting, parts, seeding
from tori.exchange.importing import BadRow, ImportOptions, ImportReport, import_deeds
from tori.models.deeds import PUBLIC_STATUSES, DeedStatus, Sector
from tori.models.people import Organisation, Role, User
from tori.notifications.audit import acting_from
from tori.notifications.changes import bump_content_version
from tori.policy import SYSTEM
from tori.running import running_lock
from tori.search import evaluation, indexing
from tori.simulation import play

P = ParamSpec("P")
R = TypeVar("R")

Progress = Callable[[int, int], None]
JUDGED = ROOT / "tests" / "search" / "relevance"
JUDGED_QUERIES = (JUDGED / "queries.tsv", JUDGED / "kept_apart.tsv")


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


def _plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Every expected failure is one sentence and exit code 1; the audit log tells that the shell acted."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with force_locale("en"), acting_from("cli"):
                return command(*args, **kwargs)
        except RuleBroken as error:
            with force_locale("en"):
                raise click.ClickException(messages.sentence(error)) from error
        except (ToriError, seeding.SeedError, OSError) as error:
            raise click.ClickException(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(_database_sentence(str(error.orig))) from error

    return run


def _database_sentence(reason: str) -> str:
    if "no such table" in reason or "no such column" in reason or "does not exist" in reason:
        return "The database is not up to date. Run: flask --app wsgi db upgrade"
    return f"The database does not answer: {reason.strip()}"


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A progress bar on a terminal; a line each tenth of the way elsewhere."""
    if sys.stderr.isatty():
        with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

            def move(done: int, total: int) -> None:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)

            yield move
        return
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        tenth = 10 * done // max(total, 1)
        if tenth > shown:
            shown = tenth
            click.echo(f"{label}: {done}/{total}", err=True)

    yield tell


@click.command("seed")
@_plain_errors
def seed_command() -> None:
    """Loads seed_data/ into the database. Again changes nothing."""
    click.echo("Loading the seed content")
    seeding.seed(lambda result: click.echo(f"  {result.kind}: {result.added} added, {result.total} in all"))


deeds = AppGroup("deeds", help="Deeds in and out as JSON Lines (docs/api.md).")


@deeds.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--keep-going", is_flag=True, help="Take the good lines of a file that has bad ones.")
@click.option("--ignore-unknown", is_flag=True, help="Pass over keys that the format does not know.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@click.option(
    "--in-parts",
    is_flag=True,
    help="For large files: a thousand lines at a time; broken off, the same command goes on.",
)
@_plain_errors
def import_command(file: BinaryIO, keep_going: bool, ignore_unknown: bool, dry_run: bool, in_parts: bool) -> None:
    """Adds or updates (by external_id) the deeds of FILE; - reads standard input. Exit 1 if any line was bad."""
    options = ImportOptions(keep_going=keep_going, ignore_unknown=ignore_unknown, dry_run=dry_run)
    if in_parts:
        if dry_run or not Path(file.name).is_file():
            raise click.UsageError("--in-parts needs a file on the disk, and goes without --dry-run.")
        with _bar("Importing") as progress:
            report = parts.import_in_parts(SYSTEM, Path(file.name), options, progress)
        _print_report(report, dry_run)
        if report.bad:
            sys.exit(1)
        return
    with transaction() as session, _bar("Importing") as progress:
        if session.scalar(select(Sector.id).limit(1)) is None:
            seeding.load_vocabulary(session)
        report = import_deeds(session, SYSTEM, file, options, progress)
    _print_report(report, dry_run)
    if report.bad:
        sys.exit(1)


def _print_report(report: ImportReport, dry_run: bool) -> None:
    for row in report.bad:
        _print_bad(row)
    verb = "would be " if dry_run else ""
    counts = f"{report.created} {verb}created, {report.updated} {verb}updated, {report.unchanged} unchanged"
    click.echo(f"{counts}, {len(report.bad)} bad")
    if report.refused:
        click.echo("Nothing was written, since the file has bad lines. --keep-going takes the good ones.", err=True)


def _print_bad(row: BadRow) -> None:
    for problem in row.problems:
        where = f"line {row.number}, {problem.field}" if problem.field else f"line {row.number}"
        click.echo(f"{where}: {problem.sentence()}", err=True)


@deeds.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path), default="-")
@click.option("--all", "everything", is_flag=True, help="Drafts and withdrawn deeds too.")
@click.option("--people", is_flag=True, help="The addresses of authors too: personal data, to be kept as such.")
@_plain_errors
def export_command(file: Path, everything: bool, people: bool) -> None:
    """Writes the deeds to FILE, or to standard output."""
    statuses = list(DeedStatus) if everything else PUBLIC_STATUSES
    with transaction() as session:
        exporting.give_external_ids(session)
    with _bar("Exporting") as progress, click.open_file(str(file), "w", encoding="utf-8", atomic=True) as out:
        told = exporting.people_of if people else exporting.nobody
        for line in exporting.export_lines(db.session(), statuses, progress, told):
            out.write(line + "\n")


search = AppGroup("search", help="The search index.")


@search.command("rebuild")
@_plain_errors
def rebuild_command() -> None:
    """Builds the index beside the live one and swaps it in."""
    with _bar("Indexing") as progress:
        count = indexing.rebuild(db.session(), wiring.engine_of(_config()), progress)
    click.echo(f"{count} deeds in the index")


@search.command("status")
@_plain_errors
def status_command() -> None:
    """Says the engine, the documents and the lag. Exit 1 when something is missing."""
    report = indexing.status(db.session(), wiring.engine_of(_config()))
    index = report.index
    click.echo(f"engine: {index.engine}\nanalyser: {index.analyser}")
    click.echo(f"documents: {index.documents} of {report.published} public deeds\nwaiting changes: {report.lag}")
    if index.problem:
        click.echo(f"problem: {index.problem}")
    click.echo("state: up to date" if report.is_whole else "state: behind the database")
    if not index.ready:
        sys.exit(1)


@search.command("evaluate")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_plain_errors
def evaluate_command(files: tuple[Path, ...]) -> None:
    """Asks the judged queries and prints nDCG@10, recall@10, MRR and the share without hits of each kind. Exit 1 under
    the recorded floor."""
    engine = wiring.engine_of(_config())
    names = indexing.external_ids(db.session())
    index = engine.status()
    chain = "voikko" if "voikko" in index.analyser else "packaged"
    fallen = False
    for file in files or JUDGED_QUERIES:
        judged = evaluation.read_judgements(file)
        rows = evaluation.by_kind(evaluation.evaluate(engine, judged, lambda deed_id: names.get(deed_id, "")))
        click.echo(f"{file.name}, {len(judged)} queries, {index.engine}, {chain}\n\n{evaluation.table(rows)}\n")
        floor = evaluation.floor_of(file, chain)
        for kind, ndcg in evaluation.below_floor(rows, floor).items():
            fallen = True
            click.echo(f"{file.name}, {kind}: {ndcg:.3f} is under the floor {floor[kind]}", err=True)
    if fallen:
        sys.exit(1)


@click.command("worker")
@click.option("--once", is_flag=True, help="Work until the queues are empty, then stop.")
def worker_command(once: bool) -> None:
    """Runs the background worker: index, mails, scheduled jobs."""
    # A database that is away for a moment is waited for; one without its tables would only fill the log.
    if doctor.check_database().verdict == doctor.Verdict.FINE:
        migrations = doctor.check_migrations()
        if migrations.verdict == doctor.Verdict.WRONG:
            raise click.ClickException(migrations.sentence)
    db.session.remove()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{wiring.make_worker(app).run_once()} done")
    else:
        serving.run_worker(app, _config())


@click.command("serve")
@_plain_errors
def serve_command() -> None:
    """Starts the web server and the worker; prepares the database, the content and the index first."""
    serving.serve(current_app._get_current_object(), _config())  # type: ignore[attr-defined]


organisations = AppGroup("organisations", help="Organisations from the shell.")
users = AppGroup("users", help="Accounts from the shell.")
ROLES = click.Choice([str(role) for role in Role])


@users.command("create")
@click.argument("email")
@click.option("--role", type=ROLES, default=str(Role.MEMBER), show_default=True)
@click.option("--name", default="", help="Shown name; made from the address when left out.")
@click.option("--organisation", "slug", help="Slug of the organisation; found by the address when left out.")
@click.option("--steward", is_flag=True, help="The organisation's contact person.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@_plain_errors
def create_user_command(
    email: str, role: str, name: str, slug: str | None, steward: bool, password_stdin: bool
) -> None:
    """Makes a confirmed account."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with transaction() as session:
        organisation = session.scalar(select(Organisation).where(Organisation.slug == slug)) if slug else None
        if slug and organisation is None:
            raise click.ClickException(f"There is no organisation {slug}.")
        user = create_user(session, email, password, Role(role), name, organisation, steward)
        place = user.organisation.name if user.organisation else "no organisation"
    click.echo(f"{user.email}: {user.role}, {place}")


@users.command("set-role")
@click.argument("email")
@click.argument("role", type=ROLES)
@_plain_errors
def set_role_command(email: str, role: str) -> None:
    """Gives a role; the person has to sign in again."""
    with transaction() as session:
        user = session.scalar(select(User).where(User.email == email.strip().lower()))
        if user is None:
            raise click.ClickException(f"There is no account {email}.")
        set_role(session, SYSTEM, user.id, role)
    click.echo(f"{user.email}: {role}")


@users.command("list")
@_plain_errors
def list_users_command() -> None:
    """Lists the accounts: address, role, organisation, state; separated by tabs."""
    for user in db.session.scalars(select(User).order_by(User.email)):
        state = "disabled" if user.disabled_at else "active" if user.confirmed_at else "unconfirmed"
        place = user.organisation.name if user.organisation else "-"
        click.echo("\t".join((user.email, user.role, place, state)))


backups = AppGroup("backup", help="A copy of the site in one file, and the way back.")
BACKUP_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@organisations.command("merge")
@click.argument("source")
@click.argument("target")
@_plain_errors
def merge_organisations_command(source: str, target: str) -> None:
    """Ends SOURCE (a slug) and lets TARGET carry on: its people, addresses and models taken go over."""
    with transaction() as session:
        rows = [session.scalar(select(Organisation).where(Organisation.slug == slug)) for slug in (source, target)]
        for slug, row in zip((source, target), rows, strict=True):
            if row is None:
                raise click.ClickException(f"There is no organisation {slug}.")
        ended, kept = (row for row in rows if row is not None)
        merge(session, SYSTEM, ended, kept)
        names = ended.name, kept.name
    click.echo(f"{names[0]} goes on as {names[1]}")


@backups.command("create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@_plain_errors
def create_backup_command(file: Path | None) -> None:
    """Copies database and files of a running site into FILE; its name is made from the time when left out."""
    config = _config()
    target = (file or Path(backup.default_name(config.backup_recipient))).resolve()
    with _bar("Copying the database") as progress:
        backup.create(config, target, progress)
    size = f"{target.stat().st_size / 1e6:.1f} MB"
    if config.backup_recipient:
        click.echo(f"{target}: {size}, encrypted. Check it where the key is: backup verify --identity KEYFILE")
        return
    contents = backup.verify(target)
    click.echo(f"{target}: {_told(contents)}, {size}")


def _told(contents: backup.Contents) -> str:
    return f"{contents.files} files" + (f", {contents.deeds} deeds" if contents.deeds >= 0 else ", PostgreSQL")


@backups.command("rotate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@_plain_errors
def rotate_backups_command(folder: Path, dry_run: bool) -> None:
    """Clears old backups out of FOLDER as BACKUP_KEEP tells; the newest always stays."""
    found = backup.backups_in(folder)
    gone = backup.superfluous(found, _config().backup_keep)
    for item in gone:
        click.echo(f"{'would remove' if dry_run else 'removed'} {item.path.name}")
        if not dry_run:
            item.path.unlink(missing_ok=True)
    click.echo(f"{len(found) - len(gone)} kept")


@backups.command("verify")
@click.argument("file", type=BACKUP_FILE)
@click.option("--identity", type=BACKUP_FILE, help="File with the private key of age, of an encrypted backup.")
@_plain_errors
def verify_backup_command(file: Path, identity: Path | None) -> None:
    """Reads the whole FILE and checks every checksum and the database in it."""
    contents = backup.verify(file, identity)
    click.echo(f"whole: made {contents.created_at}, {_told(contents)}")


@backups.command("restore")
@click.argument("file", type=BACKUP_FILE)
@click.option("--identity", type=BACKUP_FILE, help="File with the private key of age, of an encrypted backup.")
@_plain_errors
def restore_backup_command(file: Path, identity: Path | None) -> None:
    """Puts FILE in place of what the instance folder holds, which is set aside. The site must be stopped."""
    db.session.remove()
    db.engine.dispose()
    aside = backup.restore(_config(), file, identity)
    click.echo("Restored. Next: flask --app wsgi db upgrade, then flask --app wsgi search rebuild")
    if aside:
        click.echo(f"What was there before is in {aside}")


mails = AppGroup("mails", help="Outgoing mail.")


@mails.command("import-bounces")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@_plain_errors
def import_bounces_command(source: Path) -> None:
    """Reads reports of mails that came back from SOURCE: a file, a folder of .eml files or a maildir."""
    read = new = permanent = 0
    for path in bounces.files_in(source):
        for report in bounces.reports_in(path.read_bytes()):
            read += 1
            with transaction() as session:
                if bounces.note(session, SYSTEM, report):
                    new += 1
                    permanent += report.is_permanent
    click.echo(f"{read} reports, {new} of them new; {permanent} addresses take no mail any more")


@click.command("simulate")
@click.option("--seed", type=int, default=1, show_default=True, help="The same number gives the same square.")
@click.option("--years", type=click.FloatRange(0.05, 10), default=3.0, show_default=True)
@click.option("--organisations", type=click.IntRange(2, 300), default=200, show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; yesterday when left out.")
@_plain_errors
def simulate_command(seed: int, years: float, organisations: int, until: datetime | None) -> None:
    """Plays years of life on the square into an empty local site: deeds, adoptions, talk, follow-ups, digests."""
    config = _config()
    play.refuse_on_real_sites(db.session(), config)
    engine = wiring.engine_of(config)
    last = until.date() if until else clock.today() - timedelta(days=1)
    days = round(365.25 * years)
    plan = play.Plan(seed, last - timedelta(days=days - 1), days, organisations)
    with _bar("Playing") as progress:
        play.Play(config, engine, plan).run(progress)
    with _bar("Indexing") as progress:
        indexing.rebuild(db.session(), engine, progress)
    done = play.outcome(db.session())
    click.echo(
        f"{plan.start} to {last}: {done.people} people, {done.deeds} deeds, {done.adoptions} adoptions, "
        f"{done.comments} comments, {done.wishes} wishes, {done.answered} follow-ups answered, {done.issues} digests"
    )
    click.echo(f"fingerprint {done.fingerprint}; everybody's password is {DEMO_PASSWORD}")


@click.command("db-copy")
@click.argument("target")
@_plain_errors
def copy_database_command(target: str) -> None:
    """Copies all rows into the empty, migrated database TARGET (an address as in DATABASE_URL); the site is stopped."""
    address = replace(_config(), database_url=target).database
    engine = create_engine(address)
    try:
        with running_lock(_config().instance), _bar("Copying") as progress:
            copied = copying.copy_database(db.engine, engine, progress)
    finally:
        engine.dispose()
    for item in copied:
        if item.rows:
            click.echo(f"{item.table}: {item.rows}")
    click.echo(f"{sum(item.rows for item in copied)} rows in {len(copied)} tables, the same on both sides")
    click.echo("Next: set DATABASE_URL, then flask --app wsgi search rebuild")


@click.command("read-only")
@click.argument("state", type=click.Choice(["on", "off"]))
@_plain_errors
def read_only_command(state: str) -> None:
    """Makes a running site read-only, with a banner on every page, or lets it be written again."""
    path = _config().instance / READ_ONLY_FILE
    if state == "on":
        # Before the file: pages kept ready by web processes are made anew, now with the banner.
        with transaction() as session:
            bump_content_version(session)
        path.touch(0o600)
        click.echo("The site is for reading only. What waits for the worker is done afterwards.")
        return
    path.unlink(missing_ok=True)
    with transaction() as session:
        bump_content_version(session)
    click.echo("The site can be written again.")


@click.command("db", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def db_command(arguments: tuple[str, ...]) -> None:
    """Changes the tables: `db upgrade` brings them to the newest schema; `db --help` tells what else there is."""
    upgrades.run(arguments)


@click.command("doctor")
@_plain_errors
def doctor_command() -> None:
    """Checks that everything is in order. Exit 1 when something is not."""
    sick = False
    for finding in doctor.examine(_config()):
        sick = sick or finding.verdict == doctor.Verdict.WRONG
        click.echo(f"{finding.verdict:<5} {finding.subject}: {finding.sentence}")
    if sick:
        sys.exit(1)


COMMANDS: list[click.Command] = [
    seed_command, deeds, search, users, organisations, backups, mails, worker_command, serve_command, simulate_command,
    db_command, doctor_command, read_only_command, copy_database_command,
]  # fmt: skip


def init_commands(app: Flask) -> None:
    """Registers the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
