"""How the service is: each part in a plain sentence, with what to do. For the page of the state, mails and figures."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from flask_babel import force_locale, format_timedelta, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori import backup, upkeep
from tori.config import Config
from tori.core import clock
from tori.core.errors import StorageAway
from tori.database import db, transaction
from tori.edge import read_only, troubles
from tori.edge.templating import number
from tori.i18n import prefix_of
from tori.media.storage import storage_of
from tori.models.operations import Heartbeat, IndexTask, JobRun, OutboxMail, Setting
from tori.models.people import Role, User
from tori.notifications import mail
from tori.search import indexing
from tori.search.port import SearchEngine, SearchError

CHECKED = "database_check"
ALERTED = "alerted"
WEEK = timedelta(days=7)
WORKER_SILENCE = timedelta(seconds=60)
INDEX_PATIENCE = timedelta(minutes=10)
OUTBOX_PATIENCE = timedelta(hours=1)
BACKUP_PATIENCE = timedelta(hours=30)
LITTLE_ROOM = 0.1
LEAST_ROOM = 200_000_000


class Level(StrEnum):
    FINE = "fine"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True)
class Condition:
    """One part of the service. ``advice`` is what to do, empty when nothing is to be done."""

    key: str
    level: Level
    name: str
    sentence: str
    advice: str = ""


def conditions(session: Session, config: Config, engine: SearchEngine) -> list[Condition]:
    """All parts, those that matter most first. Runs in the language of the reader."""
    return [
        writing(config, session), worker(session), index(session, engine), outbox(session), disk(config),
        uploads(config), backups(config), jobs(session), faults(session),
    ]  # fmt: skip


def _age(moment: datetime) -> str:
    return str(format_timedelta(clock.now() - moment, granularity="second"))


def writing(config: Config, session: Session) -> Condition:
    name = _("Saving")
    reason = read_only.state().reason
    if reason == read_only.Reason.DECLARED:
        words = _("The service has been set to be read only: nothing can be saved.")
        return Condition("writing", Level.WATCH, name, words, _("End it with the command read-only off."))
    if reason == read_only.Reason.FULL:
        return Condition("writing", Level.BAD, name, _("The disk is full: nothing can be saved."), _("Make room."))
    if reason:
        words = _("The disk takes no writing: nothing can be saved.")
        return Condition("writing", Level.BAD, name, words, _("Look at the disk and at whose its files are."))
    row = session.get(Setting, CHECKED)
    if row is not None and row.value.get("damage"):
        words = _("The database or its newest backup is damaged: %(what)s", what=row.value["damage"])
        return Condition("writing", Level.BAD, name, words, _("Restore a sound backup (docs/operations.md)."))
    _present, missing = upkeep.missing_changes(config, session)
    if missing:
        words = ngettext(
            "%(num)d change that the service had made is missing in the database.",
            "%(num)d changes that the service had made are missing in the database.",
            missing,
        )
        return Condition("writing", Level.BAD, name, words, _("Was it copied without its -wal file? Restore a backup."))
    return Condition("writing", Level.FINE, name, _("Everything is saved as it should be."))


def worker(session: Session) -> Condition:
    name, advice = _("Background worker"), _("Start it: flask --app wsgi worker")
    seen_at = session.scalar(select(func.max(Heartbeat.seen_at)))
    if seen_at is None:
        return Condition("worker", Level.BAD, name, _("It has never run: no mail goes out."), advice)
    alive = session.scalar(select(func.count()).where(Heartbeat.seen_at > clock.now() - WORKER_SILENCE)) or 0
    if not alive:
        words = _("It was alive %(age)s ago: mails wait, and the search does not learn of changes.", age=_age(seen_at))
        return Condition("worker", Level.BAD, name, words, advice)
    words = ngettext("%(num)d is at work.", "%(num)d are at work.", alive)
    return Condition("worker", Level.FINE, name, words)


def index(session: Session, engine: SearchEngine) -> Condition:
    name, advice = _("Search engine"), _("Build it anew: flask --app wsgi search rebuild")
    try:
        report = indexing.status(session, engine)
    except SearchError:
        return Condition("index", Level.BAD, name, _("The index can’t be read; deeds are searched by titles."), advice)
    if not report.index.ready:
        return Condition("index", Level.BAD, name, _("There is no index; deeds are searched by titles."), advice)
    counts = _(
        "%(indexed)s of %(all)s deeds are found, %(waiting)s changes wait.",
        indexed=number(report.index.documents), all=number(report.published), waiting=number(report.lag),
    )  # fmt: skip
    oldest = session.scalar(select(func.min(IndexTask.created_at)))
    late = oldest is not None and clock.now() - oldest > INDEX_PATIENCE
    return Condition(
        "index", Level.WATCH if late else Level.FINE, name, counts, _("Look at the worker.") if late else ""
    )


def outbox(session: Session) -> Condition:
    name = _("Outgoing mail")
    waits = OutboxMail.sent_at.is_(None) & OutboxMail.failed_at.is_(None)
    count, oldest = session.execute(
        select(func.count(OutboxMail.id), func.min(OutboxMail.created_at)).where(waits)
    ).one()
    given_up = session.scalar(select(func.count()).where(OutboxMail.failed_at > clock.now() - WEEK)) or 0
    words = ngettext("%(num)d mail waits.", "%(num)d mails wait.", count)
    if given_up:
        words += " " + ngettext("%(num)d was given up this week.", "%(num)d were given up this week.", given_up)
    if count and clock.now() - oldest > OUTBOX_PATIENCE:
        words += " " + _("The oldest has waited %(age)s.", age=_age(oldest))
        return Condition("outbox", Level.BAD, name, words, _("Look at the reasons among the mails of the desk."))
    if given_up:
        return Condition("outbox", Level.WATCH, name, words, _("Look at the reasons among the mails of the desk."))
    return Condition("outbox", Level.FINE, name, words)


def disk(config: Config) -> Condition:
    usage = shutil.disk_usage(config.instance)
    words = _("%(free)s GB of %(all)s GB are free.", free=number(usage.free / 1e9, 1), all=number(usage.total / 1e9, 1))
    if usage.free < LEAST_ROOM:
        return Condition("disk", Level.BAD, _("Disk"), words, _("Make room now: soon nothing can be saved."))
    if usage.free < LITTLE_ROOM * usage.total and usage.free < 5e9:
        return Condition("disk", Level.WATCH, _("Disk"), words, _("Make room in the next days."))
    return Condition("disk", Level.FINE, _("Disk"), words)


def uploads(config: Config) -> Condition:
    try:
        storage_of(config).check()
    except StorageAway:
        words = _("Their place can’t be reached: pages show a stand-in for pictures.")
        return Condition(
            "uploads", Level.BAD, _("Pictures and files"), words, _("Is the disk mounted, the bucket there?")
        )
    return Condition("uploads", Level.FINE, _("Pictures and files"), _("They are where they should be."))


def backups(config: Config) -> Condition:
    name = _("Backups")
    if not config.backup_folder:
        words = _("The service makes none by itself.")
        return Condition("backups", Level.WATCH, name, words, _("Set BACKUP_FOLDER, or copy the site by other means."))
    found = backup.backups_in(Path(config.backup_folder))
    if not found:
        return Condition(
            "backups", Level.BAD, name, _("There is none yet."), _("Make one: flask --app wsgi backup create")
        )
    age = clock.now() - found[0].made_at.astimezone(UTC)
    words = _("The newest is %(age)s old, there are %(count)s.", age=_age(found[0].made_at), count=number(len(found)))
    if age > BACKUP_PATIENCE:
        return Condition("backups", Level.BAD, name, words, _("Look why the job make_backup fails."))
    return Condition("backups", Level.FINE, name, words)


def jobs(session: Session) -> Condition:
    failed = session.execute(
        select(JobRun.name, JobRun.error)
        .where(JobRun.error != "", JobRun.started_at > clock.now() - WEEK)
        .order_by(JobRun.started_at.desc())
    ).all()
    if not failed:
        return Condition("jobs", Level.FINE, _("Scheduled jobs"), _("All have gone well this week."))
    words = ngettext("%(num)d run has failed this week.", "%(num)d runs have failed this week.", len(failed))
    return Condition("jobs", Level.WATCH, _("Scheduled jobs"), words, f"{failed[0].name}: {failed[0].error}"[:300])


def faults(session: Session) -> Condition:
    found = troubles.since(session, clock.today() - WEEK)
    count = sum(trouble.count for trouble in found)
    if not count:
        return Condition("faults", Level.FINE, _("Faults of the week"), _("None."))
    words = ngettext("%(num)d request or task has failed.", "%(num)d requests and tasks have failed.", count)
    today = troubles.since(session, clock.today())
    level = Level.WATCH if today else Level.FINE
    return Condition("faults", level, _("Faults of the week"), words, _("The list below says which; the log says why."))


def check_database(config: Config) -> None:
    """The nightly look into the database and its newest backup; a daily job."""
    damage = "" if config.is_postgresql else upkeep.damage_of(Path(config.database.removeprefix("sqlite:///")))
    if not damage and config.backup_folder and not config.backup_recipient:
        for item in backup.backups_in(Path(config.backup_folder))[:1]:
            try:
                backup.verify(item.path)
            except backup.BackupError as error:
                damage = str(error)
    with transaction() as session:
        session.merge(Setting(key=CHECKED, value={"damage": damage, "at": clock.now().isoformat(timespec="seconds")}))


def tell_administrators(config: Config, engine: SearchEngine) -> int:
    """Writes to the administrators what is bad and has not been told today; an hourly job. Returns how many mails."""
    if not config.alerts:
        return 0
    found = [item for item in conditions(db.session(), config, engine) if item.level is Level.BAD]
    db.session.rollback()
    with transaction() as session:
        row = session.get(Setting, ALERTED)
        told = dict(row.value) if row else {}
        today = clock.today().isoformat()
        new = [item.key for item in found if told.get(item.key) != today]
        if not new:
            return 0
        session.merge(Setting(key=ALERTED, value={**told, **dict.fromkeys(new, today)}))
        people = session.scalars(
            select(User).where(User.role == Role.ADMIN, User.disabled_at.is_(None), User.confirmed_at.is_not(None))
        ).all()
        for person in people:
            _write_alert(session, config, engine, person)
        return len(people)


def _write_alert(session: Session, config: Config, engine: SearchEngine, person: User) -> None:
    with force_locale(person.locale):
        items = [item for item in conditions(session, config, engine) if item.level is Level.BAD]
    link = f"{config.public_url}{prefix_of(person.locale)}/hallinta/tila"
    mail.enqueue(session, "service_state", person.email, person.locale, items=items, link=link)


def figures(session: Session, config: Config, engine: SearchEngine) -> list[tuple[str, str, float]]:
    """The same as figures, for alarms of other systems."""
    waits = OutboxMail.sent_at.is_(None) & OutboxMail.failed_at.is_(None)
    oldest = session.scalar(select(func.min(OutboxMail.created_at)).where(waits))
    seen_at = session.scalar(select(func.max(Heartbeat.seen_at)))
    log = config.instance / "tori.sqlite3-wal"
    made = backup.backups_in(Path(config.backup_folder)) if config.backup_folder else []
    now = clock.now()
    silence = (now - seen_at).total_seconds() if seen_at else -1
    lag = session.scalar(select(func.count(IndexTask.id))) or 0
    found = [
        ("tori_worker_silence_seconds", "Since a worker was last alive; -1: never.", silence),
        ("tori_index_lag", "Changes that wait for the search index.", lag),
        ("tori_outbox_waiting", "Mails that wait.", session.scalar(select(func.count()).where(waits)) or 0),
        ("tori_outbox_oldest_seconds", "Age of the oldest of them.", (now - oldest).total_seconds() if oldest else 0),
        ("tori_disk_free_bytes", "Room on the disk of the data.", shutil.disk_usage(config.instance).free),
        ("tori_wal_bytes", "Size of SQLite's write-ahead log.", log.stat().st_size if log.exists() else 0),
        ("tori_backup_age_seconds", "Age of the newest backup; -1: none.",
         (now - made[0].made_at.astimezone(UTC)).total_seconds() if made else -1),
        ("tori_faults_today", "Requests and tasks that have failed today.",
         sum(trouble.count for trouble in troubles.since(session, clock.today()))),
    ]  # fmt: skip
    try:
        found.append(("tori_index_documents", "Deeds in the search index.", engine.status().documents))
    except SearchError:
        found.append(("tori_index_documents", "Deeds in the search index.", 0))
    return [(name, text, float(value)) for name, text, value in found]
