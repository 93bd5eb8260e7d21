"""The command line answers quickly, in sentences, and with exit codes that a script can use."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from triage.cli import COMMANDS, main
from triage.cli.start import InUse, alone
from triage.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in [name for name in os.environ if name.startswith("TRIAGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    log = logging.getLogger()
    handlers, level = log.handlers[:], log.level
    yield tmp_path
    structlog.reset_defaults()
    log.handlers[:] = handlers
    log.setLevel(level)


def call(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(main, words, input=given, catch_exceptions=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = call(name, "--help")
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_the_list_of_commands_loads_none_of_them() -> None:
    code = (
        "import sys; from triage.cli import main; main(['--help'], standalone_mode=False);"
        "heavy = {'flask', 'sqlalchemy', 'sklearn', 'numpy', 'dbos', 'PIL'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_an_unknown_command_is_bad_usage() -> None:
    assert call("no-such-command").exit_code == 2


def test_a_wrong_setting_is_named_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_PORT", "eighty")
    result = call("serve")
    assert result.exit_code == 2
    assert result.stderr == "triage: TRIAGE_PORT must be a number, not 'eighty'.\n"


def test_a_misspelt_setting_is_warned_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_DATABSE_URL", "sqlite:///x")
    monkeypatch.setenv("TRIAGE_PORT", "-1")  # so that it stops there
    assert "TRIAGE_DATABSE_URL is not a setting" in call("serve").stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.kz"])
def test_a_demo_that_other_machines_can_reach_comes_with_a_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr("triage.cli.serve._serve", lambda *_, **__: None)
    result = call("serve", "--demo", "--host", host)
    assert result.exit_code == 0
    assert "other machines can reach" in result.stderr
    assert "other machines" not in call("serve", "--demo", "--host", "127.0.0.1").stderr


@pytest.mark.parametrize("words", [["work"], ["serve", "--web-only"]], ids=" ".join)
def test_a_sqlite_file_has_no_separate_workers(folder: Path, words: list[str]) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert "PostgreSQL" in result.stderr


def test_a_key_is_printed_once_and_kept_as_a_hash(folder: Path) -> None:
    made = json.loads(call("key", "add", "--scope", "intake", "--json").stdout)
    assert set(made) == {"id", "scope", "key"}
    assert made["scope"] == "intake"
    assert made["key"] not in (folder / "triage.db").read_bytes().decode("latin-1")


def test_a_key_may_have_several_scopes_and_be_revoked(folder: Path) -> None:
    made = json.loads(call("key", "add", "--scope", "intake", "--scope", "agent", "--json").stdout)
    assert made["scope"] == "intake agent"
    assert call("key", "revoke", made["id"]).exit_code == 0
    assert call("key", "revoke", "unknown").exit_code == 1


def test_a_scope_that_does_not_exist_is_bad_usage(folder: Path) -> None:
    assert call("key", "add", "--scope", "root").exit_code == 2


def test_a_person_gets_an_account_with_a_password_from_a_pipe(folder: Path) -> None:
    words = ["user", "add", "aigul", "--role", "agent", "--name", "Айгүл", "--password-stdin"]
    assert call(*words, given="a long pass phrase\n").exit_code == 0
    again = call(*words, given="a long pass phrase\n")
    assert again.exit_code == 1
    assert again.stderr.startswith("triage: ")


def test_a_short_password_is_refused_with_the_limit(folder: Path) -> None:
    result = call("user", "add", "aigul", "--role", "agent", "--password-stdin", given="short\n")
    assert result.exit_code == 2
    assert "12" in result.stderr


def test_the_database_is_brought_up_to_date_any_number_of_times(folder: Path) -> None:
    assert call("db", "upgrade").exit_code == 0
    assert call("db", "upgrade").exit_code == 0


def test_sweeping_counts_what_it_removed(folder: Path) -> None:
    assert set(json.loads(call("sweep", "--json").stdout).values()) == {0}


def test_a_second_process_on_the_same_file_is_turned_away(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with alone(settings), pytest.raises(InUse, match="Another Triage process"), alone(settings):
        pass
    with alone(settings):
        pass


def test_the_demo_is_made_once_and_kept_from_other_eyes(folder: Path) -> None:
    from triage.cli.demo import banner, prepare_demo
    from triage.cli.start import opened_desk

    with opened_desk(Settings(data_dir=folder)) as desk:
        first = prepare_demo(desk)
        assert prepare_demo(desk) == first
    assert stat.S_IMODE((folder / "demo.json").stat().st_mode) == 0o600
    assert {account.role for account in first.accounts} == {"intake", "agent", "qa", "admin"}
    text = banner("http://127.0.0.1:8000", first)
    assert first.key in text
    assert all(account.password in text for account in first.accounts)


def test_the_demo_leaves_the_accounts_of_others_alone(folder: Path) -> None:
    from triage.cli.demo import prepare_demo
    from triage.cli.start import opened_desk

    call("user", "add", "agent", "--role", "agent", "--password-stdin", given="a long phrase!\n")
    with opened_desk(Settings(data_dir=folder)) as desk:
        logins = {account.role: account.login for account in prepare_demo(desk).accounts}
    assert logins["admin"] == "admin"
    assert logins["agent"].startswith("agent-")


def test_python_m_triage_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "triage", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("triage, version")
