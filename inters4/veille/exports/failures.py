"""What went wrong with a source, in words: rows keep a code, readers get a sentence.

A code is one word, then a detail when there is one: « status 503 », « private localhost ».
"""

from collections.abc import Callable, Mapping

from inters4.core.i18n import _


def worded(failure: str) -> str:
    """The sentence of a code, in the language in force; empty for none.

    A code that nobody knows any more still says that the visit failed.
    """
    code, _space, detail = failure.partition(" ")
    if not code:
        return ""
    if code == "status":
        return _status(detail)
    if code in _OF_A_HOST:
        return _OF_A_HOST[code](detail)
    return _OTHERS[code]() if code in _OTHERS else _("La visite a échoué.")


def _status(status: str) -> str:
    if status in _STATUSES:
        return _STATUSES[status]()
    if status.startswith("5"):
        return _("Le site est en panne (%(status)s).", status=status)
    return _("Le site n’a pas donné le flux (%(status)s).", status=status)


_STATUSES: Mapping[str, Callable[[], str]] = {
    "401": lambda: _("Le site demande un mot de passe (401)."),
    "403": lambda: _("Le site refuse l’accès au portail (403)."),
    "404": lambda: _("Cette adresse n’existe pas, ou n’existe plus (404)."),
    "410": lambda: _("Cette source est retirée pour de bon (410)."),
    "429": lambda: _("Le site demande d’attendre avant la prochaine visite (429)."),
    "503": lambda: _("Le site est fermé pour le moment (503)."),
}
_OF_A_HOST: Mapping[str, Callable[[str], str]] = {
    "unresolved": lambda host: _("Le nom « %(host)s » est introuvable.", host=host),
    "unreachable": lambda host: _("« %(host)s » n’accepte pas la connexion.", host=host),
    "private": lambda host: _(
        "« %(host)s » mène à un réseau privé : le portail n’y va pas.", host=host
    ),
    "spared": lambda host: _(
        "« %(host)s » laisse passer le temps : cette source attend un peu d’être visitée.",
        host=host,
    ),
    "port": lambda host: _("« %(host)s » demande un port où le portail ne va pas.", host=host),
}
_OTHERS: Mapping[str, Callable[[], str]] = {
    "address": lambda: _("Le portail ne va pas à cette adresse, ou à celle où elle renvoie."),
    "redirects": lambda: _("Le site renvoie d’adresse en adresse sans fin."),
    "late": lambda: _("Le site n’a pas répondu en entier dans le temps prévu."),
    "cut": lambda: _("Le site a coupé la connexion avant la fin."),
    "certificate": lambda: _("La connexion sécurisée au site a échoué."),
    "http": lambda: _("La réponse du site n’est pas du HTTP valide."),
    "large": lambda: _("La réponse du site est trop longue pour être lue."),
    "damaged": lambda: _("La réponse du site est endommagée."),
    "doctype": lambda: _("Ce flux déclare des entités dans un DOCTYPE : il n’est pas lu."),
    "nested": lambda: _("Ce flux est trop imbriqué pour être lu."),
    "costly": lambda: _("Ce flux demande trop de temps ou de mémoire pour être lu."),
    "unreadable": lambda: _("Cette adresse ne donne pas un flux RSS, Atom ou JSON lisible."),
    "truncated": lambda: _("Le flux est très long : seules ses 1 000 premières entrées sont lues."),
    "defect": lambda: _("Le portail n’a pas su garder ce flux : dites-le à qui s’en occupe."),
}
