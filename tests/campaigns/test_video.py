"""The video of a campaign: sent with captions and its content as text, played on its page."""

import io
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.campaigns.helpers import campaign_of, content, manager
from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tests.media import samples
from tori.campaigns import service, video
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.media.jobs import sweep_uploads
from tori.media.serving import READ_AT_ONCE
from tori.media.storage import LocalStorage, storage_of
from tori.models.campaign_life import CampaignVideo
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.policy import Actor

TOLD = {"text": "Kaksi ihmistä kertoo, **miksi** jakaa.", "language": "fi"}
LARGE = samples.mp4_bytes() + samples.box(b"free", bytes(range(250)) * 12_000)
"""A little over three megabytes."""


def sent(**values: Any) -> video.Sent:
    return video.Sent(
        **{"language": "fi", "text": "Teksti", "video": io.BytesIO(samples.WEBM), "video_name": "video.webm",
           "captions": samples.CAPTIONS, **values}
    )  # fmt: skip


def send(browser: Browser, path: str, movie: bytes = b"", captions: bytes = b"", **told: str) -> Any:
    files = {"video": (movie, "kampanja.mp4"), "captions": (captions, "kampanja.vtt")}
    chosen = {name: FileStorage(io.BytesIO(data), file) for name, (data, file) in files.items() if data}
    # The client of the tests would put a large form into a file of its own and leave it open.
    boundary, body = encode_multipart({"csrf_token": browser.token(), **TOLD, **told, **chosen})
    with io.BytesIO(body) as stream:
        return browser.client.post(
            path, input_stream=stream, content_length=len(body),
            content_type=f'multipart/form-data; boundary="{boundary}"',
        )  # fmt: skip


def kept(app: Flask) -> set[str]:
    return {item.name for item in storage_of(app.extensions["tori"]).all()}


def stored(session: Session) -> SimpleNamespace | None:
    """What the row says just now: it may be gone in a moment."""
    session.rollback()
    row = session.scalar(select(CampaignVideo))
    found = row and SimpleNamespace(address=row.address, captions_address=row.captions_address, keys=row.keys)
    session.rollback()
    return found


def test_a_manager_sends_a_video_and_everybody_plays_it_with_captions(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    campaign = campaign_of(manager(make))
    page, path = f"/kampanjat/{campaign.slug}", f"/hallinta/kampanjat/{campaign.id}/video"
    assert "media-src" not in client.get(page).headers["Content-Security-Policy"]
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert path in browser.get(f"/hallinta/kampanjat/{campaign.id}").text
    assert send(browser, path, samples.WEBM, samples.CAPTIONS).status_code == 303
    row = stored(session)
    assert row is not None
    answer = client.get(page)
    assert answer.headers["Content-Security-Policy"].endswith("; media-src 'self'")
    assert f'<source src="{row.address}" type="video/webm">' in answer.text
    assert f'<track kind="captions" src="{row.captions_address}" srclang="fi" label="suomi" default>' in answer.text
    assert 'controls preload="none"' in answer.text
    assert "autoplay" not in answer.text
    assert "<strong>miksi</strong> jakaa" in answer.text
    captions = client.get(row.captions_address)
    assert (captions.mimetype, captions.data) == ("text/vtt", samples.CAPTIONS)
    assert client.get(row.address).data == samples.WEBM
    assert client.get(row.address.replace(".webm", ".mp4")).status_code == 404
    assert set(session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("CampaignVideo%")))) == {
        "CampaignVideoSaved"
    }


