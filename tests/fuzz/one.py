"""Fuzzes one target until libFuzzer has had enough; started by ``python -m tests.fuzz``.

    python -m tests.fuzz.one TARGET [libFuzzer's own arguments]

Atheris is no dependency of the project and only imported here: ``pip install atheris``.
"""

from __future__ import annotations

import importlib
import sys


def main() -> None:
    """Ends the process: with 0 after its time, else with libFuzzer's code for what it found."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["triage"]):
        targets = importlib.import_module("tests.fuzz.targets")
    bounds = importlib.import_module("tests.fuzz.bounds").bounds
    target = targets.TARGETS[sys.argv[1]]

    def within_bounds(content: bytes) -> None:
        with bounds():
            target(content)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], within_bounds)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
