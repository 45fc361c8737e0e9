"""Who opens the database, who writes in it, who asks the index, and what time it is."""

import ast
import re
from pathlib import Path

from tests.house_rules.reading import DOT, imports, python, renamed

_DAY = rf"(?:date|datetime)(?:[\s\\)]|#.*)*{DOT}(?:now|utcnow|today)\b|date(?:time)?\s+as\b"


def only_the_door_commits(root: Path) -> list[str]:
    """`commit()`, `rollback()` and `begin()` are said by the door and by migrations alone.

    The writer of the search index commits too, under its own name.
    """
    allowed = ("inters4/core/db.py", "inters4/core/migrate.py")
    return [
        f"{name}:{node.lineno}: {ast.unparse(node.func)}()"
        for name, tree in python(root, rf"{DOT}(?:commit|rollback|begin|bulk_)")
        if name.startswith("inters4/") and name not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in {"commit", "rollback", "begin"} or node.func.attr.startswith("bulk_")
        )
        and ast.unparse(node.func.value).split(".")[-1] not in {"writer", "_writer", "rehearsal"}
    ]


def only_the_doors_open_the_database(root: Path) -> list[str]:
    """`reading()` and `writing()` are the two doors: nobody else makes an engine or a session."""
    allowed = ("inters4/core/db.py", "inters4/core/dbfile.py", "inters4/core/dbserver.py")
    makers = {"create_engine", "engine_from_config", "sessionmaker", "scoped_session", "Session"}
    return [
        f"{name}:{node.lineno}: {ast.unparse(node.func)}()"
        for name, tree in python(
            root, r"create_engine|engine_from_|sessionmaker|scoped_|Session\s*\("
        )
        if name not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in makers
    ] + [
        f"{name}:{line}: {what}"
        for name, tree in python(root, r"(?:engine|maker|Session)\s+as\b")
        for what, line in renamed(tree, *makers)
    ]


def services_never_open_a_door(root: Path) -> list[str]:
    """Views, commands and jobs open `reading()` and `writing()`; lower rooms receive a session."""
    rooms = re.compile(r"/(models|queries|documents|exports|services)(\.py|/)")
    doors = {f"{module}{door}" for module in ("inters4.core.db.", "db.", "") for door in _DOORS}
    return [
        f"{name}:{line}: {what}"
        for name, tree in python(root, r"\b(?:reading|writing)\b")
        if rooms.search(name) and not name.startswith("inters4/core/")
        for what, line in (
            *imports(tree),
            *(
                (ast.unparse(node), node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
            ),
            *(
                (node.func.id, node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            ),
        )
        if what in doors
    ]


_DOORS = ("reading", "writing")


def queries_only_read(root: Path) -> list[str]:
    """What a query finds it does not change: a page that asks it is given the reading door."""
    room = re.compile(r"/queries(\.py|/)")
    changes = {"add", "add_all", "delete", "merge"}
    statements = {f"sqlalchemy.{verb}" for verb in ("insert", "update", "delete")}
    return [
        f"{name}:{line}: {what}"
        for name, tree in python(
            root, r"\bsession\s*\.\s*(?:add|delete|merge)|\b(?:insert|update|delete)\b"
        )
        if room.search(name)
        for what, line in (
            *((module, line) for module, line in imports(tree) if module in statements),
            *(
                (ast.unparse(node), node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
                and node.attr in changes
                and ast.unparse(node.value).split(".")[-1] == "session"
            ),
        )
    ]


def only_search_asks_the_engine(root: Path) -> list[str]:
    """The filter of what a viewer may see is added by `search`: nobody else asks the index."""
    allowed = {
        "SearchRequest": ("inters4/search/services/",),
        "SearchEngine": ("inters4/search/",),
        "open_engine": ("inters4/search/", "inters4/cli/check.py"),
        "open_rebuild": ("inters4/search/",),
    }
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in python(root, "indexer")
        if name.startswith("inters4/")
        for module, line in imports(tree)
        if module.startswith("indexer.")
        and not name.startswith(allowed.get(module.split(".")[-1], ("",)))
    ]


def only_the_clock_tells_time(root: Path) -> list[str]:
    """`datetime.now()` and `date.today()` are said in core/clock.py alone, under their names."""
    return [
        f"{name}:{line}: {what}"
        for name, tree in python(root, _DAY)
        if name != "inters4/core/clock.py"
        for what, line in (
            *renamed(tree, "datetime", "date"),
            *(
                (f"{ast.unparse(node.func)}()", node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"now", "utcnow", "today"}
                and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date"}
            ),
        )
    ]


def only_settings_read_the_environment(root: Path) -> list[str]:
    """What an operator sets is declared; the language and the folder are also asked before that."""
    allowed = (
        "inters4/settings/",
        "inters4/cli/main.py",
        "inters4/cli/root.py",
        "inters4/core/speech.py",
        "inters4/core/backup/saving.py",
    )
    return [
        f"{name}:{line}: {what}"
        for name, tree in python(root, r"environ|getenv")
        if not name.startswith(allowed)
        for what, line in (
            *imports(tree),
            *(
                (ast.unparse(node), node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
            ),
        )
        if what in {"os.environ", "os.environb", "os.getenv"}
    ]
