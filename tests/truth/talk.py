"""What people say to each other: comments, wishes, partners, follows, follow-ups, reports; the organisations."""

from datetime import date, timedelta

from tests.exchange.lines import line
from tests.truth.square import NOW, Square
from tori.adoptions import breakthrough, dissolving, follow_up, letters, merging
from tori.conversation import private, service
from tori.deeds import adoptions, keeping
from tori.deeds import service as deeds
from tori.exchange import exporting, parts, seeding
from tori.exchange.importing import ImportOptions
from tori.follows import service as follows
from tori.models.conversation import PrivateQuestion
from tori.models.deeds import Comment, CommentKind
from tori.models.follows import Followed
from tori.models.moderation import Report
from tori.models.wishes import PartnerCall, Wish, WishAnswer
from tori.moderation import accounts, answers, claims, reports
from tori.moderation.claims import Task
from tori.organisations import register, webhooks
from tori.organisations import service as organisations
from tori.policy import SYSTEM
from tori.wishes import partners
from tori.wishes import service as wishes


def comments(on: Square) -> None:
    author, reader, editor, deed = on.author, on.reader, on.editor, on.deed
    on.do(service.post, reader, deed, "Kokeilemme keväällä.", CommentKind.COMMENT)
    comment = on.newest(Comment)
    on.do(service.edit, reader, comment, "Kokeilemme syksyllä.")
    on.do(service.remove, editor, comment, "Väärä paikka")
    on.do(service.put_back, editor, comment)
    on.do(service.post, reader, deed, "Kuinka pitkä lenkki on?", CommentKind.QUESTION)
    question = on.newest(Comment)
    on.do(service.post, author, deed, "Kaksi kilometriä.", CommentKind.COMMENT, None, question.id)
    on.do(service.mark_open, reader, question)
    on.do(service.mark_answered, reader, question)
    newcomer = on.person("Vieras väki", on.away, trusted_at=None)
    on.do(service.post, newcomer, deed, "Katso https://halpaa.example.org", CommentKind.COMMENT)
    on.do(service.approve, editor, on.newest(Comment))
    on.do(service.thank, reader, deed)
    on.do(service.take_thanks_back, reader, deed)
    on.do(private.ask, reader, deed, "Paljonko maksoi?")
    asked = on.newest(PrivateQuestion)
    with on.at(NOW + timedelta(days=9)):
        on.runs(private.pass_on, on.config)
    on.do(private.answer, author, asked, "Ei mitään.")


def wishing(on: Square) -> None:
    author, reader = on.author, on.reader
    on.do(wishes.post, reader, wishes.WishContent("Miten saada hiljaiset ääneen?"))
    wish = on.newest(Wish)
    on.do(wishes.join, author, wish)
    on.do(wishes.leave, author, wish)
    on.do(wishes.answer, author, wish, on.deed)
    on.do(wishes.remove_answer, author, on.newest(WishAnswer))
    on.do(wishes.promise, author, wish)
    promised = on.do(deeds.write_draft, author, on.content("Luvattu teko"))
    on.do(deeds.publish, author, promised)
    on.do(wishes.post, reader, wishes.WishContent("Toinen toive"))
    on.do(wishes.hide, on.editor, on.newest(Wish), "Sama kuin toinen")
    call = partners.CallContent("Pilotti", "Kokemusta", date(2026, 12, 1))
    on.do(partners.seek, author, on.deed, call)
    on.do(partners.offer, reader, on.newest(PartnerCall), "Tulemme mukaan.")
    on.do(partners.close, author, on.newest(PartnerCall))


def following(on: Square) -> None:
    reader = on.reader
    on.do(follows.follow, reader, Followed.DEED, on.deed.id)
    on.finish()
    on.do(follows.unfollow, reader, Followed.DEED, on.deed.id)
    on.do(follows.follow_search, reader, "Kokoukset", "q=kokous")
    on.do(keeping.keep, reader, on.deed)
    on.do(keeping.write_note, reader, on.deed.id, "", "Syksy")
    shared = on.do(follows.share_list, reader, "Syksy")
    on.finish()
    on.do(follows.stop_sharing, reader, shared.id)
    taken = on.do(adoptions.adopt, reader, on.deed)
    on.do(letters.choose_rhythm, on.author, "weekly")
    on.runs(breakthrough.mark_all, on.config)
    on.do(breakthrough.mark, on.config, [on.deed.id])
    with on.at(NOW + timedelta(days=95)):
        on.runs(follow_up.send_due, on.config)
        token = on.secret("follow_up", r"/seuranta/([\w.-]+)")
        on.do(follow_up.answer, token, follow_up.Answer("kaytossa", outcome="Toimii.", gains=["ideas"]))
        on.do(follow_up.stop, token)
        on.runs(letters.write_due, on.config)
    assert taken.deed_id == on.deed.id


