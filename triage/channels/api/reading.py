"""From bytes to plain values, strictly, and from plain values to a checked model."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from triage.channels.api.refusals import Mistakes, Unreadable
from triage.errors import Invalid, TriageError

MAX_NAME = 60  # characters of an unknown field's name that are repeated in an answer
_BOOLEANS = {"true": True, "false": False}
_Model = TypeVar("_Model", bound=BaseModel)


def read_json(raw: bytes) -> Mapping[str, object]:
    """The object that a JSON body holds. Numbers with a point are exact Decimals.

    Raises Unreadable for what is not JSON (NaN is not), Invalid for a repeated field.
    """
    try:
        found = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_float=Decimal,
            parse_constant=_refuse,
        )
    except UnicodeDecodeError as error:
        raise Unreadable("json.not_utf8") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Unreadable("json.malformed") from error
    if not isinstance(found, dict):
        raise Unreadable("json.not_an_object")
    return found


def from_form(sent: Mapping[str, str], model: type[BaseModel]) -> Mapping[str, object]:
    """A form's or query's text as the values that JSON would hold: no empty fields, no "true"."""
    flags = {name for name, found in model.model_fields.items() if _is_flag(found.annotation)}
    return {
        name: _BOOLEANS.get(text.strip(), text) if name in flags else text
        for name, text in sent.items()
        if text.strip() or name not in model.model_fields
    }


def from_query(pairs: Iterable[tuple[str, str]], model: type[BaseModel]) -> Mapping[str, object]:
    """The same for the parameters of an address. Raises Invalid for a repeated one."""
    sent: dict[str, str] = {}
    for name, text in pairs:
        if name in sent:
            raise Invalid("field.repeated", field=name[:MAX_NAME])
        sent[name] = text
    return from_form(sent, model)


def checked(model: type[_Model], sent: Mapping[str, object], today: date) -> _Model:
    """The model's instance. Raises Mistakes, which names every field to mend."""
    try:
        return model.model_validate(sent, context={"today": today})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise Mistakes([_mistake(each, model) for each in found]) from None


def _mistake(found: ErrorDetails, model: type[BaseModel]) -> TriageError:
    facts: dict[str, Any] = dict(found.get("ctx", {}))
    field = str(facts.pop("field", "") or ".".join(map(str, found["loc"])))[:MAX_NAME]
    if found["type"] == "missing":
        return Invalid("field.missing", field=field)
    if found["type"] == "extra_forbidden":
        near = difflib.get_close_matches(field, model.model_fields, 1, 0.7)
        if near:
            return Invalid("field.misspelt", field=field, suggestion=near[0])
        return Invalid("field.unknown", field=field, allowed=", ".join(model.model_fields) or "–")
    return Invalid(found["type"], field=field, **facts)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        try:
            name.encode("utf-8")
        except UnicodeEncodeError as error:  # half of a surrogate pair
            raise ValueError("a name that is no text") from error
        if name in found:
            raise Invalid("field.repeated", field=name[:MAX_NAME])
        found[name] = value
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _is_flag(annotation: object) -> bool:
    members = get_args(annotation) or (annotation,)
    return any(getattr(each, "__origin__", each) is bool for each in members)
