"""Takes the pictures of docs/pictures: python bench/pictures.py [--chromium PATH] [--to FOLDER].

Starts the real service on a throw-away folder, files the complaints of
docs/pictures/complaints.json with the files of examples/, and photographs the pages.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES, EXAMPLES = ROOT / "docs/pictures", ROOT / "examples"
WIDTHS = {1280: (860, "light"), 390: (844, "dark")}  # a desk's screen, a phone's, in pixels
LANGUAGES = ("ru", "kk")
SHOWN = ("shown", "followed")  # whose case page and whose status page is photographed
TALLEST = 2200  # pixels; a phone's page is cut there
COLOURS = 256  # of the palette: pages are mostly flat
PATIENCE = 60  # seconds until the service answers
BROKEN = b"\x00\x00\x00\x18ftypmp42 this video was cut off while it was being sent"


@dataclass(frozen=True)
class Service:
    """A running Triage: its address, a key for complaints, an agent's account."""

    url: str
    key: str
    login: str
    password: str


@contextlib.contextmanager
def running() -> Iterator[Service]:
    """The real service on an empty folder and a free port, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TRIAGE_DATA_DIR": folder, "TRIAGE_LOG_LEVEL": "ERROR"}
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "triage", "serve", "--demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url)
            demo = json.loads((Path(folder) / "demo.json").read_text(encoding="utf-8"))
            agent = next(each for each in demo["accounts"] if each["role"] == "agent")
            yield Service(url, demo["key"], agent["login"], agent["password"])
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    """Until the service answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/health/live", timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit("triage serve did not start")


def file_complaint(service: Service, said: dict[str, Any]) -> dict[str, Any]:
    """Post one complaint with its files; the answer of the service."""
    boundary = uuid.uuid4().hex
    body = io.BytesIO()
    fields = {name: v for name, v in said.items() if name not in ("files", *SHOWN)}
    for name, value in fields.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        _part(body, boundary, f'name="{name}"', text.encode())
    for each in said["files"]:
        kind, _, name = each.partition("=")
        content = BROKEN if name == "broken" else (EXAMPLES / name).read_bytes()
        filename = "unboxing.mp4" if name == "broken" else name
        _part(body, boundary, f'name="{kind}"; filename="{filename}"', content)
    body.write(f"--{boundary}--\r\n".encode())
    request = urllib.request.Request(f"{service.url}/api/v1/complaints", data=body.getvalue())
    request.add_header("Authorization", f"Bearer {service.key}")
    request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def _part(body: io.BytesIO, boundary: str, disposition: str, content: bytes) -> None:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    body.write(head.encode() + content + b"\r\n")


#: Pictures further down wait until somebody scrolls there; the photograph shows them all.
_SHOW_IMAGES = """async () => {
    for (const each of document.images) each.loading = "eager";
    await Promise.all([...document.images].map(each => each.decode().catch(() => 0)));
}"""


def take(page: Page, folder: Path, name: str) -> None:
    """Photograph the page that is open, as a small PNG; complain of what does not fit."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        print(f"{name}: {wider} pixels wider than the screen")
    page.evaluate(_SHOW_IMAGES)
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    picture = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    path = folder / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {picture.width} x {picture.height}, {path.stat().st_size // 1024} KB")


def photograph(browser: Browser, service: Service, filed: dict[str, Any], to: Path) -> None:
    """All pages in all sizes and languages; the shown case is taken by the agent first."""
    shown, followed = (filed[name] for name in SHOWN)
    for width, (height, scheme) in WIDTHS.items():
        for language in LANGUAGES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(f"{service.url}/complain?lang={language}")
            take(page, to, f"complain-{language}-{width}")
            page.goto(f"{followed['status_url']}?lang={language}")
            take(page, to, f"status-{language}-{width}")
            page.goto(f"{service.url}/sign-in?lang={language}")
            take(page, to, f"sign-in-{language}-{width}")
            page.fill("#login", service.login)
            page.fill("#password", service.password)
            page.click("main button")
            page.goto(f"{service.url}/cases/{shown['id']}")
            claim = page.locator("form[action$='/actions/claim'] button")
            if claim.count():
                claim.click()
            page.goto(f"{service.url}/cases/{shown['id']}")
            take(page, to, f"case-{language}-{width}")
            page.goto(f"{service.url}/queue")
            take(page, to, f"queue-{language}-{width}")
            page.goto(f"{service.url}/dashboard")
            take(page, to, f"dashboard-{language}-{width}")
            context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    parser.add_argument("--to", type=Path, default=PICTURES, help="folder of the pictures")
    options = parser.parse_args()
    complaints = json.loads((PICTURES / "complaints.json").read_text(encoding="utf-8"))
    with running() as service, sync_playwright() as playwright:
        filed: dict[str, Any] = {}
        for said in complaints:
            answer = file_complaint(service, said)
            filed |= {name: answer for name in SHOWN if said.get(name)}
        browser = playwright.chromium.launch(
            executable_path=options.chromium, args=["--no-sandbox"]
        )
        photograph(browser, service, filed, options.to)
        browser.close()


if __name__ == "__main__":
    main()