def moderating(on: Square) -> None:
    editor, admin, reader = on.editor, on.admin, on.reader
    for number in range(2):
        on.do(reports.report, reader, "deed", on.deeds[number].id, "false", "Ei pidä paikkaansa.", "", "fi")
    report = on.newest(Report)
    on.do(claims.give, editor, [Task("reports", report.id)], editor.id)
    on.do(claims.release, editor, [Task("reports", report.id)])
    on.do(reports.escalate, editor, report, "Päätä sinä.")
    on.do(reports.decide, admin, report, "removed", "Poistettu.")
    on.do(reports.restore, admin, "deed", on.deeds[1].id, "Virhe")
    on.do(wishes.post, reader, wishes.WishContent("Mainostoive"))
    wish = on.newest(Wish)
    on.do(reports.remove, editor, "wish", wish.id, "Mainos")
    on.do(reports.restore, editor, "wish", wish.id, "Virhe")
    on.do(service.post, reader, on.deed, "Mainos tämäkin", CommentKind.COMMENT)
    comment = on.newest(Comment)
    on.do(reports.report, on.author, "comment", comment.id, "advert", "Mainos.", "", "fi")
    on.do(service.remove, editor, comment, "Mainos")
    on.do(reports.hold, reports.Reportable.DEED, on.deeds[3].id, ["links"])
    user = reader.user
    assert user is not None
    on.do(accounts.block, editor, user.id, 7, "Mainoksia")
    on.do(accounts.unblock, editor, user.id, "Selvitetty")
    on.do(service.post, reader, on.deed, "Vielä yksi", CommentKind.COMMENT)
    on.do(accounts.clean_up, admin, user.id, "Mainoksia")
    texts = answers.AnswerTexts("report", "Kiitos ilmoituksesta", {"fi": "Kiitos."})
    row = on.do(answers.add_answer, editor, texts)
    on.do(answers.change_answer, editor, row, answers.AnswerTexts("report", "Kiitos", {"fi": "Kiitos!"}))
    on.do(answers.remove_answer, editor, row)


def organising(on: Square) -> None:
    admin, steward = on.admin, on.person("Yhteys", on.home)
    on.do(register.set_steward, admin, on.home, steward.id, "yes")
    on.session.expire_all()
    on.do(organisations.edit_introduction, steward, on.home, "Kävelemme **paljon**.")
    on.do(organisations.choose_marks, steward, on.home, shown=False)
    on.do(organisations.choose_interests, steward, on.home, [on.theme.slug])
    twice = on.do(register.add, admin, register.Entry("Nokian kpunki", "kunta"))
    on.do(register.change, admin, twice, register.Entry("Nokian kaupunkiseutu", "kunta"), None)
    on.do(register.verify, admin, twice)
    on.do(register.add_domain, admin, twice, "nokia.example.org")
    on.do(register.remove_domain, admin, twice, "nokia.example.org")
    hook, _secret = on.do(
        webhooks.add, steward, on.home, "http://127.0.0.1:9/koukku", ["deed.published"], False, {"127.0.0.1"}
    )
    on.do(webhooks.ping, steward, on.home, hook.id)
    on.runs(webhooks.deliver_due, on.config)
    on.do(webhooks.try_again, steward, on.home, hook.id)
    on.do(webhooks.remove, steward, on.home, hook.id)
    on.runs(webhooks.sweep, on.config)
    on.do(adoptions.adopt, on.person("Kaksoset", twice), on.deed)
    on.make.deed("Kaksosten teko", organisation_id=twice.id)
    third = on.do(register.add, admin, register.Entry("Kolmas kunta", "kunta"))
    on.do(merging.merge, admin, third, on.home)
    on.do(dissolving.dissolve, admin, twice, on.home, twice.name)


def bringing(on: Square) -> None:
    on.do(exporting.give_external_ids)
    on.do(seeding.load_vocabulary)
    lines = on.config.instance / "teot.jsonl"
    lines.write_text(line(related=[]) + "\n", encoding="utf-8")
    on.runs(parts.import_in_parts, SYSTEM, lines, ImportOptions())
    on.runs(seeding.begin_new_kinds, on.config)
    on.runs(seeding.seed, lambda result: None)
