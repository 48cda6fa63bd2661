"""The pages that features add to the desk; importing this module adds them."""

from tori.web import (  # noqa: F401
    answer_desk,
    front_desk,
    guide_desk,
    log_desk,
    meeting_desk,
    moderation_desk,
    newsletter_desk,
    register_desk,
    story_desk,
    story_picture_desk,
    studio,
    tag_desk,
    vocabulary_desk,
    work_queue_views,
)
