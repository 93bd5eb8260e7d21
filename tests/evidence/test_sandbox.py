"""The sandbox, attacked from inside: every attempt is contained, reported and never a pass."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PLAIN
from tests.evidence import files
from tests.evidence.conftest import codes, judged_by
from tests.evidence.hostile import ATTEMPTS
from triage.core.evidence import Level, Verdict
from triage.evidence import Examiner, Limits
from triage.evidence.nursery import Nursery

MEMORY = 640 * 2**20
PATIENT = Limits(cpu_seconds=60, wall_seconds=120.0, memory_bytes=MEMORY, concurrency=4)
"""Whatever else the machine does: a child ends for its own reason, not because time is up."""
HASTY = Limits(cpu_seconds=2, wall_seconds=3.0, memory_bytes=MEMORY, concurrency=4)
CONTENT = b"any content"


@pytest.fixture(scope="module")
def hostile() -> Iterator[Examiner]:
    examiner = Examiner(PATIENT, checks_module="tests.evidence.hostile")
    yield examiner
    examiner.close()


def zygote_of(examiner: Examiner) -> int:
    zygote = examiner._nursery._zygote
    assert zygote is not None
    return zygote.process.pid


def children_of(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return {int(each) for each in listed.split()}


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in ("Z", "X")


def wait_for(condition: object, seconds: float = 10.0) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_no_decoder_needs_is_stopped(hostile: Examiner, attempt: str) -> None:
    judged = judged_by(hostile, CONTENT, name=f"x.{attempt}", kind="damage_photo")
    assert codes(judged) == ["tried.began", "tried.stopped"]
    expected = {"openat2": "OSError", "rlimit": "ValueError"}.get(attempt, "PermissionError")
    assert judged.findings[-1].measured == expected
    assert not Path("/tmp/triage-was-here").exists()


@pytest.mark.parametrize(
    ("how", "code"),
    [
        pytest.param("memory", "check.out_of_memory", id="eats_memory_in_python"),
        pytest.param("native", "check.out_of_memory", id="eats_memory_in_c"),
        pytest.param("segv", "check.crashed", id="dies_by_sigsegv"),
        pytest.param("abort", "check.crashed", id="aborts"),
        pytest.param("exit", "check.crashed", id="exits_early_with_an_error"),
        pytest.param("quiet", "check.crashed", id="exits_early_without_one"),
        pytest.param("raise", "check.crashed", id="raises"),
    ],
)
def test_a_child_that_dies_is_a_finding_and_keeps_what_it_said(
    hostile: Examiner, how: str, code: str
) -> None:
    judged = judged_by(hostile, CONTENT, name=f"x.{how}", kind="damage_photo")
    assert codes(judged) == ["tried.began", code]
    assert judged.findings[-1].level is Level.UNKNOWN
    assert judged.verdict is Verdict.PENDING


@pytest.mark.parametrize("how", ["spin", "sleep"])
def test_a_child_whose_time_is_up_is_a_finding_and_keeps_what_it_said(how: str) -> None:
    examiner = Examiner(HASTY, checks_module="tests.evidence.hostile")
    began = time.monotonic()
    try:
        judged = judged_by(examiner, CONTENT, name=f"x.{how}", kind="damage_photo")
    finally:
        examiner.close()
    assert codes(judged) == ["tried.began", "check.timed_out"]
    assert judged.findings[-1].level is Level.UNKNOWN
    assert judged.verdict is Verdict.PENDING
    assert time.monotonic() - began < 120, "not the ten minutes that it meant to sleep"


@pytest.mark.parametrize("how", ["garbage", "flood", "half", "preview"])
def test_nothing_that_a_garbled_report_says_is_believed(hostile: Examiner, how: str) -> None:
    judged = judged_by(hostile, CONTENT, name=f"x.{how}", kind="damage_photo")
    assert codes(judged)[-1] == "check.crashed"
    assert judged.verdict is Verdict.PENDING
    assert judged.preview is None


def test_a_complete_report_of_a_child_that_crashed_is_no_pass(hostile: Examiner) -> None:
    judged = judged_by(hostile, CONTENT, name="x.fine", kind="damage_photo")
    assert judged.verdict is Verdict.PENDING
    assert codes(judged)[-1] == "check.crashed"


def test_threads_are_allowed_because_decoders_use_them(hostile: Examiner) -> None:
    judged = judged_by(hostile, CONTENT, name="x.threads", kind="damage_photo")
    assert codes(judged) == ["tried.began"]
    assert judged.verdict is Verdict.ACCEPTED


def test_a_restless_neighbour_does_not_disturb_others(hostile: Examiner) -> None:
    found: list[list[str]] = []

    def run(how: str) -> None:
        found.append(codes(judged_by(hostile, CONTENT, name=f"x.{how}", kind="damage_photo")))

    threads = [threading.Thread(target=run, args=(how,)) for how in ["segv", "threads"] * 6]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(len, found)) == [1] * 6 + [2] * 6


def test_no_child_and_no_descriptor_is_left_behind(hostile: Examiner) -> None:
    judged_by(hostile, CONTENT, name="x.threads", kind="damage_photo")
    zygote = zygote_of(hostile)
    before = len(os.listdir(f"/proc/{zygote}/fd")), len(os.listdir("/proc/self/fd"))
    for how in ("segv", "threads", "exit", "garbage") * 3:
        judged_by(hostile, CONTENT, name=f"x.{how}", kind="damage_photo")
    assert wait_for(lambda: not children_of(zygote))
    after = len(os.listdir(f"/proc/{zygote}/fd")), len(os.listdir("/proc/self/fd"))
    assert after == before


def test_the_child_sees_none_of_the_servers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_SECRET_KEY", "never-tell")
    examiner = Examiner(PATIENT)
    try:
        examiner.start()
        environment = Path(f"/proc/{zygote_of(examiner)}/environ").read_bytes()
    finally:
        examiner.close()
    assert b"never-tell" not in environment


def test_every_layer_is_named(examiner: Examiner) -> None:
    assert {"rlimits", "seccomp"} <= set(examiner.strength())
    assert set(examiner.strength()) <= {"rlimits", "seccomp", "network", "landlock", "uid"}
    assert examiner.ready()


def test_without_seccomp_nothing_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyseccomp.py").write_text("raise RuntimeError('Unable to find libseccomp')")
    from triage.evidence import nursery

    whole = nursery._environment()
    hidden = {**whole, "PYTHONPATH": f"{tmp_path}:{whole['PYTHONPATH']}"}
    monkeypatch.setattr(nursery, "_environment", lambda: hidden)
    examiner = Examiner()
    try:
        judged = judged_by(examiner, files.picture())
        assert "seccomp" not in examiner.strength()
        assert not examiner.ready()
    finally:
        examiner.close()
    assert codes(judged) == ["check.unavailable"]
    assert judged.verdict is Verdict.PENDING
    assert judged.media_type == "application/octet-stream"


def test_a_zygote_that_cannot_start_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nursery, "_command", lambda self, control: ["/bin/false"])
    examiner = Examiner()
    judged = judged_by(examiner, files.picture())
    assert codes(judged) == ["check.unavailable"]
    assert examiner.strength() == ()


def test_a_zygote_that_died_is_started_again() -> None:
    examiner = Examiner(PLAIN)
    try:
        examiner.start()
        first = zygote_of(examiner)
        os.kill(first, signal.SIGKILL)
        assert judged_by(examiner, files.picture()).verdict is Verdict.ACCEPTED
        assert zygote_of(examiner) != first
    finally:
        examiner.close()


def test_a_file_whose_zygote_dies_is_looked_at_again() -> None:
    examiner = Examiner(HASTY, checks_module="tests.evidence.hostile")
    found: list[list[str]] = []
    try:
        examiner.start()
        zygote = zygote_of(examiner)
        thread = threading.Thread(
            target=lambda: found.append(
                codes(judged_by(examiner, CONTENT, name="x.sleep", kind="damage_photo"))
            )
        )
        thread.start()
        assert wait_for(lambda: children_of(zygote))
        (child,) = children_of(zygote)
        os.kill(zygote, signal.SIGKILL)
        assert wait_for(lambda: not is_alive(child)), "the child outlived its zygote"
        thread.join()
    finally:
        examiner.close()
    assert found == [["tried.began", "check.timed_out"]]


def test_a_closed_examiner_answers_and_leaves_nobody_running() -> None:
    examiner = Examiner()
    examiner.start()
    zygote = zygote_of(examiner)
    examiner.close()
    assert not is_alive(zygote)
    assert codes(judged_by(examiner, files.picture())) == ["check.unavailable"]


def test_when_the_server_is_killed_its_zygote_and_children_end(tmp_path: Path) -> None:
    """Also in the middle of a file, and however the server dies."""
    program = """
        import os, sys, threading, time
        from tests.evidence.conftest import judged_by
        from tests.evidence.test_sandbox import children_of, zygote_of
        from triage.evidence import Examiner

        examiner = Examiner(checks_module="tests.evidence.hostile")
        examiner.start()
        arguments = {"name": "x.sleep", "kind": "damage_photo"}
        threading.Thread(target=judged_by, args=(examiner, b"x"), kwargs=arguments).start()
        zygote = zygote_of(examiner)
        while not children_of(zygote):
            time.sleep(0.01)
        print(zygote, *children_of(zygote), flush=True)
        time.sleep(60)
    """
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    with server:
        assert server.stdout is not None
        zygote, child = (int(each) for each in server.stdout.readline().split())
        assert is_alive(zygote)
        assert is_alive(child)
        server.kill()
    assert wait_for(lambda: not is_alive(zygote) and not is_alive(child))


def test_a_forked_server_gets_a_zygote_of_its_own(examiner: Examiner) -> None:
    examiner.start()
    shared = zygote_of(examiner)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        verdict = judged_by(examiner, files.picture()).verdict
        own = zygote_of(examiner)
        os.write(writing, f"{verdict} {own != shared}".encode())
        examiner.close()
        os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    with os.fdopen(reading, encoding="ascii") as said:
        assert said.read() == "accepted True"
    assert is_alive(shared)
    assert judged_by(examiner, files.picture()).verdict is Verdict.ACCEPTED


def test_no_more_children_at_a_time_than_allowed() -> None:
    limits = Limits(concurrency=2, wall_seconds=1.5)
    examiner = Examiner(limits, checks_module="tests.evidence.hostile")
    most = 0
    try:
        examiner.start()
        zygote = zygote_of(examiner)
        arguments = {"name": "x.sleep", "kind": "damage_photo"}
        threads = [
            threading.Thread(target=judged_by, args=(examiner, CONTENT), kwargs=arguments)
            for _ in range(4)
        ]
        for each in threads:
            each.start()
        while any(each.is_alive() for each in threads):
            most = max(most, len(children_of(zygote)))
            time.sleep(0.02)
    finally:
        examiner.close()
    assert most == 2
