"""What each command is for, as `inters4 --help` lists them, without importing any.

The words are those of the commands themselves: a test compares them.
"""

from collections.abc import Mapping

import click

from inters4.core.i18n import _


def purposes() -> Mapping[str, str]:
    """What each command is for, in the order a newcomer needs them and the language in force."""
    return {
        "demo": _("Prépare et sert une démonstration : contenu de départ, comptes fictifs."),
        "serve": _("Sert le portail : pages et tâches, surveillées ensemble."),
        "web": _("Sert les pages seulement."),
        "worker": _("Exécute les tâches seulement : index, courriels, purges."),
        "db": _("Base de données."),
        "check": _("Vérifie l’installation : dossier, base, index, courriel."),
        "content": _("Contenu en fichiers : fiches, résumés, numéros, vocabulaire, pages."),
        "index": _("Index de recherche : état, reconstruction, vérification."),
        "members": _("Comptes des personnes."),
        "community": _("Communautés de pratique : avis et résumés."),
        "newsletters": _("Infolettres."),
        "notices": _("Avis aux personnes : résumés par courriel."),
        "practices": _("Fiches de pratiques."),
        "veille": _("Veille : sources visitées, importées et exportées."),
        "backup": _(
            "Sauvegarde tout dans un seul fichier, relu avant de porter son nom; le portail peut "
            "servir."
        ),
        "restore": _(
            "Remet une sauvegarde dans INTERS4_DATA_DIR, qui doit être vide; --verify la relit "
            "seulement."
        ),
    }


class Listing(click.Group):
    """Commands that say what they are for and do nothing, in the order of `purposes`."""

    def __init__(self) -> None:
        told = [click.Command(name, help=purpose) for name, purpose in purposes().items()]
        super().__init__(commands=told)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every command, in our order."""
        return list(self.commands)
