"""The commands as somebody types them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.exchange.lines import line, whole
from tests.factories import Factory
from tori.accounts.passwords import verify_password
from tori.cli import COMMANDS
from tori.database import db
from tori.models.deeds import Deed
from tori.models.operations import AuditEntry, IndexTask
from tori.models.people import Role, User
from tori.upgrades import UpgradeError, newest_revision, present_revision, upgrade

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*args: str, input: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=list(args), input=input)

    return invoke


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., str]:
    def write(*rows: str) -> str:
        path = tmp_path / "teot.jsonl"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return str(path)

    return write


def deeds(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Deed)) or 0


def test_every_command_explains_itself(run: Run) -> None:
    for command in COMMANDS:
        assert command.name
        result = run(command.name, "--help")
        assert result.exit_code == 0
        assert command.help, command.name


def test_the_search_is_measured_and_falls_under_its_floor_aloud(
    run: Run, session: Session, make: Factory, tmp_path: Path
) -> None:
    make.deed("Kirjaston aamu", external_id="kirjaston-aamu")
    assert run("search", "rebuild").exit_code == 0
    queries = tmp_path / "own.tsv"
    queries.write_text("exact\tfi\tkirjasto\tkirjaston-aamu=3\nnone\tfi\tydinvoimala\n", encoding="utf-8")
    good = run("search", "evaluate", str(queries))
    assert good.exit_code == 0, good.output
    assert "| exact | 1 | 1.000 | 1.000 | 1.000 | 0.00 |" in good.output
    chain = "voikko" if "voikko" in good.output.splitlines()[0] else "packaged"
    floor = {"own": {"voikko": {"exact": 0.5}, "packaged": {"exact": 0.5}}}
    floor["own"][chain] = {"exact": 1.1}
    (tmp_path / "floor.json").write_text(json.dumps(floor), encoding="utf-8")
    bad = run("search", "evaluate", str(queries))
    assert bad.exit_code == 1
    assert "exact: 1.000 is under the floor 1.1" in bad.output


def test_import_into_an_empty_database_brings_the_vocabulary(
    run: Run, lines: Callable[..., str], session: Session
) -> None:
    result = run("deeds", "import", lines(whole(related=None), line()))
    assert result.exit_code == 0, result.output
    assert "2 created, 0 updated, 0 unchanged, 0 bad" in result.output
    assert deeds(session) == 2
    assert session.scalar(select(AuditEntry.source).limit(1)) == "cli"


def test_a_bad_line_is_named_with_number_field_and_reason(
    run: Run, lines: Callable[..., str], session: Session
) -> None:
    path = lines(line(), line(sector="avaruus"), "{", line(vaara=1))
    result = run("deeds", "import", path)
    assert result.exit_code == 1
    assert "line 2, sector: " in result.output
    assert "avaruus" in result.output
    assert "line 3: The line is not valid JSON." in result.output
    assert "line 4, vaara: There is no such key." in result.output
    assert "Nothing was written" in result.output
    assert deeds(session) == 0
    assert run("deeds", "import", path, "--ignore-unknown", "--keep-going").exit_code == 1
    assert deeds(session) == 2


def test_a_dry_run_writes_nothing(run: Run, lines: Callable[..., str], session: Session) -> None:
    result = run("deeds", "import", lines(line()), "--dry-run")
    assert result.exit_code == 0
    assert "1 would be created" in result.output
    assert deeds(session) == 0


def test_deeds_come_from_standard_input_and_go_to_standard_output(run: Run, session: Session) -> None:
    assert run("deeds", "import", "-", input=whole(related=None)).exit_code == 0
    result = run("deeds", "export")
    assert json.loads(result.stdout.splitlines()[0])["external_id"] == "pihan-kokeilupaja"


def test_an_export_replaces_the_file_only_when_whole(run: Run, make: Factory, tmp_path: Path) -> None:
    make.deed()
    target = tmp_path / "ulos.jsonl"
    target.write_text("vanha")
    assert run("deeds", "export", str(target)).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["title"] == "Aamupalaveri kävellen"


def test_a_missing_file_is_one_sentence(run: Run) -> None:
    result = run("deeds", "import", "ei-ole.jsonl")
    assert result.exit_code == 2
    assert "ei-ole.jsonl" in result.output
    assert "Traceback" not in result.output


def test_an_unmigrated_database_says_what_to_run(run: Run, session: Session) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sector RENAME TO elsewhere")
    for command in (("seed",), ("deeds", "import", "-")):
        result = run(*command, input="")
        assert result.exit_code == 1
        assert "Run: flask --app wsgi db upgrade" in result.output


def test_the_index_is_rebuilt_and_told_of(run: Run, make: Factory) -> None:
    make.deed()
    assert run("search", "status").exit_code == 1
    assert "1 deeds in the index" in run("search", "rebuild").output
    result = run("search", "status")
    assert result.exit_code == 0
    assert "documents: 1 of 1 public deeds" in result.output
    assert "up to date" in result.output


def test_the_worker_drains_and_exits(run: Run, lines: Callable[..., str], session: Session) -> None:
    run("deeds", "import", lines(line(), line()))
    result = run("worker", "--once")
    assert result.exit_code == 0
    assert session.scalar(select(func.count()).select_from(IndexTask)) == 0
    assert "documents: 2 of 2" in run("search", "status").output


def test_accounts_are_made_changed_and_listed(run: Run, session: Session, make: Factory) -> None:
    make.organisation("Nokian kaupunki", domain="nokia.example.org")
    made = run(
        "users", "create", "Puro@Nokia.example.org", "--role", "editor", "--password-stdin",
        input="tuulinen torstai torilla\n",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    user = session.scalars(select(User)).one()
    assert (user.email, user.role) == ("puro@nokia.example.org", Role.EDITOR)
    assert user.password_hash
    assert verify_password(user.password_hash, "tuulinen torstai torilla")
    assert run("users", "set-role", "puro@nokia.example.org", "admin").exit_code == 0
    listed = run("users", "list").stdout
    assert "puro@nokia.example.org\tadmin\tNokian kaupunki\tactive" in listed
    assert "torstai" not in listed


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("users", "create", "a@example.org", "--password-stdin"), "12 characters"),
        (("users", "create", "not-an-address", "--password-stdin"), "e-mail"),
        (("users", "create", "a@example.org", "--organisation", "ei-ole", "--password-stdin"), "ei-ole"),
        (("users", "set-role", "a@example.org", "admin"), "no account"),
        (("users", "set-role", "a@example.org", "keisari"), "keisari"),
    ],
)
def test_refusals_are_one_sentence(run: Run, args: tuple[str, ...], words: str) -> None:
    result = run(*args, input="lyhyt\n")
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert "Traceback" not in result.output


def test_the_doctor_is_content_with_a_whole_site(run: Run, make: Factory) -> None:
    make.deed()
    sick = run("doctor")
    assert sick.exit_code == 1
    assert "FAIL  index: " in sick.output
    assert "search rebuild" in sick.output
    run("search", "rebuild")
    well = run("doctor")
    assert well.exit_code == 0, well.output
    assert "FAIL" not in well.output
    for subject in ("configuration", "database", "migrations", "index", "mail", "disk", "libraries"):
        assert subject in well.output


def _is_at(revision: str | None) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def test_the_doctor_finds_an_old_database(run: Run, session: Session) -> None:
    _is_at("0000")
    result = run("doctor")
    assert result.exit_code == 1
    assert "FAIL  migrations: The database is at 0000" in result.output
    _is_at(newest_revision())


def test_a_database_of_newer_code_is_told_of(run: Run, session: Session) -> None:
    session.close()
    _is_at("9999")
    try:
        with pytest.raises(UpgradeError, match=r"9999.* of newer code"):
            upgrade()
        result = run("db", "upgrade")
        assert result.exit_code != 0
        assert "9999" in result.output
    finally:
        _is_at(newest_revision())


def test_the_tables_are_taken_back_and_forward_again(run: Run, session: Session) -> None:
    session.close()
    newest = newest_revision()
    assert run("db", "downgrade", "-1").exit_code == 0
    assert present_revision() != newest
    assert run("db", "upgrade").exit_code == 0
    assert present_revision() == newest
