"""Which library is used where."""

import sys
from pathlib import Path

from tests.house_rules.reading import imports, python

_KEPT_TO = {
    "whoosh": ("indexer/backends/whoosh",),
    "numpy": ("indexer/",),
    "markdown": ("inters4/core/richtext/",),
    "bleach": ("inters4/core/richtext/",),
    "nh3": ("inters4/core/richtext/",),
    "babel": ("inters4/core/i18n.py", "inters4/core/catalogue.py"),
    "gettext": ("inters4/core/speech.py",),
    "icalendar": ("inters4/community/exports/calendars.py",),
    "httpx": ("inters4/core/fetch/",),
    "httpcore": ("inters4/core/fetch/",),
    "requests": (),
    "urllib3": (),
    "aiohttp": (),
    "urllib.request": (),
    "http.client": (),
    "ftplib": (),
    "imaplib": (),
    "poplib": (),
    "xmlrpc": (),
    "socket": ("inters4/core/fetch/", "inters4/core/mail/", "inters4/core/processes/"),
    "dns": ("inters4/core/mail/",),
    "feedparser": ("inters4/core/fetch/",),
    "authlib": ("inters4/core/oidc/",),
    "joserfc": ("inters4/core/oidc/",),
    "huey": ("inters4/core/jobs/",),
    "redis": ("inters4/core/jobs/", "inters4/cli/check.py"),
    "gunicorn": ("inters4/core/processes/", "inters4/core/web/intake.py"),
    "alembic": ("inters4/core/migrate.py",),
    "sqlite3": ("inters4/core/dbfile.py", "inters4/core/backup/", "inters4/core/jobs/"),
    "smtplib": ("inters4/core/mail/",),
    "css_inline": ("inters4/core/mail/",),
    "dkim": ("inters4/core/mail/",),
    "pwdlib": ("inters4/members/services/passwords.py",),
    "yaml": ("inters4/core/frontmatter/",),
    "PIL": ("inters4/core/files/",),
    "filetype": ("inters4/core/files/",),
    "pypdfium2": ("inters4/core/files/",),
    "weasyprint": ("inters4/core/paper/",),
    "subprocess": (
        "inters4/core/backup/",
        "inters4/core/files/",
        "inters4/core/paper/",
        "inters4/core/servant.py",
    ),
    "pickle": (),
    "marshal": ("inters4/core/web/compiled.py", "indexer/backends/whoosh_pool.py"),
}
"""Each library that is used in one room only, by the start of the paths that may import it."""


_WITHIN = r"(?:\.|[\s\\]+import\b[^;]{0,200}?\b)"
"""Between a library and what it holds: `import urllib.request`, `from urllib import request`."""
_NAMES = "|".join(name.replace(".", _WITHIN) for name in _KEPT_TO)
_LIBRARY = rf"(?:import|from|,)[\s\\]*(?:{_NAMES})\b"
"""Signs: what the code of a fault cannot do without, wherever it is cut."""

_OF_THE_ENGINE = {"indexer", "numpy", "whoosh", "Stemmer"} | sys.stdlib_module_names


def libraries_stay_in_their_room(root: Path) -> list[str]:
    """A library with a dangerous or costly side is imported by one room only."""
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in python(root, _LIBRARY)
        for module, line in imports(tree)
        for library, allowed in _KEPT_TO.items()
        if f"{module}.".startswith(f"{library}.") and not name.startswith(allowed or ("\0",))
    ]


def the_search_engine_stands_alone(root: Path) -> list[str]:
    """`indexer` imports numbers, stems, Whoosh and the standard library: no framework."""
    return [
        f"{name}:{line}: imports {module}"
        for name, tree in python(root, "import")
        if name.startswith("indexer/")
        for module, line in imports(tree)
        if module.split(".")[0] not in _OF_THE_ENGINE
    ]
