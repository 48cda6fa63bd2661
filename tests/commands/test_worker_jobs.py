"""Jobs of the worker run in a child that ends with them."""

import os
import signal

import pytest
from flask import Flask
from sqlalchemy import select

from tori.config import Config
from tori.core.errors import ReadOnly
from tori.database import db, transaction
from tori.models.operations import JobRun, Setting
from tori.worker import Job, daily, run_due_jobs, run_job_apart


def leave_a_mark(config: Config) -> None:
    with transaction() as session:
        session.add(Setting(key="mark", value={"process": os.getpid()}))


def run_out_of_memory(config: Config) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(config: Config) -> None:
    raise ValueError("no such thing")


def find_the_site_closed(config: Config) -> None:
    raise ReadOnly


def test_f32_a_job_that_is_killed_ends_only_itself_and_is_told(app: Flask) -> None:
    jobs = [Job("dies", daily, run_out_of_memory), Job("fails", daily, fail), Job("works", daily, leave_a_mark)]
    with app.app_context():
        config: Config = app.extensions["tori"]
        assert run_due_jobs(config, jobs, run_job_apart) == 3
        assert run_due_jobs(config, jobs, run_job_apart) == 0, "each once in its period"
        runs = {run.name: run for run in db.session.scalars(select(JobRun))}
        assert all(run.finished_at for run in runs.values())
        assert runs["dies"].error == "ended from outside: -9"
        assert runs["fails"].error == "ValueError: no such thing"
        assert runs["works"].error == ""
        mark = db.session.get_one(Setting, "mark").value
        assert mark["process"] != os.getpid()


def test_a_job_that_may_not_write_lets_the_worker_wait(app: Flask) -> None:
    with app.app_context(), pytest.raises(ReadOnly):
        run_due_jobs(app.extensions["tori"], [Job("waits", daily, find_the_site_closed)], run_job_apart)
