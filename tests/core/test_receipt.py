"""The QR codes of fiscal receipts, operator by operator, and what only looks like one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from triage.core.receipt import Malformed, Receipt, UnknownHost, read

FIELDS = "i=123456789012&f=010101234567&s=1000.00&t=20260827T181822"
UUID = "0b6f0f2e-6a55-4b8e-9c6e-0f1f0d7a2b11"


@pytest.mark.parametrize(
    ("address", "operator"),
    [
        pytest.param(f"http://consumer.oofd.kz?{FIELDS}", "Kazakhtelecom", id="oofd"),
        pytest.param(f"https://consumer.oofd.kz/?{FIELDS}", "Kazakhtelecom", id="oofd_slash"),
        pytest.param(f"HTTPS://CONSUMER.OOFD.KZ/?{FIELDS}", "Kazakhtelecom", id="capitals"),
        pytest.param(f"https://consumer.kofd.kz?{FIELDS}", "Jusan Mobile", id="kofd"),
        pytest.param(f"https://cabinet.kofd.kz/consumer?{FIELDS}", "Jusan Mobile", id="old_kofd"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}", "Transtelecom", id="ofd1"),
        pytest.param(f"http://87.255.215.96/t/?{FIELDS}", "Transtelecom", id="by_number"),
        pytest.param(f"https://consumer.wofd.kz/?{FIELDS}", "WOFD", id="wofd"),
        pytest.param(f"https://cabinet.wofd.kz/consumer?{FIELDS}", "WOFD", id="wofd_cabinet"),
        pytest.param(f"https://receipt.kaspi.kz/web/fiscal?{FIELDS}", "Kaspi", id="kaspi"),
        pytest.param(f"https://receipt.kaspi.kz:443/web/fiscal?{FIELDS}", "Kaspi", id="own_port"),
        pytest.param(
            "https://ofd1.kz/t/?t=20260827T181822&s=1000&f=010101234567&i=123456789012&n=1",
            "Transtelecom",
            id="another_order_and_one_more_field",
        ),
    ],
)
def test_a_receipt_is_read(address: str, operator: str) -> None:
    assert read(address) == Receipt(
        operator=operator,
        fiscal_sign="123456789012",
        till="010101234567",
        amount=Decimal("1000.00"),
        issued_at=datetime(2026, 8, 27, 13, 18, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        pytest.param("20210922T224125", "2021-09-22T16:41:25", id="compact_when_it_was_utc_6"),
        pytest.param("20240229T225959", "2024-02-29T16:59:59", id="the_last_hour_of_utc_6"),
        pytest.param("20240301T000000", "2024-02-29T19:00:00", id="the_first_of_utc_5"),
        pytest.param("2026-08-27 18:18:22.168302", "2026-08-27T13:18:22.168302", id="spelled"),
        pytest.param("2026-08-27T18:18:22", "2026-08-27T13:18:22", id="with_a_t"),
        pytest.param("2026-08-27%2018:18:22.1%2B05:00", "2026-08-27T13:18:22.1", id="escaped"),
        pytest.param("2026-08-27+18:18:22+06:00", "2026-08-27T12:18:22", id="bare_plus"),
        pytest.param("2026-08-27 18:18:22Z", "2026-08-27T18:18:22", id="utc"),
    ],
)
def test_both_forms_of_time_are_read(time: str, moment: str) -> None:
    said = read(f"https://ofd1.kz/t/?i=123456789&f=010101234567&s=5.5&t={time}")
    assert isinstance(said, Receipt)
    assert said.issued_at == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "reference"),
    [
        pytest.param(f"https://consumer.oofd.kz/ticket/{UUID}", UUID, id="ticket"),
        pytest.param(
            "https://receipt.kaspi.kz/web?extTranId=QR11577554266&sale_date=2026-08-27",
            "QR11577554266",
            id="payment",
        ),
        pytest.param("https://receipt.kaspi.kz/web/self-employed?x=1", None, id="self_employed"),
        pytest.param(
            "https://esb.kgd.gov.kz/taxpay-check-core/get-check-report?id=1", None, id="tax_office"
        ),
        pytest.param("https://4ek.kz/aB3-x", "aB3-x", id="short_link"),
    ],
)
def test_a_mere_link_is_told_apart(address: str, reference: str | None) -> None:
    said = read(address)
    assert isinstance(said, Receipt)
    assert not said.is_complete
    assert said.reference == reference


@pytest.mark.parametrize(
    ("address", "host"),
    [
        pytest.param(f"https://receipt.kaspi.kz.example/web/fiscal?{FIELDS}", None, id="longer"),
        pytest.param(f"https://receipt-kaspi.kz/web/fiscal?{FIELDS}", None, id="look_alike"),
        pytest.param(f"https://www.ofd1.kz/t/?{FIELDS}", None, id="sub_domain"),
        pytest.param(f"https://ofd1.kz./t/?{FIELDS}", None, id="a_dot_behind"),
        pytest.param(f"https://ofd1.kz@shop.example/t/?{FIELDS}", "shop.example", id="userinfo"),
        pytest.param("https://shop.example/promo", "shop.example", id="a_shop"),
        pytest.param(f"http://127.0.0.1/t/?{FIELDS}", "127.0.0.1", id="a_number"),
    ],
)
def test_another_host_is_named(address: str, host: str | None) -> None:
    said = read(address)
    assert isinstance(said, UnknownHost)
    assert host in (None, said.host)


@pytest.mark.parametrize(
    ("address", "part"),
    [
        pytest.param(f"https://me@ofd1.kz/t/?{FIELDS}", "address", id="userinfo"),
        pytest.param(f"https://ofd1.kz:8080/t/?{FIELDS}", "address", id="port"),
        pytest.param(f"https://ofd1.kz:x/t/?{FIELDS}", "address", id="no_port"),
        pytest.param(f"https://shop.example\\@ofd1.kz/t/?{FIELDS}", "address", id="backslash"),
        pytest.param(f"https://ofd1.kz/elsewhere?{FIELDS}", "address", id="path"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}&s=1", "address", id="twice"),
        pytest.param(f"https://оfd1.kz/t/?{FIELDS}", "address", id="cyrillic_letter"),
        pytest.param(f"https://[::1/t/?{FIELDS}", "address", id="broken_bracket"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}&x={'1' * 1000}", "address", id="too_long"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace("i=123", "i=12x"), "i", id="sign"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace("f=0", "f="), "f", id="till"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace(".00", ",00"), "s", id="comma"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace(".00", ".005"), "s", id="three_digits"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace("1000.00", "0.00"), "s", id="nothing"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace("s=1", "s=-1"), "s", id="below_zero"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace("0827", "1341"), "t", id="no_such_day"),
        pytest.param(f"https://ofd1.kz/t/?{FIELDS}".replace("T18", " 18"), "t", id="neither_form"),
        pytest.param("https://ofd1.kz/t/?i=123456789&f=010101234567&s=5", "t", id="no_time"),
        pytest.param("https://ofd1.kz/t/", "i", id="no_fields"),
    ],
)
def test_what_an_operator_would_not_write_is_named(address: str, part: str) -> None:
    assert read(address) == Malformed(part)


@pytest.mark.parametrize(
    "text", ["", "WIFI:S:home;;", "4870001234567", "ftp://ofd1.kz/t/", "i=1&f=2"]
)
def test_what_is_no_web_address_is_no_receipt(text: str) -> None:
    assert read(text) is None
