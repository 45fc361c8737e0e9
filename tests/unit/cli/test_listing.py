import click

from inters4.app import load_domains
from inters4.cli.listing import purposes
from inters4.cli.root import make_root


def test_the_list_says_of_each_command_what_the_command_says_of_itself() -> None:
    load_domains()
    root = make_root()
    context = click.Context(root)
    found = {name: root.get_command(context, name) for name in root.list_commands(context)}

    assert {name: command.help for name, command in found.items() if command} == dict(purposes())
    assert list(found) == list(purposes())
