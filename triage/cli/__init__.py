"""The command line: ``triage COMMAND``. A command's module is loaded when it is called.

Only here, an error of ours becomes a sentence on standard error and an exit code.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from triage import __version__
from triage.errors import Invalid, TriageError
from triage.settings import SettingError

#: name → where it is, and the line of ``triage --help``, so that help loads no module.
COMMANDS = {
    "serve": ("triage.cli.serve:serve", "Start the web process, with the workers in it."),
    "work": ("triage.cli.serve:work", "Start a process of workers beside the web process."),
    "check": ("triage.cli.check:check", "Judge files as evidence, offline."),
    "findings": ("triage.cli.findings:findings", "List all that the checks can find."),
    "classify": ("triage.cli.models:classify_command", "Predict category and priority of texts."),
    "train": ("triage.cli.models:train_command", "Train a classifier on labelled texts."),
    "evaluate": ("triage.cli.models:evaluate_command", "Measure a classifier on labelled texts."),
    "models": ("triage.cli.models:models_group", "List classifiers, put one in force."),
    "corpus": ("triage.cli.corpus:corpus_group", "Check the texts that a model learns from."),
    "rules": ("triage.cli.rules:rules", "Lint, test and explain the rule book."),
    "db": ("triage.cli.admin:db", "Look after the database."),
    "user": ("triage.cli.admin:user", "Look after accounts of people."),
    "key": ("triage.cli.admin:key", "Look after API keys of programs."),
    "scan": ("triage.cli.scan:scan", "Scan stored files for malware again."),
    "opened": ("triage.cli.opened:opened", "List who opened which original files."),
    "export": ("triage.cli.cases:export", "Write a whole case with its files to a ZIP or folder."),
    "erase": ("triage.cli.cases:erase", "Erase personal data and files of a case for good."),
    "audit": ("triage.cli.audit:audit", "List what staff did: sign-ins, accounts, keys, books."),
    "sweep": ("triage.cli.admin:sweep", "Remove what crashes and unused uploads left behind."),
    "settings": ("triage.cli.admin:settings", "List the settings, their defaults and meaning."),
}


class Commands(click.Group):
    """Finds the commands in COMMANDS and answers their errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingError as error:
            sentence, status = str(error), 2
        except TriageError as error:
            sentence, status = _sentence(error), 2 if isinstance(error, Invalid) else 1
        click.echo(f"triage: {sentence}", err=True)
        sys.exit(status)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="triage")
def main() -> None:
    """Complaints in; judged, classified and queued cases out, with every reason written down.

    Settings come from the environment: 'triage settings' lists them.
    """


def _sentence(error: TriageError) -> str:
    """The English sentence for an error; its code where there is none."""
    from triage.languages import say
    from triage.messages.errors import ERRORS

    sentence = ERRORS.get(error.code)
    return say(sentence, "en", error.facts) if sentence else str(error)
