"""Uploads in a bucket that speaks the protocol of S3, for web servers on several machines."""

import io
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from tori.core.errors import ConfigurationError, NotFound, StorageAway
from tori.media.storage import KEY, PIECE, Stored, new_key

log = logging.getLogger(__name__)

PREFIX = "uploads/"
CONNECT_SECONDS = 3
READ_SECONDS = 10
TRIES = 2
READ_AT_ONCE = 2_000_000
"""Smaller files, which all pictures are, don't keep a connection open while a slow reader takes them."""
MISSING = {"404", "NoSuchKey"}


class BucketFile(io.RawIOBase):
    """What lies in a bucket, read as it comes. After a jump it is asked for anew from there, so a piece of a large file
    costs no more than the piece."""

    def __init__(self, ask: Callable[[int], Any], body: Any, size: int) -> None:
        super().__init__()
        self._ask = ask
        self._body = body
        self._size = size
        self._at = 0
        self._body_at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        if self._at != self._body_at:
            self._body.close()
            self._body, self._body_at = self._ask(self._at), self._at
        piece = self._body.read(len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        self._body_at = self._at
        return len(piece)

    def close(self) -> None:
        self._body.close()
        super().close()


class S3Storage:
    """``s3://bucket?endpoint=https://objects.example.org&region=fi``. Keys come from AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY, or from wherever else boto3 finds them."""

    def __init__(self, url: str) -> None:
        # Half a second of loading and memory that a site with a folder does without.
        import boto3
        from botocore.config import Config as Options
        from botocore.exceptions import BotoCoreError, ClientError

        parts = urlsplit(url)
        options = parse_qs(parts.query)
        if not parts.hostname:
            raise ConfigurationError("STORAGE_URL must name a bucket: s3://bucket?endpoint=https://…")
        self.bucket = parts.netloc
        self._refused = ClientError
        self._away = BotoCoreError
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=options.get("endpoint", [None])[0],
            region_name=options.get("region", ["eu-north-1"])[0],
            config=Options(
                connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": TRIES},
                s3={"addressing_style": "path"},
            ),
        )  # fmt: skip

    def put(self, data: bytes) -> str:
        return self.put_file(io.BytesIO(data))

    def put_file(self, file: BinaryIO) -> str:
        key = new_key(file)
        try:
            self._client.put_object(Bucket=self.bucket, Key=PREFIX + key, Body=file)
        except (self._refused, self._away) as error:
            raise StorageAway(str(error)) from error
        return key

    def open(self, key: str) -> BinaryIO:
        if not KEY.fullmatch(key):
            raise NotFound("upload")
        answer = self._get(key)
        size = int(answer["ContentLength"])
        body = answer["Body"]
        if size > READ_AT_ONCE:
            return io.BufferedReader(BucketFile(lambda start: self._get(key, start)["Body"], body, size), PIECE)
        with body:
            return io.BytesIO(self._told(body.read))

    def _get(self, key: str, start: int = 0) -> Any:
        place = {"Range": f"bytes={start}-"} if start else {}
        return self._told(lambda: self._client.get_object(Bucket=self.bucket, Key=PREFIX + key, **place))

    def _told(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except self._refused as error:
            if error.response["Error"]["Code"] in MISSING:
                raise NotFound("upload") from error
            raise StorageAway(str(error)) from error
        except self._away as error:
            raise StorageAway(str(error)) from error

    def delete(self, key: str) -> None:
        if not KEY.fullmatch(key):
            raise NotFound("upload")
        try:
            self._client.delete_object(Bucket=self.bucket, Key=PREFIX + key)
        except (self._refused, self._away):
            # The change itself is done; the sweeper takes what is left.
            log.warning("an upload could not be deleted", exc_info=True)

    def all(self) -> Iterator[Stored]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=PREFIX)
        for page in pages:
            for item in page.get("Contents", []):
                yield Stored(item["Key"].removeprefix(PREFIX), item["LastModified"])

    def check(self) -> None:
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except (self._refused, self._away) as error:
            raise StorageAway(str(error)) from error
