"""The background worker: works off the queues and runs the jobs. Killing it at any moment loses nothing."""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from types import FrameType

from flask import Flask
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from tori import heap
from tori.config import Config
from tori.core import clock
from tori.core.errors import ReadOnly
from tori.database import NOW, Prepared, db, moment, transaction
from tori.edge import troubles
from tori.models.base import UtcDateTime
from tori.models.operations import Heartbeat, JobRun
from tori.notifications import mail
from tori.notifications.audit import acting_from
from tori.notifications.changes import content_version
from tori.running import MEGABYTE, RENEWED, cpu_seconds, die_with_parent, own_memory, waited_seconds
from tori.search import dictionaries

log = logging.getLogger(__name__)
forking = multiprocessing.get_context("fork")

PAUSE_SECONDS = 0.5
HEARTBEAT_SECONDS = 10
LOOK_SECONDS = 2
"""How often it looks whether something is to be made ready, and how much memory it holds: a megabyte or two more each
second when there is much to do."""
BEGUN_SECONDS = 5
"""A worker does so much before it may be started again."""
CHILD_GROWTH = 8 * MEGABYTE
"""So much more than after its first turn a child that makes something ready may hold for itself before another goes on;
not where the worker has no limit. Its first page alone costs it some thirty, whatever it does then, so a limit of all
that it holds would end it there."""
BUSY = 0.5
"""A child is ended when the web processes have spent so much of a processor since the last turn: they will soon have
grown, and it holds as much as one of them."""
WAITING, RESTS = 0.2, 5.0
"""A child that had to wait for a processor for such a share of its time ends, and no other begins for so many seconds:
readers come first."""
HAD_TO_WAIT = 77
"""How such a child ends."""
READY_SECONDS = 120
NICENESS = 10
READ_ONLY_PAUSE_SECONDS = 2
READ_ONLY_EXIT = 75
KEPT_RUNS = timedelta(days=60)
LONGEST_PERIOD = timedelta(days=2)


@dataclass(frozen=True)
class Queue:
    """``drain`` does a bounded amount of what waits and returns how much; ``is_due`` tells, at next to no price,
    whether it would find anything."""

    drain: Callable[[Config], int]
    is_due: Callable[[Config], bool]


@dataclass(frozen=True)
class Job:
    """A task done once in each period. ``period`` gives the period's name, e.g. the day, from the moment."""

    name: str
    period: Callable[[datetime], str]
    run: Callable[[Config], object]


def daily(moment: datetime) -> str:
    return clock.in_finland(moment).date().isoformat()


def hourly(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H}"


def send_due_mails(config: Config) -> int:
    """Sends what is due, one transaction a mail. Returns how many went out."""
    sender = mail.sender_of(config)
    sent = 0
    allowed = mail.allowance(db.session(), config.mails_per_minute)
    for _ in range(allowed):
        with transaction() as session:
            waiting = mail.due_mails(session)[:1]
            if not waiting:
                break
            item = waiting[0]
            if not mail.is_wanted(session, item):
                session.delete(item)
                continue
            # Claimed before it is sent, so that no lock is held while a slow mail server thinks.
            item.due_at = clock.now() + mail.BACK_OFF[0]
            item_id = item.id
        message = mail.as_message(item, config)
        try:
            sender.send(message)
        except OSError as error:
            with transaction() as session:
                mail.note_failure(session.get_one(type(item), item_id), error)
        else:
            with transaction() as session:
                session.get_one(type(item), item_id).sent_at = clock.now()
            sent += 1
    return sent


Make = Callable[[Config], int | None]
"""Makes a bit of what readers find ready, and tells how much it has made."""
Runner = Callable[[Config, Job, str], None]
"""Runs a job that has been claimed for a period, and notes how it ended."""


_CLAIMED = Prepared(
    select(JobRun.name, JobRun.period).where(JobRun.started_at >= bindparam("since", type_=UtcDateTime()))
)


def run_due_jobs(config: Config, jobs: list[Job], run: Runner | None = None) -> int:
    """Runs each job whose period has no run yet. Two workers can't both claim one."""
    done = 0
    claimed = {tuple(row) for row in _CLAIMED.rows({"since": clock.now() - LONGEST_PERIOD})}
    for job in jobs:
        period = job.period(clock.now())
        if (job.name, period) in claimed:
            continue
        try:
            with transaction() as session:
                session.add(JobRun(name=job.name, period=period, started_at=clock.now()))
        except IntegrityError:
            continue
        (run or run_job)(config, job, period)
        done += 1
    return done


def run_job(config: Config, job: Job, period: str) -> None:
    """Runs it in this process."""
    error = ""
    try:
        job.run(config)
    except ReadOnly:
        raise
    except Exception as problem:
        # One job that fails holds up neither the others nor the queues.
        log.exception("job %s failed", job.name)
        db.session.rollback()
        troubles.note(problem, f"job {job.name}")
        error = f"{type(problem).__name__}: {problem}"[:500]
    _note_end(job.name, period, error)


