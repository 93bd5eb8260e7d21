"""The files of one sender share a child, and none of them is judged by what another one did."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from tests.conftest import PLAIN
from tests.evidence import files, films
from tests.evidence.conftest import codes, judged_by, judged_together
from triage.core.evidence import Level, Verdict
from triage.evidence import Examiner, Item, Judged, Limits
from triage.evidence.wire import Ending

MEMORY = 640 * 2**20
PATIENT = Limits(cpu_seconds=60, wall_seconds=120.0, memory_bytes=MEMORY, concurrency=4)
"""Whatever else the machine does: a file ends for its own reason, not because time is up."""
HASTY = Limits(cpu_seconds=2, wall_seconds=4.0, memory_bytes=MEMORY, concurrency=4)
CONTENT = b"any content"
TELL = "tell"
PLACES = (0, 1, 2)


class Watched:
    """An examiner whose checks misbehave, and which files each of its children was given."""

    def __init__(self, limits: Limits) -> None:
        self.children: list[int] = []
        self.examiner = Examiner(limits, checks_module="tests.evidence.hostile", watch=self._watch)

    def _watch(self, items: tuple[Item, ...], _: Ending) -> None:
        self.children.append(len(items))

    def together(self, *names: str) -> list[Judged]:
        self.children.clear()
        given = [(f"x.{name}", CONTENT + bytes([place])) for place, name in enumerate(names)]
        return judged_together(self.examiner, *given)


@pytest.fixture(scope="module")
def hostile() -> Iterator[Watched]:
    watched = Watched(PATIENT)
    yield watched
    watched.examiner.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Watched]:
    watched = Watched(HASTY)
    yield watched
    watched.examiner.close()


def process_of(judged: Judged) -> object:
    """Of a file whose check told it; that was all that was said of the file."""
    assert codes(judged) == ["tried.began", "tried.process"]
    assert judged.verdict is Verdict.ACCEPTED
    return judged.findings[-1].measured


def test_one_child_looks_at_all_of_them(hostile: Watched) -> None:
    told = hostile.together(TELL, TELL, TELL)
    assert len({process_of(each) for each in told}) == 1
    assert hostile.children == [3]


def test_two_senders_never_share_one(hostile: Watched) -> None:
    first, other = (process_of(hostile.together(TELL, TELL)[0]) for _ in range(2))
    assert first != other


@pytest.mark.parametrize(
    ("how", "code"),
    [
        pytest.param("segv", "check.crashed", id="dies_by_sigsegv"),
        pytest.param("abort", "check.crashed", id="aborts"),
        pytest.param("exit", "check.crashed", id="exits_with_an_error"),
        pytest.param("quiet", "check.crashed", id="exits_without_one"),
        pytest.param("raise", "check.crashed", id="raises"),
        pytest.param("garbage", "check.crashed", id="says_what_nobody_says"),
        pytest.param("flood", "check.crashed", id="never_stops_talking"),
        pytest.param("half", "check.crashed", id="breaks_off"),
        pytest.param("fine", "check.crashed", id="says_it_is_fine_and_dies"),
        pytest.param("end", "check.crashed", id="ends_its_file_before_its_time"),
        pytest.param("memory", "check.out_of_memory", id="eats_memory_in_python"),
        pytest.param("native", "check.out_of_memory", id="eats_memory_in_c"),
    ],
)
@pytest.mark.parametrize("place", PLACES, ids=["first", "second", "last"])
def test_what_goes_wrong_with_one_is_said_of_that_one(
    hostile: Watched, how: str, code: str, place: int
) -> None:
    said_of_one(hostile, how, code, place)


@pytest.mark.parametrize("how", ["spin", "sleep"])
@pytest.mark.parametrize("place", PLACES, ids=["first", "second", "last"])
def test_one_whose_time_is_up_takes_none_of_the_others(
    hasty: Watched, how: str, place: int
) -> None:
    said_of_one(hasty, how, "check.timed_out", place)


def said_of_one(watched: Watched, how: str, code: str, place: int) -> None:
    names = [TELL, TELL, TELL]
    names[place] = how
    judged = watched.together(*names)
    hit = judged.pop(place)
    assert codes(hit)[-1] == code
    assert hit.verdict is Verdict.PENDING
    for each in judged:
        process_of(each)


def test_several_that_go_wrong_are_each_named(hostile: Watched) -> None:
    judged = hostile.together("segv", TELL, "exit", "memory", TELL, "segv")
    said = [codes(each)[-1] for each in judged]
    crashed, told = "check.crashed", "tried.process"
    assert said == [crashed, told, crashed, "check.out_of_memory", told, crashed]


def test_each_has_the_whole_processor_time_for_itself() -> None:
    """Three of 0.8 seconds, where one may take two: its clock begins anew with each file."""
    watched = Watched(replace(PATIENT, cpu_seconds=HASTY.cpu_seconds))
    began = time.process_time()
    try:
        judged = watched.together("busy", "busy", "busy")
    finally:
        watched.examiner.close()
    assert [codes(each) for each in judged] == [["tried.began"]] * 3
    assert watched.children == [3]
    assert time.process_time() - began < 2, "the child worked, not this process"


def test_each_has_the_whole_time_of_the_wall_clock_for_itself(hasty: Watched) -> None:
    """Two of 2.1 seconds, where one may take four."""
    judged = hasty.together("nap", "nap")
    assert [codes(each) for each in judged] == [["tried.began"]] * 2
    assert hasty.children == [2]


@pytest.mark.parametrize("how", ["keep", "swell"])
def test_after_one_that_took_much_memory_the_next_begin_anew(hostile: Watched, how: str) -> None:
    _, second, third = hostile.together(how, TELL, TELL)
    assert process_of(second) == process_of(third)
    assert hostile.children == [3, 2]


def test_a_crash_is_not_read_as_the_want_of_memory_of_the_one_before(hostile: Watched) -> None:
    _, crashed = hostile.together("swell", "segv")
    (finding,) = (each for each in crashed.findings if each.level is Level.UNKNOWN)
    assert (finding.code, finding.measured) == ("check.crashed", "SIGSEGV")


def test_who_says_too_soon_that_it_goes_on_is_not_believed_about_any(hostile: Watched) -> None:
    first, second, third = hostile.together("next", TELL, TELL)
    assert codes(first)[-1] == "check.crashed"
    assert process_of(second) != process_of(third)
    assert hostile.children == [3, 1, 1, 1]


REAL = {
    "jpeg": files.picture("JPEG"),
    "png": files.picture("PNG"),
    "cut": files.picture("JPEG")[:-300],
    "bits": files.turned(6),
    "pdf": files.pdf(2),
    "heic": files.picture("HEIF"),
    "webp": files.picture("WEBP"),
    "zeros": bytes(500),
    "bomb": films.mp4(),
}


@pytest.mark.parametrize("first", sorted(REAL))
def test_whatever_came_before_the_same_is_said(examiner: Examiner, first: str) -> None:
    """Of every file as if it were alone: the decoders remember nothing of the one before."""
    names = [first, *sorted(REAL), first]
    together = judged_together(examiner, *((f"x.{each[:3]}", REAL[each]) for each in names))
    for name, judged in zip(names, together, strict=True):
        alone = judged_by(examiner, REAL[name], name=f"x.{name[:3]}", kind="damage_photo")
        assert judged == alone, name


def test_a_large_picture_leaves_the_next_one_its_memory() -> None:
    """Two that fit only one at a time: the second finds as much room as the first one did."""
    limits = replace(PLAIN, memory_bytes=560 * 2**20)
    out = io.BytesIO()
    Image.new("RGB", (6000, 6000), "teal").save(out, "PNG")
    large = out.getvalue()
    examiner = Examiner(limits)
    try:
        judged = judged_together(examiner, ("a.png", large), ("b.png", large))
    finally:
        examiner.close()
    assert [codes(each) for each in judged] == [[], []]


def test_a_film_has_a_child_of_its_own_beside_the_others() -> None:
    seen: list[int] = []
    examiner = Examiner(PLAIN, watch=lambda items, _: seen.append(len(items)))
    try:
        given = [("a.jpg", REAL["jpeg"]), ("b.png", REAL["png"])]
        judged_together(examiner, *given)
        assert seen == [2]
        judged_by(examiner, REAL["bomb"], kind="unboxing_video")
    finally:
        examiner.close()
    assert seen == [2, 1]
