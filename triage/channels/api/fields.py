"""How each kind of field is read: from what a client sent to a value, or a code to mend it by.

A reader takes the JSON value (a form's fields are text, see ``forms.py``) and raises
``PydanticCustomError`` with one of our codes and its facts; pydantic only collects them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, LiteralString, TypeGuard, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from triage.core.email_address import ADDRESS, LONGEST_EMAIL, is_email
from triage.core.phone import find_phone

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MAX_AMOUNT = Decimal(10**9)  # tenge
_MAX_LIST = 100
_Choice = TypeVar("_Choice", bound=StrEnum)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"([+-]?[0-9]{1,9})(?:\.0{1,9})?")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
READABLE = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
EMAIL_PATTERN = rf"^\s*({ADDRESS})?\s*$"
_BETWEEN = r"[ ().-]*"
PHONE_PATTERN = (
    rf"^{_BETWEEN}((\+?{_BETWEEN}7|8)?{_BETWEEN}[67]({_BETWEEN}[0-9]){{9}}"
    rf"|(\+|00){_BETWEEN}[1-9]({_BETWEEN}[0-9]){{7,14}})?{_BETWEEN}$"
)
AMOUNT_PATTERN = r"^([1-9][0-9]{0,8}(\.[0-9]{1,2})?|1000000000|0\.([1-9][0-9]?|0[1-9]))$"
ORDER_PATTERN = r"^[ №#-]*([0-9][ -]*){8,11}$"


@dataclass(frozen=True, eq=False)
class Field:
    """Annotates a model's field: how its value is read and what its schema says.

    ``read`` gets the value and the day that is today for the request.
    """

    read: Callable[[object, date], object]
    schema: Mapping[str, object]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def read(value: object, info: core_schema.ValidationInfo[Any]) -> object:
            return self.read(value, (info.context or {}).get("today", LATEST))

        return core_schema.with_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema)


def mistake(code: LiteralString, **facts: object) -> PydanticCustomError:
    """An error that pydantic collects and ``mistakes.py`` reads again."""
    return PydanticCustomError(code, code, facts)


def any_of(*names: Sequence[str]) -> Callable[[dict[str, Any]], None]:
    """Says in a model's schema that one of these groups of fields must be given and not blank."""
    given = {"type": ["string", "number", "array"], "pattern": r"\S", "minItems": 1}
    groups = [
        {"required": list(group), "properties": dict.fromkeys(group, given)} for group in names
    ]

    def extend(schema: dict[str, Any]) -> None:
        schema["anyOf"] = groups

    return extend


def text(limit: int, *, lines: bool = False, required: bool = False) -> Field:
    """Text of at most ``limit`` characters, then trimmed; blank is absent unless required.

    ``lines`` keeps line ends (CR LF, which forms send, counts as one); otherwise white space
    becomes single spaces.
    """

    def read(value: object, today: date) -> object:
        written = _readable(value).replace("\r\n", "\n")
        if len(written) > limit:  # before trimming, as ``maxLength`` of the schema says
            raise mistake("field.too_long", limit=limit, measured=len(written))
        trimmed = written.strip() if lines else " ".join(written.split())
        if required and not trimmed:
            raise mistake("field.blank")
        return trimmed or None

    pattern = NOT_BLANK if required else READABLE
    schema = {"type": "string", "maxLength": limit, "pattern": pattern}
    return Field(read, {**schema, "minLength": 1} if required else schema)


def choice(among: type[_Choice]) -> Field:
    """One of the words of a closed vocabulary."""
    words = [str(each) for each in among]
    return choice_of(words, among)


def choice_of(words: list[str], to_value: Callable[[str], object] = str) -> Field:
    """One of these words, turned into a value."""

    def read(value: object, today: date) -> object:
        if not isinstance(value, str) or value.strip() not in words:
            raise mistake("field.not_one_of", allowed=", ".join(words))
        return to_value(value.strip())

    return Field(read, {"type": "string", "enum": words})


def several(one: Field, limit: int = _MAX_LIST, *, least: int = 0) -> Field:
    """A list of ``least`` to ``limit`` such values, in which a repeated one counts once."""

    def read(value: object, today: date) -> object:
        if not isinstance(value, list):
            raise mistake("field.not_a_list")
        if len(value) > limit:
            raise mistake("field.too_many", limit=limit, measured=len(value))
        if len(value) < least:
            raise mistake("field.too_few", limit=least)
        return tuple(dict.fromkeys(one.read(each, today) for each in value))

    bounds = {"minItems": least, "maxItems": limit}
    return Field(read, {"type": "array", "items": dict(one.schema), **bounds})


def identifier() -> Field:
    """The id of a thing of ours: letters and digits."""

    def read(value: object, today: date) -> object:
        written = _readable(value).strip()
        if not re.fullmatch(r"[0-9A-Za-z]{1,40}", written):
            raise mistake("field.not_an_id")
        return written

    return Field(read, {"type": "string", "pattern": "^[0-9A-Za-z]{1,40}$"})


