"""The shared schema floor. Importing this package makes every table known."""

from tori.models import (
    adoptions,
    base,
    campaigns,
    deeds,
    desk,
    digest,
    follows,
    media,
    moderation,
    operations,
    people,
    reading,
    searching,
    wishes,
    writing,
)

__all__ = [
    "adoptions", "base", "campaigns", "deeds", "desk", "digest", "follows", "media", "moderation", "operations",
    "people", "reading", "searching", "wishes", "writing",
]  # fmt: skip
