"""The group that the commands of the watch join."""

import click

from inters4.core.i18n import _


@click.group(
    help=_("Veille : sources visitées, importées et exportées."),
    subcommand_metavar=_("COMMANDE [ARGUMENTS]…"),
)
def veille() -> None:
    """Gather the commands of the watch."""