def test_the_player_gets_the_pieces_that_it_asks_for(
    app: Flask, make_app: MakeApp, session: Session, make: Factory
) -> None:
    actor = manager(make)
    campaign = campaign_of(actor)
    house = video.House(storage_of(app.extensions["tori"]), 10)
    video.put(house, actor, campaign, sent(video=io.BytesIO(LARGE)))
    row = stored(session)
    assert row is not None
    # With the cache in front, as a site has it: it keeps nothing so large, and takes nothing from the answers.
    reader = make_app(page_cache_mb=8).test_client()
    whole = reader.get(row.address, buffered=True)
    data = whole.data
    assert (whole.status_code, len(data), whole.headers["Accept-Ranges"]) == (200, len(LARGE), "bytes")
    assert whole.headers["Cache-Control"].startswith("public, max-age=31536000")
    assert samples.PLACE not in data
    for asked, first, last in (
        ("bytes=0-1", 0, 1),
        ("bytes=5000-6999", 5000, 6999),
        ("bytes=-10", len(LARGE) - 10, len(LARGE) - 1),
        # All that follows comes in pieces, so that no thread waits for as long as somebody watches.
        ("bytes=0-", 0, READ_AT_ONCE - 1),
        (f"bytes={READ_AT_ONCE}-", READ_AT_ONCE, len(LARGE) - 1),
    ):
        piece = reader.get(row.address, buffered=True, headers={"Range": asked})
        assert piece.status_code == 206
        assert piece.headers["Content-Range"] == f"bytes {first}-{last}/{len(LARGE)}"
        assert piece.data == data[first : last + 1], asked
    tag = whole.headers["ETag"]
    assert reader.get(row.address, buffered=True, headers={"If-None-Match": tag}).status_code == 304
    assert reader.get(row.address, buffered=True, headers={"Range": f"bytes={len(LARGE)}-"}).status_code == 416
    other = reader.get(row.address, buffered=True, headers={"Range": "bytes=0-1", "If-Range": '"toinen"'})
    assert (other.status_code, len(other.data)) == (200, len(LARGE))
    head = reader.head(row.address, buffered=True)
    assert (head.status_code, head.content_length, head.data) == (200, len(LARGE), b"")


def test_what_is_wrong_is_told_beside_its_field_and_nothing_else_is_lost(
    app: Flask, make_app: MakeApp, session: Session, make: Factory
) -> None:
    campaign = campaign_of(manager(make))
    path = f"/hallinta/kampanjat/{campaign.id}/video"
    browser = Browser(make_app(video_megabytes=1)).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    for movie, captions, told, problem, words in (
        (b"", samples.CAPTIONS, {}, "video", "Valitse tiedosto"),
        (b"GIF89a" + bytes(100), samples.CAPTIONS, {}, "video", "kampanja.mp4"),
        (LARGE[:2_000_000], samples.CAPTIONS, {}, "video", "enintään 1 mega"),
        (samples.mp4_bytes(codec=b"hvc1"), samples.CAPTIONS, {}, "video", "H.264"),
    ):
        answer = send(browser, path, movie, captions, **{"text": "Säilyvä teksti", "language": "sv", **told})
        assert answer.status_code == 422
        assert f'id="{problem}-error"' in answer.text
        assert words in answer.text
        assert "Säilyvä teksti</textarea>" in answer.text
        assert '<option selected value="sv">' in answer.text
    assert send(browser, path, bytes(5_000_000), samples.CAPTIONS).status_code == 413
    assert stored(session) is None
    assert kept(app) == set()


