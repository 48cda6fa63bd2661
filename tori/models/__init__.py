"""The shared schema floor. Importing this package makes every table known."""

from tori.models import (
    adoptions,
    base,
    campaigning,
    campaigns,
    conversation,
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
    "adoptions",
    "base",
    "campaigning",
    "campaigns",
    "conversation",
    "deeds",
    "digest",
    "follows",
    "media",
    "operations",
    "people",
    "reading",
    "searching",
    "wishes",
    "writing",
]
