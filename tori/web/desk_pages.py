"""The pages that features add to the desk; importing this module adds them."""

from tori.web import (  # noqa: F401
    moderation_desk,
    register_desk,
    studio,
    vocabulary_desk,
    work_queue_views,
)
