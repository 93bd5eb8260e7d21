"""From where a request comes, in as few words as a person needs to know their own browser."""

from __future__ import annotations

import ipaddress
import re

from flask import request

from triage.casework.sittings import Where

#: In this order, because each of them calls itself what stands below it, too.
_BROWSERS = (
    ("Edge", r"Edg\w*/(\d+)"),
    ("Yandex", r"YaBrowser/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS|Chromium)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\S+ )?Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


def where() -> Where:
    """The neighbourhood and the browser of this request."""
    return Where(network_of(request.remote_addr or ""), browser_of(request.user_agent.string))


def network_of(address: str) -> str:
    """``203.0.113.0/24`` or the first 48 bits of an IPv6 address: a place, not a person."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, bits), strict=False))


def browser_of(agent: str) -> str:
    """``Firefox 140, Windows``; the name of a program as it is, up to its first blank."""
    found = [
        (name, match[1])
        for name, pattern in _BROWSERS
        if (match := re.search(pattern, agent)) is not None
    ]
    system = next((name for name, word in _SYSTEMS if word in agent), "")
    browser = " ".join(found[0]) if found else agent.partition(" ")[0]
    shown = ", ".join(part for part in (browser, system) if part)
    return "".join(letter for letter in shown if letter.isprintable())[:80]
