"""Deeds from lines: all or nothing, updates by external_id, names looked up or made."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.exchange.lines import line, whole
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core import clock
from tori.core.errors import NotAllowed
from tori.core.events import DeedImported
from tori.exchange.format import as_line
from tori.exchange.importing import ImportOptions, ImportReport, import_deeds
from tori.models.deeds import Deed, DeedRevision, DeedStatus, Theme
from tori.models.operations import AuditEntry, IndexTask
from tori.models.people import Organisation
from tori.policy import SYSTEM, Actor


def take(session: Session, *lines: str | bytes, **options: bool) -> ImportReport:
    report = import_deeds(session, SYSTEM, lines, ImportOptions(**options))
    session.commit()
    session.expire_all()
    return report


def count(session: Session, model: type = Deed) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def only_deed(session: Session) -> Deed:
    return session.scalars(select(Deed)).one()


def bad(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(row.number, problem.field, problem.code) for row in report.bad for problem in row.problems]


def test_a_whole_line_becomes_a_published_deed(vocabulary: Session) -> None:
    report = take(vocabulary, whole(related=None))
    assert (report.created, report.updated, report.bad) == (1, 0, [])
    deed = only_deed(vocabulary)
    assert deed.status == DeedStatus.PUBLISHED
    assert deed.slug == "kokeilupaja-koulun-pihalla"
    assert "<strong>" in deed.rendered["need"]
    assert deed.published_at is not None
    # The night when clocks move: midnight in Finland is not midnight in UTC.
    assert clock.in_finland(deed.published_at).date() == date(2026, 3, 29)
    assert {theme.slug for theme in deed.themes} == {"kokeilukulttuuri", "tyon-ilo"}
    assert deed.organisation.municipality is not None
    assert deed.organisation.municipality.code == "536"
    assert deed.organisation.kind == "kunta"


def test_what_follows_happens_once_for_each_deed(vocabulary: Session) -> None:
    take(vocabulary, line(external_id="a"), line(external_id="b"))
    assert count(vocabulary, IndexTask) == 2
    events = vocabulary.scalars(select(AuditEntry).where(AuditEntry.event == DeedImported.__name__)).all()
    assert len(events) == 2
    assert count(vocabulary, DeedRevision) == 2


def test_one_bad_line_keeps_the_whole_file_out(vocabulary: Session) -> None:
    report = take(vocabulary, line(), "", line(sector="avaruus"), line(title=""))
    assert report.refused
    assert bad(report) == [(3, "sector", "unknown_sector"), (4, "title", "missing")]
    assert count(vocabulary) == 0


def test_a_wrong_row_near_the_end_of_many_writes_nothing_and_again_is_harmless(vocabulary: Session) -> None:
    """U12, with fewer rows: the dry run shows it, nothing is written, and the mended file can be taken twice."""
    rows = [line(external_id=f"teko-{number}") for number in range(500)]
    broken = [*rows[:498], line(external_id="teko-498", sector="x"), rows[499]]
    assert bad(take(vocabulary, *broken, dry_run=True)) == [(499, "sector", "unknown_sector")]
    assert take(vocabulary, *broken).refused
    assert count(vocabulary) == 0
    assert take(vocabulary, *rows).created == 500
    assert take(vocabulary, *rows).unchanged == 500
    assert count(vocabulary) == 500


def test_good_lines_of_a_bad_file_can_be_taken(vocabulary: Session) -> None:
    report = take(vocabulary, line(), "{", line(title="Toinen"), keep_going=True)
    assert (report.created, report.refused, bad(report)) == (2, False, [(2, "", "not_json")])
    assert count(vocabulary) == 2


def test_an_unknown_sector_lists_the_eight(app: Flask, vocabulary: Session) -> None:
    report = take(vocabulary, line(sector="avaruus"))
    sentence = report.bad[0].problems[0].sentence()
    assert "avaruus" in sentence
    assert sentence.count(",") == 7
    assert "ruoka-ja-siivouspalvelut" in sentence


@pytest.mark.parametrize("name", ["opetus-ja-kasvatus", "Opetus ja kasvatus", "OPETUS JA KASVATUS"])
def test_a_sector_goes_by_slug_or_name(vocabulary: Session, name: str) -> None:
    take(vocabulary, line(sector=name))
    assert only_deed(vocabulary).sector.slug == "opetus-ja-kasvatus"


def test_the_same_again_changes_nothing(vocabulary: Session) -> None:
    rows = (whole(related=None), line(external_id="b", part_of="pihan-kokeilupaja"))
    take(vocabulary, *rows)
    before = [(deed.id, deed.version, deed.updated_at) for deed in vocabulary.scalars(select(Deed))]
    tasks = count(vocabulary, IndexTask)
    report = take(vocabulary, *rows)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert [(deed.id, deed.version, deed.updated_at) for deed in vocabulary.scalars(select(Deed))] == before
    assert count(vocabulary, IndexTask) == tasks


def test_a_known_external_id_is_updated_and_what_is_left_out_is_emptied(vocabulary: Session) -> None:
    take(vocabulary, whole())
    first = only_deed(vocabulary)
    deed_id, published_at = first.id, first.published_at
    report = take(vocabulary, line(external_id="pihan-kokeilupaja", title="Uusi nimi"))
    assert report.updated == 1
    deed = only_deed(vocabulary)
    assert (deed.id, deed.title, deed.slug, deed.version) == (deed_id, "Uusi nimi", "uusi-nimi", 2)
    assert (deed.need, deed.themes, deed.indicators, deed.funder, deed.editor_note) == ("", [], [], "", "")
    assert deed.published_at == published_at
    assert [row.version for row in vocabulary.scalars(select(DeedRevision).order_by(DeedRevision.version))] == [1, 2]


def test_an_update_without_a_status_brings_nothing_back(vocabulary: Session) -> None:
    take(vocabulary, line(external_id="a"))
    only_deed(vocabulary).status = DeedStatus.WITHDRAWN
    vocabulary.commit()
    take(vocabulary, line(external_id="a", title="Uusi nimi"))
    assert only_deed(vocabulary).status == DeedStatus.WITHDRAWN


def test_lines_without_an_external_id_are_new_each_time(vocabulary: Session) -> None:
    take(vocabulary, line())
    take(vocabulary, line())
    assert count(vocabulary) == 2


def test_the_same_external_id_twice_in_a_file_is_an_error(vocabulary: Session) -> None:
    assert bad(take(vocabulary, line(external_id="a"), line(external_id="a"))) == [(2, "external_id", "repeated_id")]


def test_organisations_are_found_by_name_or_slug_and_made_once(vocabulary: Session, make: Factory) -> None:
    known = make.organisation("Raahen kaupunki", name_sv="Brahestad")
    take(
        vocabulary,
        line(organisation="raahen  KAUPUNKI"),
        line(organisation="raahen-kaupunki"),
        line(organisation="Brahestad"),
        line(organisation="Uusi Oy", organisation_type="kuntayhtio", municipality="Åbo"),
        line(organisation="Uusi Oy"),
        line(organisation="Uusi oy!"),
    )
    names = list(vocabulary.scalars(select(Organisation.slug).order_by(Organisation.id)))
    assert names == [known.slug, "uusi-oy", "uusi-oy-2"]
    made = vocabulary.scalars(select(Organisation).where(Organisation.slug == "uusi-oy")).one()
    assert made.kind == "kuntayhtio"
    assert made.municipality is not None
    assert made.municipality.name == "Turku"
    assert made.region is not None
    assert made.region.slug == "varsinais-suomi"


@pytest.mark.parametrize("key", ["municipality", "region"])
def test_a_new_organisation_must_be_in_a_known_place(vocabulary: Session, key: str) -> None:
    report = take(vocabulary, line(**{key: "Atlantis"}))
    assert bad(report) == [(1, key, f"unknown_{key}")]
    assert count(vocabulary, Organisation) == 0


def test_unknown_themes_are_made_and_known_ones_go_by_any_name(vocabulary: Session) -> None:
    before = count(vocabulary, Theme)
    take(
        vocabulary,
        line(themes=["Aivotyö", "Uusi aihe"]),
        line(themes=["uusi  AIHE", "brain work and cognitive ergonomics"]),
    )
    assert count(vocabulary, Theme) == before + 1
    assert {theme.slug for deed in vocabulary.scalars(select(Deed)) for theme in deed.themes} == {
        "aivotyo",
        "uusi-aihe",
    }


def test_an_unknown_campaign_is_an_error(vocabulary: Session) -> None:
    assert bad(take(vocabulary, line(campaign="ei-ole"))) == [(1, "campaign", "unknown_campaign")]


def test_a_day_that_has_not_come_is_an_error(vocabulary: Session) -> None:
    assert bad(take(vocabulary, line(published_on="2999-01-01"))) == [(1, "published_on", "future_day")]


def test_parts_find_their_whole_in_the_file_or_on_the_site(vocabulary: Session) -> None:
    take(vocabulary, line(external_id="osa", part_of="koko"), line(external_id="koko"))
    take(vocabulary, line(external_id="toinen", part_of="koko"))
    parts = {deed.external_id: deed.part_of and deed.part_of.external_id for deed in vocabulary.scalars(select(Deed))}
    assert parts == {"osa": "koko", "koko": None, "toinen": "koko"}


def test_a_part_of_nothing_is_an_error_also_when_its_whole_is_bad(vocabulary: Session) -> None:
    rows = (line(external_id="a", part_of="b"), line(external_id="b", part_of="c"), line(external_id="c", title=""),
            line(external_id="d", part_of="d"))  # fmt: skip
    assert bad(take(vocabulary, *rows, keep_going=True)) == [
        (1, "part_of", "unknown_deed"), (2, "part_of", "unknown_deed"), (3, "title", "missing"),
        (4, "part_of", "part_of_itself"),
    ]  # fmt: skip
    assert count(vocabulary) == 0


def test_a_draft_stays_hidden(vocabulary: Session) -> None:
    take(vocabulary, line(status="draft", published_on="2020-10-12"))
    deed = only_deed(vocabulary)
    assert (deed.status, deed.published_at) == (DeedStatus.DRAFT, None)


def test_what_people_have_edited_can_be_left_alone(vocabulary: Session, make: Factory) -> None:
    take(vocabulary, line(external_id="a"))
    deed = only_deed(vocabulary)
    editor = make.user()
    deed.version = 2
    vocabulary.add(DeedRevision(deed_id=deed.id, version=2, editor_id=editor.id, content=as_line(deed)))
    vocabulary.commit()
    assert take(vocabulary, line(external_id="a", title="Uusi"), keep_edited=True).unchanged == 1
    assert take(vocabulary, line(external_id="a", title="Uusi")).updated == 1


def test_a_dry_run_tells_and_writes_nothing(vocabulary: Session) -> None:
    take(vocabulary, line(external_id="a"), line(external_id="b"))
    organisations = count(vocabulary, Organisation)
    report = take(
        vocabulary,
        line(external_id="a"),
        line(external_id="b", title="Uusi"),
        line(external_id="c", organisation="Uusi Oy", themes=["uusi aihe"]),
        dry_run=True,
    )
    assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
    assert count(vocabulary) == 2
    assert count(vocabulary, Organisation) == organisations


def test_only_editors_import(vocabulary: Session, make: Factory) -> None:
    with pytest.raises(NotAllowed):
        import_deeds(vocabulary, Actor(make.user()), [line()])
    assert import_deeds(vocabulary, Actor(make.user(role="editor")), [line()]).created == 1


def test_progress_is_told_to_the_end(vocabulary: Session) -> None:
    told: list[tuple[int, int]] = []
    import_deeds(
        vocabulary, SYSTEM, [line() for _ in range(450)], progress=lambda done, total: told.append((done, total))
    )
    assert told == [(200, 450), (400, 450), (450, 450)]


def test_a_deed_costs_a_dozen_statements_however_many_there_are(app: Flask, vocabulary: Session) -> None:
    """How many deeds a second that makes is for `tests/benchmarks/bench_exchange.py`."""

    def statements(first: int, count: int) -> int:
        rows = [whole(external_id=f"teko-{first + number}", related=None) for number in range(count)]
        with counted_queries(app) as told:
            take(vocabulary, *rows)
        return len(told)

    few, many = statements(0, 50), statements(1000, 250)
    assert (many - few) / 200 <= 12


def test_a_variant_names_its_model(vocabulary: Session) -> None:
    take(
        vocabulary, line(external_id="muunnelma", variant_of="malli"), line(external_id="malli", first_steps=["Kysy."])
    )
    deeds = {deed.external_id: deed for deed in vocabulary.scalars(select(Deed))}
    assert deeds["muunnelma"].parent == deeds["malli"]
    assert deeds["malli"].first_steps == ["Kysy."]
    bad = import_deeds(
        vocabulary, SYSTEM, [line(external_id="x", variant_of="x"), line(external_id="y", variant_of="ei")]
    )
    assert [(row.number, row.problems[0].field, row.problems[0].code) for row in bad.bad] == [
        (1, "variant_of", "variant_of_itself"), (2, "variant_of", "unknown_deed"),
    ]  # fmt: skip
