"""Files in an S3 bucket: hashed into a nameless local file first, then sent in one go."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from obstore.exceptions import BaseError
from obstore.store import S3Store

from triage.errors import NotFound, Unavailable
from triage.settings import Settings
from triage.store.blobs import Incoming, put_through

CHUNK = 8 * 1024 * 1024  # bytes of one part of an upload; S3 asks for at least 5 MiB


class BucketBlobs:
    """``<prefix>/ab/<sha256>`` in a bucket. Made in the process that uses it: not fork-safe."""

    def __init__(self, settings: Settings, scratch: Path) -> None:
        bucket, _, prefix = settings.blobs_url.removeprefix("s3://").partition("/")
        self._scratch = scratch
        self._scratch.mkdir(parents=True, exist_ok=True)
        options: dict[str, object] = {}
        if settings.s3_endpoint:
            options["endpoint"] = settings.s3_endpoint
        if settings.s3_access_key_id:
            options["access_key_id"] = settings.s3_access_key_id
            options["secret_access_key"] = settings.s3_secret_access_key
        self._store = S3Store(
            bucket,
            prefix=prefix.strip("/") or None,
            region=settings.s3_region,
            virtual_hosted_style_request=not settings.s3_endpoint,
            client_options={
                "allow_http": settings.s3_endpoint.startswith("http://"),
                "timeout": timedelta(minutes=5),
                "connect_timeout": timedelta(seconds=5),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
            **options,  # type: ignore[arg-type]  # the keys above are S3Config's own
        )

    def receive(self) -> Incoming:
        try:
            return Incoming(self, self._scratch)
        except OSError as error:
            raise Unavailable("storage.write_failed") from error

    def put(self, content: bytes) -> str:
        return put_through(self, content)

    def open(self, sha256: str) -> BinaryIO:
        file = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115  # the caller closes it
        try:
            for chunk in self._store.get(_key(sha256)).stream(min_chunk_size=CHUNK):
                file.write(bytes(chunk))
        except FileNotFoundError as error:
            file.close()
            raise NotFound("blob.unknown") from error
        except (BaseError, OSError) as error:
            file.close()
            raise Unavailable("storage.read_failed") from error
        file.seek(0)
        return file

    def exists(self, sha256: str) -> bool:
        try:
            self._store.head(_key(sha256))
        except FileNotFoundError:
            return False
        return True

    def remove(self, sha256: str) -> None:
        self._store.delete(_key(sha256))

    def known(self) -> list[str]:
        young = datetime.now(UTC) - timedelta(hours=1)
        return [
            meta["path"].rpartition("/")[2]
            for page in self._store.list()
            for meta in page
            if meta["last_modified"] < young
        ]

    def adopt(self, file: BinaryIO, path: Path | None, sha256: str) -> None:
        """Send the bytes; the server answers when they are durable."""
        if self.exists(sha256):
            return
        file.seek(0)
        try:
            self._store.put(_key(sha256), _chunks(file), chunk_size=CHUNK)
        except (BaseError, OSError) as error:
            raise Unavailable("storage.write_failed") from error


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