def boolean() -> Field:
    def read(value: object, today: date) -> object:
        if not isinstance(value, bool):
            raise mistake("field.not_true_or_false")
        return value

    return Field(read, {"type": "boolean"})


def whole(low: int, high: int) -> Field:
    """A whole number, 2.0 being one as in JSON Schema; as text too, which is what a query holds."""

    def read(value: object, today: date) -> object:
        said = str(value) if isinstance(value, str | int | Decimal) and value is not True else ""
        found = _WHOLE.fullmatch(said)
        if found is None or not low <= int(found[1]) <= high:
            raise mistake("field.out_of_range", low=low, limit=high)
        return int(found[1])

    return Field(read, {"type": "integer", "minimum": low, "maximum": high})


def day(*, past: bool) -> Field:
    """An ISO date from 2000 on; ``past`` ones may not be after today in Kazakhstan."""

    def read(value: object, today: date) -> object:
        written = value.strip() if isinstance(value, str) else ""
        try:
            if not _ISO_DATE.fullmatch(written):
                raise ValueError(written)
            found = date.fromisoformat(written)
        except ValueError as error:
            raise mistake("field.not_a_date") from error
        if not EARLIEST <= found <= LATEST:
            raise mistake("field.date_out_of_range", low=str(EARLIEST), limit=str(LATEST))
        if past and found > today:
            raise mistake("field.in_future", limit=str(today))
        return found

    says = "not after today; " if past else ""
    schema = {"type": "string", "format": "date", "description": f"{says}2000 to 2099"}
    return Field(read, schema)


def amount() -> Field:
    """Tenge, above zero, with at most two decimals; text or a JSON number."""

    def read(value: object, today: date) -> object:
        found = _decimal(value)
        exponent = found.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -2 and found != round(found, 2):
            raise mistake("field.too_many_decimals", limit=2)
        if not 0 < found <= MAX_AMOUNT:
            raise mistake("field.amount_out_of_range", limit=int(MAX_AMOUNT))
        return round(found, 2)

    written = {"type": "string", "pattern": AMOUNT_PATTERN}
    number = {"type": "number", "minimum": 0.01, "maximum": int(MAX_AMOUNT), "multipleOf": 0.01}
    says = "tenge, at most two decimals"
    return Field(read, {"anyOf": [written, number], "description": says})


def order_number() -> Field:
    """8 to 11 digits; the blanks, hyphens and № that people put among them are dropped."""

    def read(value: object, today: date) -> object:
        # JSON Schema counts 12345678.0 among the integers.
        written = f"{value:.0f}" if _is_whole(value) else _readable(value)
        digits = re.sub(r"[\s№#\-\u2010-\u2014]", "", written)
        below_zero = _is_whole(value) and value < 0  # a sign of a number is no hyphen
        if below_zero or not re.fullmatch(r"[0-9]{8,11}", digits):
            raise mistake("field.not_an_order_number", low=8, limit=11)
        return digits

    written = {"type": "string", "pattern": ORDER_PATTERN}
    number = {"type": "integer", "minimum": 10**7, "maximum": 10**11 - 1}
    return Field(read, {"anyOf": [written, number], "description": "8 to 11 digits"})


def phone() -> Field:
    """A number as E.164; Kazakhstan's may be written the local way (8 777 …)."""

    def read(value: object, today: date) -> object:
        written = _readable(value)
        if not re.sub(r"[\s().\-\u2010-\u2014]", "", written):
            return None
        number = find_phone(written)
        if number is None:
            raise mistake("field.not_a_phone")
        return number

    return Field(read, {"type": "string", "pattern": PHONE_PATTERN})


def email() -> Field:
    def read(value: object, today: date) -> object:
        written = _readable(value).strip()
        if written and not is_email(written):
            raise mistake("field.not_an_email")
        return written or None

    return Field(read, {"type": "string", "maxLength": LONGEST_EMAIL, "pattern": EMAIL_PATTERN})


def _readable(value: object) -> str:
    if not isinstance(value, str):
        raise mistake("field.not_text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise mistake("field.bad_character") from error
    if "\0" in value:  # no database keeps it
        raise mistake("field.bad_character")
    return value


def _is_whole(value: object) -> TypeGuard[int | Decimal]:
    if isinstance(value, Decimal):
        return value.is_finite() and value.adjusted() < 20 and value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _decimal(value: object) -> Decimal:
    if isinstance(value, str):
        value = value.strip()
        if not _DECIMAL.fullmatch(value):
            raise mistake("field.not_an_amount")
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise mistake("field.not_an_amount")
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise mistake("field.not_an_amount") from error
    if not found.is_finite() or found.adjusted() > 30:
        raise mistake("field.amount_out_of_range", limit=int(MAX_AMOUNT))
    return found
