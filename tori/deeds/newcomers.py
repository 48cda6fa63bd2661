"""What accounts that nobody has vouched for may write where no editor looks first."""

from tori.core import spam
from tori.core.errors import RuleBroken
from tori.policy import Actor, is_trusted


def refuse_adverts(actor: Actor, field: str, *texts: str) -> None:
    """Told at once, with what to change: a text that looks like an advertisement goes nowhere."""
    if not is_trusted(actor) and spam.signs("\n".join(texts), 0):
        raise RuleBroken("looks_like_advert", field)
