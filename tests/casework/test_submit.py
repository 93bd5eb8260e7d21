"""Accepting a complaint: once, whole, and with its triage promised."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.desks import AIGUL, INTAKE
from triage.casework.files import stage
from triage.casework.submit import Idempotency, submit
from triage.core.complaint import Category, Channel, Submission
from triage.errors import Conflict, Invalid
from triage.store.tables import Complaint, Event, Evidence

SAID = Submission(text="It came broken", order_number="978080963")


def count(desk, table):
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_complaint_is_received_with_its_triage_promised(desk):
    receipt = submit(desk, SAID, INTAKE)

    with desk.reading() as session:
        row = session.get(Complaint, receipt.complaint_id)
        assert (row.status, row.triaged_round) == ("received", 0)
        assert [event.verb for event in row.events] == ["submit"]
    assert desk.jobs.promised == [(receipt.complaint_id, 1)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"text": "  "}, "submission.no_text", id="no text"),
        pytest.param({"text": "x" * 20_001}, "submission.text_too_long", id="too long"),
        pytest.param({"order_number": None}, "submission.order_unknown", id="no order"),
        pytest.param(
            {"order_number": None, "seller": "Shop"},
            "submission.order_unknown",
            id="a seller alone does not name an order",
        ),
        pytest.param({"staged": ("0" * 32,)}, "evidence.unknown", id="evidence nobody sent"),
        pytest.param({"staged": ("0",) * 31}, "submission.too_many_files", id="31 files"),
    ],
)
def test_a_submission_that_makes_no_sense_is_refused_and_leaves_nothing(desk, said, code):
    with pytest.raises(Invalid, match=code):
        submit(desk, Submission(**{"text": "broken", "order_number": "12345678"} | said), INTAKE)
    assert count(desk, Complaint) == count(desk, Event) == 0


def test_eight_requests_with_one_key_at_once_make_one_complaint(desk):
    key = Idempotency("k-1", "a" * 64)
    gate = threading.Barrier(8)

    def send(_):
        gate.wait()
        return submit(desk, SAID, INTAKE, key)

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(send, range(8)))

    assert len({r.complaint_id for r in receipts}) == 1
    assert sorted(r.created for r in receipts) == [False] * 7 + [True]
    assert count(desk, Complaint) == 1
    assert len(desk.jobs.promised) == 1


def test_the_same_key_for_another_request_is_a_conflict(desk):
    submit(desk, SAID, INTAKE, Idempotency("k-1", "a" * 64))
    with pytest.raises(Conflict, match=r"idempotency\.other_request"):
        submit(desk, SAID, INTAKE, Idempotency("k-1", "b" * 64))


def test_keys_of_two_clients_do_not_meet(desk):
    first = submit(desk, SAID, INTAKE, Idempotency("k-1", "a" * 64))
    second = submit(desk, SAID, AIGUL, Idempotency("k-1", "b" * 64))
    assert first.complaint_id != second.complaint_id


def test_a_redelivered_message_is_the_first_complaint(desk):
    message = Submission(
        text="broken", order_number="978080963", channel=Channel.TELEGRAM, external_id="7:42"
    )
    first, again = submit(desk, message, INTAKE), submit(desk, message, INTAKE)
    assert first.complaint_id == again.complaint_id
    assert (first.created, again.created) == (True, False)
    with pytest.raises(Conflict, match=r"idempotency\.other_message"):
        submit(desk, Submission(**{**vars_of(message), "text": "late"}), INTAKE)


def vars_of(submission):
    return {name: getattr(submission, name) for name in submission.__dataclass_fields__}


def test_evidence_sent_beforehand_joins_one_complaint_only(desk, attach):
    evidence_id = stage(desk, attach(), INTAKE)
    said = Submission(text="broken", order_number="978080963", staged=(evidence_id,))

    receipt = submit(desk, said, INTAKE)

    with desk.reading() as session:
        assert session.get(Evidence, evidence_id).complaint_id == receipt.complaint_id
    with pytest.raises(Invalid, match=r"evidence\.already_used"):
        submit(desk, said, INTAKE)


def test_nobody_can_use_evidence_that_another_client_sent(desk, attach):
    evidence_id = stage(desk, attach(), INTAKE)
    said = Submission(text="broken", order_number="978080963", staged=(evidence_id,))
    with pytest.raises(Invalid, match=r"evidence\.unknown"):
        submit(desk, said, AIGUL)


def test_amounts_keep_their_tiyn(desk, file):
    complaint_id = file(amount=Decimal("1234567.89"), triaged=False, problem_type=Category.OTHER)
    with desk.reading() as session:
        assert str(session.get(Complaint, complaint_id).amount) == "1234567.89"
