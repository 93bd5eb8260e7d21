"""The log tells what happened and where, and never what people wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from triage.logs import set_up_logs

SECRET = "Айгерим, +7 701 234 56 78, разбитый чайник"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    log = logging.getLogger()
    handlers, level = log.handlers[:], log.level
    set_up_logs("INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    log.handlers[:] = handlers
    log.setLevel(level)


def test_an_event_is_one_line_of_json(lines: Lines) -> None:
    structlog.get_logger("triage").info("triaged", complaint="7K2M9QXP", seconds=0.25)
    structlog.get_logger("triage").debug("not this")
    (event,) = lines()
    assert event["event"] == "triaged"
    assert event["level"] == "info"
    assert event["complaint"] == "7K2M9QXP"
    assert event["timestamp"].endswith("Z")


def fail() -> None:
    raise ValueError(SECRET)


@pytest.mark.parametrize("of", ["ours", "a library"])
def test_an_exception_leaves_its_type_and_place_but_not_its_words(lines: Lines, of: str) -> None:
    try:
        fail()
    except ValueError:
        if of == "ours":
            structlog.get_logger("triage").exception("broke", complaint="7K2M9QXP")
        else:
            logging.getLogger("library").exception("broke")
    (event,) = lines()
    assert event["error"] == "ValueError"
    assert event["at"][0].endswith(" fail")
    assert SECRET not in json.dumps(event, ensure_ascii=False)


def test_libraries_are_heard_from_warnings_on(lines: Lines) -> None:
    logging.getLogger("alembic").info("chatter")
    logging.getLogger("alembic").warning("trouble")
    assert [event["event"] for event in lines()] == ["trouble"]
