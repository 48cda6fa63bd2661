"""Is everything in order? Each check answers with one plain sentence; optional libraries are only told of."""

import ctypes
import logging
import shutil
import smtplib
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tori import upgrades, wiring
from tori.config import Config
from tori.database import db
from tori.notifications import audit
from tori.search import dictionaries, indexing
from tori.search.port import SearchError

MIN_FREE_BYTES = 500_000_000
MAIL_SECONDS = 5
SAFE_SQLITE = (3, 51, 3)


class Verdict(StrEnum):
    FINE = "ok"
    NOTE = "note"
    WRONG = "FAIL"


@dataclass(frozen=True)
class Finding:
    subject: str
    verdict: Verdict
    sentence: str


def examine(config: Config) -> Iterator[Finding]:
    """All checks, in the order in which to mend what they find. Runs inside an application context."""
    yield check_configuration(config)
    database = check_database()
    yield database
    if database.verdict == Verdict.FINE:
        migrations = check_migrations()
        yield migrations
        if migrations.verdict == Verdict.FINE:
            yield check_index(config)
            yield check_audit()
    yield from check_sqlite(config)
    yield check_mail(config)
    yield check_disk(config.instance)
    yield from check_libraries(config)
    yield from check_dictionaries()


def check_configuration(config: Config) -> Finding:
    def wrong(sentence: str) -> Finding:
        return Finding("configuration", Verdict.WRONG, sentence)

    if config.demo and config.is_secure:
        return wrong("TORI_DEMO=1 on a public address: anybody can sign in with the demo accounts. Unset it.")
    if not config.demo and config.mail_sender.endswith("example.org>") and config.is_secure:
        return wrong("MAIL_SENDER is still the example address: set the address that mails come from.")
    key = config.instance / "secret_key"
    if not config.secret_key and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        return wrong(f"Others can read {key}: run chmod 600 on it.")
    return Finding("configuration", Verdict.FINE, f"instance folder {config.instance}, address {config.public_url}")


def check_database() -> Finding:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        db.session.rollback()
        reason = str(getattr(error, "orig", error)).strip()
        return Finding("database", Verdict.WRONG, f"The database does not answer ({reason}): check DATABASE_URL.")
    return Finding("database", Verdict.FINE, f"{db.engine.dialect.name} answers")


def check_migrations() -> Finding:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    present = upgrades.present_revision()
    newest = upgrades.newest_revision()
    if present == newest:
        return Finding("migrations", Verdict.FINE, f"at {newest}, the newest")
    sentence = f"The database is at {present or 'nothing'}, the code at {newest}. Run: flask --app wsgi db upgrade"
    return Finding("migrations", Verdict.WRONG, sentence)


def check_index(config: Config) -> Finding:
    try:
        report = indexing.status(db.session(), wiring.engine_of(config))
    except ValueError as error:
        return Finding("index", Verdict.WRONG, str(error))
    except SearchError as error:
        return Finding("index", Verdict.WRONG, f"{error} Run: flask --app wsgi search rebuild")
    if not report.index.ready:
        reason = report.index.problem or "The index is not there."
        return Finding("index", Verdict.WRONG, f"{reason} Run: flask --app wsgi search rebuild")
    counts = f"{report.index.documents} of {report.published} deeds, {report.lag} changes waiting"
    if report.is_whole:
        return Finding("index", Verdict.FINE, counts)
    if report.lag:
        return Finding("index", Verdict.NOTE, f"{counts}: the worker takes them in when it runs")
    return Finding("index", Verdict.WRONG, f"{counts}. Run: flask --app wsgi search rebuild")


