"""Every page that a person can open, visited as that person would: the one list of them.

Each tour goes from page to page and says the name of what is open; whoever drives it looks at the
page meanwhile. ``VISITS`` says which of our addresses the visits stand for, and a test holds
it against the addresses that there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyotp
from playwright.sync_api import Page

from tests.journeys.world import World

Tour = Callable[[Page, World], Iterator[str]]

#: By tour, what a page is called here and the address that it comes from.
VISITS: Mapping[str, Mapping[str, str]] = {
    "visitor": {
        "start": "start",
        "sign-in": "sign_in",
        "sign-in-wrong": "sign_in",
        "not-found": "error",
        "status-find": "status_lookup",
        "status-not-found": "status_lookup",
    },
    "customer": {
        "complain-type": "complain",
        "complain-type-wrong": "complain",
        "complain-details": "complain_details",
        "complain-details-wrong": "complain_details",
        "complain-evidence": "complain_evidence",
        "complain-evidence-judged": "complain_evidence",
        "complain-contact": "complain_contact",
        "complain-contact-wrong": "complain_contact",
        "complain-check": "complain_check",
        "complain-filed": "complain_filed",
    },
    "follower": {
        "status-needs-evidence": "status",
        "status-queued": "status",
        "status-asked": "status",
        "status-resolved": "status",
        "status-rejected": "status",
        "status-withdraw": "status_withdraw",
        "status-withdrawn": "status",
        "letter": "status_letter",
    },
    "agent": {
        "queue": "queue",
        "queue-found": "queue",
        "queue-none": "queue",
        "queue-keys": "queue",
        "queue-many": "queue",
        "queue-many-done": "queue",
        "queue-assign": "queue",
        "queue-assigned": "queue",
        "case": "case",
        "case-gallery": "case",
        "case-steps": "case",
        "case-film": "case",
        "case-other": "case",
        "case-closed": "case",
        "case-rules": "case_rules",
        "dashboard": "dashboard",
        "account": "account",
        "password": "own_password",
        "forbidden": "error",
    },
    "newcomer": {
        "app-enrol": "own_app",
        "app-recovery": "own_app",
        "app": "own_app",
        "sign-in-code": "code",
    },
    "quality": {
        "rules": "rule_book",
        "rule-changes": "rule_changes",
        "rule-remarks": "rule_remarks",
        "rule-trial": "rule_trial",
        "rule-trial-done": "rule_trial",
    },
    "operator": {
        "intake": "intake",
        "intake-wrong": "intake",
        "receipt": "receipt",
    },
    "administrator": {
        "admin": "admin",
        "users": "users",
        "user": "user",
        "user-password": "user",
        "keys": "keys",
        "key-added": "keys",
        "models": "admin_models",
        "settings": "admin_settings",
        "audit": "audit_log",
    },
}

#: Addresses that answer something else than a page, and what.
NO_PAGES: Mapping[str, str] = {
    "complain_sent": "leads back to the files of the form",
    "film": "a video",
    "original": "a download",
    "page": "a picture",
    "preview": "a picture",
    "queue_state": "JSON for the page's script",
    "static": "styles and scripts",
    "status_export": "a download",
    "status_preview": "a picture",
    "upload": "JSON for the page's script",
}


def press(page: Page, selector: str) -> None:
    """Click what leads to another page, and be there."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def sign_in(page: Page, world: World, login: str, password: str) -> None:
    page.goto(f"{world.url}/sign-in")
    page.fill("#login", login)
    page.fill("#password", password)
    press(page, "main button[type=submit]")


def visitor(page: Page, world: World) -> Iterator[str]:
    page.goto(f"{world.url}/")
    yield "start"
    page.goto(f"{world.url}/sign-in")
    yield "sign-in"
    page.fill("#login", "nobody")
    page.fill("#password", "a wrong password")
    press(page, "main button[type=submit]")
    yield "sign-in-wrong"
    page.goto(f"{world.url}/nowhere")
    yield "not-found"
    page.goto(f"{world.url}/status")
    yield "status-find"
    for name in page.locator("main input:not([type=hidden])").all():
        name.fill("ABCD2345")
    press(page, "main button[type=submit]")
    yield "status-not-found"


def customer(page: Page, world: World) -> Iterator[str]:
    """The form, with a mistake at every step."""
    page.goto(f"{world.url}/complain")
    yield "complain-type"
    press(page, ".onward button")
    yield "complain-type-wrong"
    page.check("input[value=defective]")
    press(page, ".onward button")
    yield "complain-details"
    page.fill("#order_number", "12")
    press(page, ".onward button")
    yield "complain-details-wrong"
    page.fill("#text", "Чайник пришёл с трещиной, из неё течёт вода.")
    page.fill("#order_number", "978080963")
    press(page, ".onward button")
    yield "complain-evidence"
    photo = page.locator("#kind-damage_photo input[type=file]")
    example = Path(__file__).parents[2] / "examples/mug.jpg"
    photo.set_input_files(
        [
            {"name": "чайник.jpg", "mimeType": "image/jpeg", "buffer": example.read_bytes()},
            {"name": "крышка.jpg", "mimeType": "image/jpeg", "buffer": example.read_bytes()[:9000]},
        ]
    )
    for verdict in ("accepted", "rejected"):
        judged = page.locator(f"#kind-damage_photo [data-file] .verdict-{verdict}")
        judged.wait_for(timeout=60_000)
    yield "complain-evidence-judged"
    page.goto(f"{world.url}/complain/contact")
    yield "complain-contact"
    page.fill("#contact_phone", "12")
    press(page, ".onward button")
    yield "complain-contact-wrong"
    page.fill("#contact_phone", "+7 701 555 12 34")
    page.fill("#contact_name", "Әсел")
    press(page, ".onward button")
    yield "complain-check"
    press(page, "form[action='/complain/check'] .onward button")
    page.locator("#access-code").wait_for()
    yield "complain-filed"


