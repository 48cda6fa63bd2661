"""Uploads in a bucket that speaks the protocol of S3, for web servers on several machines."""

import io
import logging
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from tori.core.errors import ConfigurationError, NotFound, StorageAway
from tori.media.storage import KEY, Stored, new_key

log = logging.getLogger(__name__)

PREFIX = "uploads/"
CONNECT_SECONDS = 3
READ_SECONDS = 10
TRIES = 2
MISSING = {"404", "NoSuchKey"}


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
        key = new_key(data)
        try:
            self._client.put_object(Bucket=self.bucket, Key=PREFIX + key, Body=data)
        except (self._refused, self._away) as error:
            raise StorageAway(str(error)) from error
        return key

    def open(self, key: str) -> BinaryIO:
        if not KEY.fullmatch(key):
            raise NotFound("upload")
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=PREFIX + key)
            with answer["Body"] as body:
                return io.BytesIO(body.read())
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
