"""The server's hold on its zygote: started when needed, started again when it died."""

from __future__ import annotations

import json
import os
import socket
import subprocess  # our own interpreter with our own arguments, nothing from outside
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import triage
from triage.evidence.limits import Limits

_HELLO_SECONDS = 60.0  # a cold start on a busy machine; a warm one takes some 0.3 s
_HELLO_BYTES = 4096


class NurseryClosed(Exception):
    """There is no zygote and none can be had."""


@dataclass(frozen=True, kw_only=True)
class _Zygote:
    process: subprocess.Popen[bytes]
    control: socket.socket
    strength: tuple[str, ...]
    owner: int  # the process that started it; a forked server must not share it


class Nursery:
    """Hands errands to the zygote. Safe to call from many threads."""

    def __init__(self, limits: Limits, checks_module: str | None = None) -> None:
        self._limits = limits
        self._checks_module = checks_module
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._closed = False

    def strength(self) -> tuple[str, ...]:
        """The layers of protection that its children have. Raises NurseryClosed."""
        return self._living().strength

    def send(self, errand: bytes, descriptors: Sequence[int]) -> None:
        """Ask for one child. Raises NurseryClosed when there is nobody to ask."""
        for attempt in (1, 2):
            zygote = self._living()
            try:
                socket.send_fds(zygote.control, [errand], list(descriptors))
            except OSError:  # it died since it was last seen
                self.drop(zygote)
                if attempt == 2:
                    raise NurseryClosed from None
            else:
                return

    def drop(self, zygote: _Zygote | None = None) -> None:
        """End this zygote (by default the present one); the next request starts another."""
        with self._lock:
            if zygote is None or zygote is self._zygote:
                self._end()

    def close(self) -> None:
        """End the zygote for good."""
        with self._lock:
            self._closed = True
            self._end()

    def _living(self) -> _Zygote:
        with self._lock:
            present = self._zygote
            if present is not None and present.owner != os.getpid():
                present.control.close()  # the parent's: not ours to end
                present = self._zygote = None
            if present is not None and present.process.poll() is not None:
                self._end()
                present = None
            if present is None:
                if self._closed:
                    raise NurseryClosed
                present = self._zygote = self._start()
            return present

    def _end(self) -> None:
        zygote, self._zygote = self._zygote, None
        if zygote is not None and zygote.owner == os.getpid():
            zygote.control.close()
            zygote.process.kill()  # its children die with it
            zygote.process.wait()

    def _start(self) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - arguments are ours, there is no shell
                self._command(theirs.fileno()),
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        ours.settimeout(_HELLO_SECONDS)
        try:
            hello = json.loads(ours.recv(_HELLO_BYTES))
        except (OSError, ValueError) as error:  # it could not even import
            ours.close()
            process.kill()
            process.wait()
            raise NurseryClosed from error
        return _Zygote(
            process=process, control=ours, strength=tuple(hello["strength"]), owner=os.getpid()
        )

    def _command(self, control: int) -> list[str]:
        fields = {**asdict(self._limits), "switched_off": sorted(self._limits.switched_off)}
        command = [sys.executable, "-P", "-s", "-m", "triage.evidence.zygote"]
        command += [str(control), json.dumps(fields)]
        return command + ([self._checks_module] if self._checks_module else [])


def _environment() -> dict[str, str]:
    """Nothing of the server's environment: it holds secrets, a decoder needs none of it."""
    return {
        "PYTHONPATH": str(Path(triage.__file__).parents[1]),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "MALLOC_ARENA_MAX": "2",  # an arena per thread would reserve address space for nothing
        "OMP_NUM_THREADS": "1",
        # Fewer page faults for whole pictures: a fifth off a photo, a third off a PDF page.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    }
