"""Videos and podcasts are known by their address; nothing is loaded from other sites."""

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory
from tori.media.links import LinkKind, link_of
from tori.models.deeds import Material


@pytest.mark.parametrize(
    ("url", "kind", "site"),
    [
        ("https://www.youtube.com/watch?v=abc", LinkKind.VIDEO, "youtube.com"),
        ("https://youtu.be/abc", LinkKind.VIDEO, "youtu.be"),
        ("https://player.vimeo.com/video/1", LinkKind.VIDEO, "player.vimeo.com"),
        ("https://areena.yle.fi/1-123", LinkKind.VIDEO, "areena.yle.fi"),
        ("https://areena.yle.fi/podcastit/1-123", LinkKind.PODCAST, "areena.yle.fi"),
        ("https://open.spotify.com/episode/1", LinkKind.PODCAST, "open.spotify.com"),
        ("https://example.org/tallenne.MP4", LinkKind.VIDEO, "example.org"),
        ("https://example.org/jakso.mp3?x=1", LinkKind.PODCAST, "example.org"),
        ("https://notyoutube.com/watch", LinkKind.PAGE, "notyoutube.com"),
        ("https://youtube.com.example.org/", LinkKind.PAGE, "youtube.com.example.org"),
        ("https://[broken", LinkKind.PAGE, ""),
    ],
)
def test_the_kind_is_told_by_the_address(url: str, kind: LinkKind, site: str) -> None:
    link = link_of(url)
    assert (link.kind, link.site) == (kind, site)


def test_a_video_is_a_plain_link(make: Factory, client: FlaskClient) -> None:
    deed = make.deed()
    deed.materials = [Material(position=1, title="Tallenne", url="https://youtu.be/abc")]
    make.session.commit()
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert '<a href="https://youtu.be/abc" rel="nofollow ugc noopener"' in page
    assert "youtu.be)" in page
    assert "<iframe" not in page
    assert "i.ytimg" not in page
