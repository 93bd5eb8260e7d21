"""The commands: a text in, an answer out, line for line; a bad line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from triage.classifier.rows import Row
from triage.cli.models import (
    classify_command,
    evaluate_command,
    models_group,
    train_command,
)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> Path:
    path = tmp_path_factory.mktemp("texts") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, labelled: Path) -> Path:
    out = tmp_path_factory.mktemp("models") / "mine"
    ended = CliRunner().invoke(train_command, [str(labelled), "--out", str(out), "--seed", "3"])
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.strip() == str(out)
    assert "cross-validation" in ended.stderr
    return out


def classified(model: Path, sent: str | bytes, *options: str) -> list[str]:
    ended = CliRunner().invoke(classify_command, ["--model", str(model), *options], input=sent)
    assert ended.exit_code == 0, ended.output
    return ended.stdout.splitlines()


def test_the_card_names_data_seed_and_thresholds(model: Path) -> None:
    card = json.loads((model / "card.json").read_text("utf-8"))
    assert card["seed"] == 3
    assert card["data"][0]["name"] == "rows.jsonl"
    assert set(card["heads"]) == {"category", "priority"}
    assert set(card["heads"]["category"]["thresholds"]) == {"defective", "late_delivery"}


def test_lines_are_answered_in_order_empty_ones_too(model: Path) -> None:
    lines = classified(model, "чайник течет\n\nзаказ не пришел\n")
    assert [line.split("\t")[0] for line in lines[::2]] == ["defective", "late_delivery"]
    assert lines[1].split("\t")[2] == "unsure"


def test_json_lines_are_answered_with_the_prediction_object(model: Path) -> None:
    sent = "".join(json.dumps({"text": t}) + "\n" for t in ("чайник течет", "тапсырыс келмеді"))
    first, second = (json.loads(line) for line in classified(model, sent, "--json"))
    assert (first["category"], first["language"]) == ("defective", "ru")
    assert (second["category"], second["language"]) == ("late_delivery", "kk")
    assert {"confidence", "abstained", "alternatives", "priority", "terms", "model"} <= set(first)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b'{"text": "a"}\n{"text": 1}\n', id="text is no string"),
        pytest.param(b'{"text": "a"}\nplain\n', id="not JSON"),
        pytest.param(b"plain\n\xff\xfe\n", id="not UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_ends_with_2(model: Path, sent: bytes) -> None:
    ended = CliRunner().invoke(classify_command, ["--model", str(model)], input=sent)
    assert ended.exit_code == 2
    assert "line 2" in ended.stderr


def test_no_model_ends_with_1_and_says_what_to_do(tmp_path: Path) -> None:
    ended = CliRunner().invoke(classify_command, ["--model", str(tmp_path)], input="x\n")
    assert ended.exit_code == 1
    assert "triage train" in ended.stderr


def test_evaluates_as_a_table_or_as_json(model: Path, labelled: Path) -> None:
    options = [str(labelled), "--model", str(model)]
    table = CliRunner().invoke(evaluate_command, options)
    assert "macro-F1" in table.stdout
    figures = json.loads(CliRunner().invoke(evaluate_command, [*options, "--json"]).stdout)
    assert figures["category"]["accuracy"] > 0.9
    assert set(figures["category"]["per_language"]) == {"ru", "kk"}


def test_texts_without_the_models_labels_are_refused(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"text": "a", "colour": "red"}\n', "utf-8")
    ended = CliRunner().invoke(evaluate_command, [str(path), "--model", str(model)])
    assert ended.exit_code == 2
    assert "category, priority" in ended.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("", "no labelled text", id="empty"),
        pytest.param('{"text": "a"}\n', "no label", id="no label"),
        pytest.param('{"text": "a", "label": "x"}\n{}\n', "line 2", id="no text"),
        pytest.param('{"text": "a", "label": "x"}\n', "same 'label'", id="one label"),
    ],
)
def test_training_refuses_what_it_cannot_learn_from(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, "utf-8")
    ended = CliRunner().invoke(train_command, [str(path), "--out", str(tmp_path / "out")])
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert not (tmp_path / "out").exists()


def test_models_are_listed_and_put_in_force(tmp_path: Path, labelled: Path) -> None:
    (tmp_path / "CURRENT").touch()
    ended = CliRunner().invoke(train_command, [str(labelled), "--out", str(tmp_path)])
    name = Path(ended.stdout.strip()).name
    used = CliRunner().invoke(models_group, ["use", name, "--dir", str(tmp_path)])
    assert used.exit_code == 0
    listed = CliRunner().invoke(models_group, ["list", "--dir", str(tmp_path), "--json"])
    assert json.loads(listed.stdout)["name"] == name
    assert json.loads(listed.stdout)["current"] is True
