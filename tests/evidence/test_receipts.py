"""Proofs of purchase: the QR code is found in pictures and in documents, and read."""

from __future__ import annotations

import io
import select
import socket

import pytest
import zxingcpp
from PIL import Image

from tests.evidence import files
from tests.evidence.conftest import Judge
from triage.core.evidence import Finding, Level

GOOD = "https://ofd1.kz/t/?i=123456789012&f=010101234567&s=1499.50&t=20260827T181822"
OTHER = "https://consumer.oofd.kz?i=222222222&f=010101234567&s=5.0&t=20260827T181822"
LINK = "https://receipt.kaspi.kz/web?extTranId=QR11577554266"
SHOP = "https://shop.example/promo"
WRONG = "https://ofd1.kz/t/?i=1&f=2&s=3&t=4"


def paper(*texts: str, scale: int = 8) -> Image.Image:
    """A sheet with these QR codes, one under the other."""
    sheet = Image.new("L", (1000, 700 + 700 * len(texts)), "white")
    for each, text in enumerate(texts):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale)
        height, width = code.shape[:2]
        grey = bytes(code)  # type: ignore[call-overload] # a buffer, though untold by its types
        sheet.paste(Image.frombytes("L", (width, height), grey), (120, 120 + 700 * each))
    return sheet


def saved(sheet: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    sheet.save(out, form)
    return out.getvalue()


def receipts(judge: Judge, content: bytes, kind: str = "purchase_proof") -> list[Finding]:
    found = judge(content, kind=kind).findings
    return [each for each in found if each.code.startswith("receipt.")]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "HEIF", "AVIF", "GIF", "PDF"])
def test_sum_time_and_till_are_read(judge: Judge, form: str) -> None:
    (finding,) = receipts(judge, saved(paper(GOOD), form))
    assert (finding.code, finding.level) == ("receipt.qr_read", Level.NOTE)
    assert finding.detail == {
        "operator": "Transtelecom",
        "sum": "1499.50",
        "time": "2026-08-27 18:18:22+05:00",
        "fiscal_sign": "123456789012",
        "till": "010101234567",
    }


@pytest.mark.parametrize("angle", [90, 180, 270, 8])
def test_a_turned_code_is_read(judge: Judge, angle: int) -> None:
    turned = paper(GOOD).rotate(angle, expand=True, fillcolor="white")
    assert [each.code for each in receipts(judge, saved(turned, "JPEG"))] == ["receipt.qr_read"]


def test_a_code_in_a_photo_of_twelve_megapixels_is_read(judge: Judge) -> None:
    photo = Image.effect_noise((4000, 3000), 20)
    photo.paste(paper(GOOD, scale=12), (1500, 400))
    assert [each.code for each in receipts(judge, saved(photo, "JPEG"))] == ["receipt.qr_read"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param((), ["not_read"], id="no_code"),
        pytest.param(("WIFI:S:home;;",), ["not_read"], id="no_address"),
        pytest.param((LINK,), ["link_only"], id="a_link"),
        pytest.param((SHOP,), ["unknown_host"], id="a_shop"),
        pytest.param((WRONG,), ["malformed"], id="wrong_fields"),
        pytest.param((GOOD, OTHER), ["qr_read", "qr_read"], id="two_receipts"),
        pytest.param((GOOD, GOOD), ["qr_read"], id="the_same_twice"),
        pytest.param((GOOD, SHOP), ["qr_read"], id="a_receipt_and_the_shop_s_own_code"),
        pytest.param((GOOD, WRONG), ["malformed", "qr_read"], id="one_of_two_is_wrong"),
        pytest.param(("https://evil.example\u202e/\n",), ["malformed"], id="not_printable"),
    ],
)
def test_what_the_codes_come_to(judge: Judge, texts: tuple[str, ...], expected: list[str]) -> None:
    found = receipts(judge, saved(paper(*texts)))
    assert sorted(each.code for each in found) == [f"receipt.{each}" for each in expected]


def test_only_a_proof_of_purchase_is_searched(judge: Judge) -> None:
    assert receipts(judge, saved(paper(GOOD)), kind="damage_photo") == []


def test_a_blank_page_has_no_code(judge: Judge) -> None:
    assert [each.code for each in receipts(judge, files.pdf())] == ["receipt.not_read"]


def test_a_small_code_in_a_large_photo_is_looked_for_in_the_original(judge: Judge) -> None:
    photo = Image.new("L", (6000, 4500), "white")
    photo.paste(paper(GOOD, scale=3), (2500, 1800))
    assert [each.code for each in receipts(judge, saved(photo, "JPEG"))] == ["receipt.qr_read"]


@pytest.mark.parametrize("scale", [2, 3])
def test_a_small_cut_out_is_read(judge: Judge, scale: int) -> None:
    code = zxingcpp.create_barcode(GOOD, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale)
    height, width = code.shape[:2]
    grey = bytes(code)  # type: ignore[call-overload] # a buffer, though untold by its types
    small = Image.new("L", (width + 40, height + 40), "white")
    small.paste(Image.frombytes("L", (width, height), grey), (20, 20))
    assert [each.code for each in receipts(judge, saved(small))] == ["receipt.qr_read"]


def test_receipts_are_told_for_comparing(judge: Judge) -> None:
    judged = judge(saved(paper(GOOD, OTHER)), kind="purchase_proof")
    first, second = sorted(judged.signals["receipt"].split(";"))
    assert first == "Kazakhtelecom|010101234567|222222222|5.0|2026-08-27 18:18:22+05:00"
    assert second == "Transtelecom|010101234567|123456789012|1499.50|2026-08-27 18:18:22+05:00"


def test_an_address_in_a_code_is_never_opened(judge: Judge) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        for address in (f"http://127.0.0.1:{port}/receipt", f"http://localhost:{port}/t?i=1"):
            found = receipts(judge, saved(paper(address)))
            assert [each.code for each in found] == ["receipt.unknown_host"]
        assert select.select([listening], [], [], 0.2)[0] == [], "somebody called"
