"""What campaign managers and editors do: campaigns, awards, the vote, weekly makers, lists, pages, stories, words."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

from tests.accounts.helpers import mails
from tests.campaigns.helpers import END, content, moment
from tests.media.samples import CAPTIONS, WEBM, picture_bytes
from tests.truth.square import NOW, Square
from tori.campaigns import (
    awards,
    clockwork,
    diplomas,
    jury,
    leads,
    letters,
    nominations,
    picture,
    plans,
    service,
    video,
    visits,
    voting,
    weekly,
)
from tori.curation import arrangement, lists, meetings, pages, paths, story_pictures, tags, vocabulary, writing_stories
from tori.curation.arrangement import Block, BlockKind
from tori.curation.lists import ListTexts, Placed
from tori.curation.meetings import MeetingContent
from tori.curation.pages import PageTexts
from tori.curation.tags import TagTexts
from tori.curation.vocabulary import ThemeTexts
from tori.curation.writing_stories import SeriesTexts, StoryContent
from tori.deeds import service as deeds
from tori.media.service import Description
from tori.media.storage import storage_of
from tori.models.campaigning import JuryMember
from tori.models.campaigns import AwardFor, CampaignKind
from tori.models.media import StoryPicture
from tori.models.tags import TagKind

PRIZES = (service.Prize("Innostavat teot", "", AwardFor.DEED), service.Prize("Kunta", "", AwardFor.ORGANISATION))
SEEN = Description(alt="Väkeä torilla", has_consent=True)
VOTE = END + timedelta(days=10)


def campaigns(on: Square) -> None:
    manager = on.manager
    row = on.do(service.create, manager, content(prizes=PRIZES, vote_from=VOTE, vote_until=VOTE + timedelta(days=5)))
    changed = content(prizes=PRIZES, vote_from=VOTE, vote_until=VOTE + timedelta(days=5), slogan="Hyvä kiertämään!")
    on.do(service.edit, manager, row, changed)
    on.runs(picture.put, storage_of(on.config), manager, row, "kuva.png", picture_bytes(), SEEN)
    on.do(picture.describe, manager, row, replace(SEEN, caption="Syksyllä"))
    on.do(picture.remove, manager, row)
    sent = video.Sent("fi", "Mitä videolla kerrotaan.", io.BytesIO(WEBM), "video.webm", CAPTIONS)
    on.runs(video.put, video.House(storage_of(on.config), 1), manager, row, sent)
    on.do(video.remove, manager, row)
    on.do(visits.count, row, row.sources[0])
    entries = [on.make.deed(f"Kampanjan teko {n}", campaign_id=row.id, author_id=on.author.id) for n in range(2)]
    on.do(letters.send, manager, row, letters.Letter("makers", "Kiitos", "Kiitos kaikille!"))
    on.do(letters.stop, on.secret("campaign_letter", r"/kampanjat/viestit/peru/([\w.-]+)"))
    on.do(jury.set_criteria, manager, row, [("Hyöty", 1)])
    on.do(jury.add_member, manager, row, on.reader.user)
    with on.at(moment(END + timedelta(days=1))):
        on.runs(clockwork.move_due, on.config)
        on.session.expire_all()
        marks = jury.Judgement({row.criteria[0]["id"]: 5})
        on.do(jury.judge, on.reader, row, entries[0], marks)
        for entry in entries:
            on.do(jury.shortlist, manager, row, entry, True)
        on.do(jury.remove_member, manager, on.newest(JuryMember))
    with on.at(moment(VOTE)):
        on.do(voting.cast, row, entries[0].id, "aani@example.org", "fi")
        on.do(voting.confirm, on.secret("vote_confirm", r"/aani/([\w.-]+)"))
    with on.at(moment(VOTE + timedelta(days=6))):
        on.runs(voting.sweep, on.config)
        award = on.do(awards.give, manager, row.series[0], entries[0], awards.Given(citation="Hieno."))
        on.do(awards.give, manager, row.series[1], on.away, awards.Given())
        on.do(service.move_on, manager, row)
        on.do(service.move_on, manager, row)
        on.do(awards.mail_diplomas, manager, row)
        on.do(diplomas.order, manager, row, "fi", "zip")
        on.runs(diplomas.print_due, on.config)
        on.do(awards.remove, manager, award, "Erehdys")
    with on.at(NOW + timedelta(days=90)):
        on.runs(diplomas.sweep, on.config)
    early = on.do(
        service.create, manager, content(name="Toinen", starts_on=date(2026, 10, 2), ends_on=date(2026, 12, 1))
    )
    on.do(service.end_early, manager, early, "Siirtyi", row)


def challenging(on: Square) -> None:
    row = on.do(service.create, on.manager, content(kind=CampaignKind.CHALLENGE, name="Tekoja tiskiin"))
    for name in ("keittio", "siivous"):
        given = nominations.Challenge(
            "team", "Keittiön väki", f"{name}@kemi.example.org", "Hävikki puolittui.", "kollega@nokia.example.org"
        )
        on.do(nominations.challenge, row, given)
        on.do(nominations.confirm, on.secret("challenge_confirm", r"/haaste/vahvista/([\w.-]+)"))
    token = on.secret("challenge_invitation", r"/haaste/([\w.-]+)\s")
    on.do(nominations.decline, token, False)
    on.session.rollback()
    first = mails(on.session, "challenge_invitation")[0]
    found = re.search(r"/haaste/([\w.-]+)\s", first.body_text)
    assert found
    on.do(nominations.start, on.reader, found[1])
    with on.at(NOW + timedelta(days=10)):
        on.runs(nominations.send_reminders, on.config)
    own = on.draft("Haastettu teko", author_id=on.reader.id, organisation_id=on.away.id)
    on.do(deeds.publish, on.reader, own)
    with on.at(NOW + timedelta(days=800)):
        on.runs(nominations.sweep, on.config)


def weekly_makers(on: Square) -> None:
    given = weekly.Feature(date(2026, 9, 8), "Keittiön väki", "He puolittivat hävikin.", "tiimi, sähköpostilla", True)
    on.do(weekly.schedule, on.manager, on.deed, given)
    on.do(weekly.withdraw, on.secret("weekly_feature", r"/viikon-tekijat/peru/([\w.-]+)"))
    row = on.do(weekly.schedule, on.manager, on.other, replace(given, day=date(2026, 9, 16)))
    on.do(weekly.remove, on.manager, row)
    on.runs(weekly.warn_of_gap, on.config)
    lead = on.do(leads.add, on.editor, leads.Found("Hävikki", "Nokian kaupunki", email="keittio@example.org"))
    on.do(leads.put_off, on.editor, lead)
    on.do(leads.invite, on.editor, lead)
    with on.at(NOW + timedelta(days=60)):
        on.runs(leads.remind, on.config)
    on.do(leads.move, on.editor, lead, "told")
    plan = on.do(plans.save, on.manager, plans.Planned("Syksyn kampanja", date(2026, 10, 1)))
    on.do(plans.mark, on.manager, plan, True)
    on.do(plans.remove, on.manager, plan)


def front_page(on: Square) -> None:
    editor = on.editor
    block = on.do(arrangement.add, editor, Block("", BlockKind.TEXT, titles={"fi": "Tervetuloa"}, texts={"fi": "Hei!"}))
    on.do(arrangement.publish, editor)
    on.do(arrangement.change, editor, replace(block, titles={"fi": "Tervetuloa torille"}))
    on.do(arrangement.arrange, editor, [block.key])
    on.do(arrangement.discard, editor)
    on.do(arrangement.remove, editor, block.key)
    on.do(arrangement.publish, editor)
    on.do(arrangement.back_to_usual, editor)
    on.do(arrangement.publish, editor)


def top_lists(on: Square) -> None:
    editor = on.editor
    row = on.do(lists.create, editor, "Kokoustamisen helmet")
    on.do(lists.add, editor, row, on.deed.id, "Helppo aloittaa")
    on.do(lists.publish, editor, row)
    on.do(lists.edit, editor, row, ListTexts("Kokoustamisen helmet", "Kevyttä kokoustamista"))
    on.do(lists.arrange, editor, row, [Placed(on.other.id, "Seisten"), Placed(on.deed.id, "Helppo")])
    keeper = on.do(lists.add_keeper, editor, row, on.reader.user.email)  # type: ignore[union-attr]
    on.do(lists.remove_keeper, editor, row, keeper.id)
    on.do(lists.restore, editor, row, 2)
    on.do(lists.hide, editor, row)
    guide = on.do(
        pages.add, editor, PageTexts(next(iter(pages.Shelf)), {"fi": "Näin pääset alkuun"}, bodies={"fi": "Kirjaudu."})
    )
    on.do(pages.show, editor, guide)
    on.do(
        pages.change,
        editor,
        guide,
        PageTexts(next(iter(pages.Shelf)), {"fi": "Näin pääset alkuun"}, bodies={"fi": "Kirjaudu ensin."}),
    )
    on.do(pages.restore, editor, guide, 1)
    way = PageTexts("path", {"fi": "Polku"}, {}, {"fi": "Lue"}, deeds=str(on.deed.id))
    path = on.do(pages.add, editor, way)
    on.do(paths.mark, on.reader, path, on.deed.id)
    on.do(paths.unmark, on.reader, path, on.deed.id)
    on.do(pages.hide, editor, guide)


def gatherings(on: Square) -> None:
    editor = on.editor
    told = MeetingContent(
        title="Hävikkiaamu", starts_at=NOW + timedelta(days=3), url="https://verkossa.example/1", organiser="Verkosto",
        themes=[theme.slug for theme in on.deed.themes], deeds=str(on.deed.id),
    )  # fmt: skip
    row = on.do(meetings.tell, editor, told)
    on.do(meetings.publish, editor, row)
    on.do(meetings.change, editor, row, replace(told, title="Hävikkipäivä"))
    with on.at(NOW + timedelta(days=4)):
        on.runs(meetings.ask_outcomes, on.config)
        after = replace(told, recording_url="https://verkossa.example/2", outcome="Syntyi piiri.")
        on.do(meetings.change, editor, row, after)
    coming = on.do(meetings.tell, editor, replace(told, title="Peruttava"))
    on.do(meetings.publish, editor, coming)
    on.do(meetings.cancel, editor, coming)
    on.do(meetings.hide, editor, coming)
    on.do(meetings.remove, editor, coming)


def stories(on: Square) -> None:
    editor = on.editor
    series = on.do(writing_stories.begin_series, editor, SeriesTexts("Sankarit"))
    told = StoryContent("Keittiön arki", summary="Hävikistä", body="Suomeksi.", deeds=f"/teot/{on.deed.id}")
    story = on.do(writing_stories.write, editor, series, told)
    on.do(writing_stories.publish, editor, story)
    on.do(writing_stories.change, editor, story, replace(told, summary="Hävikki puolittui"))
    on.do(writing_stories.change_series, editor, series, SeriesTexts("Arjen sankarit"))
    storage = storage_of(on.config)
    for number in range(2):
        on.runs(
            story_pictures.upload, storage, editor, story.id, picture_bytes(size=(600 + number, 400)), "k.png", SEEN
        )
    last = on.newest(StoryPicture)
    on.do(story_pictures.put_first, editor, last)
    on.do(story_pictures.describe, editor, last, Description(alt="Kattila", has_consent=True))
    on.do(story_pictures.remove_picture, editor, last)
    on.do(writing_stories.hide, editor, story)


def words(on: Square) -> None:
    editor = on.editor
    tag = on.do(tags.add_tag, editor, TagKind.BENEFIT, TagTexts("raha"))
    on.do(tags.change_tag, editor, tag, TagTexts("rahan säästö", "pengar"))
    on.do(tags.merge_tags, editor, tag, on.tags[1])
    on.do(tags.remove_tag, editor, on.do(tags.add_tag, editor, TagKind.BENEFIT, TagTexts("turha")))
    theme = on.do(vocabulary.add_theme, editor, ThemeTexts("Kokoukset"))
    on.do(vocabulary.change_theme, editor, on.theme, ThemeTexts("arki", "vardag"))
    on.do(vocabulary.change_theme, editor, theme, ThemeTexts("Kokoustaminen"))
    on.make.deed("Kokous puistossa", themes=[theme], organisation_id=on.home.id)
    on.do(vocabulary.merge_themes, editor, theme, on.theme)
    on.do(vocabulary.keep_synonyms, editor, "kokous", {"fi": "kokous, palaveri"})
