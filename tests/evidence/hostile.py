"""Checks that misbehave on purpose, to be run inside the sandbox in place of the real ones.

The extension of the file's name chooses what is tried. An attempt that the sandbox stops is
reported as ``tried.stopped`` with the error's name, one that works as ``tried.worked``.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from triage.core.evidence import Finding, Level
from triage.evidence.opened import Opened
from triage.evidence.wire import begin_frame, end_frame, part_frame

_libc = ctypes.CDLL(None, use_errno=True)
_libc.malloc.restype = ctypes.c_void_p
_libc.malloc.argtypes = [ctypes.c_size_t]
SYS_IO_URING_SETUP, SYS_PROCESS_VM_READV, SYS_KEYCTL, SYS_BPF, SYS_OPENAT2 = 425, 310, 250, 321, 437


def _called(number: int, *arguments: int) -> None:
    if _libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _written(path: str) -> None:
    Path(path).write_text("was here", encoding="utf-8")


def _forked() -> None:
    if os.fork() == 0:
        os._exit(0)


def _executable_memory() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "tcp": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "unix": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "pair": socket.socketpair,
    "write": lambda: _written("/tmp/triage-was-here"),
    "create": lambda: os.open("/dev/shm/triage-was-here", os.O_CREAT | os.O_WRONLY),
    "append": lambda: os.open(sys.executable, os.O_WRONLY | os.O_APPEND),
    "unlink": lambda: os.unlink("/tmp/nothing"),
    "mkdir": lambda: os.mkdir("/tmp/triage-was-here"),
    "rename": lambda: os.rename("/tmp/nothing", "/tmp/other"),
    "chmod": lambda: os.chmod("/tmp", 0o777),
    "symlink": lambda: os.symlink("/tmp", "/tmp/triage-was-here"),
    "passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "environ": lambda: os.open(f"/proc/{os.getppid()}/environ", os.O_RDONLY),
    "exec": lambda: os.execv("/bin/true", ["/bin/true"]),
    "spawn": lambda: subprocess.run(["/bin/true"], check=True),
    "fork": _forked,
    "killzyg": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "ptrace": lambda: _called(101, 16, os.getppid(), 0, 0),
    "peek": lambda: _called(SYS_PROCESS_VM_READV, os.getppid(), 0, 0, 0, 0, 0),
    "uring": lambda: _called(SYS_IO_URING_SETUP, 1, 0),
    "keyctl": lambda: _called(SYS_KEYCTL, 0, 0, 0, 0, 0),
    "bpf": lambda: _called(SYS_BPF, 0, 0, 0),
    "openat2": lambda: _called(SYS_OPENAT2, -100, 0, 0, 0),
    "setuid": lambda: os.setresuid(0, 0, 0),
    "execmem": _executable_memory,
    "rlimit": lambda: resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6)),
}


def _eat_memory() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(16 * 2**20))


def _eat_natively() -> None:
    """As C code does that does not look whether it got the memory."""
    while True:
        ctypes.memset(_libc.malloc(16 * 2**20), 1, 16 * 2**20)


def _spin() -> None:
    while True:
        pass


def _spend(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def _threads() -> None:
    for _ in range(20):
        thread = threading.Thread(target=time.sleep, args=(0,))
        thread.start()
        thread.join()


def _say(content: bytes) -> None:
    """To every descriptor that takes it: one of them is the result pipe."""
    for fd in range(3, 64):
        try:
            os.write(fd, content)
        except OSError:
            continue


def _lie_about_a_preview() -> None:
    _say(b"P" + (9).to_bytes(4, "big") + b"<script>!" + end_frame())
    os._exit(0)


def _say_it_is_fine() -> None:
    """And crash then: a report that is complete, from a child that was not."""
    _say(part_frame("image/jpeg", [], {}) + end_frame())
    ctypes.string_at(0)


_LAST: dict[str, bytes] = {}


def _leave_something_behind() -> None:
    """As a library might that keeps what it saw last, and a check that changed a setting."""
    _LAST["secret"] = b"of the file before"
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = 1


def _keep_memory() -> None:
    _LAST["kept"] = bytes(200 * 2**20)


def _swell() -> None:
    """For a moment only: nothing of it is kept, and the peak is."""
    bytearray(250 * 2**20)


def _tell_the_process() -> Finding:
    return Finding(code="tried.process", level=Level.NOTE, measured=os.getpid())


ENDS: dict[str, Callable[[], object]] = {
    "memory": _eat_memory,
    "native": _eat_natively,
    "spin": _spin,
    "sleep": lambda: time.sleep(600),
    "nap": lambda: time.sleep(2.1),
    "segv": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "quiet": lambda: os._exit(0),
    "garbage": lambda: _say(b"\xff" * 5000),
    "flood": lambda: _say(b"P" + (2**31).to_bytes(4, "big") + bytes(10**6)),
    "half": lambda: (_say(b"J" + (100).to_bytes(4, "big") + b"{"), os._exit(0)),
    "preview": _lie_about_a_preview,
    "fine": _say_it_is_fine,
    "raise": lambda: 1 / 0,
    "threads": _threads,
    "leave": _leave_something_behind,
    "keep": _keep_memory,
    "swell": _swell,
    "busy": lambda: _spend(0.8),
    "end": lambda: _say(end_frame()),
    "next": lambda: _say(end_frame() + begin_frame()),
}


def first(opened: Opened) -> Iterator[Finding]:
    """Something said in time, which a later crash must not take away."""
    opened.media_type = "image/jpeg"
    yield Finding(code="tried.began", level=Level.NOTE)


def attempt(opened: Opened) -> Iterator[Finding]:
    how = opened.extension
    if how == "tell":
        yield _tell_the_process()
        return
    if how in ENDS:
        ENDS[how]()
        return
    try:
        ATTEMPTS[how]()
    except (OSError, ValueError) as error:  # ValueError: Python's own word for a raised limit
        yield Finding(code="tried.stopped", level=Level.NOTE, measured=type(error).__name__)
    else:
        yield Finding(code="tried.worked", level=Level.DANGEROUS)


CHECKS = (first, attempt)
