"""Receipts and pictures of one complaint against its order and against other complaints."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PIL import Image
from sqlalchemy import delete, func, select

from tests.desks import INTAKE, Clock
from tests.evidence.papers import receipt_pdf
from tests.pictures import picture
from triage.casework import answer
from triage.casework.files import add_evidence
from triage.core.complaint import Attachment
from triage.desk import Desk
from triage.store.receipts import ReceiptMark
from triage.store.tables import Complaint, Evidence

File = Callable[..., str]
Attach = Callable[..., Attachment]
DATE_TIME_ORIGINAL = 0x9003
EXIF = 0x8769


def receipt(
    amount: str = "15000.00", sign: str = "123456789", when: str = "20261116T120000"
) -> bytes:
    """A page with nothing but the code; the order of these tests is of 16 November, 15,000 ₸."""
    return receipt_pdf([], f"https://ofd1.kz/t/?i={sign}&f=010101234567&s={amount}&t={when}")


def photo(taken_at: str) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(EXIF)[DATE_TIME_ORIGINAL] = taken_at
    out = io.BytesIO()
    Image.open(io.BytesIO(picture(5))).save(out, "JPEG", exif=exif)
    return out.getvalue()


def send(desk: Desk, complaint_id: str, *attachments: Attachment) -> None:
    add_evidence(desk, complaint_id, list(attachments), [], INTAKE)
    desk.jobs.keep(desk)  # type: ignore[attr-defined] # the tests' own jobs


def across(desk: Desk, complaint_id: str) -> dict[str, dict[str, object]]:
    """What was found by comparing, by code."""
    with desk.reading() as session:
        rows = session.scalars(select(Evidence).filter_by(complaint_id=complaint_id)).all()
        return {
            each["code"]: each
            for row in rows
            for each in row.findings
            if each["code"].startswith(("receipt.", "metadata.")) and "qr_read" not in each["code"]
        }


def told(desk: Desk, complaint_id: str) -> str:
    """Everything that the customer's page says, as text."""
    return str(answer.status_page(desk, answer.status_token(desk, complaint_id), "en"))


def test_a_receipt_that_fits_says_nothing(desk: Desk, file: File, attach: Attach) -> None:
    complaint_id = file()
    send(desk, complaint_id, attach("purchase_proof", receipt()))
    assert across(desk, complaint_id) == {}


@pytest.mark.parametrize(
    ("receipts", "code", "level"),
    [
        pytest.param([{"amount": "9000.00"}], "receipt.amount_mismatch", "weak", id="less"),
        pytest.param([{"amount": "90000.00"}], "receipt.amount_mismatch", "note", id="more"),
        pytest.param(
            [{"amount": "9000.00"}, {"amount": "6000.00", "sign": "987654321"}],
            None,
            None,
            id="two_that_add_up",
        ),
        pytest.param(
            [{"when": "20261001T120000"}], "receipt.time_mismatch", "weak", id="before_the_order"
        ),
    ],
)
def test_a_receipt_against_the_order(
    desk: Desk,
    file: File,
    attach: Attach,
    receipts: list[dict[str, str]],
    code: str | None,
    level: str | None,
) -> None:
    complaint_id = file()
    send(desk, complaint_id, *(attach("purchase_proof", receipt(**each)) for each in receipts))
    found = across(desk, complaint_id)
    assert list(found) == ([code] if code else [])
    if code:
        assert found[code]["level"] == level


def test_printed_sums_are_held_against_the_order_too(
    desk: Desk, file: File, attach: Attach
) -> None:
    complaint_id = file()
    lines = ["РНМ 010101234567", "ФП 123456789", "ИТОГО 9 000 ₸", "16.11.2026 12:00"]
    send(desk, complaint_id, attach("purchase_proof", receipt_pdf(lines)))
    assert set(across(desk, complaint_id)) == {"receipt.text_read", "receipt.amount_mismatch"}


def test_no_mismatch_rejects_a_file(desk: Desk, file: File, attach: Attach) -> None:
    complaint_id = file()
    bad = receipt("1.00", when="20200101T120000")
    send(desk, complaint_id, attach("purchase_proof", bad))
    with desk.reading() as session:
        row = session.scalars(select(Evidence).filter_by(complaint_id=complaint_id)).one()
        assert row.verdict == "flagged"
    found = answer.complaint(desk, complaint_id, "en", INTAKE)
    assert found["status"] != "rejected"


def test_findings_follow_a_corrected_order(desk: Desk, file: File, attach: Attach) -> None:
    complaint_id = file()
    send(desk, complaint_id, attach("purchase_proof", receipt("9000.00")))
    with desk.sessions.begin() as session:
        session.get_one(Complaint, complaint_id).amount = Decimal(9000)
    send(desk, complaint_id, attach("damage_photo"))
    assert across(desk, complaint_id) == {}


