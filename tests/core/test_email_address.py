"""An address is one that mail can be sent to; whoever asks for it, form or API, asks alike."""

from __future__ import annotations

import pytest

from triage.core.email_address import LONGEST_EMAIL, is_email


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("a@b.kz", id="short"),
        pytest.param("aigerim.s+shop@mail.example.kz", id="points, a plus, a subdomain"),
        pytest.param("o'brien_1-2@xn--80ak6aa92e.com", id="an international domain in letters"),
        pytest.param("айгерім@пошта.қаз", id="an international address"),
        pytest.param("a" * 64 + "@b.kz", id="64 characters before the @"),
    ],
)
def test_an_address(written: str) -> None:
    assert is_email(written)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="nothing"),
        pytest.param("nobody", id="no @"),
        pytest.param("a@b", id="no point in the domain"),
        pytest.param("a@@b.kz", id="two @"),
        pytest.param(".a@b.kz", id="a point first"),
        pytest.param("a..b@c.kz", id="two points"),
        pytest.param("a@b.kz.", id="a point last"),
        pytest.param("a@b.kz,c@d.kz", id="two addresses"),
        pytest.param("Aigerim <a@b.kz>", id="a name beside it"),
        pytest.param(" a@b.kz", id="a blank before"),
        pytest.param("a@b.kz\nBcc: c@d.kz", id="a second header"),
        pytest.param("a\x00b@c.kz", id="a zero byte"),
        pytest.param("a\x1fb@c.kz", id="a control character"),
        pytest.param("a\u00a0b@c.kz", id="a hard blank"),
        pytest.param("a" * 65 + "@b.kz", id="65 characters before the @"),
        pytest.param("a@" + "b" * LONGEST_EMAIL + ".kz", id="longer than mail allows"),
    ],
)
def test_no_address(written: str) -> None:
    assert not is_email(written)