def test_a_video_without_captions_waits_unseen_and_is_not_sent_twice(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    campaign = campaign_of(manager(make))
    path = f"/hallinta/kampanjat/{campaign.id}/video"
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    broken = samples.CAPTIONS.replace(b"00:00.800 -->", b"00:00,800 -->")
    answer = send(browser, path, samples.WEBM, broken, text="")
    assert answer.status_code == 422
    assert 'id="captions-error"' in answer.text
    assert 'id="text-error"' in answer.text
    # What is well is told, not counted among what is to be mended.
    assert "Korjaa 2 kohtaa" in answer.text
    assert "Itse video on tallessa" in answer.text
    assert "7" in answer.text.partition('id="captions-error"')[2].partition("</p>")[0]
    row = stored(session)
    assert row is not None
    assert client.get(row.address).status_code == 404
    assert "private" in browser.get(row.address).headers["Cache-Control"]
    assert "<video" not in client.get(f"/kampanjat/{campaign.slug}").text
    assert send(browser, path, b"", samples.CAPTIONS).status_code == 303
    assert client.get(row.address).status_code == 200
    assert "<video" in client.get(f"/kampanjat/{campaign.slug}").text
    # What is shown stays whole: a new video comes with everything or not at all.
    assert send(browser, path, samples.mp4_bytes()).status_code == 422
    assert client.get(row.address).status_code == 200
    assert len(kept(app)) == 2


def test_what_is_replaced_or_removed_is_gone(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    campaign = campaign_of(manager(make))
    path = f"/hallinta/kampanjat/{campaign.id}/video"
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert send(browser, path, samples.WEBM, samples.CAPTIONS).status_code == 303
    first = stored(session)
    assert first is not None
    addresses = [first.address, first.captions_address]
    assert send(browser, path, b"", samples.CAPTIONS + b"\n", language="sv").status_code == 303
    assert [client.get(address).status_code for address in addresses] == [200, 404]
    assert send(browser, path, samples.mp4_bytes(), samples.CAPTIONS).status_code == 303
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    second = stored(session)
    assert second is not None
    assert kept(app) == set(second.keys)
    with clock.frozen(clock.now() + timedelta(days=500)):
        assert sweep_uploads(app.extensions["tori"]) == 0
    assert browser.post(f"{path}/poista").status_code == 303
    assert kept(app) == set()
    assert client.get(second.address).status_code == 404
    page = client.get(f"/kampanjat/{campaign.slug}")
    assert "<video" not in page.text
    assert "media-src" not in page.headers["Content-Security-Policy"]
    assert browser.post(f"{path}/poista").status_code == 303


def test_nothing_of_a_hidden_campaign_is_seen(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    campaign = campaign_of(manager(make), is_public=False)
    member, editor = (Browser(app).sign_in(make.user(role=role)) for role in (Role.MEMBER, Role.EDITOR))
    path = f"/hallinta/kampanjat/{campaign.id}/video"
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert send(browser, path, samples.WEBM, samples.CAPTIONS).status_code == 303
    row = stored(session)
    assert row is not None
    poster = f"/kampanjat/{campaign.slug}/kuva-laaja.png"
    assert poster in browser.get(f"/kampanjat/{campaign.slug}").text
    for address in (row.address, row.captions_address, poster):
        assert client.get(address).status_code == 404
        assert client.get(address, headers={"Range": "bytes=0-1"}).status_code == 404
        assert member.get(address).status_code == 404
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "private" in answer.headers["Cache-Control"]
    assert editor.get(path).status_code == 403


def test_only_the_manager_puts_and_removes_videos(app: Flask, session: Session, make: Factory) -> None:
    campaign = campaign_of(manager(make))
    house = video.House(storage_of(app.extensions["tori"]), 10)
    editor = Actor(make.user(role=Role.EDITOR))
    with pytest.raises(NotAllowed):
        video.put(house, editor, campaign, sent())
    with pytest.raises(NotAllowed), transaction() as writing:
        video.remove(writing, editor, campaign)
    assert kept(app) == set()


def test_the_text_of_a_shown_video_cannot_be_emptied(app: Flask, session: Session, make: Factory) -> None:
    actor = manager(make)
    campaign = campaign_of(actor)
    video.put(video.House(storage_of(app.extensions["tori"]), 10), actor, campaign, sent())
    with pytest.raises(RuleBroken, match="video_text_missing"), transaction() as writing:
        service.edit(writing, actor, campaign, content(video_text=""))
    with transaction() as writing:
        service.edit(writing, actor, campaign, content(video_text="Toinen teksti"))


def test_no_file_stays_when_the_row_can_not_be_written(
    app: Flask, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = manager(make)
    campaign = campaign_of(actor)

    def fail(*_arguments: object) -> None:
        raise OSError("levy")

    monkeypatch.setattr(video, "record", fail)
    with pytest.raises(OSError, match="levy"):
        video.put(video.House(storage_of(app.extensions["tori"]), 10), actor, campaign, sent())
    assert kept(app) == set()
    assert stored(session) is None


def test_a_site_may_take_no_videos(session: Session, make: Factory, tmp_path: Path) -> None:
    actor = manager(make)
    campaign = campaign_of(actor)
    with pytest.raises(video.Unfinished) as caught:
        video.put(video.House(LocalStorage(tmp_path / "uploads"), 0), actor, campaign, sent())
    assert [error.code for error in caught.value.errors] == ["videos_not_taken"]