def _note_end(name: str, period: str, error: str) -> None:
    with transaction() as session:
        run = session.get_one(JobRun, (name, period))
        run.finished_at, run.error = clock.now(), error


def run_job_apart(config: Config, job: Job, period: str) -> None:
    """Runs it in a child that ends with it: a job that goes through all deeds leaves the worker as small as before, and
    one that takes too much memory ends only itself."""
    # Connections must not be shared with a child.
    db.session.remove()
    db.engine.dispose()
    process = forking.Process(target=_run_and_end, args=(config, job, period))
    process.start()
    process.join()
    if process.exitcode == READ_ONLY_EXIT:
        raise ReadOnly
    if process.exitcode:
        log.error("job %s was ended from outside: %s", job.name, process.exitcode)
        _note_end(job.name, period, f"ended from outside: {process.exitcode}")


def _run_and_end(config: Config, job: Job, period: str) -> None:
    # A worker that is told to stop waits for the job; the job itself goes on to its end.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run_job(config, job, period)
    except ReadOnly:
        sys.exit(READ_ONLY_EXIT)


def sweep_job_runs(config: Config) -> None:
    with transaction() as session:
        session.execute(delete(JobRun).where(JobRun.started_at < clock.now() - KEPT_RUNS))


def stop_beating(name: str) -> None:
    """Of a worker that another follows at once: else both would be counted for a minute."""
    with transaction() as session:
        session.execute(delete(Heartbeat).where(Heartbeat.name == name))


_BEAT = Prepared(update(Heartbeat).where(Heartbeat.name == bindparam("worker")).values(seen_at=NOW))
_FIRST_BEAT = Prepared(insert(Heartbeat).values(name=bindparam("worker"), seen_at=NOW))


def beat(name: str) -> None:
    with transaction() as session:
        values = {"worker": name, **moment()}
        _BEAT.change(session, values) or _FIRST_BEAT.change(session, values)


