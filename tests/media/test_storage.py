"""The contract of the places for uploads: a folder, and a bucket of S3 (a server on this machine, from moto)."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.site import free_port
from tori.config import load_config
from tori.core.errors import ConfigurationError, NotFound, StorageAway
from tori.media.storage import LocalStorage, Storage, storage_of
from tori.media.storage_s3 import S3Storage


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    moto.start()
    address = f"http://127.0.0.1:{moto._port}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name="eu-north-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    client.create_bucket(Bucket="tori", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    client.close()
    yield address
    moto.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "kokeilu")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "kokeilu")
    return f"s3://tori?endpoint={server}"


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return LocalStorage(tmp_path / "uploads")
    return S3Storage(request.getfixturevalue("bucket"))


def test_what_is_kept_is_read_listed_and_deleted(storage: Storage) -> None:
    data = b"kuva" * 1000
    key = storage.put(data)
    assert storage.put(data) != key, "nobody guesses a key from the content"
    with storage.open(key) as file:
        assert file.read() == data
    listed = {item.name: item.kept_since for item in storage.all()}
    assert key in listed
    assert listed[key].tzinfo is not None
    storage.check()
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(NotFound):
        storage.open(key)
    assert key not in {item.name for item in storage.all()}


def test_a_large_file_is_kept_as_it_comes_and_read_from_any_place(storage: Storage) -> None:
    data = bytes(range(256)) * 12_000
    key = storage.put_file(io.BytesIO(data))
    with storage.open(key) as file:
        assert file.seek(0, io.SEEK_END) == len(data)
        for place in (2_500_003, 7, len(data) - 5):
            file.seek(place)
            assert file.read(10) == data[place : place + 10]
        assert file.read(1) == b""
        file.seek(0)
        assert file.read() == data
    storage.delete(key)


@pytest.mark.parametrize("key", ["", "../secret_key", "a" * 32, "uploads/" + "0" * 32 + "-" + "0" * 16])
def test_no_key_leads_elsewhere(storage: Storage, key: str) -> None:
    with pytest.raises(NotFound):
        storage.open(key)
    with pytest.raises(NotFound):
        storage.delete(key)


def test_a_bucket_that_is_away_is_told_and_not_mistaken_for_a_missing_file(bucket: str) -> None:
    kept = S3Storage(bucket)
    key = kept.put(b"x")
    away = S3Storage(f"s3://tori?endpoint=http://127.0.0.1:{free_port()}")
    missing = S3Storage(bucket.replace("s3://tori", "s3://ei-ole"))
    for place in (away, missing):
        with pytest.raises(StorageAway):
            place.check()
        with pytest.raises(StorageAway):
            place.put(b"y")
    with pytest.raises(StorageAway):
        away.open(key)
    # The change is done; the sweeper takes the file another time.
    away.delete(key)


def test_the_setting_chooses_the_place(tmp_path: Path, bucket: str) -> None:
    assert isinstance(storage_of(load_config({}, instance=tmp_path)), LocalStorage)
    assert isinstance(storage_of(load_config({}, instance=tmp_path, storage_url=bucket)), S3Storage)
    with pytest.raises(ConfigurationError, match="STORAGE_URL"):
        load_config({}, instance=tmp_path, storage_url="ftp://x")
