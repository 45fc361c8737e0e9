"""What a browser is given: markup, cookies, addresses, templates, scripts and styles."""

import ast
import re
from pathlib import Path

from jinja2 import Environment

from tests.house_rules.reading import DOT, imports, python, renamed

_FAULTS = {
    r"\|\s*safe\b": "|safe",
    r"\bautoescape\b": "escaping turned off",
    r"\sstyle\s*=": "a style attribute",
    r"(?<!set)\s(?:hx-)?on[a-z:-]+\s*=(?!=)": "an inline handler",
    r"<style\b": "an inline style",
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>": "an inline script",
    r"\b(?:src|srcset|poster|action)\s*=\s*[\"']?(?:https?:)?//": "something loaded from elsewhere",
    r"<link[^>]+(?:https?:|[\"']//)": "something loaded from elsewhere",
    r"[\"'=]\s*javascript:": "a script in an address",
    r"<(?:base|object|embed)\b": "what the policy refuses",
}
_STYLED = {"a style attribute", "an inline style"}
_NAMES = {"InterS", "RIS", "BibTeX", "DOI", "PubMed", "Atom", "JSON", "CSV", "Ctrl"} | {
    "required",
    "page",
}
_TYPED = r"<(script|style|code|pre)\b.*?</\1>|<!--.*?-->"
_SAID = re.compile(r"\b(?:title|alt|aria-label|placeholder)=\"([^\"]*)\"")
_ATTRIBUTE = r"[\w:-]+=\"[^\"]*\"|\bdata-[\w-]+"
"""Macros write attributes outside of any tag."""


def templates_trust_nothing(root: Path) -> list[str]:
    """No `|safe`, no inline style or script, no handler: the policy forbids them anyway.

    Messages alone are styled where they stand: that is what mail programs read.
    """
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        for pattern, what in _FAULTS.items():
            if what in _STYLED and name.startswith("templates/mail/"):
                continue
            found += [
                f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {what}"
                for hit in re.finditer(pattern, text)
            ]
    return found


def templates_speak_through_messages(root: Path) -> list[str]:
    """What people read is a message: text written beside one would be French in English pages."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        page = re.sub(_TYPED, "", _alone(environment, path), flags=re.DOTALL)
        text = re.sub(rf"<[^>]*>|{_ATTRIBUTE}|&\w+;", " ", page)
        words = re.findall(r"[^\W\d_]{3,}", " ".join((text, *_SAID.findall(page))))
        found += [
            f"{path.relative_to(root).as_posix()}: {word}" for word in words if word not in _NAMES
        ]
    return found


def _alone(environment: Environment, path: Path) -> str:
    """What a template says of itself, without its expressions and its messages."""
    kept, block, opening = [], False, False
    for _line, kind, value in environment.lex(path.read_text(encoding="utf-8")):
        opening = kind == "block_begin" or (opening and kind == "whitespace")
        if kind == "name" and value in {"trans", "endtrans"}:
            block = value == "trans"
        elif kind == "data" and not block:
            kept.append(value)
    return "".join(kept)


def scripts_and_styles_are_ours(root: Path) -> list[str]:
    """No script, style or font comes from elsewhere; what others wrote is vendored."""
    elsewhere = re.compile(
        r"(?:url\(\s*[\"']?|@import\s+[\"']|import\b[^;\n]*[\"']|fetch\(\s*[\"'`])(?:https?:)?//"
    )
    return [
        f"{path.relative_to(root).as_posix()}: {found.group()}"
        for path in sorted((root / "inters4" / "static").rglob("*"))
        if path.suffix in {".css", ".js"} and "vendor" not in path.parts
        if (found := elsewhere.search(path.read_text(encoding="utf-8")))
    ]


def markup_is_made_in_one_room(root: Path) -> list[str]:
    """`Markup` is built by rich text, and by the frame from templates and messages of ours.

    Elsewhere it is the type of what they built, under its own name.
    """
    frame = ("inters4/core/web/templating.py", "inters4/core/web/drawing.py")
    allowed = ("inters4/core/richtext", *frame)
    return [
        f"{name}:{line}: {what}"
        for name, tree in python(root, "Markup|markupsafe")
        if not name.startswith(allowed)
        for what, line in (
            *renamed(tree, "Markup"),
            *(
                (ast.unparse(node), node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call | ast.Assign) and _makes_markup(node)
            ),
        )
    ]


def _makes_markup(node: ast.Call | ast.Assign) -> bool:
    """It calls `Markup`, gives it to what will, or gives it another name."""
    if isinstance(node, ast.Assign):
        return _is_markup(node.value)
    if _is_markup(node.func):
        return True
    asks = ast.unparse(node.func) in {"isinstance", "issubclass", "cast"}
    return not asks and any(_is_markup(one) for one in node.args)


def _is_markup(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("Markup")


def cookies_are_given_in_one_room(root: Path) -> list[str]:
    """What a browser holds is given, read and taken back by core/web/cookies.py: its name too."""
    return [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in python(root, rf"{DOT}(?:set_cookie|delete_cookie|cookies)\b")
        if name != "inters4/core/web/cookies.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr in {"set_cookie", "delete_cookie"}
            or (node.attr == "cookies" and ast.unparse(node.value) == "request")
        )
    ]


def the_signed_cookie_holds_no_more(root: Path) -> list[str]:
    """Flask's cookie holds the form's token, messages and language; a session is a row."""
    allowed = ("inters4/members/views/browser.py", "inters4/core/web/language.py")
    sign = r"\bflask\s*\.\s*session\b|from flask import (?:\([^)]*?|[^\n]*?)\bsession\b"
    return [
        f"{name}:{line}: {what}"
        for name, tree in python(root, sign)
        if name not in allowed
        for what, line in (
            *imports(tree),
            *(
                (ast.unparse(node), node.lineno)
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
            ),
        )
        if what == "flask.session"
    ]


def addresses_hold_no_key(root: Path) -> list[str]:
    """Keys never leave the database: an integer in an address is a number that people read."""
    return [
        f"{name}: {found.group()}"
        for name, tree in python(root, "<int")
        if name.startswith("inters4/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in re.finditer(r"<int(?:\([^)]*\))?:(\w+)>", node.value)
        if found.group(1) not in {"number", "thread_id"}
    ]


def absolute_links_have_one_source(root: Path) -> list[str]:
    """The portal's address is `INTERS4_URL`, whatever a request says of itself."""
    allowed = ("inters4/core/web/requests.py",)
    sign = re.compile(r"\b_external\b|\brequest\.(?:url_root|host_url|base_url|root_url)\b")
    paths = [*(root / "inters4").rglob("*.py"), *(root / "templates").rglob("*.*")]
    return [
        f"{path.relative_to(root).as_posix()}: {found.group()}"
        for path in sorted(paths)
        if path.suffix in {".py", ".html", ".txt", ".xml"}
        if path.relative_to(root).as_posix() not in allowed
        if (found := sign.search(path.read_text(encoding="utf-8")))
    ]
