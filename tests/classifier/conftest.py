"""A model small enough to be trained in a test, and the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.classifier.predict import Classifier
from triage.classifier.registry import load_current
from triage.classifier.rows import Row
from triage.classifier.train import Trained, train

MODELS = Path(__file__).parents[2] / "models"

_TEXTS = (
    ("defective", "normal", "чайник течет, вода на столе"),
    ("defective", "normal", "телефон сломался через день"),
    ("defective", "urgent", "зарядка искрит и дымится"),
    ("defective", "normal", "шәйнек ағып тұр, сапасыз"),
    ("defective", "urgent", "розетка искрит, ударило током"),
    ("defective", "normal", "тауар сынып қалды"),
    ("late_delivery", "normal", "заказ не пришел вовремя"),
    ("late_delivery", "high", "заказ не пришел, жду месяц"),
    ("late_delivery", "normal", "тапсырыс әлі келмеді"),
    ("late_delivery", "high", "тапсырыс келмеді, бір ай күттім"),
    ("late_delivery", "normal", "курьер не приехал, доставка опоздала"),
    ("late_delivery", "normal", "жеткізу кешікті, курьер келмеді"),
)


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return [
        {"text": f"{text}{mark}", "category": category, "priority": priority}
        for mark in ("", "!", " вот так", " деп")
        for category, priority, text in _TEXTS
    ]


@pytest.fixture(scope="session")
def trained(rows: list[Row]) -> Trained:
    return train(rows, ("category", "priority"), seed=7)


@pytest.fixture(scope="session")
def small(trained: Trained) -> Classifier:
    return trained.classifier("small")


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    return load_current(MODELS)
