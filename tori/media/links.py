"""What a linked material is, told by its address alone: nothing is ever loaded from another site."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class LinkKind(StrEnum):
    PAGE = "page"
    VIDEO = "video"
    PODCAST = "podcast"


VIDEO_SITES = ("youtube.com", "youtu.be", "vimeo.com", "areena.yle.fi", "arenan.yle.fi", "dreambroker.com")
PODCAST_SITES = ("spotify.com", "podcasts.apple.com", "soundcloud.com", "supla.fi", "podbean.com", "buzzsprout.com")
PODCASTS_OF_YLE = ("/podcastit", "/poddar")
VIDEO_FILES = (".mp4", ".webm", ".m4v", ".mov")
SOUND_FILES = (".mp3", ".m4a", ".ogg", ".opus")


@dataclass(frozen=True)
class Link:
    """``site`` is the name of the other site, so that a reader knows where the link leads."""

    kind: LinkKind
    site: str


def link_of(url: str) -> Link:
    try:
        parts = urlsplit(url)
        site = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Link(LinkKind.PAGE, "")
    path = parts.path.lower()
    if _is_of(site, PODCAST_SITES) or path.endswith(SOUND_FILES) or _is_podcast_of_yle(site, path):
        return Link(LinkKind.PODCAST, site)
    if _is_of(site, VIDEO_SITES) or path.endswith(VIDEO_FILES):
        return Link(LinkKind.VIDEO, site)
    return Link(LinkKind.PAGE, site)


def _is_of(site: str, sites: tuple[str, ...]) -> bool:
    return any(site == known or site.endswith(f".{known}") for known in sites)


def _is_podcast_of_yle(site: str, path: str) -> bool:
    return site in ("areena.yle.fi", "arenan.yle.fi") and path.startswith(PODCASTS_OF_YLE)
