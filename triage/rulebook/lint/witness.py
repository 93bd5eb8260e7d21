"""An input that shows a fault: facts as a rule's example writes them, and the day of filing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from triage.core.complaint import Category
from triage.core.facts import Facts
from triage.core.factsheet import CategorySource
from triage.core.policy import RuleBook


class Unproved(RuntimeError):
    """The lint found a fault that the real evaluator does not show: the lint itself is wrong."""


@dataclass(frozen=True)
class Witness:
    """Facts as plain values (what is left out is unknown, false or 0) and the day of filing."""

    given: Mapping[str, Any]
    filed_on: date

    def facts(self, book: RuleBook) -> Facts:
        """The same as the facts of a complaint.

        A category that the customer chose or the model is sure of is theirs; any other was
        said by an agent.
        """
        goods = str(self.given.get("product_category"))
        lists = {"lists": sorted(book.goods[goods].lists)} if goods in book.goods else {}
        facts = Facts.from_json({**lists, **self.given})
        source = _source(facts)
        return replace(
            facts,
            filed_on=self.filed_on,
            category_source=source,
            category_override=facts.category if source == "agent" else None,
        )

    def to_text(self) -> str:
        return json.dumps({**self.given, "filed_on": self.filed_on.isoformat()})

    def __str__(self) -> str:
        """The facts as they would stand under ``given`` of an example."""
        given = ", ".join(f"{name}: {_shown(value)}" for name, value in self.given.items())
        day = "" if self.filed_on == date.min else f", filed on {self.filed_on}"
        return f"{{{given}}}{day}"


def _source(facts: Facts) -> CategorySource | None:
    said: Category | None = facts.category
    if said is None:
        return None
    if facts.claimed is said:
        return "customer"
    return "model" if facts.claimed is None and facts.predicted is said else "agent"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
