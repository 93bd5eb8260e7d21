"""Every page: no serious fault (axe, WCAG 2.2), nothing untranslated, usable by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.visits import TOURS, VISITS
from tests.journeys.world import World

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  rules: {"target-size": {enabled: true}}, resultTypes: ["violations"]
})"""
GRAVE = ("serious", "critical")
LOCALE = {"ru": "ru-RU", "kk": "kk-KZ", "en": "en-GB"}

Look = tuple[int, Literal["light", "dark"], str]
DESK: Look = (1280, "light", "ru")
PHONE: Look = (390, "dark", "kk")
NIGHT: Look = (1280, "dark", "en")
DAY: Look = (390, "light", "ru")
WALKS = [
    *((tour, look) for look in (DESK, PHONE) for tour in TOURS),
    *((tour, look) for look in (NIGHT, DAY) for tour in ("customer", "follower")),
    ("agent", NIGHT),
]

#: What is written on the page in its own language: not what people typed, names, codes, and not
#: what says of itself that it is in another language.
OWN_WORDS = """(tongue) => {
  const skipped =
    "[translate=no], script, style, noscript, .said, .wrote, .filename, video, option";
  const own = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    return element && !element.closest(skipped) && element.closest("[lang]").lang === tongue;
  };
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (own(walk.currentNode)) found.push(walk.currentNode.data);
  for (const each of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    if (!own(each)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      found.push(each.getAttribute(name) || "");
    }
  }
  const clean = found.map((each) => each.replace(/\\s+/g, " ").trim()).filter(Boolean);
  const latin = /(?<![\\p{L}\\d/.@:_-])[A-Za-z]*[a-z]{3,}(?![\\p{L}\\d/.@_-])/u;
  const wrong = [[/\\d{4}-\\d\\d-\\d\\d/, "a raw day"], [/\\{\\w+\\}/, "a hole"],
    [/(?<![\\w.])[a-z]+\\.[a-z]+_[a-z_]+/, "a message's code"],
    [/\\bNone\\b|undefined|NaN/, "nothing"]];
  if (tongue !== "en") wrong.push([latin, "English"]);
  const bare = (text) => KNOWN.reduce((left, each) => left.replaceAll(each, ""), text);
  return clean.flatMap((text) => wrong
    .filter(([pattern]) => pattern.test(bare(text)))
    .map(([, what]) => `${what}: ${text.slice(0, 120)}`));
}"""
#: Names of things that are the same in every language.
KNOWN = (
    "Triage",
    "Telegram",
    "Google Authenticator",
    "Aegis",
    "WebP",
    "Chrome",
    "Linux",
    "triage rules check",
)

#: Where the focus is, and whether it can be seen there.
FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const seen = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== "none";
  };
  const box = here.getBoundingClientRect();
  return {
    what: `${here.tagName.toLowerCase()}${here.id ? "#" + here.id : ""}.${here.className}`
      + ` ${(here.textContent || here.name || "").trim().slice(0, 30)}`,
    skip: here.classList.contains("skip"),
    seen: seen(here) || here.tagName === "VIDEO" || seen(here.parentElement),
    place: `${Math.round(box.x)},${Math.round(box.y + scrollY)}`,
    small: box.width < 24 && box.height < 24,
  };
}"""
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""
MOST_STOPS = 250
SAME_PLACE = 15  # parts of a date, buttons of a player


def of_axe(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN)["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:120]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


def of_words(page: Page, tongue: str) -> list[str]:
    script = OWN_WORDS.replace("KNOWN", str(list(KNOWN)))
    found: list[str] = page.evaluate(script, tongue)
    if page.evaluate("document.documentElement.lang") != tongue:
        found.append("the page does not say its language")
    return found


def of_measures(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide - width} pixels wider than the screen"] if wide > width else []


def of_keyboard(page: Page) -> list[str]:
    """From the top of the page to its end by the tab key alone."""
    page.evaluate(FROM_THE_TOP)
    in_front = page.locator("dialog[open]").count() > 0
    wrong: list[str] = []
    stops: list[str] = []
    unseen: dict[str, str] = {}  # a date has stops of its own inside, which show themselves
    for number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here is None or (stops and here["what"] + here["place"] == stops[0] and number > 3):
            return [*wrong, *(f"the focus is not seen at {each}" for each in unseen.values())]
        if not stops and not in_front and not here["skip"]:
            wrong.append(f"the first stop is no way to skip to the content: {here['what']}")
        stops.append(here["what"] + here["place"])
        if here["seen"]:
            unseen.pop(stops[-1], None)
        elif stops[-1] not in stops[:-1]:
            unseen[stops[-1]] = here["what"]
        if stops[-SAME_PLACE:].count(stops[-1]) == SAME_PLACE:
            return [*wrong, f"the keyboard is caught at {here['what']}"]
    return [*wrong, f"no end after {MOST_STOPS} stops"]


@pytest.mark.parametrize(
    ("tour", "look"),
    [pytest.param(*each, id=f"{each[0]}-{'-'.join(map(str, each[1]))}") for each in WALKS],
)
def test_every_page_is_fit_for_people(
    browser: Browser, world: World, tour: str, look: Look
) -> None:
    width, scheme, tongue = look
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale=LOCALE[tongue],
        bypass_csp=True,
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{world.url}/?lang={tongue}")
    wrong, visited = [], []
    for name in TOURS[tour](page, world):
        visited.append(name)
        if name.endswith("-wrong") and page.evaluate("document.activeElement === document.body"):
            wrong.append(f"{name}: the focus is not at what is wrong")
        found = [*of_axe(page), *of_words(page, tongue), *of_measures(page, width)]
        found += of_keyboard(page) if look == DESK else []
        wrong += [f"{name}: {each}" for each in found]
    context.close()
    assert sorted(visited) == sorted(VISITS[tour])
    assert not wrong, "\n".join(wrong)
