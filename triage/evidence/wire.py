"""What crosses the border between the server, the zygote and a child, and how it is checked.

A child is never believed further than this: a handful of short findings whose shape is
verified, a few bounded numbers, one JPEG of bounded length and, where it was asked for, one MP4.
Whatever else arrives makes the whole report *garbled*, and a garbled report is as good as none.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import asdict, dataclass, field
from typing import Any

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence.accepted import UNKNOWN
from triage.evidence.codes import CODES
from triage.evidence.item import Item
from triage.evidence.signals import LONGEST, SIGNALS

JSON_BYTES = 64 * 1024  # all findings and facts of one file together
ERRAND_BYTES = 64 * 1024
TOGETHER = 32  # files that one child is given at the most
FRAMES = 64
FINDINGS = 64
_HEADER = struct.Struct(">cI")
_FILM_HEAD = struct.Struct(">I?")
_PART, _PREVIEW, _FILM, _END = b"J", b"P", b"F", b"E"
_BEGIN = _HEADER.pack(b"B", 0)
_PARTS = ("media_type", "findings", "facts", "signals", "showable")
_FACTS = ("width", "height", "pages", "frames")
_LARGEST_FACT = 2**31
_LARGEST_VALUE = 2**63
_CODE = re.compile(r"[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_]{0,40}")
_TYPE = re.compile(r"[a-z]{1,20}/[A-Za-z0-9.+_-]{1,100}")
_NAME = re.compile(r"[a-z][a-z_]{0,20}")
_WORD_LENGTH = 120

PREVIEW, FILM, PAGE = "preview", "film", "page"
"""What an errand may ask to be shown."""

FINE, BROKEN, UNPROTECTED = 0, 70, 77
"""Exit codes of a child; the last one says that nothing was looked at."""


class Garbled(ValueError):
    """A child said something that no honest child says."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a child is told about one file: the item without its name, and the budget."""

    kind: EvidenceKind
    extension: str
    declared_type: str
    size: int
    cpu_seconds: int
    wall_seconds: float


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What the zygote is asked: a child that judges these files one after another.

    With ``show`` it makes a copy for people instead, of one file: see ``showing.py``.
    """

    requests: tuple[Request, ...]
    show: str = ""
    page: int = 0

    @property
    def cpu_seconds(self) -> int:
        """Of all files together."""
        return sum(each.cpu_seconds for each in self.requests)

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def from_bytes(message: bytes) -> Errand:
        fields: dict[str, Any] = json.loads(message)
        requests = (
            Request(**{**each, "kind": EvidenceKind(each["kind"])}) for each in fields["requests"]
        )
        return Errand(**{**fields, "requests": tuple(requests)})


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a child ended, as the zygote saw it: times in seconds, memory in bytes.

    ``timed_out`` when the server had it killed, which keeps the time.
    """

    exit_code: int | None = None
    signal: int | None = None
    timed_out: bool = False
    peak_memory: int = 0
    cpu_seconds: float = 0.0

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def from_bytes(message: bytes) -> Ending:
        return Ending(**json.loads(message))


def extension_of(item: Item) -> str:
    """The last part of the name, in lower case and made harmless; empty without one."""
    _, dot, last = item.filename.rpartition(".")
    return re.sub(r"[^a-z0-9]", "", last.lower())[:8] if dot else ""


# --- the child's side ---------------------------------------------------------------------


def begin_frame() -> bytes:
    """The next file: with it, what was said of the one before counts."""
    return _BEGIN


def part_frame(
    media_type: str,
    findings: list[Finding],
    facts: dict[str, int],
    signals: dict[str, str] | None = None,
    *,
    showable: bool = False,
) -> bytes:
    """What one check adds. Safe to send as soon as it is known: a later crash keeps it."""
    said = [
        [each.code, int(each.level), each.measured, each.limit, dict(each.detail)]
        for each in findings
    ]
    message = {
        "media_type": media_type,
        "findings": said,
        "facts": facts,
        "signals": signals or {},
        "showable": showable,
    }
    return _frame(_PART, json.dumps(message).encode())


def preview_frame(jpeg: bytes) -> bytes:
    return _frame(_PREVIEW, jpeg)


def film_frame(mp4: bytes, seconds: int, *, is_whole: bool) -> bytes:
    return _frame(_FILM, _FILM_HEAD.pack(seconds, is_whole) + mp4)


def end_frame() -> bytes:
    return _frame(_END, b"")


def _frame(kind: bytes, content: bytes) -> bytes:
    return _HEADER.pack(kind, len(content)) + content


# --- the server's side --------------------------------------------------------------------