def check_audit() -> Finding:
    report = audit.check_chain(db.session())
    if report.broken_at is not None:
        sentence = (
            f"The log of changes does not match its seals from row {report.broken_at} on: somebody changed it in the "
            "database. Keep a copy, and compare with a backup (docs/security.md)."
        )
        return Finding("log", Verdict.WRONG, sentence)
    counts = f"{report.sealed} rows sealed, {report.waiting} waiting, newest seal {report.head[:12] or 'none'}"
    if report.is_late:
        return Finding("log", Verdict.NOTE, f"{counts}: the worker seals them when it runs")
    return Finding("log", Verdict.FINE, counts)


def check_sqlite(config: Config) -> Iterator[Finding]:
    """Notes of the file of the database; nothing to say on PostgreSQL."""
    path = Path(config.database.removeprefix("sqlite:///"))
    if config.is_postgresql or not path.exists():
        return
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        sentence = (
            f"SQLite {sqlite3.sqlite_version} is older than 3.51.3: two checkpoints at one moment can damage a "
            "database; the worker alone makes them here. Upgrade the system when you can."
        )
        yield Finding("sqlite", Verdict.NOTE, sentence)
    others = stat.S_IMODE(path.stat().st_mode) & 0o004 and stat.S_IMODE(path.parent.stat().st_mode) & 0o001
    if others:
        yield Finding("sqlite", Verdict.WRONG, f"Others can read {path}: run chmod 700 on {path.parent}.")


def check_mail(config: Config) -> Finding:
    url = urlsplit(config.mail_url)
    if url.scheme == "folder":
        return Finding("mail", Verdict.NOTE, f"nothing is sent: mails are written to {config.instance / 'mail'}")
    host = url.hostname or "localhost"
    try:
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=MAIL_SECONDS)
        else:
            server = smtplib.SMTP(host, url.port or 25, timeout=MAIL_SECONDS)
        with server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", Verdict.WRONG, f"The mail server {host} does not answer ({error}): check MAIL_URL.")
    return Finding("mail", Verdict.FINE, f"{host} answers")


def check_disk(instance: Path) -> Finding:
    free = shutil.disk_usage(instance).free
    shown = f"{free / 1e9:.1f} GB free"
    if free < MIN_FREE_BYTES:
        return Finding("disk", Verdict.WRONG, f"Only {shown} at {instance}: make room.")
    return Finding("disk", Verdict.FINE, shown)


@dataclass(frozen=True)
class Library:
    """A library of the system that only one feature needs."""

    name: str
    packages: str
    without_it: str
    is_there: Callable[[], bool]


def _loads(*names: str) -> bool:
    try:
        for name in names:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_voikko() -> bool:
    if not _loads("libvoikko.so.1"):
        return False
    from libvoikko import Voikko, VoikkoException

    try:
        Voikko("fi").terminate()
    except VoikkoException:
        return False
    return True


LIBRARIES = (
    Library("Voikko", "libvoikko1 voikko-fi", "the search knows fewer Finnish word forms", _has_voikko),
    Library(
        "Pango",
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "nothing can be made into PDF files",
        lambda: _loads("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    ),
)


def missing_libraries() -> Iterator[str]:
    """A sentence for each optional library that is not there."""
    for library in LIBRARIES:
        if not library.is_there():
            yield f"{library.name} is not installed, so {library.without_it}: apt-get install {library.packages}"


def check_libraries(config: Config) -> Iterator[Finding]:
    missing = list(missing_libraries())
    for sentence in missing:
        needed = config.analyser == "voikko" and sentence.startswith("Voikko")
        yield Finding("libraries", Verdict.WRONG if needed else Verdict.NOTE, sentence)
    if not missing:
        yield Finding("libraries", Verdict.FINE, ", ".join(library.name for library in LIBRARIES))


def check_dictionaries() -> Iterator[Finding]:
    """A note where each process reads the words of the search for itself."""
    if missing := dictionaries.not_laid_out():
        sentence = (
            f"Dictionaries of the search are not laid out ({', '.join(missing)}), so each start takes half a second "
            "and 14 MB more. Run: .venv/bin/python -m tori.search.dictionaries"
        )
        yield Finding("dictionaries", Verdict.NOTE, sentence)
