"""What a customer does with the form, without a script."""

from __future__ import annotations

import io
import re

from sqlalchemy import func, select

from triage.store.tables import Complaint

DETAILS = {"text": "It came broken", "order_number": "978 080 963"}


def begin(browser, problem_type="defective"):
    browser.open("/complain")
    return browser.send("/complain", problem_type=problem_type)


def tell(browser, **said):
    return browser.send("/complain/details", **{**DETAILS, **said})


def attach(browser, kind, content, name="box.jpg", **options):
    file = (io.BytesIO(content), name, "image/jpeg")
    return browser.send(f"/complain/files/{kind}", file=file, **options)


def reach(browser, **said):
    browser.open("/complain/contact")
    return browser.send("/complain/contact", **said)


def file(browser, desk):
    """File what was written; the page with number and code."""
    browser.open("/complain/check")
    sent = browser.send("/complain/check", follow=False)
    assert sent.status_code == 303, browser.text()
    desk.jobs.keep(desk)
    browser.open(sent.location)
    return browser.page


def number_and_code(page):
    found = re.findall(r'class="read-out"[^>]*><span[^>]*>([^<]+)<', page)
    assert len(found) == 2, page
    return found


def row(desk, complaint_id):
    with desk.reading() as session:
        return session.get_one(Complaint, complaint_id)


def count(desk, table=Complaint):
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(table))
