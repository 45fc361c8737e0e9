"""For maintainers: `python -m inters4.cli.retention > docs/privacy/conservation.md`.

What is kept, why and how long, from the very rules that the purges follow: the page cannot say
something else than what is done.
"""

import sys

from inters4.app import load_domains
from inters4.core.hooks import hooks

_HEAD = """# Calendrier de conservation

Ce tableau est écrit par `python -m inters4.cli.retention`, d’après les règles que le portail suit
toutes les six heures. Il paraît aussi, tenu à jour, sur la page « Confidentialité ».

| règle | ce qui est gardé, et pourquoi | jours |
|---|---|---|
"""
_FOOT = """
Sans limite de temps : le journal d’audit (des numéros, jamais de noms), le registre des incidents
(cinq ans au moins, selon la loi), les consentements (sous une empreinte après un effacement).
Hors du portail : le journal technique du serveur, qui ne contient que des adresses Internet coupées
à leur réseau, à garder 90 jours au plus; les copies de sauvegarde, gardées un mois dans
l’exemple du README, et la liste des personnes effacées (des numéros au hasard, jamais de noms),
qui sert à les effacer de nouveau quand une copie est remise : aussi longtemps que la plus
vieille copie.
"""


def table() -> str:
    """The whole page."""
    load_domains()
    rows = sorted(hooks.retention.values(), key=lambda rule: rule.name)
    lines = "".join(f"| `{rule.name}` | {rule.reason()} | {rule.days} |\n" for rule in rows)
    return _HEAD + lines + _FOOT


if __name__ == "__main__":
    sys.stdout.write(table())
