"""What readers do with a deed: variants, kept deeds, requests, history."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core import clock
from tori.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import history, keeping, requests, service, variants
from tori.deeds.content import content_of
from tori.models.deeds import Adoption, Deed, DeedStatus
from tori.models.operations import Notification, OutboxMail
from tori.models.people import Role, User
from tori.models.reading import ReaderRequest, SavedDeed
from tori.policy import ANONYMOUS, Actor

PAGE_BUDGET = 15
WHO_READS = 9
"""The session, the person with memberships, whether they write along, and what they have done with the deed."""
NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def author(make: Factory) -> User:
    user: User = make.user(organisation=make.organisation("Nokian kaupunki"), display_name="Nokian kehittäjä")
    return user


@pytest.fixture
def reader(make: Factory) -> User:
    user: User = make.user(organisation=make.organisation("Raahen kaupunki"), display_name="Raahen lukija")
    return user


@pytest.fixture
def deed(make: Factory, author: User) -> Deed:
    row: Deed = make.deed(
        organisation_id=author.memberships[0].organisation_id, author_id=author.id, need="Istuimme liikaa."
    )
    return row


def renew(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


def story(user: User, **changes: str) -> variants.VariantStory:
    organisation = user.memberships[0].organisation
    values = {"title": "Kävely Raahessa", "summary": "Kävelemme.", "language": "fi", "changed": "Rannalla.", **changes}
    return variants.VariantStory(organisation=organisation, **values)


def notices(session: Session, user: User) -> list[str]:
    return list(
        session.scalars(select(Notification.kind).where(Notification.user_id == user.id).order_by(Notification.id))
    )


# Variants


def test_a_variant_asks_only_for_differences_and_keeps_its_model(
    session: Session, make: Factory, deed: Deed, reader: User
) -> None:
    deed.themes = [make.theme()]
    session.commit()
    with transaction():
        variant = variants.begin(session, Actor(reader), deed, story(reader, reason="Meri.", results="Hyvä."), "n1")
        again = variants.begin(session, Actor(reader), deed, story(reader), "n1")
    assert again.id == variant.id
    assert (variant.parent_id, variant.status) == (deed.id, DeedStatus.DRAFT)
    assert (variant.implementation, variant.need, variant.results) == ("Rannalla.", "Meri.", "Hyvä.")
    assert (variant.sector_id, variant.themes) == (deed.sector_id, deed.themes)
    assert session.scalar(select(func.count()).select_from(Adoption)) == 0


def test_publishing_a_variant_records_the_adoption_once(
    session: Session, deed: Deed, reader: User, author: User
) -> None:
    actor = Actor(reader)
    with transaction():
        first = variants.begin(session, actor, deed, story(reader))
        service.publish(session, actor, first)
        second = variants.begin(session, actor, deed, story(reader, title="Toinen"))
        service.publish(session, actor, second)
    adoption = session.scalars(select(Adoption)).one()
    assert (adoption.closeness, adoption.user_id) == ("adapted", reader.id)
    assert session.get_one(Deed, deed.id).adoption_count == 1
    assert notices(session, author) == ["adopted", "variant", "variant"]


def test_a_variant_of_an_own_deed_is_no_adoption(session: Session, deed: Deed, author: User) -> None:
    with transaction():
        variant = variants.begin(session, Actor(author), deed, story(author))
        service.publish(session, Actor(author), variant)
    assert session.scalar(select(func.count()).select_from(Adoption)) == 0
    assert variants.family_of(session, deed, "fi").children[0].id == variant.id


def test_nobody_makes_a_variant_of_a_draft_or_without_an_organisation(
    session: Session, make: Factory, deed: Deed, reader: User
) -> None:
    with pytest.raises(RuleBroken):
        variants.begin(session, Actor(reader), deed, story(reader, changed=" "))
    with pytest.raises(NotAllowed):
        variants.begin(session, ANONYMOUS, deed, story(reader))
    with pytest.raises(NotAllowed):
        variants.begin(session, Actor(make.user()), deed, story(reader))
    deed.status = DeedStatus.DRAFT
    with pytest.raises(NotFound):
        variants.begin(session, Actor(reader), deed, story(reader))


def test_the_form_is_prefilled_and_publishes(
    browser: Browser, deed: Deed, reader: User, session: Session, client: FlaskClient
) -> None:
    browser.sign_in(reader)
    page = browser.get(f"/teot/{deed.id}/pohjaksi").text
    assert f'value="{deed.title}"' in page
    form = {"title": "Kävely Raahessa", "summary": "Kävelemme.", "language": "fi", "form_number": "abc",
            "organisation": reader.memberships[0].organisation_id}  # fmt: skip
    bad = browser.post(f"/teot/{deed.id}/pohjaksi", {**form, "changed": "", "action": "publish"})
    assert bad.status_code == 422
    assert 'href="#changed"' in bad.text
    answer = browser.post(f"/teot/{deed.id}/pohjaksi", {**form, "changed": "Rannalla.", "action": "publish"})
    assert answer.status_code == 303
    variant = renew(session).scalars(select(Deed).where(Deed.parent_id == deed.id)).one()
    assert answer.location.endswith(f"/teot/{variant.id}/kiitos")
    assert "Kävely Raahessa" in client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert deed.title in client.get(f"/teot/{variant.id}-{variant.slug}").text


def test_visitors_are_led_through_signing_in(client: FlaskClient, deed: Deed) -> None:
    for rest in ("pohjaksi", "talleta", "haluan-tietaa"):
        answer = client.get(f"/teot/{deed.id}/{rest}")
        assert (answer.status_code, answer.location) == (302, f"/kirjaudu?next=/teot/{deed.id}/{rest}")


def test_the_family_tree_leaves_out_what_is_not_public(session: Session, make: Factory, client: FlaskClient) -> None:
    root = make.deed("Juuri")
    hidden = make.deed("Salainen luonnos", parent_id=root.id, status=DeedStatus.DRAFT)
    grandchild = make.deed("Lapsenlapsi", parent_id=hidden.id)
    make.deed("Muu teko")
    tree = variants.tree_of(session, grandchild, "fi")
    assert [branch.deed.title for branch in tree] == ["Juuri"]
    assert [branch.deed.title for branch in tree[0].children] == ["Lapsenlapsi"]
    page = client.get(f"/teot/{root.id}/sukupuu").text
    assert "Lapsenlapsi" in page
    assert "Salainen" not in page
    assert "Muu teko" not in page


def test_a_ring_of_an_import_is_cut_open(session: Session, make: Factory) -> None:
    first = make.deed("Ensimmäinen")
    second = make.deed("Toinen", parent_id=first.id)
    first.parent_id = second.id
    session.commit()
    tree = variants.tree_of(session, second, "fi")
    assert [branch.deed.title for branch in tree] == ["Toinen"]
    assert [branch.deed.title for branch in tree[0].children] == ["Ensimmäinen"]
    assert tree[0].children[0].children == []


# Kept deeds


def test_a_press_keeps_a_deed_and_another_lets_it_go(
    browser: Browser, deed: Deed, reader: User, session: Session, author: User, app: Flask
) -> None:
    browser.sign_in(reader)
    for _press in range(2):
        assert browser.post(f"/teot/{deed.id}/talleta").status_code == 303
    assert len(renew(session).scalars(select(SavedDeed)).all()) == 1
    note = {"note": "Kysy <esihenkilöltä>", "list_name": "Syksyn kokous"}
    assert browser.post(f"/oma/tallennetut/{deed.id}", note).status_code == 303
    page = browser.get("/oma/tallennetut").text
    assert "Syksyn kokous" in page
    assert "Kysy &lt;esihenkilöltä&gt;" in page
    own = Browser(app).sign_in(author)
    assert "1 reader has saved this deed." in own.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert "esihenkilöltä" not in own.get(f"/en/teot/{deed.id}-{deed.slug}").text
    answer = browser.post(f"/teot/{deed.id}/talleta/poista", headers={"X-Requested-With": "fetch"})
    assert "data-press-target" in answer.text
    assert renew(session).scalars(select(SavedDeed)).all() == []


def test_notes_are_written_only_to_own_kept_deeds(session: Session, deed: Deed, reader: User, author: User) -> None:
    with transaction():
        keeping.keep(session, Actor(reader), deed)
    with pytest.raises(NotFound):
        keeping.write_note(session, Actor(author), deed.id, "x", "")
    with pytest.raises(RuleBroken):
        keeping.write_note(session, Actor(reader), deed.id, "x" * 4001, "")
    with pytest.raises(NotAllowed):
        keeping.keep(session, ANONYMOUS, deed)


def test_a_kept_deed_that_was_taken_back_is_not_listed(session: Session, deed: Deed, reader: User) -> None:
    with transaction():
        keeping.keep(session, Actor(reader), deed)
        deed.status = DeedStatus.WITHDRAWN
    assert keeping.kept_by(session, Actor(reader), "fi") == {}
    with transaction():
        keeping.let_go(session, Actor(reader), deed.id)
    assert not keeping.is_kept(session, Actor(reader), deed.id)


# Readers' requests


def test_a_reader_asks_once_for_an_empty_part(session: Session, deed: Deed, reader: User) -> None:
    actor = Actor(reader)
    with transaction():
        requests.ask(session, actor, deed, "results")
        requests.ask(session, actor, deed, "results")
        requests.ask(session, actor, deed, "costs")
    assert requests.counts(session, deed.id) == {"results": 1, "costs": 1}
    for part in ("need", "title"):
        with pytest.raises(RuleBroken):
            requests.ask(session, actor, deed, part)
    with transaction():
        requests.take_back(session, actor, deed, "costs")
    assert requests.counts(session, deed.id) == {"results": 1}
    with pytest.raises(NotAllowed):
        requests.ask(session, ANONYMOUS, deed, "results")


def test_a_story_told_without_stages_has_no_empty_stages(make: Factory) -> None:
    told = make.deed(body="Kaikki kerrottiin tässä.")
    assert requests.empty_parts(told) == ["lessons", "applicability", "costs", "indicators"]


def test_the_page_asks_and_the_author_sees_the_count(
    browser: Browser, deed: Deed, reader: User, author: User, app: Flask
) -> None:
    browser.sign_in(reader)
    answer = browser.post(
        f"/en/teot/{deed.id}/haluan-tietaa", {"part": "results"}, headers={"X-Requested-With": "fetch"}
    )
    assert 'aria-pressed="true"' in answer.text
    own = Browser(app).sign_in(author)
    page = own.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert "Readers would like to know:" in page
    assert 'id="haluan-tietaa"' not in page
    assert "Readers would like to know" in own.get("/en/oma").text


def test_whoever_asked_hears_when_the_part_is_told(session: Session, deed: Deed, reader: User, author: User) -> None:
    from dataclasses import replace

    with transaction():
        for part in ("results", "lessons", "goals"):
            requests.ask(session, Actor(reader), deed, part)
    with transaction():
        content = replace(content_of(deed), results="Hyvä tulos.", lessons="Aloita heti.")
        service.edit(session, Actor(author), deed, content, deed.version)
    assert notices(session, reader) == ["answered"]
    assert requests.counts(session, deed.id) == {"goals": 1}


def test_the_author_is_told_at_most_monthly_in_one_mail(
    app: Flask, session: Session, make: Factory, deed: Deed, reader: User, author: User
) -> None:
    config, author.locale = app.extensions["tori"], "en"
    other = make.deed("Toinen teko", organisation_id=deed.organisation_id, author_id=author.id)
    with transaction():
        requests.ask(session, Actor(reader), deed, "results")
        requests.ask(session, Actor(reader), other, "need")
    with clock.frozen(NOON):
        assert requests.tell_authors(config) == 1
        assert requests.tell_authors(config) == 0
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.recipient == author.email
    assert "Toinen teko" in mail.body_text
    assert f"/teot/{deed.id}/muokkaa" in mail.body_text
    assert notices(session, author) == ["wanted", "wanted"]
    with transaction():
        requests.ask(session, Actor(make.user(organisation=make.organisation())), deed, "results")
    with clock.frozen(NOON + timedelta(days=29)):
        assert requests.tell_authors(config) == 0
    with clock.frozen(NOON + timedelta(days=31)):
        assert requests.tell_authors(config) == 1
    latest = session.scalars(select(OutboxMail.body_text).order_by(OutboxMail.id.desc())).first()
    assert latest is not None
    assert "Results: 2 readers" in latest
    with clock.frozen(NOON + timedelta(days=90)):
        assert requests.tell_authors(config) == 0


def test_contact_persons_are_told_when_the_author_is_gone(
    app: Flask, session: Session, make: Factory, deed: Deed, reader: User, author: User
) -> None:
    steward = make.user(organisation=author.memberships[0].organisation, steward=True)
    author.disabled_at = clock.now()
    session.commit()
    with transaction():
        requests.ask(session, Actor(reader), deed, "results")
    assert requests.tell_authors(app.extensions["tori"]) == 1
    assert session.scalars(select(OutboxMail.recipient)).all() == [steward.email]


def test_requests_go_with_their_reader(session: Session, deed: Deed, reader: User) -> None:
    with transaction():
        requests.ask(session, Actor(reader), deed, "results")
        keeping.keep(session, Actor(reader), deed)
    with transaction():
        session.delete(reader)
    assert session.scalar(select(func.count()).select_from(ReaderRequest)) == 0
    assert session.scalar(select(func.count()).select_from(SavedDeed)) == 0


# History


@pytest.fixture
def edited(session: Session, make: Factory, author: User) -> Deed:
    """Three versions: a draft, its publishing form, an edit after publishing."""
    from dataclasses import replace

    from tori.deeds.content import DeedContent

    actor, organisation, sector = Actor(author), author.memberships[0].organisation, make.sector()
    with clock.frozen(NOON), transaction():
        content = DeedContent(
            title="Kävely",
            summary="Salainen luonnos.",
            organisation=organisation,
            sector=sector,
            first_steps=("Kysy.",),
        )
        deed = service.write_draft(session, actor, content)
    with clock.frozen(NOON + timedelta(hours=1)), transaction():
        service.edit(session, actor, deed, replace(content_of(deed), summary="Julkinen tiivistelmä."), 1)
        service.publish(session, actor, deed)
    with clock.frozen(NOON + timedelta(days=1)), transaction():
        service.edit(session, actor, deed, replace(content_of(deed), results="Uusi <b>tulos</b>.", first_steps=()), 2)
    return deed


def test_z19_readers_see_days_and_fields_but_no_texts_of_old_versions(
    edited: Deed, client: FlaskClient, browser: Browser, reader: User
) -> None:
    visitor = client.get(f"/en/teot/{edited.id}/historia")
    assert "What changed: Results, Try this first" in " ".join(visitor.text.split())
    assert "Published" in visitor.text
    browser.sign_in(reader)
    for path in (f"/en/teot/{edited.id}/historia", f"/en/teot/{edited.id}-{edited.slug}", f"/api/v1/deeds/{edited.id}"):
        assert "Salainen luonnos" not in browser.get(path).text
    assert "Nokian kehittäjä" not in visitor.text
    assert "Show the differences" not in visitor.text
    for asker in (client, browser):
        answer = asker.get(f"/teot/{edited.id}/historia?versio=2")
        assert answer.status_code in (302, 403)
        assert "Salainen" not in answer.text
    assert browser.post(f"/teot/{edited.id}/historia/1/palauta", {"version": 3}).status_code == 403


def test_the_maker_sees_differences_by_words(edited: Deed, browser: Browser, author: User) -> None:
    browser.sign_in(author)
    page = browser.get(f"/en/teot/{edited.id}/historia?versio=2").text
    assert "<del>Salainen luonnos</del>" in page
    assert "<ins>Julkinen tiivistelmä</ins>" in page
    newest = browser.get(f"/en/teot/{edited.id}/historia?versio=3").text
    assert "<ins>Uusi &lt;b&gt;tulos&lt;/b&gt;.</ins>" in newest
    assert browser.get(f"/en/teot/{edited.id}/historia?versio=99").status_code == 404


def test_names_are_for_editors_and_the_own_organisation(
    session: Session, make: Factory, edited: Deed, author: User
) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    assert history.versions_of(session, editor, edited, "fi")[0].editor == "Nokian kehittäjä"
    author.memberships.clear()
    steward = make.user(organisation=make.organisation("Toinen"), steward=True)
    session.commit()
    assert history.versions_of(session, Actor(steward), edited, "fi")[0].editor == ""


def test_an_older_version_is_taken_into_use_again(session: Session, edited: Deed, author: User) -> None:
    with pytest.raises(Conflict):
        history.restore_version(session, Actor(author), edited, 1, 2)
    session.rollback()
    with transaction():
        history.restore_version(session, Actor(author), edited, 1, 3)
    assert (edited.version, edited.summary, edited.results) == (4, "Salainen luonnos.", "")
    assert edited.first_steps == ["Kysy."]
    assert edited.status == DeedStatus.PUBLISHED


def test_every_field_comes_back_as_it_was(session: Session, make: Factory, author: User) -> None:
    from tests.exchange.lines import WHOLE
    from tori.deeds.content import as_record

    make.sector("opetus-ja-kasvatus", "opetus")
    for name in ("kokeilukulttuuri", "työn ilo"):
        make.theme(name)
    deed = make.deed(author_id=author.id)
    line = {key: value for key, value in WHOLE.items() if key not in ("campaign", "organisation")}
    content = history.content_from_line(session, deed, line)
    with transaction():
        service.edit(session, Actor(author), deed, content, deed.version)
    kept = as_record(deed)
    for key in set(line) - {"external_id", "organisation_type", "municipality", "region", "published_on", "related",
                            "editor_note"}:  # fmt: skip
        assert kept[key] == line[key], key


def test_the_page_of_a_deed_stays_within_its_statements(
    app: Flask, make: Factory, deed: Deed, browser: Browser, client: FlaskClient, reader: User
) -> None:
    parent = make.deed("Malli")
    for number in range(6):
        make.deed(f"Muunnelma {number}", parent_id=deed.id)
    deed.parent_id = parent.id
    make.session.commit()
    path = f"/teot/{deed.id}-{deed.slug}"
    browser.sign_in(reader)
    for asker, more in ((client, 0), (browser, WHO_READS)):
        with counted_queries(app) as statements:
            assert asker.get(path).status_code == 200
        assert len(statements) <= PAGE_BUDGET + more, "\n".join(statements)


def test_the_page_of_a_deed_leads_once_to_its_history_and_calls_it_yours_only_when_it_is(
    make: Factory, browser: Browser
) -> None:
    organisation = make.organisation("Nokian kaupunki")
    author = make.user(organisation=organisation)
    deed = make.deed("Kävelevä palaveri", author_id=author.id, organisation_id=organisation.id)
    draft = make.deed("Luonnos", author_id=author.id, organisation_id=organisation.id, status=DeedStatus.DRAFT)
    browser.sign_in(make.user(role=Role.EDITOR))
    page = browser.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert "Around the deed" in page
    assert "Your deed" not in page
    browser.sign_in(author)
    page = browser.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert "Your deed" in page
    assert page.count(f'/teot/{deed.id}/historia"') == 1
    assert browser.get(f"/en/teot/{draft.id}-{draft.slug}").text.count(f'/teot/{draft.id}/historia"') == 1
