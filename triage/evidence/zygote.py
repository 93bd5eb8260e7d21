"""The small process that loads all decoders once and forks a limited child for every file.

``python -m triage.evidence.zygote CONTROL_FD LIMITS_JSON [CHECKS_MODULE]`` is started by
``Examiner`` and never by hand. It parses nothing itself. A request brings three descriptors
(the file, the result pipe, the status pipe); the zygote forks, kills at the wall limit, reaps
and writes how the child ended to the status pipe. It ends, and with it every child, as soon
as the server's side of the control socket is closed, for whatever reason.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass

from triage.evidence import child
from triage.evidence.limits import Limits
from triage.evidence.sandbox import kernel
from triage.evidence.sandbox.layers import Layers
from triage.evidence.wire import BROKEN, REQUEST_BYTES, Ending, Request


@dataclass(frozen=True, kw_only=True)
class _Running:
    pid: int
    pidfd: int
    status_fd: int
    deadline: float


class Zygote:
    """Forks on request until the control socket is closed."""

    def __init__(self, control: socket.socket, around: child.Surroundings) -> None:
        self._control = control
        self._around = around
        self._running: dict[int, _Running] = {}  # by pidfd
        self._late: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> None:
        """Say hello, then answer until the server is gone."""
        hello = {"strength": self._around.layers.strength()}
        self._control.send(json.dumps(hello).encode())
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fileobj is not self._control:
                    self._reap(self._running[key.fd])
                elif not self._accept():
                    self._end_all()
                    return
            self._kill_the_late()

    def _patience(self) -> float | None:
        """Seconds until the next child is too late."""
        waiting = [each.deadline for fd, each in self._running.items() if fd not in self._late]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _accept(self) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, REQUEST_BYTES, 3)
        except ConnectionError:
            return False
        if not message:
            return False
        evidence, result, status = descriptors
        request = Request.from_bytes(message)
        try:
            pid = os.fork()
        except OSError:  # no room for a process: the closed status pipe says so
            pid = -1
            os.close(status)
        if pid == 0:
            self._become_child(request, evidence, result)
        os.close(evidence)
        os.close(result)
        if pid > 0:
            self._watch(pid, status, request.wall_seconds)
        return True

    def _become_child(self, request: Request, evidence: int, result: int) -> None:
        """Never returns: whatever happens, the child ends here."""
        code = BROKEN
        try:
            code = child.live(request, evidence, result, self._around)
        finally:
            os._exit(code)

    def _watch(self, pid: int, status: int, seconds: float) -> None:
        pidfd = os.pidfd_open(pid)
        self._selector.register(pidfd, selectors.EVENT_READ)
        self._running[pidfd] = _Running(
            pid=pid, pidfd=pidfd, status_fd=status, deadline=time.monotonic() + seconds
        )

    def _kill_the_late(self) -> None:
        now = time.monotonic()
        for fd, running in self._running.items():
            if running.deadline <= now and fd not in self._late:
                self._late.add(fd)
                signal.pidfd_send_signal(fd, signal.SIGKILL)

    def _reap(self, running: _Running) -> None:
        _, how, usage = os.wait4(running.pid, 0)
        ending = Ending(
            exit_code=os.WEXITSTATUS(how) if os.WIFEXITED(how) else None,
            signal=os.WTERMSIG(how) if os.WIFSIGNALED(how) else None,
            timed_out=running.pidfd in self._late,
            peak_memory=usage.ru_maxrss * 1024,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
        )
        with contextlib.suppress(OSError):  # the server may have stopped listening
            os.write(running.status_fd, ending.to_bytes())
        self._selector.unregister(running.pidfd)
        del self._running[running.pidfd]
        self._late.discard(running.pidfd)
        os.close(running.pidfd)
        os.close(running.status_fd)

    def _end_all(self) -> None:
        for running in list(self._running.values()):
            signal.pidfd_send_signal(running.pidfd, signal.SIGKILL)
            self._reap(running)


def main(arguments: list[str]) -> None:
    """Load everything that a child may need, then serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    control = socket.socket(fileno=int(arguments[0]))
    fields = json.loads(arguments[1])
    limits = Limits(**{**fields, "switched_off": frozenset(fields["switched_off"])})
    module = arguments[2] if len(arguments) > 2 else "triage.evidence.examination"
    child.prepare()
    layers = Layers()
    layers.try_out(memory_bytes=limits.memory_bytes, cpu_seconds=limits.cpu_seconds)
    around = child.Surroundings(
        limits=limits,
        layers=layers,
        checks=tuple(importlib.import_module(module).CHECKS),
        zygote=os.getpid(),
    )
    zygote = Zygote(control, around)
    gc.collect()
    gc.freeze()  # a child must not copy pages only because a collector walked over them
    kernel.trim_heap()  # nor copy what is free: new pages come cheaper, and as huge ones
    zygote.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
