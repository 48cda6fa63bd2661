"""Accounts and roles, mails and newsletters, and every job of the worker."""

from datetime import timedelta

import pyotp

from tests.accounts.helpers import GOOD_PASSWORD
from tests.conftest import PASSWORD
from tests.security.soft_key import SoftKey
from tests.truth.square import NOW, Square
from tori import wiring
from tori.accounts import (
    administration,
    ambassadors,
    api_tokens,
    erasure,
    marks,
    memberships,
    passkeys,
    second_factor,
    service,
    signing_in,
    single_sign_on,
)
from tori.core import clock
from tori.digest import bounces, newsletter, opinions, picks, sending, subscriptions, survey, telling
from tori.digest import letters as digest_letters
from tori.digest.newsletter import Draft
from tori.digest.subscriptions import Choices
from tori.models.accounts import Identity, Invitation, Passkey
from tori.models.digest import EditorPick
from tori.models.machines import ApiToken
from tori.models.operations import Feedback, OutboxMail
from tori.models.people import Membership
from tori.notifications import audit, inbox, mail
from tori.notifications.changes import bump_content_version
from tori.policy import Actor
from tori.search import indexing, synonyms
from tori.statistics import stored
from tori.web import feedback, goals, statement, trials


def accounts(on: Square) -> None:
    admin, home = on.admin, on.home
    sent = service.Registration.check("uusi@example.org", "Uusi väki", "Ohjaaja", home.slug, GOOD_PASSWORD)
    on.do(service.register, sent, "fi")
    token = on.secret("confirm_address")
    on.runs(service.check_pending_password, token, GOOD_PASSWORD)
    user = on.do(service.confirm, token)
    new = Actor(user)
    on.do(service.change_details, new, service.Details("Uusi nimi", "Ohjaaja", home.slug, "", "fi", ""))
    on.do(service.request_reset, user.email)
    on.runs(service.reset_password, on.secret("reset_password"), GOOD_PASSWORD + "1")
    on.runs(service.change_password, new, GOOD_PASSWORD + "1", GOOD_PASSWORD, None)
    on.do(service.request_sign_in_link, user.email, None)
    on.do(service.use_sign_in_link, on.secret("sign_in_link"))
    on.runs(service.request_email_change, new, "toinen@example.org", GOOD_PASSWORD)
    on.do(service.confirm_email, on.secret("confirm_new_address"))
    on.runs(signing_in.sign_in, "toinen@example.org", GOOD_PASSWORD, "192.0.2.1")
    on.do(service.end_other_sessions, new, None)
    on.do(service.end_one_session, new, "0" * 16)
    on.do(service.sign_out, new)
    on.do(service.create_user, "komento@example.org", GOOD_PASSWORD, display_name="Komennosta")
    on.do(service.create_demo_accounts)
    on.do(administration.set_role, admin, user.id, "editor", clock.today())
    with on.at(NOW + timedelta(days=2)):
        on.runs(administration.end_roles, on.config)
    on.do(administration.disable, admin, on.author.id)
    on.do(administration.enable, admin, on.author.id)


def keys(on: Square) -> None:
    reader = on.reader
    on.do(api_tokens.make, reader, "Kone", ["deeds:draft"], 30)
    on.do(api_tokens.revoke, reader, on.newest(ApiToken).id)
    on.do(api_tokens.revoke_all, reader.user)
    key, challenge = SoftKey(), "A" * 43
    on.do(passkeys.add, reader, key.create({"challenge": challenge}), challenge, "Puhelin")
    on.do(passkeys.sign_in, key.get({"challenge": challenge}), challenge)
    on.do(passkeys.remove, reader, on.newest(Passkey).id)
    for last in (second_factor.turn_off, None):
        totp = pyotp.TOTP(on.do(second_factor.begin, reader))
        on.do(second_factor.confirm, reader, totp.at(clock.now()))
        later = NOW + timedelta(minutes=5)
        with on.at(later):
            on.do(second_factor.renew_codes, reader, totp.at(later))
        with on.at(later + timedelta(minutes=5)):
            on.runs(second_factor.check, reader.id, totp.at(later + timedelta(minutes=5)))
        with on.at(later + timedelta(minutes=10)):
            if last is not None:
                on.do(last, reader, totp.at(later + timedelta(minutes=10)))
    on.do(second_factor.take_away, on.admin, reader.user)


def belonging(on: Square) -> None:
    steward, home = on.person("Yhteys", on.home, steward=True), on.home
    guest = on.person("Kutsuttu", None)
    on.do(memberships.invite, steward, home, guest.user.email)  # type: ignore[union-attr]
    on.do(memberships.accept, guest, on.secret("colleague_invited"))
    on.session.expire_all()
    row = on.newest(Membership)
    on.do(memberships.name_steward, steward, home, row.id)
    on.do(memberships.end_stewardship, steward, home, row.id)
    on.do(memberships.name_steward, steward, home, row.id)
    with on.at(NOW + timedelta(days=900)):
        on.runs(memberships.end_due_stewardships, on.config)
    on.do(ambassadors.ask, steward, home, row.id)
    on.do(ambassadors.agree, guest, home)
    on.do(marks.take, guest, "lahettilas")
    on.do(marks.let_go, guest, "lahettilas")
    on.do(ambassadors.stop, guest, home)
    on.do(ambassadors.ask, steward, home, row.id)
    on.do(ambassadors.end, steward, home, row.id)
    on.do(memberships.end, steward, home, row.id)
    on.do(memberships.invite, steward, home, "uusi@example.org")
    on.do(memberships.take_back, steward, home, on.newest(Invitation).id)
    waiting = on.person("Odottaja", home)
    assert waiting.user is not None
    waiting.user.memberships[0].waits_since = NOW
    on.session.commit()
    on.do(memberships.approve, steward, home, waiting.user.memberships[0].id)
    on.do(memberships.leave, waiting, home.id)
    on.do(memberships.join, on.reader.user, home.id)