@dataclass(kw_only=True)
class Report:
    """What has arrived about one file so far; ``complete`` once the child said that it is done.

    ``codes`` are the findings that it may have; None lets any be said, for tests. ``showable``
    when there is something in the file that a preview can be made of. ``film_bytes`` is how large
    a film may be; none where none was asked for.
    """

    preview_bytes: int
    film_bytes: int | None = None
    codes: frozenset[str] | None = CODES
    media_type: str = UNKNOWN
    findings: list[Finding] = field(default_factory=list)
    facts: dict[str, int] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    preview: bytes | None = None
    showable: bool = False
    film: bytes | None = None
    film_seconds: int = 0
    film_is_whole: bool = False
    complete: bool = False
    _buffer: bytearray = field(default_factory=bytearray)
    _json_left: int = JSON_BYTES
    _frames_left: int = FRAMES

    def feed(self, received: bytes) -> bytes:
        """Take in the next bytes of the pipe; what follows after the end. Raises Garbled."""
        self._buffer += received
        while not self.complete and len(self._buffer) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._buffer)
            self._expect(kind, length)
            end = _HEADER.size + length
            if len(self._buffer) < end:
                break
            content = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            self._take(kind, content)
        if not self.complete:
            return b""
        rest, self._buffer = bytes(self._buffer), bytearray()
        return rest

    def _expect(self, kind: bytes, length: int) -> None:
        film = -1 if self.film_bytes is None else self.film_bytes + _FILM_HEAD.size
        mosts = {_PART: self._json_left, _PREVIEW: self.preview_bytes, _FILM: film, _END: 0}
        most = mosts.get(kind, -1)
        if length > most or self._frames_left <= 0:
            raise Garbled("a frame that nobody may send")

    def _take(self, kind: bytes, content: bytes) -> None:
        self._frames_left -= 1
        if kind == _END:
            self.complete = True
        elif kind == _PREVIEW:
            self._take_preview(content)
        elif kind == _FILM:
            self._take_film(content)
        else:
            self._json_left -= len(content)
            self._take_part(content)

    def _take_preview(self, content: bytes) -> None:
        is_jpeg = content.startswith(b"\xff\xd8\xff") and content.endswith(b"\xff\xd9")
        if self.preview is not None or not is_jpeg:
            raise Garbled("a preview that is no JPEG")
        self.preview = content

    def _take_film(self, content: bytes) -> None:
        if self.film is not None or content[_FILM_HEAD.size + 4 :][:4] != b"ftyp":
            raise Garbled("a film that is no MP4")
        self.film_seconds, self.film_is_whole = _FILM_HEAD.unpack_from(content)
        self.film = content[_FILM_HEAD.size :]

    def _take_part(self, content: bytes) -> None:
        try:
            message = json.loads(content)
            media_type, said, facts, signals, showable = (message[key] for key in _PARTS)
            self.media_type = _checked_text(media_type, _TYPE)
            self.findings += [_to_finding(*each) for each in said]
            self.facts |= {name: _checked_fact(name, value) for name, value in facts.items()}
            self.signals |= {name: _checked_signal(name, each) for name, each in signals.items()}
            self.showable |= showable is True
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Garbled("a part in no known shape") from error
        if len(self.findings) > FINDINGS:
            raise Garbled("too many findings")
        if self.codes is not None and any(each.code not in self.codes for each in self.findings):
            raise Garbled("a finding that no check has")


@dataclass(kw_only=True)
class Reports:
    """What has arrived from one child about its files, one after another.

    ``most`` is how many it was given; the last of ``heard`` is the one that it is looking at.
    """

    most: int
    preview_bytes: int
    film_bytes: int | None = None
    codes: frozenset[str] | None = CODES
    heard: list[Report] = field(default_factory=list)
    _between: bytes = b""

    def feed(self, received: bytes) -> None:
        """Take in the next bytes of the pipe. Raises Garbled."""
        rest = self._between + received
        while rest:
            if self.heard and not self.heard[-1].complete:
                rest = self.heard[-1].feed(rest)
            elif len(self.heard) == self.most or not rest.startswith(_BEGIN[: len(rest)]):
                raise Garbled("something between two files")
            elif len(rest) < len(_BEGIN):
                break
            else:
                self.heard.append(self._next())
                rest = rest[len(_BEGIN) :]
        self._between = rest

    def _next(self) -> Report:
        return Report(
            preview_bytes=self.preview_bytes, film_bytes=self.film_bytes, codes=self.codes
        )


def _to_finding(code: Any, level: Any, measured: Any, limit: Any, detail: Any) -> Finding:
    if len(detail) > 8:
        raise Garbled("too much detail")
    return Finding(
        code=_checked_text(code, _CODE),
        level=Level(level),
        measured=_checked_value(measured),
        limit=_checked_value(limit),
        detail={_checked_text(key, _NAME): _checked_value(each) for key, each in detail.items()},
    )


def _checked_text(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Garbled("a text of the wrong form")
    return value


def _checked_value(value: Any) -> float | int | str | None:
    if isinstance(value, str) and (len(value) > _WORD_LENGTH or not value.isprintable()):
        raise Garbled("a word of the wrong form")
    if isinstance(value, float | int) and not abs(value) < _LARGEST_VALUE:  # catches nan too
        raise Garbled("a number beyond sense")
    if value is not None and not isinstance(value, float | int | str):
        raise Garbled("a value of the wrong type")
    return value


def _checked_fact(name: str, value: Any) -> int:
    if name not in _FACTS or type(value) is not int or not 0 <= value < _LARGEST_FACT:
        raise Garbled("a fact that nobody asked for")
    return value


def _checked_signal(name: str, value: Any) -> str:
    if name not in SIGNALS or not isinstance(value, str):
        raise Garbled("a signal that nobody asked for")
    if len(value) > LONGEST or not value.isprintable():
        raise Garbled("a signal of the wrong form")
    return value
