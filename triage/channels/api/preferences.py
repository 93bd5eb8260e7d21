"""What a client asks for in headers: how long to wait (``Prefer``), how not to file twice."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from triage.casework.submit import Idempotency
from triage.channels.api.models import NewComplaint
from triage.channels.api.refusals import Unreadable
from triage.core.complaint import Attachment

HEADER = "Idempotency-Key"
MAX_KEY = 255  # characters
_VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
_WAIT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Preference:
    """``Prefer`` (RFC 7240) as far as we honour it. ``wait`` is in seconds."""

    respond_async: bool = False
    wait: int | None = None

    def seconds(self, most: float) -> float:
        """How long the answer may wait for triage."""
        if self.wait is not None:
            return min(float(self.wait), most)
        return 0.0 if self.respond_async else most

    @property
    def applied(self) -> str:
        """What ``Preference-Applied`` says; empty where nothing was asked for."""
        wait = f"wait={self.wait}" if self.wait is not None else ""
        return ", ".join(filter(None, ("respond-async" if self.respond_async else "", wait)))


def preference_of(header: str | None) -> Preference:
    """Read ``Prefer``. What is unknown or malformed is ignored, as the RFC asks."""
    respond_async, wait = False, None
    for part in (header or "").split(",")[:20]:
        name, _, value = part.partition(";")[0].partition("=")
        value = value.strip().strip('"')
        if name.strip().lower() == "respond-async":
            respond_async = True
        elif name.strip().lower() == "wait" and wait is None and _WAIT.fullmatch(value):
            wait = int(value)
    return Preference(respond_async, wait)


def idempotency_key(header: str | None) -> str | None:
    """The client's key; None when there is none. Raises Unreadable for a malformed one."""
    if header is None:
        return None
    key = header.strip()
    if not _VISIBLE.fullmatch(key):
        raise Unreadable("idempotency.bad_key", field=HEADER, limit=MAX_KEY)
    return key


def idempotency(
    key: str | None, sent: NewComplaint, attachments: Sequence[Attachment]
) -> Idempotency | None:
    """The key with the fingerprint of the request: its fields, and its files by content."""
    if key is None:
        return None
    files = sorted((each.kind, each.filename, each.sha256) for each in attachments)
    said = [sent.model_dump(mode="json", exclude_none=True), files]
    text = json.dumps(said, sort_keys=True, ensure_ascii=True)
    return Idempotency(key, hashlib.sha256(text.encode()).hexdigest())