def single(on: Square) -> None:
    provider = single_sign_on.Provider("kunta", "Kunta", "https://tunnus.example.org", "tori", "salaisuus")

    def person(subject: str) -> single_sign_on.Person:
        email = f"{subject}@nokia.example.org"
        return single_sign_on.Person(
            provider, provider.issuer, "", subject, on.home.slug, email, True, "Uusi Väki", "fi"
        )

    on.do(single_sign_on.sign_in, person("yksi"))
    on.do(single_sign_on.connect, on.reader, person("kaksi"))
    on.do(single_sign_on.disconnect, on.reader, on.newest(Identity).id)


def leaving(on: Square) -> None:
    on.runs(erasure.ask, on.author, PASSWORD)
    on.do(erasure.cancel, on.author)
    on.runs(erasure.ask, on.author, PASSWORD)
    with on.at(NOW + timedelta(days=60)):
        on.runs(erasure.erase_due, on.config)
        on.runs(erasure.erase_again, on.config)


def letters(on: Square) -> None:
    editor, reader = on.editor, on.reader
    on.do(subscriptions.subscribe, "tilaaja@example.org", Choices("weekly", themes=["arki"]))
    row = on.do(subscriptions.confirm, on.secret("digest_confirm"))
    on.do(subscriptions.change, row.key, Choices("monthly", themes=["arki"]))
    on.do(subscriptions.own, reader)
    on.do(subscriptions.change_own, reader, "weekly", True)
    on.runs(subscriptions.enrol_members, on.config)
    on.do(picks.pick, editor, on.deed, "Helppo aloittaa")
    on.do(picks.remove, editor, on.newest(EditorPick).id)
    draft = Draft({"fi": "Syyskuun kirje", "sv": "Brev"}, {"fi": "Hei **kaikki**"}, f"/teot/{on.deed.id} | Kokeile")
    issue = on.do(newsletter.compose, editor, draft)
    on.do(newsletter.change, editor, issue, draft)
    on.do(newsletter.send_trial, editor, issue, "fi")
    on.do(newsletter.schedule, editor, issue, NOW + timedelta(days=1))
    on.do(newsletter.stop, editor, issue)
    on.do(newsletter.schedule, editor, issue, None)
    on.runs(newsletter.send_due, on.config)
    with on.at(NOW + timedelta(days=14)):
        on.runs(sending.send_due_digests, on.config, wiring.engine_of(on.config))
    on.do(digest_letters.write_issue, row, "tilaaja@example.org", NOW - timedelta(days=7), NOW, [])
    on.do(telling.notify, reader.id, None, "wish_answered", "Toiveesi", "/toiveet/1")
    on.do(subscriptions.leave, row.key)
    on.do(opinions.count, next(iter(opinions.OPINIONS)))
    on.do(survey.answer, "survey", dict.fromkeys(survey.YES_NO, "yes"))
    on.do(survey.count_poll, "fi", "yes")
    on.do(bounces.note, on.admin, bounces.Report("tilaaja@example.org", "5.1.1", "<x@example.org>"))
    gone = on.newest(OutboxMail)
    gone.failed_at = NOW
    on.session.commit()
    on.do(mail.resend, on.admin, gone)
    on.do(inbox.mark_read, reader)
    on.do(feedback.send_feedback, reader, "idea", "Hyvä tori!", "", "/", "192.0.2.1")
    on.do(feedback.mark_handled, editor, on.newest(Feedback).id)
    on.do(trials.note_use, trials.LISTEN)
    on.do(goals.save, editor, 2030, {"fi": "Teot leviävät."}, {"deeds": 100})
    gaps = {"fi": "Kartta", "sv": "Kartan", "en": "The map"}
    on.do(statement.save, on.admin, next(iter(statement.STATES)), clock.today(), "Itse", gaps)


def jobs(on: Square) -> None:
    """Everything that the worker does by itself, today and long after."""
    on.draft("Unohtunut luonnos", author_id=on.reader.id)
    engine = wiring.engine_of(on.config)
    on.do(indexing.rebuild, engine)
    on.do(indexing.take_along, engine)
    on.do(synonyms.keep, on.editor, "kokous", [synonyms.Member(word, "fi") for word in ("kokous", "palaveri")])
    on.do(synonyms.bump)
    on.do(bump_content_version)
    on.runs(stored.keep_ready, on.config)
    for days in (0, 400, 1500):
        with on.at(NOW + timedelta(days=days)):
            for queue in wiring.queues(on.config):
                is_due = queue.is_due(on.config)
                done = on.runs(queue.drain, on.config)
                assert is_due or not done, queue.drain
            for job in wiring.JOBS:
                on.runs(job.run, on.config)
    on.do(audit.forget_before, NOW)
