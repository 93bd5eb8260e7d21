"""What the customer's status page says: stages, what happens now, what comes next outside.

The steps outside the service say only what was found in the law or at a public body; ``source``
is where. What an operator adds of its own does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STAGE: Mapping[str, str] = MappingProxyType(
    {
        "received": "Received",
        "evidence": "Evidence",
        "queue": "In the queue",
        "review": "Review",
        "decision": "Decision",
    }
)

STAGE_STATE: Mapping[str, str] = MappingProxyType(
    {"done": "done", "now": "now", "ahead": "still ahead"}
)

#: What happens now, by the status of the complaint.
NOW: Mapping[str, str] = MappingProxyType(
    {
        "received": "We have your complaint and are looking at your files. This takes a moment.",
        "needs_evidence": "We cannot decide yet: something is missing. Send it below, and the "
        "complaint goes on by itself.",
        "queued": "All that is needed is here. The complaint waits for an agent.",
        "under_review": "An agent is looking at your complaint now.",
        "waiting_customer": "An agent has a question for you. The complaint goes on once you have "
        "answered.",
        "waiting_seller": "We have asked the seller and wait for the answer. You need not do "
        "anything.",
        "waiting_expertise": "An expert examines the goods. You need not do anything.",
        "resolved": "Your complaint is resolved.",
        "rejected": "The claim was refused. The reasons are below, and what you can still do.",
        "withdrawn": "You have withdrawn the complaint. You can file a new one at any time.",
        "merged": "This complaint goes on as a part of another one of yours.",
        "closed_no_reply": "The complaint was closed because we had no reply from you. You can "
        "have it opened again with a repeat appeal.",
    }
)

#: Lines of the history as the customer is told them.
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "submit": "The complaint came in",
        "add_evidence": "You sent files",
        "reminder": "We reminded you of what is missing",
        "evidence_grace_over": "The time to send files is over: we look at the complaint as it is",
        "wait_seller": "We asked the seller",
        "order_expertise": "We ordered an expert examination",
        "merge": "The complaint was joined with another one of yours",
        "withdraw": "The complaint was withdrawn",
        "request_evidence": "An agent asks you",
        "resolve": "Decision: resolved",
        "reject": "Decision: refused",
        "appeal": "You asked for another look",
        "customer_message": "You wrote",
    }
)

#: The ways on outside this service, in their order: title, text, source and its address.
LADDER: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "claim": {
            "title": "A written claim to the seller",
            "text": "Hand it over against a signature, send it by registered mail with notice of "
            "delivery, or to the e-mail address that the seller has given you. A message in a chat "
            "is only an addition. The seller must answer within 10 calendar days of receiving it, "
            "in writing, with reasons and documents.",
            "source": "Law of the Republic of Kazakhstan “On the protection of consumer rights”, "
            "article 42-4",
        },
        "state": {
            "title": "The Department of Trade and Consumer Protection of the seller's region",
            "text": "If the seller refuses or does not answer: not later than 2 months after your "
            "claim to the seller, through eotinish.kz or e-tutynushy.kz. Attach the seller's "
            "answer or a copy of the claim, and your evidence. State your name, IIN and postal "
            "address, the seller's name, address and BIN, what you demand and what happened.",
            "source": "Law of the Republic of Kazakhstan “On the protection of consumer rights”, "
            "article 42-5",
        },
        "court": {
            "title": "The court",
            "text": "You can sue at the court of the place where you live; the court fee of a "
            "consumer is deferred. The state body does not take up a dispute that a court or a "
            "pre-trial body has decided already.",
            "source": "Civil Procedure Code, articles 30 and 106; the same law, article 42-6",
        },
    }
)

#: What the letter demands, by the customer's wish, and on what ground, by the kind of problem.
DEMAND: Mapping[str, str] = MappingProxyType(
    {
        "refund": "I ask you to return the money that I paid.",
        "replace": "I ask you to replace the goods.",
        "repair": "I ask you to remove the defects free of charge.",
        "discount": "I ask you to reduce the price accordingly.",
        "deliver": "I ask you to deliver the order.",
        "other": "I ask you to: ______________________________________",
    }
)

GROUND: Mapping[str, str] = MappingProxyType(
    {
        "defective": "The ground is article 15 of the Law of the Republic of Kazakhstan “On the "
        "protection of consumer rights”.",
        "late_delivery": "The ground is article 440, paragraph 3 of the Civil Code of the Republic "
        "of Kazakhstan (goods that were paid in advance and not handed over).",
    }
)
