"""A guard against spam for accounts that nobody has vouched for; what speaks for spam is told in ``core/spam.py``."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.events import WishPosted
from tori.core.spam import signs
from tori.models.moderation import Reportable
from tori.models.people import User
from tori.models.wishes import Wish
from tori.moderation import reports
from tori.policy import Actor, is_trusted


def look_at_wish(session: Session, event: WishPosted) -> None:
    """A handler: a wish of a new account that looks like spam waits for a person."""
    wish = session.get_one(Wish, event.wish_id)
    author = session.get(User, wish.author_id) if wish.author_id else None
    if author is None or is_trusted(Actor(author)):
        return
    since = clock.now() - timedelta(hours=1)
    count = session.scalar(select(func.count()).where(Wish.author_id == author.id, Wish.created_at > since)) or 0
    found = signs(f"{wish.title}\n{wish.body}", count)
    if found:
        reports.hold(session, Reportable.WISH, wish.id, found)
