"""The shared schema floor. Importing this package makes every table known."""

from tori.models import (
    accounts,
    adoptions,
    base,
    campaigns,
    deeds,
    digest,
    follows,
    media,
    operations,
    people,
    reading,
    searching,
    wishes,
    writing,
)

__all__ = [
    "accounts", "adoptions", "base", "campaigns", "deeds", "digest", "follows", "media", "operations", "people",
    "reading", "searching", "wishes", "writing",
]  # fmt: skip
