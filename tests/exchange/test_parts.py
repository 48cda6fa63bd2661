"""Large files in parts, makers of a deed in the format."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.exchange.lines import line
from tests.factories import Factory
from tori.database import db
from tori.exchange import parts
from tori.exchange.exporting import export_lines, people_of
from tori.exchange.importing import ImportOptions, import_deeds
from tori.exchange.parts import import_in_parts
from tori.models.deeds import Deed
from tori.models.operations import Setting
from tori.models.people import Organisation, OrganisationKind
from tori.policy import SYSTEM


def file_of(folder: Path, *rows: str) -> Path:
    path = folder / "teot.jsonl"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def many(count: int, **more: Any) -> list[str]:
    """Every second deed is a part of the last one, which comes long after it."""
    return [
        line(external_id=f"t-{number}", title=f"Teko {number}", **({"part_of": f"t-{count - 1}"} if number % 2 else {}))
        for number in range(count - 1)
    ] + [line(external_id=f"t-{count - 1}", title="Koko", **more)]


def test_links_to_later_parts_are_tied_in_the_end(vocabulary: Session, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = file_of(tmp_path, *many(11))
    report = import_in_parts(SYSTEM, path, ImportOptions(), lambda *step: told.append(step), part=3)
    assert (report.created, report.bad) == (11, [])
    assert told == [(0, 11), (3, 11), (6, 11), (9, 11), (11, 11)]
    rows = list(export_lines(vocabulary))
    assert [json.loads(row).get("part_of") for row in rows] == ["t-10" if number % 2 else None for number in range(11)]
    assert vocabulary.scalar(select(func.count()).select_from(Setting).where(Setting.key.like("import:%"))) == 0
    again = import_in_parts(SYSTEM, path, ImportOptions(), part=4)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 11)


def test_a_broken_off_import_goes_on_where_it_was(
    vocabulary: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, *many(10))

    def pull_the_plug(done: int, total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_in_parts(SYSTEM, path, ImportOptions(), pull_the_plug, part=3)
    db.session.rollback()
    assert vocabulary.scalar(select(func.count()).select_from(Deed)) == 6
    vocabulary.rollback()
    report = import_in_parts(SYSTEM, path, ImportOptions(), part=3)
    assert (report.created, report.unchanged) == (4, 0)
    assert vocabulary.scalar(select(func.count()).select_from(Deed).where(Deed.part_of_id.is_not(None))) == 4


def test_bad_lines_stop_the_file_before_anything_is_written(vocabulary: Session, tmp_path: Path) -> None:
    path = file_of(tmp_path, *many(4), "{", line(external_id=None), line(external_id="t-1"),
                   line(external_id="x", part_of="ei-ole"))  # fmt: skip
    report = import_in_parts(SYSTEM, path, ImportOptions(), part=2)
    assert report.refused
    assert [(row.number, row.problems[0].code) for row in report.bad] == [
        (5, "not_json"), (6, "missing"), (7, "repeated_id"), (8, "unknown_deed"),
    ]  # fmt: skip
    assert vocabulary.scalar(select(func.count()).select_from(Deed)) == 0
    vocabulary.rollback()
    kept = import_in_parts(SYSTEM, path, ImportOptions(keep_going=True), part=2)
    assert (kept.created, kept.refused) == (4, False)


def test_the_command_takes_a_file_in_parts(app: Flask, vocabulary: Session, tmp_path: Path) -> None:
    path = file_of(tmp_path, *many(5))
    answer = app.test_cli_runner().invoke(args=["deeds", "import", "--in-parts", str(path)])
    assert answer.exit_code == 0, answer.output
    assert "5 created" in answer.output
    refused = app.test_cli_runner().invoke(args=["deeds", "import", "--in-parts", "--dry-run", str(path)])
    assert refused.exit_code == 2


def test_only_who_may_import_takes_parts(vocabulary: Session, make: Factory, tmp_path: Path) -> None:
    from tori.core.errors import NotAllowed
    from tori.policy import Actor

    with pytest.raises(NotAllowed):
        parts.import_in_parts(Actor(make.user()), file_of(tmp_path, line()), ImportOptions())


# Makers


def test_organisations_that_made_it_together_come_back(vocabulary: Session) -> None:
    rows = [
        line(
            external_id="yhdessa", organisation="Nokian kaupunki", co_organisations=["Raahen kaupunki", "Seutuyhtymä"]
        ),
        line(external_id="oma", organisation="Raahen kaupunki", organisation_type="kunta"),
    ]
    import_deeds(vocabulary, SYSTEM, rows)
    vocabulary.commit()
    first = list(export_lines(vocabulary))
    assert json.loads(first[0])["co_organisations"] == ["Raahen kaupunki", "Seutuyhtymä"]
    raahe = vocabulary.scalars(select(Organisation).where(Organisation.name == "Raahen kaupunki")).one()
    assert raahe.kind == OrganisationKind.MUNICIPALITY
    report = import_deeds(vocabulary, SYSTEM, first)
    assert (report.updated, report.unchanged) == (0, 2)
    assert (
        import_deeds(vocabulary, SYSTEM, [line(external_id="yhdessa", organisation="Nokian kaupunki")]).unchanged == 1
    )
    changed = import_deeds(
        vocabulary, SYSTEM, [line(external_id="yhdessa", organisation="Nokian kaupunki", co_organisations=[])]
    )
    assert changed.updated == 1
    vocabulary.commit()
    assert "co_organisations" not in json.loads(next(export_lines(vocabulary)))


def test_people_go_out_only_when_asked_and_come_back_to_their_accounts(session: Session, make: Factory) -> None:
    author, helper = make.user("tekija@example.org"), make.user("kaveri@example.org")
    deed = make.deed("Yhdessä", author_id=author.id, external_id="yhdessa")
    deed.co_authors = [helper]
    session.commit()
    assert "example.org" not in next(export_lines(session))
    (told,) = export_lines(session, tell_people=people_of)
    assert (json.loads(told)["author"], json.loads(told)["co_authors"]) == (author.email, [helper.email])
    assert import_deeds(session, SYSTEM, [told]).unchanged == 1
    session.expire_all()
    deed = session.scalars(select(Deed)).one()
    deed.author_id, deed.co_authors = None, []
    session.commit()
    row = json.loads(told) | {"co_authors": ["kaveri@example.org", "tuntematon@example.org"]}
    assert import_deeds(session, SYSTEM, [json.dumps(row)]).updated == 1
    session.commit()
    deed = session.scalars(select(Deed)).one()
    assert (deed.author_id, [person.id for person in deed.co_authors]) == (author.id, [helper.id])
