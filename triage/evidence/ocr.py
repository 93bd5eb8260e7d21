"""Read the print of a receipt from its picture with the system's tesseract; off by default.

What is read is the preview, a JPEG of our own making and never the sender's bytes, by a process
of its own: ``python -m triage.evidence.ocr PROGRAM BYTES SECONDS`` gives up the network, its
user, its rights and all of the file system but libraries and letter shapes, bounds itself, and
becomes the program. A child of the zygote could not: nothing can be started in there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess  # our own interpreter with our own arguments, nothing from outside
import sys
from dataclasses import replace
from pathlib import Path

import triage
from triage.core import printed
from triage.core.evidence import EvidenceKind, Finding, verdict_of
from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits
from triage.evidence.paper import printed_signal, text_read
from triage.evidence.sandbox import kernel
from triage.evidence.sandbox.landlock import Ruleset, library_paths
from triage.evidence.sandbox.layers import (
    become_nobody,
    leave_the_network,
    may_change_user,
    set_rlimits,
)

LETTERS = "rus+kaz+eng"
_SHAPES = Path("/usr/share/tesseract-ocr")
_RUNNABLE = tuple(Path(each) for each in ("/usr/lib", "/usr/lib64", "/lib", "/lib64"))
_GRACE_SECONDS = 5


def is_wanted(judged: Judged, item: Item) -> bool:
    """For a receipt that can be looked at and whose code was not read."""
    unread = any(each.code == "receipt.not_read" for each in judged.findings)
    return unread and judged.showable and item.kind is EvidenceKind.PURCHASE_PROOF


def reread(judged: Judged, item: Item, preview: bytes, limits: Limits) -> Judged:
    """The same, unless the print of the receipt can be read.

    Takes some seconds. Without the program, or when it fails, nothing changes.
    """
    paper = printed.read(text_of(preview, limits))
    if not paper.is_receipt:
        return judged
    found = replace(text_read(paper), sha256=item.sha256)
    findings: list[Finding] = [
        found if each.code == "receipt.not_read" else each for each in judged.findings
    ]
    return replace(
        judged,
        findings=tuple(findings),
        verdict=verdict_of(findings),
        signals={**judged.signals, "printed": printed_signal(paper, unsure=True)},
    )


def text_of(jpeg: bytes, limits: Limits) -> str:
    """What is written in our own picture; empty when nobody could tell."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    command = [sys.executable, "-P", "-s", "-m", "triage.evidence.ocr", os.path.realpath(program)]
    command += [str(limits.memory_bytes), str(limits.ocr_seconds)]
    try:
        done = subprocess.run(  # noqa: S603 - arguments are ours, there is no shell
            command,
            input=jpeg,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=limits.ocr_seconds + _GRACE_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout[: printed.LONGEST * 4].decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """Nothing of the server's: it holds secrets. One thread: a file has one core."""
    return {
        "PYTHONPATH": str(Path(triage.__file__).parents[1]),
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
    }


def main(program: str, memory_bytes: str, seconds: str) -> None:
    """Lock this process in and become the program. Raises OSError where a layer does not hold."""
    lock_in(Path(program), memory_bytes=int(memory_bytes), cpu_seconds=int(seconds))
    os.execv(program, [program, "stdin", "stdout", "-l", LETTERS, "--psm", "4"])  # noqa: S606


def lock_in(program: Path, *, memory_bytes: int, cpu_seconds: int) -> None:
    """Give up everything but the program, its libraries and the shapes of letters.

    Raises OSError where a layer that should work does not.
    """
    is_root = may_change_user()
    leave_the_network()
    rules = None
    with contextlib.suppress(OSError):  # a kernel without Landlock
        rules = Ruleset((*library_paths(), _SHAPES), runnable=(*_RUNNABLE, program))
    if is_root:
        become_nobody()
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if rules is not None:
        rules.restrict_self()
    set_rlimits(memory_bytes, cpu_seconds, cpu_seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