def follower(page: Page, world: World) -> Iterator[str]:
    """Whoever has the link to a complaint, in each of its states."""
    for story in ("needs-evidence", "queued", "asked", "resolved", "rejected", "withdrawn"):
        page.goto(world.filed[story]["status_url"])
        yield f"status-{story}"
    page.goto(f"{world.filed['queued']['status_url']}/withdraw")
    yield "status-withdraw"
    page.goto(f"{world.filed['rejected']['status_url']}/letter")
    yield "letter"


def agent(page: Page, world: World) -> Iterator[str]:
    sign_in(page, world, *world.account("agent"))
    yield from _cases(page, world)
    yield from _many(page, world)
    page.goto(f"{world.url}/dashboard")
    yield "dashboard"
    page.goto(f"{world.url}/account")
    yield "account"
    page.goto(f"{world.url}/account/password")
    yield "password"
    page.goto(f"{world.url}/admin")
    yield "forbidden"


def _cases(page: Page, world: World) -> Iterator[str]:
    shown = f"{world.url}/cases/{world.filed['shown']['id']}"
    page.goto(shown)
    claim = page.locator("form[action$='/actions/claim'] button")
    if claim.count():
        press(page, "form[action$='/actions/claim'] button")
    page.goto(shown)
    yield "case"
    page.locator("#steps details:not(.keys) > summary").first.click()
    yield "case-steps"
    page.goto(shown)
    page.locator("a[data-picture]").first.click()
    page.locator("#gallery img").first.wait_for()
    yield "case-gallery"
    page.goto(f"{shown}/rules")
    yield "case-rules"
    for story, name in (("filmed", "case-film"), ("other", "case-other"), ("resolved", "closed")):
        page.goto(f"{world.url}/cases/{world.filed[story]['id']}")
        yield name if name.startswith("case") else f"case-{name}"


def _many(page: Page, world: World) -> Iterator[str]:
    page.goto(f"{world.url}/queue")
    yield "queue"
    page.keyboard.press("?")
    yield "queue-keys"
    page.goto(f"{world.url}/queue?q=604518237")
    yield "queue-found"
    page.goto(f"{world.url}/queue?q=000000000&team=safety&overdue=1")
    yield "queue-none"
    for done, asked in (("queue-many-done", "queue-many"), ("queue-assigned", "queue-assign")):
        page.goto(f"{world.url}/queue")
        for box in page.locator("input[name=ids]").all()[:3]:
            box.check()
        many = "button[value=note]" if asked == "queue-many" else "button[formaction]"
        press(page, f"#many {many}")
        yield asked
        page.locator("main textarea").fill("Тот же курьер, что вчера")
        press(page, "main form button[type=submit]")
        yield done


def newcomer(page: Page, world: World) -> Iterator[str]:
    """The second step: set up, kept, asked for."""
    login, password = world.newcomer("Данияр Серікұлы")
    sign_in(page, world, login, password)
    page.goto(f"{world.url}/account/app")
    yield "app-enrol"
    secret = re.sub(r"\s", "", page.locator(".secret").text_content() or "")
    page.fill("#code", pyotp.TOTP(secret).now())
    press(page, "main form button[type=submit]")
    yield "app-recovery"
    page.goto(f"{world.url}/account/app")
    yield "app"
    press(page, "form.who button")
    sign_in(page, world, login, password)
    yield "sign-in-code"


def quality(page: Page, world: World) -> Iterator[str]:
    sign_in(page, world, *world.account("qa"))
    page.goto(f"{world.url}/admin/rules")
    yield "rules"
    version = page.locator("main .code").first.inner_text()
    for path, name in (
        (f"/changes?old={version}&new=folder", "rule-changes"),
        ("/lint", "rule-remarks"),
        ("/trial", "rule-trial"),
        ("/trial?book=folder", "rule-trial-done"),
    ):
        page.goto(f"{world.url}/admin/rules{path}", timeout=120_000)
        yield name


def operator(page: Page, world: World) -> Iterator[str]:
    sign_in(page, world, *world.account("intake"))
    page.goto(f"{world.url}/intake")
    yield "intake"
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.fill("#order_number", "12")
    press(page, "main form button[type=submit]")
    yield "intake-wrong"
    page.fill("#text", "Курьер оставил посылку у двери, её унесли.")
    page.fill("#order_number", "978080964")
    page.fill("#contact_phone", "+7 701 555 12 34")
    press(page, "main form button[type=submit]")
    yield "receipt"


def administrator(page: Page, world: World) -> Iterator[str]:
    login, password = world.newcomer("Гүлнар Администратор", "admin")
    world.newcomer("Ерлан Агент")
    sign_in(page, world, login, password)
    for name in ("admin", "users", "keys", "models", "settings", "audit"):
        page.goto(f"{world.url}/admin{'' if name == 'admin' else '/' + name}")
        yield name
    page.goto(f"{world.url}/admin/keys")
    page.fill("main input[name=name]", "Сайт магазина")
    page.locator("main input[name=scope]").first.check()
    press(page, "main form[action='/admin/keys'] button[type=submit]")
    yield "key-added"
    page.goto(f"{world.url}/admin/users")
    press(page, "main th a:has-text('Ерлан Агент')")
    yield "user"
    press(page, "form[action$='/password'] button")
    yield "user-password"


#: In this order, for each leaves behind what the later ones look at.
TOURS: Mapping[str, Tour] = {
    "visitor": visitor,
    "customer": customer,
    "follower": follower,
    "agent": agent,
    "newcomer": newcomer,
    "quality": quality,
    "operator": operator,
    "administrator": administrator,
}
