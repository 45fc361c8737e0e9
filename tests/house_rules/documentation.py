"""What is declared in code and told in the README, and what is always true of tables."""

import re

import click
from sqlalchemy import DateTime, MetaData
from sqlalchemy.orm import DeclarativeBase


def readme_lists_every_setting(readme: str, variables: list[tuple[str, str, str]]) -> list[str]:
    """Each setting has its row, with its default and its explanation; no row outlives one."""
    declared = [variable for variable, _default, _explanation in variables]
    return [
        variable
        for variable, default, explanation in variables
        if f"| `{variable}` | {_cell(default)} | {explanation} |" not in readme
    ] + [
        row
        for row in re.findall(r"^\| `(INTERS4_\w+)` ", readme, re.MULTILINE)
        if row not in declared
    ]


def _cell(default: str) -> str:
    return f"`{default}`" if default not in {"", "—"} else "—"


def glossary_names_every_class(readme: str, classes: list[str]) -> list[str]:
    """Each mapped class is in the glossary once, so that French and English find each other."""
    glossary = readme.partition("## Glossary")[2].partition("\n## ")[0]
    cells = "".join(re.findall(r"^\|[^|]*(\|[^|]*\|)", glossary, re.MULTILINE))
    told = re.findall(r"`(\w+)`", cells)
    return [name for name in classes if name not in told] + [
        name for place, name in enumerate(told) if name not in classes or name in told[:place]
    ]


def readme_names_every_command(readme: str, root: click.Group) -> list[str]:
    """Each command has its name in the row of its group."""
    rows = [row.partition(" | ")[0] for row in readme.splitlines() if row.startswith("| `inters4 ")]
    context = click.Context(root, info_name="inters4", resilient_parsing=True)
    found = []
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        own = [row for row in rows if re.search(rf"`(?:inters4 )?{name}\b", row)]
        if isinstance(command, click.Group):
            below = [one for one, item in command.commands.items() if not item.hidden]
            found += [f"{name} {one}" for one in below if not _is_named(one, own)]
        elif not own:
            found.append(name)
    return found


def _is_named(command: str, rows: list[str]) -> bool:
    return any(re.search(rf"[` ]{re.escape(command)}[` ]", row) for row in rows)


def readme_draws_every_layer(readme: str, layers: list[str]) -> list[str]:
    """The order of the domains is told as the contract has it."""
    told = [re.findall(r"\w+", one) for one in _arrow(readme).split(">")]
    wanted = [re.findall(r"\w+", re.sub(r"\(\w+\)", "", one)) for one in layers]
    return [] if told == wanted else [_arrow(readme)]


def _arrow(readme: str) -> str:
    found = re.search(r"`(cli > [^`]*)`", readme)
    return found.group(1) if found else ""


def relationships_never_load_by_surprise(base: type[DeclarativeBase]) -> list[str]:
    """Every relationship is `lazy="raise"`: a page's statements are chosen, not stumbled upon."""
    return [
        f"{mapper.class_.__name__}.{relationship.key}: lazy={relationship.lazy!r}"
        for mapper in base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise"
    ]


def instants_have_a_zone(metadata: MetaData) -> list[str]:
    """A moment is kept in UTC by the type of core/db.py: a plain date and time has no zone."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, DateTime)
    ]
