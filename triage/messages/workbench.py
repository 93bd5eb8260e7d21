"""What the agents' workbench says: days of a case, cases beside it, refusals of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Lines of a case's timeline.
TIMELINE = {
    "ordered": "Ordered",
    "promised": "Delivery promised",
    "delivered": "Delivered",
    "photo_taken": "Taken, as the camera says",
    "return_asked": "Return asked for",
    "claim_received": "Written claim received by the seller",
    "filed": "Complaint filed",
    "decided": "Decided",
}

#: What in a timeline cannot be.
CONTRADICTION = {
    "promised_before_order": "The promised day is before the order.",
    "delivered_before_order": "Delivered before it was ordered.",
    "photo_before_order": "Taken before the order.",
    "photo_before_delivery": "Taken before the goods were delivered.",
    "return_before_order": "The return was asked for before the order.",
    "claim_before_order": "The claim came before the order.",
    "filed_before_order": "Filed before the order.",
    "filed_before_delivery": "Filed before the stated day of delivery.",
    "filed_before_return": "Filed before the stated request for a return.",
}

#: What other cases share with this one.
RELATED = {
    "order": "The same order",
    "phone": "The same phone",
    "seller": "The same seller",
}

WORKBENCH_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "view.needs_name": "The view has no name. Write one.",
        "view.too_many": "There are {limit} saved views already. Remove one first.",
        "view.unknown": "There is no such view. Perhaps it was removed already.",
        "assign.unknown": "There is no such agent. Choose somebody from the list.",
        "assign.closed": "A case that is closed, or not yet judged, is for nobody. Look at it "
        "again once it is open.",
        "assign.held": "{name} works on this case just now. Assign it when it is free again.",
        "assign.not_yours": "This case is meant for {name}. Only they, quality control or an "
        "administrator can assign it: ask one of them.",
        "assign.others": "Agents give cases to colleagues only once they are their own. Assign it "
        "to yourself first, or ask quality control.",
        "assign.same_agent": "{name} decided this case before, and another agent has to look at "
        "the appeal. Choose somebody else.",
        "bulk.not_for_many": "This cannot be done to many cases at once. Open them one by one.",
        "bulk.none_chosen": "No case was chosen. Tick the cases in the queue first.",
        "bulk.too_many": "Too many cases were chosen. Choose {limit} at the most.",
    }
)
