"""The shared schema floor. Importing this package makes every table known."""

from tori.models import base, campaigns, deeds, media, operations, people, reading, searching, writing

__all__ = ["base", "campaigns", "deeds", "media", "operations", "people", "reading", "searching", "writing"]
