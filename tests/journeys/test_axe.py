"""The main pages have no serious fault (axe, WCAG 2.2) and are not wider than their screen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services import Service

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]
})"""
EXAMPLES = Path(__file__).parents[2] / "examples"
GRAVE = ("serious", "critical")

LOOKS = [
    pytest.param((1280, "light", "ru"), id="desktop, light, Russian"),
    pytest.param((390, "dark", "kk"), id="phone, dark, Kazakh"),
]
PAGES = {
    None: ("/", "/sign-in", "/complain", "/status", "{status}"),  # /docs is a vendored page
    "agent": ("/queue", "/cases/{case}", "/cases/{case}/rules", "/dashboard", "/account"),
    "intake": ("/intake", "/intake/{case}"),
    "admin": (
        *("/admin", "/admin/users", "/admin/keys", "/admin/models", "/admin/settings"),
        *("/admin/audit", "/admin/rules", "/admin/rules/trial"),
    ),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("axe"))
    service.start("--demo")
    yield service
    service.kill()


@pytest.fixture(scope="module")
def case(service: Service) -> dict[str, Any]:
    """A case with files, one of them in another case too."""
    command = ["curl", "-sS", "-H", f"Authorization: Bearer {service.key}"]
    fields = {"text": "Кружка разбита, есть скол", "problem_type": "defective"}
    fields |= {"order_number": "512345678", "claim_received_on": "2026-11-02"}
    for name, value in fields.items():
        command += ["-F", f"{name}={value}"]
    for kind, file in (("damage_photo", "mug.jpg"), ("purchase_proof", "receipt.pdf")):
        command += ["-F", f"{kind}=@{EXAMPLES / file}"]
    for _ in range(2):
        answer = subprocess.run(
            [*command, f"{service.url}/api/v1/complaints"], capture_output=True, check=True
        )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def signed_in(context: BrowserContext, service: Service, role: str | None, tongue: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{service.url}/sign-in?lang={tongue}")
    if role is not None:
        demo = json.loads((service.folder / "demo.json").read_text(encoding="utf-8"))
        account = next(each for each in demo["accounts"] if each["role"] == role)
        page.fill("input[name=login]", account["login"])
        page.fill("input[name=password]", account["password"])
        page.click("main button[type=submit]")
    return page


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(RUN)["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['target']}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", PAGES, ids=str)
def test_no_page_has_a_serious_fault(
    browser: Browser,
    service: Service,
    case: dict[str, Any],
    role: str | None,
    look: tuple[int, Literal["light", "dark"], str],
) -> None:
    width, scheme, tongue = look
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = signed_in(context, service, role, tongue)
    status = case["status_url"].split("/status/")[1]
    wrong = []
    for address in PAGES[role]:
        path = address.format(case=case["id"], status=f"/status/{status}")
        answer = page.goto(f"{service.url}{path}?lang={tongue}")
        assert answer is not None
        assert answer.ok, path
        wrong += [f"{address}: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{address}: wider than the screen")
    context.close()
    assert wrong == []
