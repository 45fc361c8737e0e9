"""The root of the `inters4` command: each domain brings its own group, this module gathers them.

Groups are imported when they are called, and the portal once the settings are right, so that a
refusal and a start stay quick.
"""

import os
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from inters4 import __version__
from inters4.cli.listing import Listing
from inters4.core import db, logs, trouble
from inters4.core.collecting import nothing_collected
from inters4.core.console import fail, say
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.migrate import is_current
from inters4.core.speech import choose_language, reason_of, told
from inters4.settings import Settings, SettingsError

_COMMANDS = {
    "demo": "inters4.cli.demo:demo",
    "serve": "inters4.cli.processes:serve",
    "web": "inters4.cli.processes:web",
    "worker": "inters4.cli.processes:worker",
    "db": "inters4.cli.database:database",
    "check": "inters4.cli.check:check",
    "content": "inters4.core.content.cli:content",
    "index": "inters4.search.cli:index",
    "members": "inters4.members.cli:members",
    "community": "inters4.community.cli:community",
    "newsletters": "inters4.newsletters.cli:newsletters",
    "notices": "inters4.notices.cli:notices",
    "practices": "inters4.practices.cli:practices",
    "veille": "inters4.veille.cli:veille",
    "backup": "inters4.cli.backup:backup",
    "restore": "inters4.cli.backup:restore",
}


_LIGHT = frozenset({"serve"})
"""Commands that import the domains themselves, once nothing stands in their way."""
_ON_ROWS = frozenset(
    {
        *("backup", "content", "index", "members", "newsletters", "notices", "practices"),
        *("serve", "veille", "web", "worker"),
    }
)
"""Commands that need a database of this release."""


_PUBLIC = frozenset({"content"})
"""Commands that write what everyone may read."""


class LazyGroup(click.Group):
    """A group whose commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every command, in the order a newcomer needs them."""
        return list(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them: to ask each what it is for would import the whole portal."""
        Listing().format_commands(ctx, formatter)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, None when there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        module, _colon, name = _COMMANDS[cmd_name].partition(":")
        with nothing_collected():
            found: click.Command = getattr(import_module(module), name)
        return found


def make_root() -> click.Group:
    """The whole command, which speaks the language in force when this is called."""

    @click.group(
        cls=LazyGroup,
        context_settings={"help_option_names": ["-h", "--help"]},
        help=_("InterS4 : portail de courtage de connaissances et moteur de recherche."),
        subcommand_metavar=_("COMMANDE [ARGUMENTS]…"),
        epilog=_("Les réglages sont des variables INTERS4_*; la liste est dans le README."),
    )
    @click.version_option(__version__, prog_name="inters4", help=_("Donne la version."))
    @click.pass_context
    def root(context: click.Context) -> None:
        prepare(context)

    return root


def prepare(context: click.Context) -> None:
    """Read the settings, and make ready what the command that follows stands on."""
    if any(option in sys.argv for option in context.help_option_names):
        return
    if context.invoked_subcommand not in _PUBLIC:
        os.umask(0o077)  # the database, mails and indexes say who people are
    settings = _settings()
    is_service = context.invoked_subcommand in {"serve", "web", "worker"}
    logs.configure(settings if is_service else replace(settings, log_level="warning"))
    db.bind(settings.database_url)
    jobs.bind(settings)
    context.obj = settings
    if context.invoked_subcommand not in _LIGHT:
        with nothing_collected():
            import_module("inters4.app").load_domains()
    if context.invoked_subcommand in _ON_ROWS:
        refuse_outdated()


def refuse_outdated() -> None:
    """Leave with one clear line when the database is not at this release."""
    with db.reading() as session:
        if not is_current(session):
            fail(_("La base n’est pas à jour. Lancez d’abord : inters4 db upgrade"))


def _settings() -> Settings:
    try:
        return Settings.from_env()
    except SettingsError as error:
        for problem in error.problems:
            say(told(problem), error=True)
        sys.exit(2)


def run() -> None:
    """Run the command that was typed; every refusal is a line, never a traceback."""
    choose_language()
    try:
        make_root()(prog_name="inters4", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        fail("\n" + _("Arrêté."), status=130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        fail(_refused(error))
    except DBAPIError as error:
        fail(trouble.told(error))


def _refused(error: OSError) -> str:
    """What the system refused; for the data folder, whose it is to mend."""
    where = str(error.filename or _("Le système"))
    folder = Path(os.environ.get("INTERS4_DATA_DIR") or "var").expanduser().absolute()
    if Path(where).is_relative_to(folder):
        return _(
            "%(where)s : %(reason)s. Ce compte doit pouvoir écrire partout dans %(folder)s "
            "(INTERS4_DATA_DIR).",
            where=where,
            reason=reason_of(error),
            folder=folder,
        )
    return _("%(where)s : %(reason)s.", where=where, reason=reason_of(error))
