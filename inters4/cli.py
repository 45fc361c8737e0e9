"""The `inters4` command: each domain brings its own group, this module gathers them."""

import sys

import click

from inters4 import __version__
from inters4.core.console import fail, say
from inters4.settings import Settings, SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inters4")
def root() -> None:
    """InterS4 : portail de courtage de connaissances et moteur de recherche."""


def settings() -> Settings:
    """The settings, or one clear line for each mistake and exit status 2."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        for problem in error.problems:
            say(problem, error=True)
        sys.exit(2)


def main() -> None:
    """Entry point of the console script."""
    root()
