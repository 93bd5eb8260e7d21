"""Web processes and workers apart, on PostgreSQL and a bucket: only settings change."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.neighbours import Bucket
from tests.processes import ROOT, Service, Start

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def shared(postgresql_url: str, bucket: Bucket) -> dict[str, str]:
    """What all processes have in common."""
    return {
        "TRIAGE_DATABASE_URL": postgresql_url,
        "TRIAGE_BLOBS_URL": f"s3://{bucket.name}/evidence",
        "TRIAGE_S3_ENDPOINT": bucket.endpoint,
        "TRIAGE_S3_ACCESS_KEY_ID": "test-access-key",
        "TRIAGE_S3_SECRET_ACCESS_KEY": "test-secret-key",
        "TRIAGE_SECRET_KEY": "one secret for all processes",
    }


def call(service: Service, path: str, key: str, sent: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        f"{service.url}/api/v1{path}",
        data=json.dumps(sent).encode() if sent else None,
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Prefer": "respond-async",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_complaints_taken_in_here_are_triaged_there(
    start: Start, shared: dict[str, str], tmp_path: Path
) -> None:
    web = start("--web-only", "--port", "0", **shared)
    made = subprocess.run(
        [sys.executable, "-m", "triage", "key", "add", "--scope", "intake", "--json"],
        env={**shared, "TRIAGE_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin"},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    key = json.loads(made.stdout)["key"]
    with open(ROOT / "examples/mug.jpg", "rb") as photo:
        photo_id = _stage(web, key, photo.read())
    complaint = {"text": "Кружка разбита", "order_number": "512345678", "evidence": [photo_id]}

    filed = call(web, "/complaints", key, complaint)
    assert filed["status"] == "received", "there is no worker yet"

    start(command="work", **shared).wait_for("works")
    end = time.monotonic() + 60
    while time.monotonic() < end and call(web, f"/complaints/{filed['id']}", key)["status"] == (
        "received"
    ):
        time.sleep(0.2)
    triaged = call(web, f"/complaints/{filed['id']}", key)
    assert triaged["status"] in ("needs_evidence", "queued")
    assert [each["verdict"] for each in triaged["evidence"]] == ["accepted"]


def _stage(web: Service, key: str, photo: bytes) -> str:
    """Upload the file beforehand; its id."""
    body = (
        b'--line\r\nContent-Disposition: form-data; name="damage_photo"; filename="mug.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + photo + b"\r\n--line--\r\n"
    )
    request = urllib.request.Request(
        f"{web.url}/api/v1/evidence",
        data=body,
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": "multipart/form-data; boundary=line",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["id"])
