"""What is printed on receipts is read in three languages, and held against their QR codes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.conftest import Judge
from tests.evidence.papers import receipt_pdf
from triage.core import printed
from triage.core.evidence import Level, Verdict
from triage.core.printed import Printed
from triage.core.receipt import Receipt

NOON = datetime(2026, 11, 15, 7, 33, 2, tzinfo=UTC)  # 12:33:02 in Almaty
FULL = Printed(
    fiscal_sign="123456789", till="010101234567", amount=Decimal("14999.50"), issued_at=NOON
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "РНМ: 010101234567\nФП: 123456789\nИТОГО: 14 999,50\n15.11.2026 12:33:02",
            FULL,
            id="a_till_in_russian",
        ),
        pytest.param(
            "КТН 010101234567\nФБ 123456789\nБАРЛЫҒЫ =14999.50 ₸\n15.11.2026, 12:33:02",
            FULL,
            id="a_till_in_kazakh",
        ),
        pytest.param(
            "Registration number 010101234567\nFiscal sign: 123456789\n"
            "Subtotal 13 000.00\nTOTAL 14,999.50\n2026-11-15 12:33:02",
            FULL,
            id="a_till_in_english",
        ),
        pytest.param(
            "КТН/РНМ: 010101234567\nФБ/ФП: 123456789\nБАРЛЫҒЫ/ИТОГО\n14 999,50 ₸\n"
            "в т.ч. НДС 1 607,09\nКүні/Дата 15.11.2026\nУақыты/Время 12:33:02",
            FULL,
            id="two_languages_and_a_sum_under_its_label",
        ),
        pytest.param(
            "Фискальный признак 123456789\nРегистрационный номер кассы 010101234567\n"
            "ВСЕГО (3 товара): 14 999,50 тг\nИТОГО НДС 12%: 1 607,09\n15/11/2026 12:33:02",
            FULL,
            id="words_in_full_with_a_number_of_articles_and_the_tax",
        ),
        pytest.param(
            "Кассаның тіркеу нөмірі 010101234567\nФискалдық белгісі № 123456789\n"
            "ЖИЫНЫ 14'999.50\n15-11-2026 12:33:02",
            FULL,
            id="kazakh_words_in_full",
        ),
        pytest.param(
            "Фискальный чек\nОплата совершена\n14 999,50 ₸\nПродажа\n№ чека QR11577554266\n"
            "Дата и время по Астане 15.11.2026 12:33:02\nИИН/БИН продавца 123456789012\n"
            "РНМ 010101234567\nЗНМ SW123\nФП 123456789\nОФД Kaspi ОФД",
            FULL,
            id="a_bank_s_receipt_without_the_word_total",
        ),
        pytest.param("ФП 12345678\nРНМ 0101012345678", Printed(), id="numbers_of_a_wrong_length"),
        pytest.param("ИИН 123456789012 8 777 123 45 67", Printed(), id="other_people_s_numbers"),
        pytest.param(
            "ИТОГО\n\n\n\n\n500", Printed(), id="a_sum_far_from_its_label_is_something_else"
        ),
        pytest.param(
            "ИТОГО 900 ₸\nИТОГО К ОПЛАТЕ 1 000 ₸",
            Printed(amount=Decimal(1000)),
            id="of_several_totals_the_largest",
        ),
        pytest.param("31.02.2026 10:00", Printed(), id="a_day_that_never_was"),
        pytest.param("", Printed(), id="nothing"),
    ],
)
def test_the_fields_of_a_receipt(text: str, expected: Printed) -> None:
    assert printed.read(text) == expected


CODE = Receipt(
    operator="WOFD",
    fiscal_sign="123456789",
    till="010101234567",
    amount=Decimal("14999.5"),
    issued_at=NOON,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "РНМ 010101234567 ФП 123456789 ИТОГО 14 999,50 15.11.2026 12:33", (), id="as_it_says"
        ),
        pytest.param("ИТОГО 99 999,00", ("s",), id="another_sum"),
        pytest.param("ИТОГО 99 999,00\nкарта 14 999,50", (), id="the_sum_stands_elsewhere"),
        pytest.param("15.10.2026 12:33", ("t",), id="another_day"),
        pytest.param("РНМ 010101234568\nФП 987654321", ("i", "f"), id="another_till_and_sign"),
        pytest.param("a scan without text", (), id="nothing_printed_contradicts_nothing"),
    ],
)
def test_paper_against_its_code(text: str, expected: tuple[str, ...]) -> None:
    assert printed.differing(text, printed.read(text), CODE) == expected


WORDS = st.sampled_from(
    ["ФП", "РНМ ", "ИТОГО", "БАРЛЫҒЫ", "1 000", ",50", "₸", "\n", " ", "15.11.2026", "12:33", "("]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=400).map("".join)))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = printed.read(text)
    assert read.amount is None or read.amount > 0
    printed.differing(text, read, CODE)


@pytest.mark.parametrize(
    "piece",
    ["ИТОГО ", "ИТОГО\n", "ФП ", "ФП/", "РНМ", " ", "1 000", "1.", "01.01.2026 ", "9", "(", "№"],
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    began = time.process_time()
    printed.read(piece * printed.LONGEST)
    assert time.process_time() - began < 1


# --- through the whole examination ----------------------------------------------------------

LINES = ("РНМ 010101234567", "ФП 123456789", "БАРЛЫҒЫ/ИТОГО: 14 999,50 ₸", "15.11.2026 12:33:02")
ADDRESS = "https://ofd1.kz/t/?i=123456789&f=010101234567&s=14999.50&t=20261115T123302"


@pytest.mark.parametrize("page", [0, 2])
def test_a_pdf_without_a_code_is_read_by_its_print(judge: Judge, page: int) -> None:
    judged = judge(receipt_pdf(LINES, page=page), kind="purchase_proof")
    (finding,) = [each for each in judged.findings if each.code.startswith("receipt.")]
    assert (finding.code, finding.level) == ("receipt.text_read", Level.NOTE)
    assert finding.detail == {
        "sum": "14999.50",
        "time": "2026-11-15 12:33:02+05:00",
        "fiscal_sign": "123456789",
        "till": "010101234567",
    }
    assert judged.signals["printed"] == "123456789|010101234567|14999.50|2026-11-15 12:33:02+05:00"


@pytest.mark.parametrize("page", [0, 2])
def test_paper_and_code_that_agree(judge: Judge, page: int) -> None:
    judged = judge(receipt_pdf(LINES, ADDRESS, page=page), kind="purchase_proof")
    codes = [each.code for each in judged.findings if each.code.startswith("receipt.")]
    assert codes == ["receipt.qr_read"]
    assert judged.signals["receipt"] == (
        "Transtelecom|010101234567|123456789|14999.50|2026-11-15 12:33:02+05:00"
    )


def test_paper_and_code_that_differ(judge: Judge) -> None:
    lines = [*LINES[:2], "ИТОГО: 99 999,00", LINES[3]]
    judged = judge(receipt_pdf(lines, ADDRESS), kind="purchase_proof")
    finding = next(each for each in judged.findings if each.code == "receipt.print_mismatch")
    assert (finding.level, finding.measured) == (Level.WEAK, "s")
    assert judged.verdict is Verdict.FLAGGED


def test_a_letter_is_no_receipt_and_its_text_is_kept_nowhere(judge: Judge) -> None:
    lines = ["Dear marketplace", "my secret is 8 777 123 45 67", "ИТОГО 500 ₸"]
    judged = judge(receipt_pdf(lines), kind="purchase_proof")
    assert [each.code for each in judged.findings] == ["receipt.not_read"]
    assert judged.signals.keys() <= {"pages", "pdq", "pdq_quality"}


def test_print_matters_on_proofs_of_purchase_only(judge: Judge) -> None:
    judged = judge(receipt_pdf(LINES), kind="expert_report")
    assert "printed" not in judged.signals
