"""No page of ours can be added without being looked at in the browser."""

from __future__ import annotations

from tests.journeys.visits import NO_PAGES, TOURS, VISITS


def test_every_address_is_visited_or_is_said_to_be_no_page(app):
    ours = {
        rule.endpoint.removeprefix("pages.")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    visited = {endpoint for names in VISITS.values() for endpoint in names.values()}
    assert ours - visited - set(NO_PAGES) == set(), "say in tests/journeys/visits.py what these are"
    assert (visited | set(NO_PAGES)) - ours == {"error"}, "these are gone"


def test_every_tour_says_where_it_goes():
    assert set(TOURS) == set(VISITS)
