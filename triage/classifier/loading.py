"""Loads the model in force aside, because scikit-learn takes longer to import than all the rest."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from triage.errors import TriageError

if TYPE_CHECKING:
    from triage.core.prediction import Prediction


class Reader(Protocol):
    """Whatever reads a complaint's text and says what it is about."""

    @property
    def name(self) -> str: ...

    def predict(self, text: str, language: str | None = None) -> Prediction: ...


class ModelInForce:
    """The model that ``CURRENT`` names in ``folder``; who asks for it waits until it is loaded.

    Loading starts with ``start`` or with the first question, once, in a thread of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._classifier: Reader | None = None
        self._trouble: str | None = None

    def start(self) -> None:
        """Begin to load, if nobody has yet."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._load, daemon=True, name="model")
                self._thread.start()

    def classifier(self) -> Reader | None:
        """The model, or None where none could be loaded; ``trouble`` then has the code."""
        self._wait()
        return self._classifier

    def trouble(self) -> str | None:
        """Why there is no model; None where there is one."""
        self._wait()
        return self._trouble

    def _wait(self) -> None:
        self.start()
        assert self._thread is not None
        self._thread.join()

    def _load(self) -> None:
        try:
            from triage.classifier.registry import load_current

            self._classifier = load_current(self._folder)
        except TriageError as error:
            self._trouble = error.code
        except Exception:  # a library that cannot be imported is a model that cannot be loaded
            self._trouble = "model.broken"


class Given:
    """A model that is there already: for tests, and for trying another one."""

    def __init__(self, classifier: Reader | None, trouble: str | None = None) -> None:
        self._classifier = classifier
        self._trouble = trouble

    def start(self) -> None:
        """Nothing to load."""

    def classifier(self) -> Reader | None:
        return self._classifier

    def trouble(self) -> str | None:
        return self._trouble
