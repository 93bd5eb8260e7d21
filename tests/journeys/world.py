"""A service with cases in every state, for those who want to see every page of it."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import pikepdf
from PIL import Image, ImageEnhance, ImageOps

from tests.services import ROOT, Service

EXAMPLES = ROOT / "examples"
STORIES = ROOT / "docs/pictures/complaints.json"
SETTINGS = {"TRIAGE_LOGINS_PER_MINUTE": "1000", "TRIAGE_LOG_LEVEL": "ERROR"}
NEWCOMERS_PASSWORD = "seven horses by the river"
BROKEN = b"\x00\x00\x00\x18ftypmp42 this video was cut off while it was being sent"
PATIENCE = 60  # seconds for one answer


@dataclass
class World:
    """A running service, what was filed, and who may come in."""

    service: Service
    filed: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the name of the story
    _demo: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.service.url

    def account(self, role: str) -> tuple[str, str]:
        """Login and password of the demo's account with this role."""
        found = next(each for each in self.demo["accounts"] if each["role"] == role)
        return found["login"], found["password"]

    @property
    def demo(self) -> dict[str, Any]:
        if not self._demo:
            path = self.service.folder / "demo.json"
            self._demo = json.loads(path.read_text(encoding="utf-8"))
        return self._demo

    def newcomer(self, name: str, role: str = "agent") -> tuple[str, str]:
        """A new account."""
        login = f"{name.split()[0].lower()}-{uuid.uuid4().hex[:6]}"
        words = ["user", "add", login, "--role", role, "--name", name, "--password-stdin"]
        subprocess.run(
            [sys.executable, "-m", "triage", *words],
            cwd=ROOT,
            env=self.service.environment,
            input=f"{NEWCOMERS_PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )
        return login, NEWCOMERS_PASSWORD

    def ask(self, path: str, body: bytes | None, content_type: str) -> Any:
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data=body)
        request.add_header("Authorization", f"Bearer {self.demo['key']}")
        request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def act(self, story: str, action: str, **said: Any) -> None:
        """One action of the desk, by a program that names whoever decides."""
        path = f"/complaints/{self.filed[story]['id']}/actions/{action}"
        self.ask(path, json.dumps(said).encode(), "application/json")

    def wait_for_films(self) -> None:
        """Until every video that was filed has its copy to watch."""
        until = time.monotonic() + PATIENCE
        with contextlib.closing(sqlite3.connect(self.service.folder / "triage.db")) as database:
            while time.monotonic() < until:
                waiting = "SELECT count(*) FROM films WHERE due_at IS NOT NULL"
                if not database.execute(waiting).fetchone()[0]:
                    return
                time.sleep(0.5)

    def file(self, story: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
        """Post one complaint with its files; the answer of the service."""
        boundary = uuid.uuid4().hex
        body = io.BytesIO()
        for name, value in story.items():
            if name not in ("files", "name", "steps"):
                said = str(value).lower() if isinstance(value, bool) else str(value)
                _part(body, boundary, f'name="{name}"', said.encode())
        for each in story["files"]:
            kind, _, name = each.partition("=")
            _part(body, boundary, f'name="{kind}"; filename="{name}"', files[name])
        body.write(f"--{boundary}--\r\n".encode())
        form = f"multipart/form-data; boundary={boundary}"
        answer: dict[str, Any] = self.ask("/complaints", body.getvalue(), form)
        return answer


def _part(body: io.BytesIO, boundary: str, disposition: str, content: bytes) -> None:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    body.write(head.encode() + content + b"\r\n")


def fill(world: World) -> World:
    """File the stories of docs/pictures/complaints.json and do what stands in their ``steps``."""
    stories: Sequence[dict[str, Any]] = json.loads(STORIES.read_text(encoding="utf-8"))
    for number, story in enumerate(stories):
        name = story.get("name", str(number))
        world.filed[name] = world.file(story, files_of(0 if name == "shown" else number + 1))
        for action, said in story.get("steps", {}).items():
            world.act(name, action, **said)
    return world


def files_of(number: int) -> dict[str, bytes]:
    """The example files, changed by any number but 0: nobody sends a neighbour's photo."""
    shown = [EXAMPLES / name for name in ("mug.jpg", "parcel.jpg", "chat.png")]
    return {
        **{path.name: _of_its_own(path, number) for path in shown},
        "receipt.pdf": (EXAMPLES / "receipt.pdf").read_bytes(),
        "papers.pdf": papers(),
        "unboxing.mp4": unboxing(),
        "broken.mp4": BROKEN,
    }


def _of_its_own(path: Path, number: int) -> bytes:
    """Turned over, cut and coloured, so that no two stories show the same."""
    if number == 0:
        return path.read_bytes()
    picture = Image.open(path).convert("RGB")
    width, height = picture.size
    cut = (number * 13 % 60 * width // 400, number * 29 % 60 * height // 400)
    picture = picture.crop((cut[0], cut[1], width - cut[1] // 2, height - cut[0]))
    picture = ImageOps.mirror(picture) if number % 2 else picture
    picture = ImageEnhance.Color(picture).enhance(0.4 + number % 5 * 0.3)
    out = io.BytesIO()
    picture.save(out, "PNG" if path.suffix == ".png" else "JPEG", quality=90)
    return out.getvalue()


def papers() -> bytes:
    """A report of three pages."""
    sheet = pikepdf.open(EXAMPLES / "receipt.pdf")
    whole = pikepdf.new()
    for size in ((420, 595), (595, 842)):
        whole.add_blank_page(page_size=size)
    whole.pages.extend(sheet.pages[:1])
    whole.pages.reverse()
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def unboxing() -> bytes:
    """Eight seconds of a camera that comes closer to the mug."""
    mug = Image.open(EXAMPLES / "mug.jpg").convert("RGB")
    width, height = mug.size
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        shown = film.add_stream("libx264", rate=15, options={"preset": "ultrafast"})
        shown.width, shown.height, shown.pix_fmt = 640, 480, "yuv420p"
        for number in range(120):
            edge = number / 120 * 0.2
            box = (width * edge, height * edge, width * (1 - edge), height * (1 - edge))
            small = mug.resize((640, 480), box=box)
            film.mux(shown.encode(av.VideoFrame.from_image(small)))
        film.mux(shown.encode(None))
    return out.getvalue()