class Worker:
    def __init__(
        self,
        app: Flask,
        queues: list[Queue],
        jobs: list[Job],
        cares: list[Callable[[Config], object]] | None = None,
        made_ready: list[Make] | None = None,
    ) -> None:
        """``cares`` are done every few seconds; ``made_ready`` after changes and now and then, each in a
        child of its own: it is asked again for as long as it tells of something that it has done."""
        self.app = app
        self.config: Config = app.extensions["tori"]
        self.queues = queues
        self.jobs = jobs
        self.cares = cares or []
        self.made_ready = made_ready or []
        self._periods: dict[str, str] = {}
        """The period of each job that it has been run in, by this worker or another."""
        self._making: BaseProcess | None = None
        self._left_to_make: list[Make] = []
        """The first of them is what the child makes, when there is one."""
        self._made_of: object = None
        self._rests_until = 0.0
        self._last_beat, self._last_look = 0.0, time.monotonic()
        self.stopping = False
        self.most_bytes = 0
        """What it may hold for itself before it is started again; 0: any."""
        self.readers: Callable[[], list[int]] = list
        """The processes that answer readers, where that is known."""
        self._spent: tuple[float, dict[int, float]] = 0.0, {}
        """When that was looked at, and the seconds of processor that each of them had spent."""
        self._began = time.monotonic()
        self.is_renewed = False
        self.run_job: Runner = run_job
        self.name = f"{socket.gethostname()}-{os.getpid()}"[:50]

    def turn(self) -> int:
        """One look at every queue. Returns how much was done. A failing queue doesn't hold up the others."""
        done = 0
        with self.app.app_context(), acting_from("worker"):
            for queue in self.queues:
                try:
                    if queue.is_due(self.config):
                        done += queue.drain(self.config)
                except ReadOnly:
                    db.session.rollback()
                    raise
                except Exception as error:
                    name = getattr(queue.drain, "__name__", queue.drain)
                    log.exception("queue %s failed", name)
                    db.session.rollback()
                    troubles.note(error, f"worker {name}")
            done += self._run_due_jobs()
        return done

    def _run_due_jobs(self) -> int:
        now = clock.now()
        periods = {job.name: job.period(now) for job in self.jobs}
        due = [job for job in self.jobs if self._periods.get(job.name) != periods[job.name]]
        done = run_due_jobs(self.config, due, self.run_job)
        self._periods = periods
        return done

    def _care(self) -> None:
        """One that fails holds up neither the others nor the queues."""
        for care in self.cares:
            try:
                care(self.config)
            except ReadOnly:
                db.session.rollback()
                raise
            except Exception:
                log.exception("care %s failed", getattr(care, "__name__", care))
                db.session.rollback()

    def _next_to_make(self) -> Make | None:
        """What is to be made ready now, by a child that ends with it: one after another, while no other is at work.
        What could not be finished gets another turn after the others."""
        if self._making is not None:
            if self._making.is_alive():
                return None
            done = self._left_to_make.pop(0)
            if self._making.exitcode in (RENEWED, HAD_TO_WAIT):
                self._left_to_make.append(done)
            if self._making.exitcode == HAD_TO_WAIT:
                self._rests_until = time.monotonic() + RESTS
            self._making = None
        state = (content_version(db.session()), clock.today(), time.monotonic() // READY_SECONDS)
        db.session.remove()
        if state != self._made_of:
            self._made_of = state
            self._left_to_make += [make for make in self.made_ready if make not in self._left_to_make]
        return self._left_to_make[0] if self._left_to_make and time.monotonic() >= self._rests_until else None

    def _start_making(self, make: Make) -> None:
        # Connections must not be shared with a child.
        db.engine.dispose()
        self._making = forking.Process(target=self._make_and_end, args=(make,), daemon=True)
        self._making.start()

    def _stop_making(self) -> None:
        """Another begins where it was, for what is made stays."""
        if self._making is not None and self._making.is_alive():
            self._making.terminate()
            self._making.join()
            self._making = None

    def _run_job_apart(self, config: Config, job: Job, period: str) -> None:
        # One child at a time: each holds some tens of megabytes.
        self._stop_making()
        run_job_apart(config, job, period)

    def _has_grown(self) -> bool:
        return 0 < self.most_bytes < own_memory()

    def _has_grown_or_makes(self) -> bool:
        """Whether it is to be started again, small. Has something made ready when that is due, unless it has grown: a
        child would hold as much."""
        heap.let_go_of_files(dictionaries.MAPPED)
        with self.app.app_context():
            make = self._next_to_make()
            if self._has_grown():
                return time.monotonic() - self._began > BEGUN_SECONDS
            if make:
                self._start_making(make)
        return False

    def _beat_and_turn(self) -> int:
        if time.monotonic() - self._last_beat > HEARTBEAT_SECONDS:
            with self.app.app_context():
                beat(self.name)
                self._care()
                db.session.remove()
            self._last_beat = time.monotonic()
        done = self.turn()
        if done and self._has_grown():
            self._stop_making()
        if self._is_read_much():
            self._stop_making()
            self._rests_until = time.monotonic() + RESTS
        return done

    def _is_read_much(self) -> bool:
        (then, before), now = self._spent, time.monotonic()
        spent = {pid: cpu_seconds(pid) for pid in self.readers()}
        self._spent = now, spent
        return sum(seconds - before.get(pid, seconds) for pid, seconds in spent.items()) > BUSY * (now - then)

    def _look(self) -> bool:
        """Now and then, and when a child has ended. Whether it is to be started again."""
        has_ended = self._making is not None and not self._making.is_alive()
        if time.monotonic() - self._last_look <= LOOK_SECONDS and not has_ended:
            return False
        self._last_look = time.monotonic()
        return self._has_grown_or_makes()

    def _patiently(self, work: Callable[[], int]) -> int:
        """Does it, or a bit later again when nothing can be written or the database does not answer."""
        try:
            return work()
        except ReadOnly:
            # Whatever waits is done when writing is allowed again.
            time.sleep(READ_ONLY_PAUSE_SECONDS)
        except SQLAlchemyError:
            log.exception("the database did not answer; trying again")
        return 0

    def _make_and_end(self, make: Make) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent()
        # Readers come first.
        os.nice(NICENESS)
        began, waited, held_at_first = time.monotonic(), waited_seconds(), 0
        while self._done_of(make):
            held = own_memory() if self.most_bytes else 0
            held_at_first = held_at_first or held
            if held > held_at_first + CHILD_GROWTH:
                sys.exit(RENEWED)
            if waited_seconds() - waited > WAITING * (time.monotonic() - began):
                sys.exit(HAD_TO_WAIT)

    def _done_of(self, make: Make) -> int:
        try:
            return make(self.config) or 0
        except ReadOnly:
            return 0
        except Exception:
            log.exception("%s failed", getattr(make, "__name__", make))
            db.session.rollback()
            return 0

    def run_once(self) -> int:
        """Works until the queues are empty. Returns how much was done."""
        total = 0
        while done := self.turn():
            total += done
        return total

    def run_forever(self) -> None:
        def stop(number: int, frame: FrameType | None) -> None:
            self.stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.run_job = self._run_job_apart
        log.info("worker %s started", self.name)
        while not self.stopping:
            done = self._patiently(self._beat_and_turn)
            # Afterwards: a child that begins before the worker has grown would hold as much beside it.
            if self._patiently(self._look):
                log.info("worker %s has grown and is started again", self.name)
                self.is_renewed = True
                break
            if not done:
                time.sleep(PAUSE_SECONDS)
        self._stop_making()
        if self.is_renewed:
            with self.app.app_context(), suppress(SQLAlchemyError, ReadOnly):
                stop_beating(self.name)
        log.info("worker %s stopped", self.name)
