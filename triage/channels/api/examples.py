"""Examples for the description: one customer's complaint from the request to the answer."""

from __future__ import annotations

from typing import Any

_SAID = "Чайник не включается, на корпусе трещина. Продавец отказывается принять возврат."

REQUESTS: dict[str, dict[str, Any]] = {
    "file_complaint": {
        "by order number": {
            "value": {
                "text": _SAID,
                "order_number": "483920175",
                "problem_type": "defective",
                "wish": "refund",
                "received_on": "2026-11-12",
            }
        },
        "without an order number": {
            "value": {
                "text": _SAID,
                "seller": "Tech Alem",
                "amount": "14990.00",
                "order_date": "2026-11-09",
            }
        },
    },
    "add_evidence": {
        "uploaded beforehand": {"value": {"evidence": ["5f0c2b7de1a94c38a6b1d2f3e4a5b6c7"]}}
    },
    "classify": {"a text": {"value": {"text": _SAID, "language": "ru"}}},
    "request_evidence_complaint": {
        "a receipt": {
            "value": {"kinds": ["purchase_proof"], "message": "Пришлите, пожалуйста, чек."}
        }
    },
    "override_complaint": {
        "another category": {
            "value": {"category": "refund_refused", "reason": "Продавец отказал в возврате."}
        }
    },
    "claim": {"anything": {"value": {}}, "urgent ones": {"value": {"priority": "urgent"}}},
}

_PREDICTION = {
    "category": "defective",
    "confidence": 0.93,
    "abstained": False,
    "alternatives": [{"category": "refund_refused", "confidence": 0.05}],
    "priority": "normal",
    "priority_confidence": 0.88,
    "terms": [{"term": "не включается", "weight": 1.8}],
    "model": "2026-11-22-a1b2c3",
}
ANSWERS: dict[str, dict[str, Any]] = {"Prediction": _PREDICTION}
