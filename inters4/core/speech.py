"""The language of commands: French, or the one that `INTERS4_LANG` names.

It is chosen before any command is imported, because what a command says of itself is written when
its module is read. What click says of its own comes through gettext: its French is the catalogue
`click` beside ours, and LANGUAGE tells gettext which one to open.
"""

import gettext
import os

from inters4.core.i18n import LANGUAGES, gettext_raw, set_locale
from inters4.core.paths import translations_dir
from inters4.settings import Problem, system_reason

VARIABLE = "INTERS4_LANG"
CLICK = "click"


def choose_language() -> None:
    """Speak what the environment asks for; a language that is not known is said later."""
    asked = os.environ.get(VARIABLE, "").strip().lower()
    code = asked if asked in LANGUAGES else "fr"
    set_locale(code)
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(CLICK, translations_dir())
    gettext.textdomain(CLICK)


def told(problem: Problem) -> str:
    """A mistake of the settings, in the language in force."""
    return problem.told(gettext_raw)


def reason_of(error: OSError) -> str:
    """Why the system refused, in the language in force."""
    return told(system_reason(error))
