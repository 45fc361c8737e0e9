"""The rules of the house, as functions over a tree of files: each returns what breaks it.

A rule is a function so that it can be run on the project, where it must find nothing, and on a
planted fault, which it must find.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy.orm import DeclarativeBase

_KEPT_TO = {
    "whoosh": ("indexer/backends/whoosh",),
    "markdown": ("inters4/core/richtext/",),
    "bleach": ("inters4/core/richtext/",),
    "nh3": ("inters4/core/richtext/",),
    "babel": ("inters4/core/i18n.py", "inters4/core/catalogue.py"),
    "icalendar": ("inters4/community/exports/calendars.py",),
    "httpx": ("inters4/core/fetch/",),
    "httpcore": ("inters4/core/fetch/",),
    "requests": (),
    "urllib3": (),
    "urllib.request": (),
    "http.client": (),
    "feedparser": ("inters4/core/fetch/",),
    "authlib": ("inters4/core/oidc/",),
    "joserfc": ("inters4/core/oidc/",),
    "huey": ("inters4/core/jobs/",),
    "smtplib": ("inters4/core/mail/",),
    "yaml": ("inters4/core/frontmatter/",),
    "PIL": ("inters4/core/files/",),
    "pypdfium2": ("inters4/core/files/",),
    "weasyprint": ("inters4/core/paper/",),
    "pickle": (),
    "marshal": ("inters4/core/web/compiled.py", "indexer/backends/whoosh_pool.py"),
}
"""Each library that is used in one room only, by the start of the paths that may import it."""


_WITHIN = r"(?:\.|[\s\\]+import\b[^;]{0,200}?\b)"
"""Between a library and what it holds: `import urllib.request`, `from urllib import request`."""
_NAMES = "|".join(name.replace(".", _WITHIN) for name in _KEPT_TO)
_LIBRARY = rf"(?:import|from|,)[\s\\]*(?:{_NAMES})\b"
_DOT = r"\.(?:[\s\\]|#.*)*"
_DAY = rf"(?:date|datetime)(?:[\s\\)]|#.*)*{_DOT}(?:now|utcnow|today)\b"
"""Signs: what the code of a fault cannot do without, wherever it is cut."""


def _python(root: Path, sign: str) -> Iterator[tuple[str, ast.Module]]:
    """The files that hold a `sign` without which there is no fault, read as code."""
    wanted = re.compile(sign)
    for top in ("inters4", "indexer"):
        for path in sorted((root / top).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if "/migrations/" in name:
                continue
            text = path.read_text(encoding="utf-8")
            if wanted.search(text):
                yield name, ast.parse(text)


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def libraries_stay_in_their_room(root: Path) -> list[str]:
    """A library with a dangerous or costly side is imported by one room only."""
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in _python(root, _LIBRARY)
        for module, line in _imports(tree)
        for library, allowed in _KEPT_TO.items()
        if f"{module}.".startswith(f"{library}.") and not name.startswith(allowed or ("\0",))
    ]


def only_the_door_commits(root: Path) -> list[str]:
    """`commit()`, `rollback()` and `begin()` are said by the door and by migrations alone.

    The writer of the search index commits too, under its own name.
    """
    allowed = ("inters4/core/db.py", "inters4/core/migrate.py")
    return [
        f"{name}:{node.lineno}: {ast.unparse(node.func)}()"
        for name, tree in _python(root, rf"{_DOT}(?:commit|rollback|begin|bulk_)")
        if name.startswith("inters4/") and name not in allowed
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in {"commit", "rollback", "begin"} or node.func.attr.startswith("bulk_")
        )
        and ast.unparse(node.func.value).split(".")[-1] not in {"writer", "_writer", "rehearsal"}
    ]


def only_the_clock_tells_time(root: Path) -> list[str]:
    """`datetime.now()` and `date.today()` are said in core/clock.py alone."""
    return [
        f"{name}:{node.lineno}: {ast.unparse(node.func)}()"
        for name, tree in _python(root, _DAY)
        if name != "inters4/core/clock.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date"}
    ]


def values_are_made_in_one_way(root: Path) -> list[str]:
    """Frozen dataclasses with slots are those of core/values.py, which a start does not wait for.

    Settings lie below `core`, and have their own.
    """
    return [
        f"{name}:{node.lineno}: {node.name}"
        for name, tree in _python(root, r"from\s+dataclasses\b")
        if name.startswith("inters4/") and not name.startswith("inters4/settings/")
        if any(_takes_dataclass(one) for one in ast.walk(tree))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("dataclass(frozen=True, slots=True")
        and "order=" not in ast.unparse(decorator)
    ]


def _takes_dataclass(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "dataclasses"
        and any(alias.name == "dataclass" for alias in node.names)
    )


def services_never_open_a_door(root: Path) -> list[str]:
    """Views, commands and jobs open `reading()` and `writing()`; lower rooms receive a session."""
    rooms = re.compile(r"/(models|queries|documents|exports|services)(\.py|/)")
    return [
        f"{name}:{node.lineno}: {node.func.id}()"
        for name, tree in _python(root, r"\b(?:reading|writing)[\s\\)]*\(")
        if rooms.search(name) and not name.startswith("inters4/core/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"reading", "writing"}
    ]


def packages_hold_no_code(root: Path) -> list[str]:
    """An `__init__.py` holds a docstring, imports and `__all__`."""
    allowed = (ast.Import, ast.ImportFrom)
    found = []
    for path in sorted(
        (*(root / "inters4").rglob("__init__.py"), *(root / "indexer").rglob("__init__.py"))
    ):
        name = path.relative_to(root).as_posix()
        if "/migrations/" in name:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {
                "__all__",
                "__version__",
            }
            if not (is_docstring or is_names or isinstance(node, allowed)):
                found.append(f"{name}:{node.lineno}: code in a package's front door")
    return found


def templates_trust_nothing(root: Path) -> list[str]:
    """No `|safe`, no inline style or script, no handler: the policy forbids them anyway."""
    patterns = {
        r"\|\s*safe\b": "|safe",
        r"\sstyle\s*=": "a style attribute",
        r"\son[a-z]+\s*=\s*[\"']": "an inline handler",
        r"<style\b": "an inline style",
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>": "an inline script",
        r"\b(?:src|srcset|poster|action)\s*=\s*[\"']https?:": "something loaded from elsewhere",
        r"<link[^>]+https?:": "something loaded from elsewhere",
    }
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        name = path.relative_to(root).as_posix()
        if name.startswith("templates/mail/"):
            continue
        text = path.read_text(encoding="utf-8")
        for pattern, what in patterns.items():
            found += [
                f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {what}"
                for hit in re.finditer(pattern, text)
            ]
    return found


def markup_is_made_in_one_room(root: Path) -> list[str]:
    """`Markup(...)` is built by rich text, and by the frame from templates and messages of ours."""
    frame = ("inters4/core/web/templating.py", "inters4/core/web/drawing.py")
    allowed = ("inters4/core/richtext", *frame)
    return [
        f"{name}:{node.lineno}: Markup()"
        for name, tree in _python(root, "Markup")
        if not name.startswith(allowed)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Markup")
    ]


def cookies_are_given_in_one_room(root: Path) -> list[str]:
    """What a browser holds is given, read and taken back by core/web/cookies.py: its name too."""
    return [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in _python(root, rf"{_DOT}(?:set_cookie|delete_cookie|cookies)\b")
        if name != "inters4/core/web/cookies.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr in {"set_cookie", "delete_cookie"}
            or (node.attr == "cookies" and ast.unparse(node.value) == "request")
        )
    ]


def nothing_is_called_utils(root: Path) -> list[str]:
    """A drawer for everything is a room nobody can find anything in."""
    return [
        path.relative_to(root).as_posix()
        for top in ("inters4", "indexer")
        for path in (root / top).rglob("*")
        if path.stem in {"utils", "util", "helpers", "common", "misc"}
    ]


def tests_have_names_of_their_own(root: Path) -> list[str]:
    """Two modules of one name cannot be collected in one run, and pytest says so to nobody else."""
    phases = (("unit", "contract"), ("integration",), ("e2e",))
    return [
        f"{path.relative_to(root)}: another test of that name is run with it"
        for rooms in phases
        for path in _second(
            path for room in rooms for path in sorted((root / "tests" / room).rglob("test_*.py"))
        )
    ]


def _second(paths: Iterable[Path]) -> Iterator[Path]:
    """Those whose name was met before."""
    met: set[str] = set()
    for path in paths:
        if path.name in met:
            yield path
        met.add(path.name)


def readme_lists_every_setting(readme: str, variables: list[tuple[str, str, str]]) -> list[str]:
    """Each setting has its row, with its default and its explanation."""
    return [
        variable
        for variable, default, explanation in variables
        if f"| `{variable}` | {_cell(default)} | {explanation} |" not in readme
    ]


def _cell(default: str) -> str:
    return f"`{default}`" if default not in {"", "—"} else "—"


def glossary_names_every_class(readme: str, classes: list[str]) -> list[str]:
    """Each mapped class is in the glossary, so that French and English find each other."""
    return [name for name in classes if f"`{name}`" not in readme]


def relationships_never_load_by_surprise(base: type[DeclarativeBase]) -> list[str]:
    """Every relationship is `lazy="raise"`: a page's statements are chosen, not stumbled upon."""
    return [
        f"{mapper.class_.__name__}.{relationship.key}: lazy={relationship.lazy!r}"
        for mapper in base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise"
    ]
