"""What the pages themselves refuse, by code: each sentence says what happened and the way on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGE_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "page.foreign_form": "This form was not sent from a page of this service, so nothing was "
        "changed. Open the page here and send it again.",
        "page.stale_form": "The page was open for too long or in another session, so nothing was "
        "changed. Open it again and repeat the step.",
        "page.too_many_attempts": "Too many attempts to sign in. Wait a minute and try again.",
        # What the API says of fields and headers, a person who fills in a form is told otherwise.
        "submission.order_unknown": "It is not clear which order this is about. Write its number, "
        "or else all three: the seller, the amount and the date of the order.",
        "idempotency.other_request": "This form was filed already, with other answers. Sent once "
        "more, it becomes a second complaint.",
        "page.too_often": "Too many attempts in a short time. Wait a little and try again.",
        "status.not_found": "There is no complaint with this number and this code. Check both: the "
        "number has 8 characters, and so has the code.",
        "page.unknown_value": "There is no such choice. Choose one of the list.",
    }
)
