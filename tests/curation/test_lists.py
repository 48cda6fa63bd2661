"""Making and keeping TOP lists: the service."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import candidates, lists, queries
from tori.curation.candidates import Ground
from tori.curation.lists import ListTexts, Placed
from tori.database import transaction
from tori.follows import service as follows
from tori.models.campaigns import TopList
from tori.models.deeds import Deed, DeedStatus
from tori.models.follows import Followed
from tori.models.operations import AuditEntry, Notification
from tori.models.people import Role
from tori.policy import Actor


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


def made(session: Session, editor: Actor, deeds: list[Deed], title: str = "Päiväkodit") -> TopList:
    with transaction():
        row = lists.create(session, editor, title)
        lists.arrange(session, editor, row, [Placed(deed.id, f"Peruste {deed.id}") for deed in deeds])
    return row


def test_a_list_keeps_its_order_and_reasons_and_every_version(session: Session, make: Factory, editor: Actor) -> None:
    first, second = make.deed("Eka"), make.deed("Toka")
    row = made(session, editor, [first, second])
    with transaction():
        lists.arrange(session, editor, row, [Placed(second.id, "Uusi peruste"), Placed(first.id, "Vanha")])
    session.expire_all()
    assert [(item.position, item.deed_id, item.reason) for item in row.items] == [
        (1, second.id, "Uusi peruste"),
        (2, first.id, "Vanha"),
    ]
    kept = lists.versions(session, row)
    assert [version.number for version in kept] == [3, 2, 1]
    with transaction():
        lists.restore(session, editor, row, 2)
    session.expire_all()
    assert [item.deed_id for item in row.items] == [first.id, second.id]
    assert row.version == 4


def test_the_same_again_makes_no_version(session: Session, make: Factory, editor: Actor) -> None:
    row = made(session, editor, [make.deed()])
    with transaction():
        lists.arrange(session, editor, row, lists.placed(row))
        lists.edit(session, editor, row, ListTexts(row.title))
    assert row.version == 2


def test_publishing_asks_a_deed_and_a_reason_for_each(session: Session, make: Factory, editor: Actor) -> None:
    row = made(session, editor, [])
    with pytest.raises(RuleBroken, match="list_empty"), transaction():
        lists.publish(session, editor, row)
    deed = make.deed()
    with transaction():
        lists.add(session, editor, row, deed.id)
    with pytest.raises(RuleBroken, match="list_reason_missing") as caught, transaction():
        lists.publish(session, editor, row)
    assert caught.value.field == f"peruste-{deed.id}"
    with transaction():
        lists.arrange(session, editor, row, [Placed(deed.id, "Toimii")])
        lists.publish(session, editor, row)
    assert [found.id for found in queries.published_lists(session)] == [row.id]


def test_a_last_day_that_is_over_is_told_at_once(session: Session, make: Factory, editor: Actor) -> None:
    row, yesterday = made(session, editor, [make.deed()]), clock.today() - timedelta(days=1)
    with pytest.raises(RuleBroken, match="day_over"), transaction():
        lists.edit(session, editor, row, ListTexts("Päiväkodit", expires_on=yesterday))
    row.expires_on = yesterday
    session.commit()
    with transaction():
        lists.edit(session, editor, row, ListTexts("Uusi nimi", expires_on=yesterday))
    assert row.title == "Uusi nimi", "the texts of a list of old are still put right"


def test_a_list_comes_and_goes_by_itself(session: Session, make: Factory, editor: Actor) -> None:
    row = made(session, editor, [make.deed()])
    with transaction():
        lists.edit(session, editor, row, ListTexts("Päiväkodit", expires_on=clock.today() + timedelta(days=3)))
        lists.publish(session, editor, row, clock.now() + timedelta(days=1))
    assert queries.published_lists(session) == []
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert queries.published_lists(session) == [row]
    with clock.frozen(clock.now() + timedelta(days=5)):
        assert queries.published_lists(session) == []
        assert queries.list_of(session, row.slug) is row, "the address goes on working"


def test_only_public_deeds_come_to_a_list(session: Session, make: Factory, editor: Actor) -> None:
    row = made(session, editor, [])
    for deed_id in (make.deed(status=DeedStatus.DRAFT).id, 9999):
        with pytest.raises(RuleBroken, match="unknown_deed"), transaction():
            lists.add(session, editor, row, deed_id, "x")
    deed = make.deed()
    with pytest.raises(RuleBroken, match="already_on_list"), transaction():
        lists.arrange(session, editor, row, [Placed(deed.id), Placed(deed.id)])


def test_a_keeper_keeps_the_own_list_and_nothing_else(session: Session, make: Factory, editor: Actor) -> None:
    deed = make.deed()
    own, other = made(session, editor, [deed]), made(session, editor, [deed], "Koulut")
    person = make.user("verkosto@example.org")
    with transaction():
        lists.add_keeper(session, editor, own, " Verkosto@example.org ")
    with pytest.raises(RuleBroken, match="keeper_already"), transaction():
        lists.add_keeper(session, editor, own, person.email)
    keeper = Actor(person)
    with transaction():
        lists.arrange(session, keeper, own, [Placed(deed.id, "Verkoston valinta")])
        lists.publish(session, keeper, own)
    with pytest.raises(NotAllowed), transaction():
        lists.publish(session, keeper, other)
    with pytest.raises(NotAllowed), transaction():
        lists.create(session, keeper, "Oma")
    with transaction():
        lists.remove_keeper(session, editor, own, person.id)
    with pytest.raises(NotAllowed), transaction():
        lists.hide(session, keeper, own)


def test_followers_hear_of_new_deeds_of_a_public_list(session: Session, make: Factory, editor: Actor) -> None:
    row = made(session, editor, [make.deed()])
    reader = make.user()
    with transaction():
        lists.publish(session, editor, row)
        follows.follow(session, Actor(reader), Followed.TOP_LIST, row.id)
    with transaction():
        lists.edit(session, editor, row, ListTexts("Päiväkotien parhaat"))
    assert session.scalars(select(Notification)).all() == []
    new = make.deed("Uusi")
    with transaction():
        lists.add(session, editor, row, new.id, "Hyvä")
    told = session.scalars(select(Notification)).one()
    assert (told.user_id, told.kind, told.address) == (reader.id, "list_changed", f"/toplistat/{row.slug}")


def test_every_change_is_in_the_log(session: Session, make: Factory, editor: Actor) -> None:
    row = made(session, editor, [make.deed()])
    with transaction():
        lists.publish(session, editor, row)
        lists.hide(session, editor, row)
        keeper = lists.add_keeper(session, editor, row, make.user("v@example.org").email)
        lists.remove_keeper(session, editor, row, keeper.id)
    names = session.scalars(select(AuditEntry.event).where(AuditEntry.actor_id == editor.id)).all()
    assert names == [
        "TopListChanged", "TopListChanged", "TopListPublished", "TopListHidden", "ListKeeperAdded", "ListKeeperRemoved",
    ]  # fmt: skip


def test_two_lists_of_one_name_have_their_own_addresses(session: Session, editor: Actor) -> None:
    slugs = {made(session, editor, [], title).slug for title in ("Koulut", "Koulut", "Organisaatiot")}
    assert slugs == {"koulut", "koulut-2", "organisaatiot-2"}


def test_candidates_spread_and_leave_out_the_crowded(session: Session, make: Factory, editor: Actor) -> None:
    theme = make.theme("ruokahävikki")
    north = make.region("Lappi", "19")
    own = make.deed("Listalla", [theme])
    far = make.deed(
        "Kaukana", [theme], organisation_id=make.organisation(region_id=north.id).id, adoption_count=2,
        published_at=clock.now(),
    )  # fmt: skip
    near = make.deed("Lähellä", [theme])
    crowded = make.deed("Kaikilla", [theme], adoption_count=50)
    make.deed("Muuta asiaa")
    make.deed("Luonnos", [theme], status=DeedStatus.DRAFT)
    make.deed("Arkistossa", [theme], status=DeedStatus.ARCHIVED)
    for number in range(candidates.MOST_LISTS):
        with transaction():
            lists.publish(session, editor, made(session, editor, [crowded], f"Lista {number}"))
    row = made(session, editor, [own])
    found = candidates.suggest(session, row, [])
    assert [candidate.deed_id for candidate in found] == [far.id, near.id]
    assert set(found[0].grounds) == {Ground.ADOPTED, Ground.FRESH, Ground.REGION}


def test_ties_share_a_place_and_are_shown_whole(session: Session, make: Factory) -> None:
    for number, deeds in enumerate((3, 2, 2, 1, 1, 1, 1)):
        organisation = make.organisation(f"Kunta {chr(65 + number)}")
        for _turn in range(deeds):
            make.deed(organisation_id=organisation.id)
    counted = queries.most_deeds(session, 5)
    assert [count for row, count in counted] == [3, 2, 2, 1, 1, 1, 1]
    assert queries.ranks([count for row, count in counted]) == [1, 2, 2, 4, 4, 4, 4]
