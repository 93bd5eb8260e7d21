"""What rules ask about, in words: names of facts, comparisons, what became of a rule, changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Every fact of the rule language (core/factsheet.py), as an agent reads it.
RULE_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "channel": "channel",
        "language": "language of the text",
        "category": "problem type in force",
        "claimed": "problem type that the customer chose",
        "predicted": "problem type that the model is sure of",
        "model_confidence": "how sure the model is of the problem type, %",
        "model_priority": "priority that the model suggests",
        "model_priority_confidence": "how sure the model is of the priority, %",
        "model_danger": "how likely the model thinks a danger, %",
        "order_number_given": "an order number is given",
        "seller_given": "the seller is named",
        "product_category": "goods category",
        "lists": "lists that the goods are on",
        "amount": "price, ₸",
        "days_since_order": "days from the order to the filing",
        "days_since_receipt": "days from the receipt of the goods to the filing",
        "days_since_return_request": "days since the return was asked for",
        "days_since_claim": "days since the seller got a written claim",
        "days_overdue": "days that the delivery is late",
        "wish": "what the customer asks for",
        "return_answer": "the seller's answer to the return request",
        "symptom": "what is wrong with the goods",
        "contacted_outside": "the seller led out of the marketplace",
        "safety_risk": "somebody may be hurt",
        "appeal": "number of the repeat appeal",
        "seller_complaints": "other complaints about the seller in a week",
        "hardship_declared": "the customer told of a hardship",
        "on_credit": "the goods are on credit",
        "reminders_unanswered": "reminders without an answer",
        "sla_used": "share of the time that is used up, %",
        "usable_damage_photo": "usable photos of the damage",
        "usable_chat_screenshot": "usable screenshots of the chat",
        "usable_unboxing_video": "usable unboxing videos",
        "usable_purchase_proof": "usable proofs of purchase",
        "usable_expert_report": "usable expert reports",
        "usable_other": "usable files of other kinds",
        "findings": "what the checks found in the files",
    }
)

#: A condition of a rule; ``wanted`` is what the rule asks for.
COMPARISONS: Mapping[str, str] = MappingProxyType(
    {
        "is": "{fact}: {wanted}",
        "is_not": "{fact}: not {wanted}",
        "one_of": "{fact}: one of {wanted}",
        "none_of": "{fact}: none of {wanted}",
        "at_least": "{fact}: {wanted} or more",
        "more_than": "{fact}: more than {wanted}",
        "at_most": "{fact}: {wanted} or less",
        "less_than": "{fact}: less than {wanted}",
        "has": "{fact}: with {wanted}",
        "has_any": "{fact}: with any of {wanted}",
        "lacks": "{fact}: without {wanted}",
        "known": "{fact}: known",
        "unknown": "{fact}: not known",
    }
)

#: What became of a rule in a case.
RULE_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "fired": "applies",
        "not_met": "does not apply",
        "not_yet": "not in force yet on the day of filing",
        "expired": "no longer in force on the day of filing",
    }
)

#: How the parts of a condition are joined.
JOINTS: Mapping[str, str] = MappingProxyType(
    {"all": "all of these", "any": "at least one of these", "not": "not so"}
)

VALUES: Mapping[str, str] = MappingProxyType(
    {"unknown": "not known here", "none": "nothing", "yes": "yes", "no": "no"}
)

#: What another book may change about a case.
ASPECTS: Mapping[str, str] = MappingProxyType(
    {
        "route": "Where the case goes",
        "status": "State",
        "team": "Team",
        "priority": "Priority",
        "sla_class": "Term",
        "category": "Problem type",
        "checklist": "What is asked for",
    }
)
