"""Which pages are measured, and what they are asked: each time another one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bench import million
from bench.asking import Answer, Browser
from bench.patterns import Text
from triage.casework import access, answer
from triage.desk import Desk

Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Page:
    """``prepare`` does what has to come before, unmeasured, and gives what is measured."""

    name: str
    who: str  # agent, customer or operator
    prepare: Callable[[Browser], Ask]


@dataclass
class World:
    """What is in the database, as far as the questions need it."""

    desk: Desk
    rows: int
    texts: list[Text]
    chance: random.Random

    def case(self, within: int | None = None) -> str:
        """Some complaint, of the newest ``within`` or of all."""
        return million.id_of(self.chance.randrange(min(within or self.rows, self.rows)))

    def seller(self, *, busy: bool) -> str:
        return million.seller_of(self.chance.randrange(20 if busy else million.SELLERS))

    def words(self, count: int) -> str:
        text = self.chance.choice(self.texts).text
        words = [word for word in text.split() if word.isalpha() and len(word) > 3]
        return " ".join(self.chance.sample(words, min(count, len(words)))) or "тауар"


FILTERS = {
    "everything": "", "urgent": "?priority=urgent", "low": "?priority=low",
    "a category": "?category=late_delivery", "a channel": "?channel=telegram",
    "a language": "?language=kk", "overdue": "?overdue=1", "mine": "?mine=1",
    "needs evidence": "?status=needs_evidence", "with the customer": "?status=waiting_customer",
    "with the seller": "?status=waiting_seller", "under review": "?status=under_review",
    "category, channel, language": "?category=other&channel=email&language=kk",
    "overdue of a category": "?overdue=1&category=seller_fraud&priority=high",
    "overdue with the seller": "?overdue=1&status=waiting_seller",
}  # fmt: skip


def pages(world: World) -> Iterator[Page]:
    for name, query in FILTERS.items():
        yield Page(f"queue: {name}", "agent", _get(lambda query=query: f"/queue{query}"))
    yield Page("queue: a later page", "agent", _later_page)
    yield Page("queue: has it changed", "agent", _get(lambda: "/queue/state"))
    for name, asked in searches(world).items():
        yield Page(
            f"search: {name}", "agent", _get(lambda asked=asked: f"/queue?q={quote(asked())}")
        )
    yield Page("next case", "agent", lambda browser: lambda: browser.post("/queue/next"))
    yield Page("a new case", "agent", _get(lambda: f"/cases/{world.case(5000)}"))
    yield Page("an old case", "agent", _get(lambda: f"/cases/{world.case()}"))
    yield Page("dashboard", "agent", _get(lambda: "/dashboard"))
    yield Page("dashboard, 92 days", "agent", _get(lambda: "/dashboard?days=92"))
    yield Page("phone form", "operator", _get(lambda: "/intake"))
    yield from customers(world)
    yield Page("metrics", "machine", _get(lambda: "/metrics"))
    yield Page("ready?", "machine", _get(lambda: "/health/ready"))


def searches(world: World) -> dict[str, Callable[[], str]]:
    chance = world.chance
    return {
        "an order": lambda: million.order_of(chance.randrange(world.rows)),
        "an order that is not there": lambda: str(chance.randrange(10**9, 10**10)),
        "a case's number": world.case,
        "a phone's last 4 digits": lambda: f"{chance.randrange(10_000):04}",
        "a phone": lambda: million.phone_of(chance.randrange(million.CUSTOMERS)),
        "a word": lambda: world.words(1),
        "two words": lambda: world.words(2),
        "four words": lambda: world.words(4),
        "the commonest word": lambda: "маркет",
        "two very common words": lambda: "маркет чайник",
        "a model": lambda: f"модель{chance.randrange(200_000)}",
        "a busy seller": lambda: world.seller(busy=True),
        "any seller": lambda: world.seller(busy=False),
    }


def customers(world: World) -> Iterator[Page]:
    desk = world.desk

    def token(within: int) -> str:
        return answer.status_token(desk, world.case(within))

    yield Page("status: the form", "customer", _get(lambda: "/status"))
    yield Page("status: number and code", "customer", lambda b: _look_up(world, b))
    yield Page("status: a new case", "customer", _get(lambda: f"/status/{token(20_000)}"))
    yield Page("status: any case", "customer", _get(lambda: f"/status/{token(world.rows)}"))
    yield Page("status: the letter", "customer", _get(lambda: f"/status/{token(9000)}/letter"))
    yield Page("form: problem", "customer", _get(lambda: "/complain"))
    for name, step in STEPS.items():
        yield Page(f"form: {name}", "customer", lambda b, step=step: step(world, b))


def _get(address: Callable[[], str]) -> Callable[[Browser], Ask]:
    def prepare(browser: Browser) -> Ask:
        wanted = address()
        return lambda: browser.get(wanted)

    return prepare


def _later_page(browser: Browser) -> Ask:
    """The page after the first, as its link says."""
    page = browser.get("/queue").body.decode()
    cursor = page.partition("cursor=")[2].partition('"')[0]
    assert cursor
    return lambda: browser.get(f"/queue?cursor={cursor}")


def _look_up(world: World, browser: Browser) -> Ask:
    number = world.case()
    code = access.give_code(world.desk, number)
    browser.get("/status")
    _move(world, browser)
    return lambda: browser.post("/status", number=number, code=code)


def _move(world: World, browser: Browser) -> None:
    """Customers come from everywhere: nobody is counted twice."""
    browser.sender = ".".join(str(world.chance.randrange(1, 255)) for _ in range(4))


ANSWERS = {"text": "Чайник не включается, кнопка западает", "received_on": "2026-11-20"}


def _chosen(world: World, browser: Browser) -> Ask:
    _move(world, browser)
    browser.get("/complain")
    return lambda: browser.post("/complain", problem_type="defective")


def _told(world: World, browser: Browser) -> Ask:
    _chosen(world, browser)()
    order = million.order_of(world.chance.randrange(world.rows))
    return lambda: browser.post("/complain/details", order_number=order, **ANSWERS)


def _evidence(world: World, browser: Browser) -> Ask:
    _told(world, browser)()
    return lambda: browser.get("/complain/evidence")


def _contact(world: World, browser: Browser) -> Ask:
    _told(world, browser)()
    phone = million.phone_of(world.chance.randrange(million.CUSTOMERS))
    return lambda: browser.post("/complain/contact", contact_name="Асель", contact_phone=phone)


def _check(world: World, browser: Browser) -> Ask:
    _contact(world, browser)()
    return lambda: browser.get("/complain/check")


def _filed(world: World, browser: Browser) -> Ask:
    _contact(world, browser)()
    return lambda: browser.post("/complain/check")


STEPS: dict[str, Callable[[World, Browser], Ask]] = {
    "problem chosen": _chosen,
    "details kept": _told,
    "evidence": _evidence,
    "contact kept": _contact,
    "check": _check,
    "filed": _filed,
}
