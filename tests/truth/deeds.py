"""The life of deeds: written, published, changed, taken up by others, taken off again; their pictures and files."""

import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from werkzeug.datastructures import FileStorage

from tests.campaigns.helpers import campaign_of
from tests.media import samples
from tests.truth.square import NOW, Square
from tori import wiring
from tori.deeds import (
    adoptions,
    alike,
    campaign_answers,
    drafts,
    form_steps,
    growing,
    history,
    keeping,
    lifecycle,
    links,
    moving,
    notes,
    peer_help,
    plans,
    quick_picture,
    readings,
    requests,
    review,
    saved_searches,
    search_log,
    service,
    team_looks,
    together,
    variants,
)
from tori.media import service as media
from tori.media import uploads
from tori.media.jobs import make_sizes
from tori.media.pictures import check_picture
from tori.media.storage import storage_of
from tori.models.campaigns import Campaign
from tori.models.deeds import Adoption
from tori.models.media import Attachment, Picture
from tori.models.writing import LinkKind

ALT = media.Description(alt="Ihmisiä rannalla", has_consent=True)


class SentForm(dict[str, Any]):
    """As much of the form as its picture takes."""

    def __init__(self, file: FileStorage) -> None:
        super().__init__(picture=file)
        self.picture = SimpleNamespace(data=file)


def running(on: Square) -> Campaign:
    return campaign_of(on.manager, ends_on=date(2026, 9, 30))


def writing(on: Square) -> None:
    author, editor = on.author, on.editor
    deed = on.do(service.write_draft, author, on.content("Lenkki ennen kokousta"))
    on.do(service.edit, author, deed, on.content("Lenkki ennen kokousta", summary="Kävellään ensin."), deed.version)
    on.do(service.publish, author, deed)
    on.do(service.edit, author, deed, on.content("Lenkki ja kokous", results="Aikaa säästyi."), deed.version)
    on.do(history.restore_version, author, deed, 1, deed.version)
    on.do(service.archive, author, deed)
    on.do(service.publish, author, deed)
    on.do(lifecycle.confirm_valid, author, deed)
    on.do(peer_help.change, author, deed, peer_help.Offer(advice_on="alkuun pääseminen", helps_others=True))
    on.do(lifecycle.merge, editor, deed, on.deeds[3].id, "Sama teko")
    gone = on.do(service.write_draft, author, on.content("Turha luonnos"))
    on.do(service.delete_draft, author, gone)
    timed = on.draft("Ajastettu teko")
    on.do(lifecycle.schedule, author, timed, NOW + timedelta(days=1))
    on.finish()
    on.do(lifecycle.unschedule, author, timed)
    on.do(lifecycle.schedule, author, timed, NOW + timedelta(days=1))
    with on.at(NOW + timedelta(days=2)):
        on.runs(lifecycle.publish_due, on.config)
    on.do(service.withdraw, author, on.deeds[2], "Erehdys")


def reviewing(on: Square) -> None:
    newcomer = on.person("Uusi väki", on.home, trusted_at=None)
    first = on.draft("Ensimmäinen teko", author_id=newcomer.id)
    on.do(review.put_forward, newcomer, first)
    on.do(review.withdraw_from_review, newcomer, first)
    on.do(review.submit, newcomer, first)
    on.do(review.give_back, on.editor, first, "Kerro vielä, miten kävi.")
    on.do(review.submit, newcomer, first)
    on.do(review.approve, on.editor, first, first.version)
    waiting = on.draft("Luettavaksi")
    link = on.do(links.make, on.author, waiting, LinkKind.REVIEW)
    on.do(notes.answer_invitation, on.reader, links.token_of(link), "Hyvältä näyttää.", None)
    on.do(notes.write, on.author, waiting, "Kiitos!")
    on.do(links.revoke, on.author, waiting, link.id)


def together_(on: Square) -> None:
    author, reader, deed = on.author, on.reader, on.deed
    invitation = on.do(links.make, author, deed, LinkKind.CO_AUTHOR)
    on.do(together.join, reader, links.token_of(invitation))
    on.do(together.choose_organisations, author, deed, on.home.id, [on.away.id])
    on.do(together.choose_organisations, author, deed, on.home.id, [])
    on.do(together.hand_over, author, deed, reader.id)
    on.do(together.hand_over, on.editor, deed, author.id)
    on.do(together.remove_co_author, author, deed, reader.id)
    on.do(together.place, author, on.deeds[2], deed.id)
    on.do(together.place, author, on.deeds[2], None)


