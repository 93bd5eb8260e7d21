"""Joined texts: words that settle nothing say nothing against a grievance beside them."""

from __future__ import annotations

import numpy as np
import pytest

from triage.classifier.joining import join
from triage.classifier.rows import Row
from triage.classifier.train import Manner, train

FIELDS = ("category", "priority")


def a(text: str, category: str, priority: str = "normal", lang: str = "ru") -> Row:
    return {"text": text, "category": category, "priority": priority, "lang": lang}


ROWS = [
    a("колонка хрипит", "defective"),
    a("чайник течет", "defective"),
    a("вскипает быстро, спасибо", "other", "low"),
    a("хорошая, рекомендую всем", "other", "low"),
    a("в банке списали сорок тысяч", "other", "normal"),
    a("тез келді, рахмет", "other", "low", "kk"),
]


def test_every_grievance_is_learnt_beside_neutral_words() -> None:
    joined = join(ROWS, FIELDS, neutral="other", seed=0, share=1.0)
    owners = joined.owners.tolist()
    assert {0, 1} <= set(owners)
    assert len(owners) == len(joined.partners)


def test_partners_speak_the_same_language_and_settle_nothing() -> None:
    for seed in range(20):
        joined = join(ROWS, FIELDS, neutral="other", seed=seed, share=1.0)
        for owner, partner in zip(joined.owners.tolist(), joined.partners.tolist(), strict=True):
            assert ROWS[owner]["lang"] == ROWS[partner]["lang"]
            assert (ROWS[partner]["category"], ROWS[partner]["priority"]) == ("other", "low")


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_as_many_are_joined_as_asked_fewer_of_the_neutral_ones(share: float) -> None:
    rows = [a("колонка хрипит", "defective")] * 1000 + [a("спасибо", "other", "low")] * 1000
    owners = join(rows, FIELDS, neutral="other", seed=0, share=share).owners
    assert (owners < 1000).sum() == pytest.approx(1000 * share, abs=60)
    assert (owners >= 1000).sum() == pytest.approx(300 * share, abs=60)


def test_equal_seeds_join_equally() -> None:
    once, again = (join(ROWS, FIELDS, neutral="other", seed=3, share=0.7) for _ in range(2))
    assert once.partners.tolist() == again.partners.tolist()
    assert once.owners.tolist() == again.owners.tolist()


@pytest.mark.parametrize("neutral", [None, "praise"])
def test_without_a_neutral_label_nothing_is_joined(neutral: str | None) -> None:
    assert join(ROWS, FIELDS, neutral=neutral, seed=0).owners.tolist() == []


def test_a_joined_text_is_learnt_only_where_both_parts_may_be() -> None:
    joined = join(ROWS, FIELDS, neutral="other", seed=0, share=1.0)
    seen = np.array([0, 2, 3, 4, 5])
    made = joined.made_of(seen, len(ROWS))
    assert 1 not in joined.owners[made]
    assert len(joined.made_of(np.arange(len(ROWS)), len(ROWS))) == len(joined.owners)
    assert set(joined.owners[joined.made_of(np.array([0, 1]), len(ROWS))]) == set()


def test_praise_around_a_fault_does_not_talk_it_away() -> None:
    praise = ["отличная вещь спасибо", "очень доволен спасибо", "отличная доставка всем советую"]
    faults = ["шнур искрит", "экран треснул", "насос потек", "клапан сломался"]
    rows = [a(text, "other", "low") for text in praise * 4]
    rows += [a(text, "defective") for text in faults * 2]
    mixed = "отличная вещь очень доволен всем советую спасибо но экран треснул"

    def likely(neutral: str | None) -> float:
        trained = train(rows, ("category",), manner=Manner(neutral=neutral, joined=1.0))
        said = trained.classifier("m").predict(mixed)
        assert said.category is not None
        return said.confidence if said.category == "defective" else 1 - said.confidence

    assert likely("other") > likely(None)


def test_more_draws_make_the_mean_of_machines_and_always_the_same_one() -> None:
    rows = [
        a(f"{fault} {thing} {number}", "defective")
        for number, fault in enumerate(("треснул", "потек", "искрит"))
        for thing in ("насос", "экран", "чайник")
    ]
    rows += [a(f"{praise} всем советую", "other", "low") for praise in ("спасибо", "доволен", "да")]
    one, three, again = (
        train(rows, ("category",), manner=Manner(draws=draws, joined=1.0)).heads[0]
        for draws in (1, 3, 3)
    )
    assert np.array_equal(three.weights, again.weights)
    assert not np.array_equal(one.weights, three.weights)


def test_where_nothing_is_joined_draws_change_nothing() -> None:
    rows = [a(f"{word} {n}", word) for word in ("красный", "синий") for n in range(6)]
    one, three = (
        train(rows, ("category",), manner=Manner(draws=draws)).heads[0] for draws in (1, 3)
    )
    assert np.array_equal(one.weights, three.weights)
