"""Stored files are scanned again: what was missed is made up for, what became malware is locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests import clamd
from tests.clamd import EICAR, FakeClamd, says
from tests.desks import AIGUL, INTAKE
from tests.pictures import picture
from triage.casework import answer, scanning
from triage.casework.files import Received, judge, open_original, stage
from triage.casework.work import ActionRequest, act, claim_next
from triage.core.evidence import EvidenceKind
from triage.core.status import Action
from triage.desk import Desk
from triage.errors import Refused
from triage.evidence import Clamd, Outcome
from triage.evidence.malware import Patience
from triage.store.tables import Complaint, Evidence

CLEAN, MALWARE, BROKEN = (
    says(b"stream: %b\0" % word) for word in (b"OK", b"Late-Signature FOUND", b"no memory ERROR")
)
QUICK = Patience(connect=2, idle=2, whole=2, question=2)


@pytest.fixture
def fake() -> Iterator[FakeClamd]:
    with clamd.fake() as server:
        yield server


@pytest.fixture
def scanner(fake: FakeClamd) -> Clamd:
    return Clamd(fake.address, required=True, patience=QUICK)


@pytest.fixture
def desk(desk: Desk, scanner: Clamd) -> Desk:
    return replace(desk, scanner=scanner)


@pytest.fixture
def case(desk: Desk, fake: FakeClamd, file, attach) -> Callable[..., str]:
    """A triaged complaint with all its files; its id."""

    def make(answer: clamd.Answer = CLEAN, kinds: str = "damage_photo damage_photo") -> str:
        fake.answer = answer
        files = tuple(attach(kind, shade=shade) for shade, kind in enumerate(kinds.split(), 1))
        return file(attachments=files)

    return make


def shown(desk: Desk, complaint_id: str):
    return answer.case(desk, complaint_id, "en", AIGUL)


def verdicts(desk: Desk, complaint_id: str) -> list[str]:
    return [each["verdict"] for each in shown(desk, complaint_id)["evidence"]]


def codes(desk: Desk, complaint_id: str) -> set[str]:
    found = shown(desk, complaint_id)["evidence"]
    return {each["code"] for file in found for each in file["findings"]} - {"receipt.not_read"}


def verbs(desk: Desk, complaint_id: str) -> list[str]:
    return [each["verb"] for each in shown(desk, complaint_id)["history"]]


def first(desk: Desk, complaint_id: str) -> Evidence:
    with desk.reading() as session:
        return (
            session.query(Evidence).filter_by(complaint_id=complaint_id).order_by("place").first()
        )


def original(desk: Desk, complaint_id: str) -> bytes:
    stream, _ = open_original(desk, first(desk, complaint_id).id, AIGUL)
    with stream:
        return stream.read()


def test_a_clean_scan_leaves_no_finding_and_is_remembered(desk, case):
    complaint_id = case()
    assert codes(desk, complaint_id) == set()
    row = first(desk, complaint_id)
    assert (row.scan, row.scanned_at, row.scan_tries) == ("clean", desk.now(), 0)
    assert row.scanner.startswith("ClamAV 1.4.6")
    assert original(desk, complaint_id) == picture(1)


def test_malware_is_refused_and_never_handed_out(desk, case):
    complaint_id = case(MALWARE)
    assert verdicts(desk, complaint_id) == ["rejected", "rejected"]
    assert codes(desk, complaint_id) == {"malware.found"}
    with pytest.raises(Refused, match=r"evidence\.locked"):
        original(desk, complaint_id)
    assert shown(desk, complaint_id)["status"] != "rejected", "the claim is not refused"


def test_what_was_not_scanned_is_pending_and_locked_until_it_is(desk, fake, case, clock):
    complaint_id = case(BROKEN)
    assert verdicts(desk, complaint_id) == ["pending", "pending"]
    assert codes(desk, complaint_id) == {"malware.not_scanned"}
    with pytest.raises(Refused, match=r"evidence\.not_scanned"):
        original(desk, complaint_id)

    fake.answer = CLEAN
    assert scanning.scan_due(desk) == {}, "not at once"
    clock.forward(minutes=1)
    assert scanning.scan_due(desk) == {Outcome.CLEAN: 2}

    assert verdicts(desk, complaint_id) == ["accepted", "accepted"]
    assert original(desk, complaint_id) == picture(1)
    line = next(e for e in shown(desk, complaint_id)["checklist"] if e["kind"] == "damage_photo")
    assert line["state"] == "met", "decided anew"


def test_where_it_is_not_required_a_missed_scan_is_only_noted(desk, fake, case, file, attach):
    lenient = replace(desk, scanner=Clamd(fake.address, patience=QUICK))
    fake.answer = BROKEN
    row_id = stage(lenient, attach(shade=1), INTAKE)
    found = answer.evidence_by_id(lenient, row_id, "en")
    assert found["verdict"] == "accepted"
    assert {"malware.not_scanned"} <= {each["code"] for each in found["findings"]}


def test_files_from_before_the_scanner_are_made_up_for(desk, file, attach):
    complaint_id = file(attachments=(attach(shade=1),))
    with desk.sessions.begin() as session:
        session.query(Evidence).update({"scan": None, "scanned_at": None})
    with pytest.raises(Refused, match=r"evidence\.not_scanned"):
        original(desk, complaint_id)
    assert scanning.scan_due(desk) == {Outcome.CLEAN: 1}
    assert original(desk, complaint_id) == picture(1)


def test_the_tries_grow_apart_and_a_scanner_that_is_down_costs_none(desk, fake, case, clock):
    complaint_id = case(BROKEN, "damage_photo")
    waits = []
    for _ in range(4):
        row = first(desk, complaint_id)
        waits.append((row.scan_retry_at - desk.now()).total_seconds() / 60)
        clock.forward(minutes=waits[-1])
        assert scanning.scan_due(desk) == {Outcome.NOT_SCANNED: 1}
    assert waits == [1, 2, 4, 8]
    with desk.sessions.begin() as session:
        session.get_one(Evidence, row.id).scan_tries = 500
    clock.forward(days=1)
    scanning.scan_due(desk)
    again = first(desk, complaint_id)
    assert (again.scan_retry_at - desk.now()).total_seconds() == 24 * 3600

    fake.close()
    clock.forward(days=2)
    down = replace(desk, scanner=Clamd(fake.address, patience=QUICK))
    assert scanning.scan_due(down) == {}
    assert first(desk, complaint_id).scan_tries == again.scan_tries


def test_two_workers_do_not_scan_the_same_file(desk, case, clock, scanner):
    case(BROKEN)
    clock.forward(hours=1)
    assert len(scanning._take_due(desk, scanner)) == 2
    assert len(scanning._take_due(desk, scanner)) == 0
    clock.forward(minutes=15)
    assert len(scanning._take_due(desk, scanner)) == 2, "what a worker did not bring back"


def test_a_file_that_cannot_be_scanned_for_its_size_is_not_tried_again(desk, fake, case, clock):
    small = replace(desk, scanner=Clamd(fake.address, max_bytes=100, patience=QUICK))
    complaint_id = case(BROKEN, "damage_photo")
    clock.forward(days=3)
    assert scanning.scan_due(small) == {}
    assert first(desk, complaint_id).scan_tries == 1


@pytest.mark.parametrize("days", [30, 0])
def test_clean_files_are_scanned_again_after_the_set_days(desk, case, clock, days):
    set_up = replace(desk, settings=replace(desk.settings, rescan_days=days))
    case(CLEAN, "damage_photo")
    clock.forward(days=29)
    assert scanning.scan_due(set_up) == {}
    clock.forward(days=2)
    assert scanning.scan_due(set_up) == ({Outcome.CLEAN: 1} if days else {})
    assert scanning.scan_due(set_up) == {}


def waiting(desk: Desk, complaint_id: str) -> None:
    claim_next(desk, AIGUL)
    ask = ActionRequest(message="Please send a photo of the seal.")
    act(desk, complaint_id, Action.REQUEST_EVIDENCE, AIGUL, ask)


def held(desk: Desk, complaint_id: str) -> None:
    claim_next(desk, AIGUL)


def resolved(desk: Desk, complaint_id: str) -> None:
    claim_next(desk, AIGUL)
    act(desk, complaint_id, Action.RESOLVE, AIGUL, ActionRequest(reason="Refund."))


ALL = "damage_photo damage_photo purchase_proof"


@pytest.mark.parametrize(
    ("kinds", "before", "status", "after"),
    [
        pytest.param("damage_photo", None, "needs_evidence", "queued", id="waits_for_evidence"),
        pytest.param(ALL, None, "queued", "queued", id="in_the_queue"),
        pytest.param(ALL, waiting, "waiting_customer", "queued", id="waits_for_the_customer"),
        pytest.param(ALL, held, "under_review", "under_review", id="an_agent_has_it"),
        pytest.param(ALL, resolved, "resolved", "resolved", id="closed_stays_closed"),
    ],
)
def test_a_file_that_becomes_malware_brings_its_case_back_to_a_person(
    desk, fake, case, clock, kinds, before, status, after
):
    complaint_id = case(CLEAN, kinds)
    if before:
        before(desk, complaint_id)
    assert shown(desk, complaint_id)["status"] == status
    clock.forward(minutes=1)
    fake.answer = MALWARE

    counts = scanning.scan_all(desk)

    assert counts == {Outcome.FOUND: len(kinds.split())}
    found = shown(desk, complaint_id)
    assert set(verdicts(desk, complaint_id)) == {"rejected"}
    assert found["status"] == after
    assert verbs(desk, complaint_id).count("malware_found") == len(kinds.split())
    event = next(each for each in found["history"] if each["verb"] == "malware_found")
    assert event["detail"]["signature"] == "Late-Signature"
    with pytest.raises(Refused, match=r"evidence\.locked"):
        original(desk, complaint_id)
    with desk.reading() as session:
        assert session.get_one(Complaint, complaint_id).in_queue is (after == "queued")


def test_a_failed_rescan_does_not_take_back_what_was_known(desk, fake, case, clock):
    complaint_id = case()
    clock.forward(days=31)
    fake.answer = BROKEN
    assert scanning.scan_due(desk) == {Outcome.NOT_SCANNED: 2}
    assert verdicts(desk, complaint_id) == ["accepted", "accepted"]
    assert first(desk, complaint_id).scan == "clean"


def test_a_false_alarm_is_taken_back_by_hand_only(desk, fake, case, clock):
    complaint_id = case(MALWARE)
    fake.answer = CLEAN
    clock.forward(days=90)
    assert scanning.scan_due(desk) == {}
    assert scanning.scan_all(desk) == {Outcome.CLEAN: 2}
    assert verdicts(desk, complaint_id) == ["accepted", "accepted"]
    assert "malware_cleared" in verbs(desk, complaint_id)


def test_a_triage_that_is_under_way_decides_about_a_late_finding_itself(
    desk, fake, case, clock, attach
):
    complaint_id = case(CLEAN, ALL)
    with desk.sessions.begin() as session:
        row = session.get_one(Complaint, complaint_id)
        row.round += 1  # as a new file does
        rounds = row.triaged_round
    clock.forward(minutes=1)
    fake.answer = MALWARE
    scanning.scan_all(desk)
    with desk.reading() as session:
        assert session.get_one(Complaint, complaint_id).triaged_round == rounds


def test_a_file_that_is_judged_and_not_kept_is_scanned_too(desk, fake):
    fake.answer = MALWARE
    with desk.blobs.receive() as incoming:
        incoming.write(picture(1))
        (opinion,) = judge(
            desk, [Received(EvidenceKind.DAMAGE_PHOTO, "a.jpg", "image/jpeg", incoming)]
        )
    assert "malware.found" in {each.code for each in opinion.judged.findings}


def test_the_real_clamd_finds_yesterdays_file_with_todays_signature(desk, file, attach, clock):
    with clamd.real(b"nothing of the kind") as address:
        before = replace(desk, scanner=Clamd(address, required=True))
        row_id = stage(before, attach(content=EICAR), INTAKE)
        assert answer.evidence_by_id(before, row_id, "en")["findings"][0]["code"] != "malware.found"
    with clamd.real() as address:
        clock.forward(days=31)
        after = replace(desk, scanner=Clamd(address, required=True))
        assert scanning.scan_due(after) == {Outcome.FOUND: 1}
        findings = answer.evidence_by_id(after, row_id, "en")["findings"]
    assert findings[-1]["code"] == "malware.found"
    assert findings[-1]["measured"] == "Test-Signature.UNOFFICIAL"
