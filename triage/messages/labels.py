"""Names of the closed vocabularies in English: what a code is called on a page or in an answer.

``LABELS[subject][code]``. Problem types and finding sentences are not here: the rule book and
``messages/findings.py`` have those. No two labels that translate differently share one English
text, because the text is the key of the translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from triage.messages.rulebook import ASPECTS
from triage.messages.staff import AUDIT, HEALTH, PART, WAY
from triage.messages.workbench import CONTRADICTION, RELATED, TIMELINE

STATUS = {
    "received": "Received",
    "needs_evidence": "Evidence needed",
    "queued": "In the queue",
    "under_review": "Under review",
    "waiting_customer": "Waiting for the customer",
    "waiting_seller": "Waiting for the seller",
    "waiting_expertise": "Waiting for the expert examination",
    "resolved": "Resolved",
    "rejected": "Claim refused",
    "withdrawn": "Withdrawn",
    "merged": "Merged with another case",
    "closed_no_reply": "Closed: no reply",
}

PRIORITY = {"urgent": "Urgent", "high": "High", "normal": "Normal", "low": "Low"}

KIND = {
    "damage_photo": "Photo of the damage",
    "chat_screenshot": "Screenshot of the chat",
    "unboxing_video": "Unboxing video",
    "purchase_proof": "Receipt or proof of purchase",
    "expert_report": "Expert report",
    "other": "Another file",
}

VERDICT = {
    "accepted": "File accepted",
    "flagged": "Worth a look",
    "rejected": "Not usable",
    "pending": "Not checked yet",
}

CHANNEL = {
    "app": "Application",
    "web": "Website",
    "phone": "Hotline",
    "telegram": "Telegram",
    "email": "E-mail",
}

SLA_CLASS = {
    "standard": "Standard: 1 to 3 business days",
    "complex": "With a check: up to 10 days",
    "expert": "With an expert examination: up to 30 days",
}

#: How strictly an item of the checklist is asked for.
REQUIREMENT_LEVEL = {
    "required_at_intake": "Required at once",
    "required_for_decision": "Required for the decision",
    "optional": "Optional",
}

REQUIREMENT_STATE = {
    "met": "Present",
    "missing": "Missing",
    "unusable": "Sent, but cannot be used",
    "waived": "Waived",
}

WISH = {
    "refund": "Refund",
    "replace": "Replacement",
    "repair": "Free repair",
    "discount": "Lower price",
    "deliver": "Delivery of the order",
}

LANGUAGE = {"ru": "Russian", "kk": "Kazakh", "en": "English"}

#: Who or what a reason comes from.
SOURCE = {
    "rule": "Rule",
    "check": "File check",
    "model": "Text model",
    "agent": "Agent",
    "customer": "Customer",
    "system": "Service",
}

#: Where the category in force comes from.
CATEGORY_SOURCE = {
    "model": "predicted from the text",
    "customer": "chosen by the customer",
    "agent": "set by an agent",
    "rule": "set by a rule",
}

ROLE = {
    "intake": "Intake",
    "agent": "Agent of the desk",
    "qa": "Quality control",
    "admin": "Administrator",
}

#: What can be done to a case, as written on a button.
ACTION = {
    "add_evidence": "Add files",
    "claim": "Take the case",
    "release": "Put back into the queue",
    "assign": "Assign",
    "request_evidence": "Ask for evidence",
    "wait_seller": "Wait for the seller",
    "order_expertise": "Order an examination",
    "resolve": "Resolve the case",
    "reject": "Refuse the claim",
    "override": "Correct category or priority",
    "note": "Write a note",
    "waive": "Waive a requirement",
    "merge": "Merge into another case",
    "escalate": "Escalate",
    "appeal": "Open a repeat appeal",
    "withdraw": "Withdraw the complaint",
    "rejudge": "Judge by today's rules",
}

#: One sentence under the button: what will happen.
ACTION_EFFECT = {
    "claim": "The case is yours for a while; nobody else can take it meanwhile.",
    "release": "The case goes back to where it waited, and a colleague can take it.",
    "request_evidence": "The customer is asked for these items; meanwhile the service clock stands "
    "still.",
    "wait_seller": "The case waits for the seller's answer; meanwhile the service clock stands "
    "still.",
    "order_expertise": "The case waits for an expert; the longest term applies.",
    "resolve": "The case is closed in the customer's favour.",
    "reject": "The claim is finally refused. Only a person may do this, and the reason is kept.",
    "override": "What you set stays, whatever rules and model say later.",
    "note": "For colleagues only; the customer never sees it.",
    "waive": "The item is no longer asked for in this case.",
    "merge": "This case is closed and continues in the other one.",
    "escalate": "The priority becomes high, or urgent where it was high already.",
    "appeal": "The case is opened again as its next stage, with all of its history.",
    "withdraw": "The case is closed at the customer's wish.",
    "rejudge": "The rules in force today decide about this case from now on, in place of those of "
    "the day it was filed.",
}

#: The questions that an action's form asks.
ASK = {
    "why": "Reason, for the history",
    "decision": "Decision and its reasons, in words for the customer",
    "refusal": "Reasons of the refusal, in words for the customer",
    "appeal": "What is new in this appeal",
    "message": "Message to the customer",
    "note": "Internal note",
    "kinds": "Which items",
    "category": "Problem type",
    "priority": "Priority",
    "into": "Number of the other case",
}

#: What a case knows about the order and the person, as headings of facts.
FACT = {
    "text": "What the caller says",
    "problem_type": "What the complaint is about",
    "order_number": "Order number",
    "seller": "Seller",
    "product": "Product",
    "product_category": "Product category",
    "amount": "Amount",
    "order_date": "Date of the order",
    "promised_on": "Promised delivery date",
    "received_on": "Date received",
    "wish": "What the customer wants",
    "return_requested_on": "Return asked for on",
    "return_answer": "The seller's answer to the return",
    "symptom": "What exactly is wrong",
    "contacted_outside": "Contact outside the marketplace",
    "safety_risk": "Danger to people",
    "hardship_declared": "Hardship stated by the customer",
    "on_credit": "Bought on credit",
    "claim_received_on": "Written claim received by the seller on",
    "external_id": "Number at the sender",
    "contact_name": "Customer's name",
    "contact_phone": "Phone",
    "contact_email": "E-mail address",
}

#: Lines of the history: what has happened to the case.
VERB = {
    "submit": "Complaint received",
    "triage": "Triage finished",
    "triage_failed": "Triage broke; a person looks at the case as it is",
    "sla_alert": "A share of the time to answer is used up",
    "sla_breached": "The time to answer is over: escalated",
    "reminder": "The customer was reminded of what is missing",
    "evidence_grace_over": "The time to send evidence is over; reviewed as it is",
    "add_evidence": "Files added",
    "open_original": "Original file opened",
    "malware_found": "A file turned out to be malware and was locked",
    "malware_cleared": "A file is no longer taken for malware",
    "claim": "Case taken",
    "release": "Put back into the queue by an agent",
    "assign": "Assigned",
    "lease.over": "Put back into the queue: the time to work on it was over",
    "request_evidence": "Evidence asked for",
    "wait_seller": "The seller was asked",
    "order_expertise": "Expert examination ordered",
    "resolve": "Case resolved",
    "reject": "The claim was refused",
    "override": "Category or priority corrected",
    "note": "Note written",
    "waive": "Requirement waived",
    "merge": "Case merged into another one",
    "merged_from": "Another case was merged into this one",
    "escalate": "Case escalated",
    "appeal": "Repeat appeal opened",
    "customer_message": "The customer wrote",
    "export": "The whole case was exported",
    "erased": "Personal data and files erased",
    "withdraw": "Complaint withdrawn",
    "rejudge": "Judged by today's rules",
}

LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "status": STATUS,
        "priority": PRIORITY,
        "kind": KIND,
        "verdict": VERDICT,
        "channel": CHANNEL,
        "sla_class": SLA_CLASS,
        "requirement_level": REQUIREMENT_LEVEL,
        "requirement_state": REQUIREMENT_STATE,
        "wish": WISH,
        "language": LANGUAGE,
        "source": SOURCE,
        "category_source": CATEGORY_SOURCE,
        "role": ROLE,
        "action": ACTION,
        "action_effect": ACTION_EFFECT,
        "ask": ASK,
        "fact": FACT,
        "verb": VERB,
        "timeline": TIMELINE,
        "contradiction": CONTRADICTION,
        "related": RELATED,
        "audit": AUDIT,
        "way": WAY,
        "health": HEALTH,
        "part": PART,
        "aspect": ASPECTS,
    }
)