def test_a_receipt_that_serves_in_two_orders(desk: Desk, file: File, attach: Attach) -> None:
    first, second = file(), file(order_number="978080964")
    send(desk, first, attach("purchase_proof", receipt()))
    send(desk, second, attach("purchase_proof", receipt()))

    reused = across(desk, second)["receipt.reused"]
    assert reused["level"] == "weak"
    assert reused["detail"] == {"cases": first, "count": 1}
    send(desk, first, attach("damage_photo"))
    assert across(desk, first)["receipt.reused"]["detail"] == {"cases": second, "count": 1}


def test_customers_are_not_told_of_other_people_s_cases(
    desk: Desk, file: File, attach: Attach
) -> None:
    first, second = file(), file(order_number="978080964")
    for each in (first, second):
        send(desk, each, attach("purchase_proof", receipt()))
    assert first not in told(desk, second)
    assert "receipt.reused" not in told(desk, second)


@pytest.mark.parametrize(
    ("order_number", "phone"),
    [
        pytest.param("978080963", None, id="the_same_order"),
        pytest.param("978080964", "+77771234567", id="the_same_customer"),
    ],
)
def test_one_purchase_may_give_several_complaints(
    desk: Desk, file: File, attach: Attach, order_number: str, phone: str | None
) -> None:
    first, second = file(), file(order_number=order_number)
    for each in (first, second):
        with desk.sessions.begin() as session:
            session.get_one(Complaint, each).contact_phone = phone
        send(desk, each, attach("purchase_proof", receipt()))
    assert across(desk, second)["receipt.reused"]["level"] == "note"


def test_merged_complaints_are_one(desk: Desk, file: File, attach: Attach) -> None:
    first, second = file(), file(order_number="978080964")
    send(desk, first, attach("purchase_proof", receipt()))
    with desk.sessions.begin() as session:
        session.get_one(Complaint, first).merged_into = second
    send(desk, second, attach("purchase_proof", receipt()))
    assert across(desk, second) == {}


def test_another_sign_of_the_same_till_is_another_receipt(
    desk: Desk, file: File, attach: Attach
) -> None:
    first, second = file(), file(order_number="978080964")
    send(desk, first, attach("purchase_proof", receipt()))
    send(desk, second, attach("purchase_proof", receipt(sign="123456780")))
    assert across(desk, second) == {}


def test_a_receipt_goes_with_its_file(desk: Desk, file: File, attach: Attach) -> None:
    complaint_id = file()
    send(desk, complaint_id, attach("purchase_proof", receipt()))
    with desk.sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(ReceiptMark)) == 1
        session.execute(delete(Evidence).where(Evidence.complaint_id == complaint_id))
        assert session.scalar(select(func.count()).select_from(ReceiptMark)) == 0


@pytest.mark.parametrize(
    ("taken_at", "kind", "code"),
    [
        pytest.param("2026:11:21 10:00:00", "damage_photo", None, id="in_time"),
        pytest.param("2026:11:01 10:00:00", "damage_photo", "taken_before_order", id="before"),
        pytest.param("2026:12:24 10:00:00", "damage_photo", "taken_after_filing", id="future"),
        pytest.param("2000:01:01 00:00:00", "damage_photo", None, id="a_reset_clock"),
        pytest.param("    :  :     :  :  ", "damage_photo", None, id="blank"),
        pytest.param("0000:00:00 00:00:00", "damage_photo", None, id="zeros"),
        pytest.param("2026:11:01 10:00:00", "chat_screenshot", None, id="a_chat_may_be_older"),
        pytest.param("2026:11:01 10:00:00", "purchase_proof", None, id="so_may_a_receipt"),
    ],
)
def test_when_a_picture_was_taken(
    desk: Desk, file: File, attach: Attach, taken_at: str, kind: str, code: str | None
) -> None:
    complaint_id = file()
    send(desk, complaint_id, attach(kind, photo(taken_at)))
    found = [each for each in across(desk, complaint_id) if each.startswith("metadata.")]
    assert found == ([f"metadata.{code}"] if code else [])


def test_a_picture_that_is_sent_later_may_be_taken_later(
    desk: Desk, file: File, attach: Attach, clock: Clock
) -> None:
    complaint_id = file()
    clock.forward(days=10)
    taken = (date(2026, 11, 23) + timedelta(days=9)).strftime("%Y:%m:%d 10:00:00")
    send(desk, complaint_id, attach("damage_photo", photo(taken)))
    assert across(desk, complaint_id) == {}
