"""What is wrong when the database refuses, and one line that says it.

SQLite and PostgreSQL say it each in their own way, in English, sometimes over several lines. What
matters to a page, a job or a command is what to do: wait, make room, bring a file back, upgrade.
"""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError

from inters4.core.i18n import _

_AWAY = {"OperationalError", "InterfaceError"}
_LONGEST = 160


class Trouble(StrEnum):
    """Why the database refused."""

    BUSY = "busy"
    FULL = "full"
    MISSING = "missing"
    READ_ONLY = "read_only"
    DAMAGED = "damaged"
    OUTDATED = "outdated"
    AWAY = "away"
    OTHER = "other"


# A failing write and a broken disk answer as a full one: SQLite says IOERR for all three.
_BY_CODE = (
    (Trouble.FULL, frozenset({"SQLITE_FULL", "SQLITE_IOERR", "53100", "53400"})),
    (Trouble.MISSING, frozenset({"SQLITE_CANTOPEN"})),
    (Trouble.READ_ONLY, frozenset({"SQLITE_READONLY", "SQLITE_PERM", "25006"})),
    (Trouble.DAMAGED, frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"})),
    (Trouble.OUTDATED, frozenset({"42P01", "42703"})),
    (Trouble.BUSY, frozenset({"40001", "40P01", "55P03", "57014"})),
)


def trouble_of(error: BaseException) -> Trouble:
    """The kind of refusal; OTHER for a defect of ours."""
    if not isinstance(error, DBAPIError):
        return Trouble.OTHER
    name, words = _code(error), str(error.orig)
    for trouble, names in _BY_CODE:
        if name in names or any(name.startswith(f"{known}_") for known in names):
            return trouble
    if "is locked" in words:
        return Trouble.BUSY
    if words.startswith(("no such table", "no such column")):
        return Trouble.OUTDATED
    kinds = {kind.__name__ for kind in type(error.orig).__mro__}  # a name for each state, below
    is_away = error.connection_invalidated or not kinds.isdisjoint(_AWAY)
    return Trouble.AWAY if is_away else Trouble.OTHER


def told(error: DBAPIError) -> str:
    """One line for whoever operates the portal: what is wrong, what to do."""
    sentences = {
        Trouble.BUSY: _("La base de données est occupée par d’autres. Réessayez dans un moment."),
        Trouble.FULL: _(
            "La base de données ne peut plus être écrite : disque plein ou en panne (%(reason)s). "
            "Faites de la place; rien de ce qui était enregistré n’est perdu."
        ),
        Trouble.MISSING: _(
            "La base de données n’existe pas ou ne peut pas être ouverte. Vérifiez "
            "INTERS4_DATA_DIR et les droits de ce compte; pour la créer : inters4 db upgrade"
        ),
        Trouble.READ_ONLY: _(
            "La base de données ne peut pas être écrite par ce compte. Corrigez les droits du "
            "fichier et de son dossier."
        ),
        Trouble.DAMAGED: _(
            "La base de données est abîmée (%(reason)s). Arrêtez le portail et remettez une copie "
            "de sauvegarde."
        ),
        Trouble.OUTDATED: _("La base n’est pas à jour. Lancez d’abord : inters4 db upgrade"),
        Trouble.AWAY: _(
            "La base de données ne répond pas (%(reason)s). Vérifiez INTERS4_DATABASE_URL et que "
            "le serveur est en marche."
        ),
        Trouble.OTHER: _("La base de données ne répond pas comme prévu (%(reason)s)."),
    }
    sentence = sentences[trouble_of(error)]
    return sentence % {"reason": reason_of(error)} if "%(reason)s" in sentence else sentence


def reason_of(error: DBAPIError) -> str:
    """The driver's own words, on one line."""
    words = " ".join(str(error.orig).split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _code(error: DBAPIError) -> str:
    """The name that SQLite gives, or the five signs of PostgreSQL; empty without either."""
    for attribute in ("sqlite_errorname", "sqlstate"):
        if found := getattr(error.orig, attribute, None):
            return str(found)
    return ""


def is_busy(error: BaseException) -> bool:
    """True when the database refused because others write: worth trying again."""
    return trouble_of(error) is Trouble.BUSY


def is_away(error: BaseException) -> bool:
    """True when no defect is to blame, and the database may answer again without us."""
    return trouble_of(error) not in {Trouble.BUSY, Trouble.OTHER}


def is_passing(error: BaseException) -> bool:
    """True when what was being done is not to blame: it is kept for later, never given up."""
    return is_busy(error) or is_away(error)
