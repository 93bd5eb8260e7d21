"""The small process that loads all decoders once and forks a limited child for each errand.

``python -m triage.evidence.zygote CONTROL_FD LIMITS_JSON [CHECKS_MODULE]`` is started by
``Examiner`` and never by hand. It parses nothing itself. An errand brings descriptors: its files,
the result pipe, a socket for the status. The zygote forks, reaps, and writes how the child ended
to the socket; when nobody listens there any more, it kills the child. It ends, and with it every
child, as soon as the server's side of the control socket is closed, for whatever reason.
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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from triage.evidence import child
from triage.evidence.limits import Limits
from triage.evidence.sandbox import kernel
from triage.evidence.sandbox.layers import Layers
from triage.evidence.wire import BROKEN, ERRAND_BYTES, TOGETHER, Ending, Errand


@dataclass(frozen=True, kw_only=True)
class _Running:
    pid: int
    pidfd: int
    status: int


class Zygote:
    """Forks on request until the control socket is closed."""

    def __init__(self, control: socket.socket, around: child.Surroundings) -> None:
        self._control = control
        self._around = around
        self._running: dict[int, _Running] = {}  # by process id
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> None:
        """Say hello, then answer until the server is gone."""
        hello = {"strength": self._around.layers.strength()}
        self._control.send(json.dumps(hello).encode())
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    key.data()
                elif not self._accept():
                    self._end_all()
                    return

    def _accept(self) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, ERRAND_BYTES, TOGETHER + 2)
        except ConnectionError:
            return False
        if not message:
            return False
        *files, result, status = descriptors
        errand = Errand.from_bytes(message)
        try:
            pid = os.fork()
        except OSError:  # no room for a process: the closed status socket says so
            pid = -1
            os.close(status)
        if pid == 0:
            self._become_child(errand, files, result)
        for each in (*files, result):
            os.close(each)
        if pid > 0:
            self._watch(pid, status)
        return True

    def _become_child(self, errand: Errand, files: Sequence[int], result: int) -> None:
        """Never returns: whatever happens, the child ends here."""
        code = BROKEN
        try:
            code = child.live(errand, files, result, self._around)
        finally:
            os._exit(code)

    def _watch(self, pid: int, status: int) -> None:
        running = _Running(pid=pid, pidfd=os.pidfd_open(pid), status=status)
        self._running[pid] = running
        for fd, what in ((running.pidfd, self._reap), (status, self._kill)):
            self._selector.register(fd, selectors.EVENT_READ, partial(what, running))

    def _kill(self, running: _Running) -> None:
        """Nothing is ever said to the zygote there, so it is the end of listening."""
        if running.pid in self._running:
            self._selector.unregister(running.status)
            signal.pidfd_send_signal(running.pidfd, signal.SIGKILL)

    def _reap(self, running: _Running) -> None:
        _, how, usage = os.wait4(running.pid, 0)
        ending = Ending(
            exit_code=os.WEXITSTATUS(how) if os.WIFEXITED(how) else None,
            signal=os.WTERMSIG(how) if os.WIFSIGNALED(how) else None,
            peak_memory=usage.ru_maxrss * 1024,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
        )
        with contextlib.suppress(OSError):  # the server may be gone
            os.write(running.status, ending.to_bytes())
        del self._running[running.pid]
        for fd in (running.pidfd, running.status):
            with contextlib.suppress(KeyError):  # killed before
                self._selector.unregister(fd)
            os.close(fd)

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
    kernel.grow_heap()
    kernel.trim_heap()  # nor copy what is free: new pages come cheaper, and as huge ones
    zygote.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
