"""What error pages say, by status: what happened, what was kept and what to do."""

from functools import lru_cache

from inters4.core.i18n import _, current_locale, ngettext
from inters4.core.trouble import Trouble

_SECONDS_TOLD = 90
_MINUTES_TOLD = 90


def describe(code: int) -> tuple[str, str, str]:
    """(title, what happened, what to do) for a status, in the reader's language."""
    return _described(current_locale(), code)


@lru_cache
def _described(_locale: str, code: int) -> tuple[str, str, str]:
    texts = {
        400: (
            _("Cette demande n’a pas pu être lue"),
            _(
                "L’adresse ou le formulaire est trop long, ou contient quelque chose que le "
                "portail ne comprend pas."
            ),
            _(
                "Revenez à la page précédente; ce que vous aviez écrit y est encore. "
                "Raccourcissez-le, puis reprenez."
            ),
        ),
        401: (
            _("Votre session a pris fin"),
            _("Il faut se connecter pour faire cette action; ce que vous aviez écrit est gardé."),
            _(
                "Connectez-vous dans un autre onglet, puis revenez ici et renvoyez le "
                "formulaire avec le bouton ci-dessous."
            ),
        ),
        403: (
            _("Cette action ne vous est pas ouverte"),
            _("Votre compte ne donne pas accès à cette page ou à cette action."),
            _("Si vous devriez y avoir accès, écrivez à l’équipe de courtage."),
        ),
        404: (
            _("Cette page n’existe pas"),
            _("L’adresse est peut-être incomplète, ou la page a été retirée."),
            _("Cherchez le document par ses mots, ou repartez de l’accueil."),
        ),
        405: (
            _("Cette action ne se fait pas ainsi"),
            _("L’adresse existe, mais ne répond pas à ce type de demande."),
            _("Revenez à la page précédente et utilisez le bouton de la page."),
        ),
        409: (
            _("Quelqu’un a modifié ce texte en même temps que vous"),
            _("Rien n’a été écrasé : les deux textes sont gardés."),
            _("Rouvrez la page dans un autre onglet, comparez, puis reprenez votre modification."),
        ),
        410: (
            _("Ce document n’est plus offert"),
            _("Il l’a été : la page qui le présentait a été retirée, ou a changé."),
            _("Cherchez un document semblable, ou repartez de l’accueil."),
        ),
        413: (
            _("C’est trop volumineux"),
            _("Ce que vous avez envoyé dépasse la taille acceptée; rien n’a été enregistré."),
            _(
                "Revenez à la page précédente; ce que vous aviez écrit y est encore. Réduisez le "
                "fichier ou le texte, puis envoyez-le de nouveau."
            ),
        ),
        415: (
            _("Ce format n’est pas accepté"),
            _("Le portail ne lit pas ce type de contenu; rien n’a été enregistré."),
            _("Choisissez un fichier d’un autre format, ou utilisez le formulaire de la page."),
        ),
        422: (
            _("Ce contenu ne peut pas être utilisé"),
            _("Le portail l’a reçu, mais n’a pas su le lire; rien n’a été enregistré."),
            _("Vérifiez le contenu ou l’adresse, puis réessayez."),
        ),
        429: (
            _("Trop de demandes en peu de temps"),
            _("Le portail ralentit les envois répétés pour rester disponible pour tout le monde."),
            _("Attendez un moment, puis réessayez."),
        ),
        500: (
            _("Une erreur est survenue de notre côté"),
            _("La demande n’a pas abouti et rien n’a été changé. L’erreur est consignée."),
            _(
                "Réessayez dans un instant. Si l’erreur revient, transmettez le numéro "
                "ci-dessous à l’équipe de courtage."
            ),
        ),
        502: (
            _("Un autre site n’a pas répondu comme prévu"),
            _("La page demandée dépend d’un site extérieur; rien n’a été enregistré."),
            _("Vérifiez l’adresse, ou réessayez plus tard."),
        ),
        503: (
            _("Le portail est occupé"),
            _("Un service dont cette page a besoin ne répond pas en ce moment."),
            _("Réessayez dans quelques secondes; rien n’est perdu."),
        ),
    }
    return texts.get(code, texts[400 if code < 500 else 500])


def wait_told(seconds: int) -> str:
    """When to try again, in the unit that a person counts in, never sooner than it is."""
    if seconds <= _SECONDS_TOLD:
        return ngettext(
            "Vous pourrez réessayer dans une seconde.",
            "Vous pourrez réessayer dans %(num)s secondes.",
            seconds,
        )
    minutes = -(-seconds // 60)
    if minutes <= _MINUTES_TOLD:
        return ngettext(
            "Vous pourrez réessayer dans une minute.",
            "Vous pourrez réessayer dans %(num)s minutes.",
            minutes,
        )
    return ngettext(
        "Vous pourrez réessayer dans une heure.",
        "Vous pourrez réessayer dans %(num)s heures.",
        -(-minutes // 60),
    )


def explain(trouble: Trouble) -> str:
    """What a database in this trouble does to what was sent."""
    if trouble in {Trouble.FULL, Trouble.READ_ONLY}:
        return _(
            "Le portail ne peut rien enregistrer en ce moment : son disque est plein ou protégé. "
            "Votre envoi n’a pas été gardé; ce qui l’était avant l’est toujours."
        )
    return _(
        "La base de données du portail est hors d’atteinte. Rien de ce qui était enregistré n’est "
        "perdu; un envoi fait maintenant n’est pas gardé."
    )