def taking_up(on: Square) -> None:
    author, reader, deed = on.author, on.reader, on.deed
    on.do(adoptions.adopt, reader, deed)
    taken = on.newest(Adoption)
    on.do(adoptions.describe, reader, taken, adoptions.AdoptionDetails(status="kaytossa", note="Lyhyempi lenkki"))
    on.do(adoptions.undo, reader, deed)
    on.do(adoptions.adopt, reader, deed)
    on.do(adoptions.remove, on.editor, on.newest(Adoption))
    indoors = variants.VariantStory(
        title="Lenkki sisällä", summary="Kävelimme sisällä.", organisation=on.away, language="fi", changed="Sisällä."
    )
    variant = on.do(variants.begin, reader, deed, indoors)
    on.do(service.edit, reader, variant, on.content("Lenkki sisällä", organisation=on.away), variant.version)
    on.do(service.publish, reader, variant)
    on.do(growing.add_update, author, deed, date(2026, 8, 1), "Lenkki on nyt joka viikko.")
    on.do(growing.remove_update, author, deed, growing.updates_of(on.session, deed.id)[0].id)
    on.do(keeping.keep, reader, deed)
    on.do(keeping.write_note, reader, deed.id, "Kokeillaan", "Syksy")
    on.do(keeping.let_go, reader, deed.id)
    on.do(requests.ask, reader, deed, "results")
    on.do(requests.take_back, reader, deed, "results")
    on.do(requests.ask, reader, deed, "results")
    on.runs(requests.tell_authors, on.config)
    on.do(service.edit, author, deed, on.content(deed.title, results="Aikaa säästyi."), deed.version)
    on.do(saved_searches.save, reader, "q=kokous", "Kokoukset")
    on.do(saved_searches.remove, reader, saved_searches.saved_by(on.session, reader)[0].id)


def planning(on: Square) -> None:
    reader = on.reader
    plan = on.do(plans.begin, reader, on.deed)
    on.do(plans.change, reader, plan, plans.PlanContent("Oma kävely", remind_on=date(2026, 10, 1)))
    taken = on.do(plans.take_model, reader, plan)
    on.do(adoptions.tell_gains, reader, taken, ["ideas"])
    on.do(plans.remove, reader, plan)
    look = on.do(team_looks.begin, reader, on.deed)
    on.do(team_looks.answer, look.key, {"need": "yes"})
    on.do(team_looks.close, reader, look.key)
    on.runs(team_looks.sweep, on.config)


def typing(on: Square) -> None:
    author, deed = on.author, on.deed
    on.do(drafts.save_new, author, "lomake-1", {"title": ["Alku"]}, 1)
    on.do(drafts.discard, author, drafts.key_of_new("lomake-1"))
    on.do(drafts.save_of_deed, author, deed, "", {"title": ["Uusi otsikko"]}, 1, deed.version)
    on.do(drafts.discard_of_deed, author, deed)
    secret = on.do(drafts.keep_for_visitor, {"title": ["Kävijän teksti"]})
    on.do(drafts.claim, on.reader.user, drafts.text_behind(on.session, secret).secret_hash)  # type: ignore[union-attr]
    on.do(moving.move_address, "theme", "teema", "arkea", on.theme.id, "arki")
    on.do(form_steps.count, running(on), ["opened"])
    on.do(campaign_answers.keep, deed, {})
    on.do(alike.find_due, wiring.engine_of(on.config))
    on.runs(alike.store, [(on.deed, [on.other.id])])
    on.runs(readings.write)
    on.runs(search_log.write)
    with on.at(NOW + timedelta(days=800)):
        on.runs(search_log.sweep, on.config)
        on.runs(drafts.sweep_working_copies, on.config)
        on.runs(lifecycle.ask_freshness, on.config)


def pictures(on: Square) -> None:
    author, deed = on.author, on.deed
    storage = storage_of(on.config)
    pictures_ = [samples.picture_bytes(size=(600 + number, 400)) for number in range(2)]
    sent = [uploads.SentPicture("kuva.png", data, ALT) for data in pictures_]
    file = FileStorage(io.BytesIO(pictures_[0]), "kuva.png")
    quick = on.runs(quick_picture.checked_picture, author, SentForm(file))
    on.runs(quick_picture.keep, author, on.other, quick)
    on.runs(uploads.add_pictures, storage, author, deed, sent[:1])
    on.runs(uploads.add_checked_picture, storage, author, deed, sent[1], check_picture(pictures_[1], "kuva.png"))
    on.runs(make_sizes, on.config)
    picture = on.newest(Picture)
    on.do(media.describe_picture, author, picture, media.Description(alt="Väkeä torilla", has_consent=True))
    on.do(media.move_picture, author, picture, -1)
    on.do(media.remove_picture, author, picture)
    on.runs(uploads.add_files, storage, author, deed, [uploads.SentFile("ohje.docx", samples.office_file(), "Ohje")])
    on.do(media.remove_file, author, on.newest(Attachment))
