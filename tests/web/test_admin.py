"""The admin's pages: who may come in, what is in force, and who did what."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from tests.web.conftest import PASSWORD, Browser
from triage.casework import audit, books, staff
from triage.casework.audit import Asked
from triage.cli import main
from triage.core.people import Role
from triage.store.people import AuditEntry
from triage.web.admin import settings_in_force


@pytest.fixture
def admin(person):
    return person("boss", Role.ADMIN)


def test_an_account_is_made_with_a_one_time_password(app, desk, admin):
    admin.open("/admin/users")
    admin.send("/admin/users", login="Dana", name="Dana K.", role="qa")
    given = re.search(r'class="secret"[^>]*>([^<]+)<', admin.page)[1]

    dana = Browser(app.test_client())
    dana.sign_in("dana", given)
    assert "one-time password" in dana.text()
    assert admin.open("/admin/users/2").status_code == 200
    assert given not in admin.page, "shown once"


def test_a_login_in_use_is_told_and_what_was_typed_stays(admin):
    admin.open("/admin/users")
    answer = admin.send("/admin/users", login="boss", name="Second", role="agent")
    assert answer.status_code == 409
    assert 'value="Second"' in admin.page


def test_a_closed_account_is_out_at_once_and_comes_back(desk, person, admin):
    aigul = person()
    admin.open("/admin/users/2")
    admin.send("/admin/users/2/close")
    assert aigul.client.get("/queue").status_code == 302
    admin.send("/admin/users/2/open")
    aigul.sign_in("aigul")
    assert aigul.client.get("/queue").status_code == 200


@pytest.mark.parametrize("deed", ["close", "role"])
def test_the_last_admin_stays_one(admin, deed):
    admin.open("/admin/users/1")
    assert admin.send(f"/admin/users/1/{deed}", role="agent").status_code == 409


def test_a_key_is_shown_once_works_and_is_revoked(desk, admin):
    admin.open("/admin/keys")
    admin.send("/admin/keys", name="The shop", scope=["intake", "agent"])
    key = re.search(r"trg_\w+_[\w-]+", admin.page)[0]
    assert staff.actor_of_key(desk, key).roles == {Role.INTAKE, Role.AGENT}
    admin.open("/admin/keys")
    assert key not in admin.page
    key_id = key.split("_")[1]
    admin.send(f"/admin/keys/{key_id}/revoke")
    assert staff.actor_of_key(desk, key) is None


def test_secrets_are_masked_in_the_settings(desk):
    settings = replace(
        desk.settings,
        s3_secret_access_key="very-secret",
        secret_key="sesame",
        database_url="postgresql://triage:pass-word@db.example/triage",
    )
    shown = json.dumps(settings_in_force(settings), ensure_ascii=False)
    for secret in ("very-secret", "sesame", "pass-word"):
        assert secret not in shown
    assert "db.example" in shown


def test_the_state_and_the_settings_are_shown(admin):
    for path, said in (
        ("/admin", "Database"),
        ("/admin/settings", "TRIAGE_SESSION_HOURS"),
        ("/admin/models", "triage models use"),
    ):
        assert admin.open(path).status_code == 200
        assert said in admin.text()


def test_what_staff_does_is_in_the_log(desk, person, admin):
    person()
    admin.open("/admin/users/2")
    admin.send("/admin/users/2/role", role="qa")
    books.record(desk)
    books.use(desk, books.FOLDER, audit.OPERATOR.actor)

    verbs = [each.verb for each in audit.entries(desk, Asked())]
    assert verbs[:2] == ["rulebook_used", "role_changed"]
    assert {"sign_in", "user_added"} <= set(verbs)
    admin.open("/admin/audit?verb=role_changed")
    assert "Role changed" in admin.text()
    assert "Agent of the desk → Quality control" in admin.text()
    assert admin.open("/admin/audit?verb=nonsense").status_code == 422


def test_the_log_has_pages(desk, admin):
    for number in range(150):
        audit.record(desk, audit.OPERATOR, "sign_out", f"user:{number}")
    admin.open("/admin/audit")
    further = re.search(r'rel="next" href="([^"]+)"', admin.page)[1].replace("&amp;", "&")
    admin.open(further)
    assert "user:0" in admin.text()


@pytest.mark.parametrize("deed", [update(AuditEntry).values(verb="x"), delete(AuditEntry)])
def test_the_database_itself_refuses_to_change_the_log(desk, deed):
    audit.record(desk, audit.OPERATOR, "sign_out", "user:1")
    with pytest.raises(DatabaseError), desk.sessions.begin() as session:
        session.execute(deed)
    assert len(audit.entries(desk, Asked())) == 1


def test_postgresql_refuses_it_too(postgresql_url):
    from triage.store import db

    engine = db.open_engine(postgresql_url)
    line = (
        "INSERT INTO audit (at, actor, actor_name, verb, target, network, detail) "
        "VALUES (now(), 'a', 'a', 'v', '', '', '{}')"
    )
    with engine.begin() as connection:
        connection.execute(text(line))
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit"))
    engine.dispose()


def test_the_command_line_lists_the_log(desk, monkeypatch):
    staff.add_user(desk, login="dana", name="Dana", password=PASSWORD, role=Role.AGENT)
    monkeypatch.setenv("TRIAGE_DATABASE_URL", desk.settings.database_url)
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(desk.settings.data_dir))
    found = CliRunner().invoke(main, ["audit", "--since", "2026-11-01", "--json"])
    assert found.exit_code == 0, found.output
    line = json.loads(found.output.splitlines()[-1])
    assert (line["verb"], line["target"]) == ("user_added", "user:1")
