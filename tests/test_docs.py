"""What the documents promise exists: commands, targets, settings, files and headings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from triage.cli import COMMANDS, main
from triage.cli.demo import EXAMPLES, curl_line

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "rules", "models", "examples", "bench")
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in [*ROOT.glob("*.md"), *(p for f in FOLDERS for p in (ROOT / f).rglob("*.md"))]
)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(page: str) -> set[str]:
    """The names by which GitHub links to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page), re.MULTILINE)
    plain = (re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def leads_somewhere(name: str, target: str) -> bool:
    path, _, anchor = target.partition("#")
    file = (ROOT / name).parent / path if path else ROOT / name
    if not file.exists() or not anchor or file.suffix != ".md":
        return file.exists()
    return anchor in anchors(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text(name)))
    ours = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in ours if not leads_somewhere(name, target)] == []


def test_every_setting_is_documented_as_it_is() -> None:
    table = CliRunner().invoke(main, ["settings", "--markdown"]).output
    assert table in text("docs/operating.md"), "docs/operating.md: triage settings --markdown"


def test_every_finding_is_documented_as_it_is() -> None:
    tables = CliRunner().invoke(main, ["findings", "--markdown"]).output
    assert tables in text("docs/evidence.md"), "docs/evidence.md: triage findings --markdown"


@pytest.mark.parametrize("name", PAGES)
def test_commands_in_the_documents_exist(name: str) -> None:
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", text(name), re.DOTALL))
    assert set(re.findall(r"\btriage ([a-z]+)\b", code)) <= COMMANDS.keys()


@pytest.mark.parametrize("name", PAGES)
def test_make_targets_in_the_documents_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    shown = re.findall(r"(?:^|`)make ([a-z-]+)", text(name), re.MULTILINE)
    assert set(shown) <= targets


def test_the_printed_curl_line_names_files_that_are_there() -> None:
    words = shlex.split(curl_line("http://127.0.0.1:8000", "key"))
    named = [re.split("[@<]", word, maxsplit=1)[1] for word in words if re.search(r"=[@<]", word)]
    assert len(named) == 5
    assert all((Path.cwd() / name).exists() for name in named)
    assert EXAMPLES == ROOT / "examples"


def test_the_licence_is_there_whole() -> None:
    assert "Apache License" in text("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in text("LICENSE")


def test_every_dependency_is_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"\n(?=[a-z0-9])", text(name).strip(), flags=re.IGNORECASE)
        pinned = [block for block in blocks if not block.startswith("#")]
        assert len(pinned) > 20
        assert all("==" in block and "--hash=sha256:" in block for block in pinned), name


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wanted_package_is_locked(name: str) -> None:
    wanted = re.findall(r"^([A-Za-z0-9][A-Za-z0-9-]*)", text(f"{name}.in"), re.MULTILINE)
    locked = re.findall(r"^([a-z0-9-]+)==", text(f"{name}.txt"), re.MULTILINE)
    assert {each.lower() for each in wanted} <= set(locked)
