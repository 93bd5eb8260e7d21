"""The few system calls that Python has no function for, by ctypes."""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

_LARGE_PIECE = 31 * 1024 * 1024  # bytes; glibc learns no more than 32 MiB
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_libc.unshare.argtypes = [ctypes.c_int]
_libc.syscall.restype = ctypes.c_long


def _checked(answer: int, what: str) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return answer


def prctl(option: int, *arguments: int) -> None:
    """``prctl(2)``; raises OSError."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    _checked(_libc.prctl(option, *padded), f"prctl {option}")


def unshare(flags: int) -> None:
    """``unshare(2)``; raises OSError."""
    _checked(_libc.unshare(flags), "unshare")


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def trim_heap() -> None:
    """Give the kernel back what ``malloc`` holds and nobody uses; nothing where libc cannot."""
    trim = getattr(_libc, "malloc_trim", None)
    if trim is not None:
        trim(ctypes.c_size_t(0))


def grow_heap() -> None:
    """Have ``malloc`` take whole pictures from its heap, which it keeps, from the first one on.

    That is what it does after the first large piece was given back: then also the first file of
    a child gets its memory in huge pages, and the next one gets the same again.
    """
    bytes(_LARGE_PIECE)


def drop_capabilities() -> None:
    """Give up every capability, also those that come with a user namespace; raises OSError."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, 64 bits each
    _checked(_libc.capset(ctypes.byref(header), nothing), "capset")


def syscall(number: int, *arguments: object) -> int:
    """A system call by its number; integers are passed as 64-bit values; raises OSError."""
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _checked(int(_libc.syscall(ctypes.c_long(number), *wide)), f"system call {number}")
