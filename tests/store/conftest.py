"""Both places where files can be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.store.blobs import Blobs, LocalBlobs
from triage.store.bucket import BucketBlobs


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Files in a folder, and in a bucket of an S3 server."""
    if request.param == "folder":
        return LocalBlobs(tmp_path / "evidence")
    bucket = request.getfixturevalue("bucket")
    return BucketBlobs(bucket.settings(tmp_path), tmp_path / "scratch")
