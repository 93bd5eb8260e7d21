"""Content Credentials (C2PA): who signed a file's history, is it intact, does it tell of an AI?

Looked up only where a file carries a manifest inside. Nothing is fetched: no manifest kept
elsewhere, no revocation list, no list of trusted signers. So a signature that fits says that
nothing was changed since it was made, and the name of the signer is told as a claim.
"""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import c2pa  # type: ignore[import-untyped] # it has no types

from triage.core.evidence import Finding, Level
from triage.evidence.accepted import JPEG
from triage.evidence.opened import Opened
from triage.evidence.structure import jpeg

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MANIFEST_STORE = bytes.fromhex("63327061 0011 0010 8000 00aa00389b71")  # its JUMBF type, "c2pa…"
_HASHED_BYTES = 100 * 1024 * 1024  # what can be hashed well within the time of one file
_LONGEST = 80
_AI = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")
_CHANGED = ("mismatch", "assertion.missing", "assertion.inaccessible", "claim.malformed")
_SETTINGS = {
    "verify": {
        "verify_after_reading": True,
        "verify_trust": False,
        "verify_timestamp_trust": False,
        "ocsp_fetch": False,
        "remote_manifest_fetch": False,
    },
}


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What the newest manifest says; ``failures`` are codes of the C2PA standard."""

    signer: str
    generator: str
    sources: tuple[str, ...]  # IPTC digital source types of the whole history, newest first
    failures: tuple[str, ...]


class _File(io.RawIOBase):
    """The file as the library wants to read it; a video is not taken into memory."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._place = 0

    def readinto(self, into: WriteableBuffer) -> int:
        view = memoryview(into).cast("B")
        part = self._opened.read_at(self._place, len(view))
        view[: len(part)] = part
        self._place += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = (0, self._place, self._opened.size)[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


@functools.cache
def prepare() -> c2pa.Stream:
    """Keep one stream alive: the library calls back into Python.

    Code that can be called back lies in pages that may be executed, which a child may not make
    any more. What it makes later finds room beside this one.
    """
    return c2pa.Stream(io.BytesIO())


def check(opened: Opened) -> Iterator[Finding]:
    """Of pictures and videos; most carry none, and then nothing is loaded or said."""
    if not opened.media_type.startswith(("image/", "video/")) or not _carries(opened):
        return
    said = _read(opened) if opened.size <= _HASHED_BYTES else None
    yield from findings_of(said)


def _carries(opened: Opened) -> bool:
    """Videos have it before their content, a JPEG in its segments, other pictures anywhere."""
    if opened.media_type == JPEG:
        return any(_MANIFEST_STORE in each for each in jpeg.outside_of_scans(opened.mapped))
    is_video = opened.media_type.startswith("video/")
    return _MANIFEST_STORE in (opened.head if is_video else opened.content)


def _read(opened: Opened) -> Credentials | None:
    """None where the library cannot read it, for whatever reason: nothing depends on it."""
    try:
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Reader(opened.media_type, _File(opened), context=context) as reader,
        ):
            return credentials_of(json.loads(reader.json()))
    except (c2pa.C2paError, MemoryError, ValueError, TypeError, AttributeError, KeyError):
        return None


def credentials_of(report: Mapping[str, Any]) -> Credentials:
    """From the library's report. Raises KeyError, TypeError or AttributeError for no report."""
    manifests: dict[str, Any] = report["manifests"]
    newest = manifests[report["active_manifest"]]
    history = [newest, *(each for each in manifests.values() if each is not newest)]
    signature = newest.get("signature_info") or {}
    results = (report.get("validation_results") or {}).get("activeManifest") or {}
    return Credentials(
        signer=_word(signature.get("issuer") or signature.get("common_name")),
        generator=_generator(newest),
        sources=tuple(dict.fromkeys(each for one in history for each in _sources(one))),
        failures=tuple(_word(each.get("code")) for each in results.get("failure") or ()),
    )


def _generator(manifest: Mapping[str, Any]) -> str:
    named = manifest.get("claim_generator_info") or [{}]
    return _word(named[0].get("name") or manifest.get("claim_generator"))


def _sources(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Of its actions; the address of an IPTC term is told by its last part."""
    for assertion in manifest.get("assertions") or ():
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in (assertion.get("data") or {}).get("actions") or ():
                if source := action.get("digitalSourceType"):
                    yield _word(str(source).rpartition("/")[2])


def _word(value: object) -> str:
    """What a stranger wrote, made short and printable."""
    text = value if isinstance(value, str) else ""
    return "".join(letter for letter in text[:_LONGEST] if letter.isprintable()) or "?"


def findings_of(said: Credentials | None) -> Iterator[Finding]:
    """None when they are there but could not be read."""
    if said is None:
        yield Finding(code="metadata.credentials_unverified", level=Level.NOTE, measured="?")
        return
    changed = [each for each in said.failures if any(word in each for word in _CHANGED)]
    if changed:
        yield Finding(code="metadata.credentials_broken", level=Level.WEAK, measured=changed[0])
    elif said.failures:
        reason = said.failures[0]
        yield Finding(code="metadata.credentials_unverified", level=Level.NOTE, measured=reason)
    else:
        yield Finding(
            code="metadata.credentials",
            level=Level.NOTE,
            measured=said.sources[0] if said.sources else "?",
            detail={"signer": said.signer, "generator": said.generator},
        )
    if made := [each for each in said.sources if each in _AI]:
        yield Finding(code="metadata.ai_generated", level=Level.WEAK, measured=made[0])
