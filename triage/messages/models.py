"""What is said about models and labelled texts, by code, to whoever runs the commands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MODEL_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "model.missing": "There is no {file} where a model should be. Train one with "
        "'triage train', or name another folder with --model.",
        "model.hash_mismatch": "The file of model {model} is not the one that its card names, so "
        "it was not opened. Restore it, or put another model in force.",
        "model.version_mismatch": "Model {model} was made with scikit-learn {made_with}, but "
        "{installed} is installed. Train it again with this version.",
        "model.broken": "Model {model} cannot be read. Restore its folder, or put another model "
        "in force.",
        "model.unknown": "There is no model {model} in this folder. 'triage models list' names "
        "those that are.",
        "rows.no_file": "There is no file {file}.",
        "rows.not_text": "{file} is not a text file in UTF-8.",
        "rows.bad_line": "{file}, line {line}: {problem}. Each line must be a JSON object with a "
        "string 'text'.",
        "rows.empty": "There is no labelled text in {file}.",
        "rows.no_label": "Text {row} has no label '{field}'. Give every text one, or name the "
        "field of the labels with --label.",
        "train.one_label": "All texts have the same '{field}'. A model needs at least two labels "
        "to tell apart.",
        "model.live_broken": "{file} of model {model} is damaged or another model's, so it is not "
        "applied. Make it again with 'triage models adapt', or forget it with --off.",
        "adapt.too_few_texts": "{texts} texts are too few to tell how common each category is: "
        "at least {fewest} are needed.",
        "adapt.one_source": "Name the texts to estimate from: --texts FILE or --live DAYS.",
        "evaluate.no_common_label": "The texts carry none of the labels that this model answers: "
        "{fields}.",
    }
)
