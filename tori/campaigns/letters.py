"""Letters of the campaign manager: the same words to many, each with a way to say no more."""

from dataclasses import dataclass
from enum import StrEnum

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from tori.campaigns import cockpit
from tori.campaigns.nominations import is_never
from tori.core.errors import RuleBroken
from tori.core.events import CampaignLetterSent, CampaignLettersStopped, record
from tori.core.text import clean_line, clean_text, paragraphs
from tori.edge.sessions import hash_token
from tori.models.campaigning import NeverContact
from tori.models.campaigns import Campaign
from tori.models.people import User
from tori.notifications import mail
from tori.notifications.links import mail_link
from tori.policy import Actor, Permission, require

MAX_SUBJECT = 120
MAX_BODY = 4000
SALT = "campaign-letter"


class Audience(StrEnum):
    MAKERS = "makers"
    LAST_TIME = "last_time"


@dataclass(frozen=True)
class Letter:
    audience: str
    subject: str
    body: str


def readers(session: Session, actor: Actor, campaign: Campaign, audience: str) -> list[User]:
    """Who would get the letter: active people who have not said no."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    if audience == Audience.MAKERS:
        people = cockpit.makers(session, campaign)
    elif audience == Audience.LAST_TIME:
        people = cockpit.contacts_of(session, cockpit.missing_from_last_time(session, campaign))
    else:
        raise RuleBroken("unknown_choice", "audience")
    return [person for person in people if not is_never(session, person.email)]


def checked(letter: Letter) -> Letter:
    """The cleaned words. Raises RuleBroken at the field."""
    subject, body = clean_line(letter.subject), clean_text(letter.body)
    for text, name, limit in ((subject, "subject", MAX_SUBJECT), (body, "body", MAX_BODY)):
        if not text:
            raise RuleBroken("value_missing", name)
        if len(text) > limit:
            raise RuleBroken("text_too_long", name, limit=limit)
    return Letter(letter.audience, subject, body)


def send(session: Session, actor: Actor, campaign: Campaign, letter: Letter) -> int:
    """Puts one mail for each reader into the outbox. Returns how many."""
    people = readers(session, actor, campaign, letter.audience)
    letter = checked(letter)
    if not people:
        raise RuleBroken("no_readers", "audience")
    for person in people:
        stop = mail_link("campaigns.stop_letters", person.locale, token=token_of(person))
        mail.enqueue(
            session, "campaign_letter", person.email, person.locale,
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
            subject_line=letter.subject, words=letter.body, html=paragraphs(letter.body), campaign=campaign,
            link=mail_link("campaigns.show", person.locale, slug=campaign.slug), stop=stop,
        )  # fmt: skip
    record(session, CampaignLetterSent(actor_id=actor.id, campaign_id=campaign.id, readers=len(people)))
    return len(people)


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeSerializer(keys, salt=SALT)


def token_of(person: User) -> str:
    token = _signer().dumps(person.id)
    return token if isinstance(token, str) else token.decode()


def reader_of(session: Session, token: str) -> User:
    """Raises RuleBroken("bad_link")."""
    try:
        number = _signer().loads(token[:200])
    except BadSignature as error:
        raise RuleBroken("bad_link") from error
    person = session.get(User, number)
    if person is None:
        raise RuleBroken("bad_link")
    return person


def stop(session: Session, token: str) -> None:
    """No letters and no invitations of campaigns to this address any more. Again changes nothing."""
    person = reader_of(session, token)
    if not is_never(session, person.email):
        session.add(NeverContact(hash=hash_token(person.email)))
        record(session, CampaignLettersStopped(actor_id=person.id))
