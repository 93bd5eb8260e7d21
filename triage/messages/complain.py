"""What the customer's form asks, in words for the customer; the other fields have their label."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

QUESTION: Mapping[str, str] = MappingProxyType(
    {
        "problem_type": "What is your complaint about?",
        "safety_risk": "Was somebody hurt, or is there a danger: smoke, sparks, fire, a swollen "
        "battery, poisoning?",
        "text": "Tell us in your own words what happened",
        "wish": "What would you like to have done?",
        "return_answer": "What did the seller answer?",
        "contacted_outside": "I wrote to the seller or paid outside the marketplace",
        "hardship_declared": "I have a disability or a pension, a large or low-income family, or "
        "need the goods for my health",
        "on_credit": "I bought it on credit or in instalments and still pay",
        "contact_name": "Your name",
        "contact_phone": "Your phone",
        "contact_email": "Your e-mail address",
    }
)

HINT: Mapping[str, str] = MappingProxyType(
    {
        "text": "What you bought, what went wrong and when, what you have tried. In Russian, "
        "Kazakh or English.",
        "order_number": "8 to 11 digits; it is in the application under “My orders” and on the "
        "receipt.",
        "amount": "In tenge.",
        "product": "As it was called in the shop.",
        "promised_on": "The last day that the shop had promised.",
        "claim_received_on": "Only if you sent a formal letter of claim.",
        "contact_phone": "For example +7 701 123 45 67.",
        "contact_email": "For example name@mail.kz.",
    }
)

COMPLAIN_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "page.no_problem_type": "Choose what your complaint is about.",
        "page.file_too_large": "The file has {measured_mb} MB; {limit_mb} MB are possible here. "
        "Make it smaller or shorter and send it again.",
        "page.no_file": "No file was chosen. Choose one and send it again.",
        "page.too_fast": "Too many requests came from your network. Wait a minute and try again; "
        "what you have written is kept.",
    }
)
