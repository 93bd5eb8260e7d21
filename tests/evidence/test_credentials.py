"""Content Credentials are read inside the sandbox, checked against the file and never fetched."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evidence import files
from tests.evidence.conftest import Judge
from tests.evidence.signing import SIGNER, signed
from triage.core.evidence import Finding, Level, Verdict
from triage.evidence.credentials import Credentials, credentials_of, findings_of

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def found(judge: Judge, content: bytes) -> dict[str, Finding]:
    judged = judge(content, kind="damage_photo")
    return {each.code: each for each in judged.findings if each.code.startswith("metadata.")}


@pytest.mark.parametrize("form", TYPES)
def test_a_signed_photograph(judge: Judge, form: str) -> None:
    content = signed(files.picture(form), TYPES[form], source="digitalCapture")
    said = found(judge, content)
    assert list(said) == ["metadata.credentials"]
    finding = said["metadata.credentials"]
    assert (finding.level, finding.measured) == (Level.NOTE, "digitalCapture")
    assert finding.detail == {"signer": SIGNER, "generator": "Test Camera"}


@pytest.mark.parametrize(
    ("source", "is_ai"),
    [
        ("trainedAlgorithmicMedia", True),
        ("compositeWithTrainedAlgorithmicMedia", True),
        ("digitalCapture", False),
        ("digitalCreation", False),
    ],
)
def test_pictures_that_say_an_ai_made_them(judge: Judge, source: str, is_ai: bool) -> None:
    content = signed(files.picture("JPEG"), "image/jpeg", source=source)
    judged = judge(content, kind="damage_photo")
    said = {each.code: each.level for each in judged.findings}
    assert said.get("metadata.ai_generated") == (Level.WEAK if is_ai else None)
    assert judged.verdict is (Verdict.FLAGGED if is_ai else Verdict.ACCEPTED)


def test_a_picture_that_was_changed_after_signing(judge: Judge) -> None:
    content = bytearray(
        signed(files.picture("JPEG", (640, 480)), "image/jpeg", source="digitalCapture")
    )
    content[-2000] ^= 1  # among the coded pixels, behind the manifest
    finding = found(judge, bytes(content))["metadata.credentials_broken"]
    assert (finding.level, finding.measured) == (Level.WEAK, "assertion.dataHash.mismatch")


def test_credentials_that_cannot_be_read_are_said_to_be_unverified(judge: Judge) -> None:
    content = bytearray(signed(files.picture("JPEG"), "image/jpeg", source="digitalCapture"))
    claim = content.index(b"c2pa.claim")
    content[claim : claim + 10] = bytes(10)
    said = found(judge, bytes(content))
    assert said.keys() & {"metadata.credentials_unverified", "metadata.credentials_broken"}
    assert "metadata.credentials" not in said


def test_most_pictures_carry_none_and_hear_nothing(judge: Judge) -> None:
    assert found(judge, files.picture("JPEG")) == {}
    assert found(judge, files.picture("PNG")) == {}


def test_what_a_stranger_wrote_is_short_and_printable(judge: Judge) -> None:
    content = signed(
        files.picture("JPEG"),
        "image/jpeg",
        source="digitalCapture",
        generator="Camera\u202e\u2028" + "x" * 500,
    )
    generator = found(judge, content)["metadata.credentials"].detail["generator"]
    assert isinstance(generator, str)
    assert generator.isprintable()
    assert len(generator) <= 80


def report(**newest: Any) -> dict[str, Any]:
    return {"active_manifest": "a", "manifests": {"a": newest}}


def test_an_ai_in_the_history_of_an_edited_picture_is_told() -> None:
    action = {"digitalSourceType": "http://example.org/trainedAlgorithmicMedia"}
    past = {"assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}]}
    said = credentials_of({"active_manifest": "a", "manifests": {"b": past, "a": {}}})
    assert "metadata.ai_generated" in [each.code for each in findings_of(said)]


@pytest.mark.parametrize(
    ("failures", "code"),
    [
        ((), "metadata.credentials"),
        (("assertion.dataHash.mismatch",), "metadata.credentials_broken"),
        (("claimSignature.mismatch",), "metadata.credentials_broken"),
        (("signingCredential.expired",), "metadata.credentials_unverified"),
        (("signingCredential.untrusted",), "metadata.credentials_unverified"),
    ],
)
def test_only_a_change_of_the_file_counts_against_it(failures: tuple[str, ...], code: str) -> None:
    said = Credentials(signer="a", generator="b", sources=(), failures=failures)
    (finding,) = findings_of(said)
    assert finding.code == code
    assert finding.level is (Level.WEAK if code.endswith("broken") else Level.NOTE)


@pytest.mark.parametrize(
    "said",
    [
        report(),
        report(claim_generator="Old Tool/1.0", signature_info=None, assertions=None),
        report(claim_generator_info=[{}], signature_info={"issuer": 5}),
        report(assertions=[{"label": "c2pa.actions.v2", "data": None}]),
    ],
)
def test_sparse_reports_are_read(said: dict[str, Any]) -> None:
    read = credentials_of(said)
    assert read.signer == "?"
    assert read.sources == ()
