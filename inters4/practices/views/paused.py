"""A form that saves by itself and meets someone else is not replaced: it is told what happened.

The page says so beside what is being typed; its button sends the form, whose answer shows both
texts, or gives back what was typed.
"""

from collections.abc import Callable, Mapping, Sequence

from flask.typing import ResponseReturnValue

from inters4.core.i18n import _, ngettext


def paused(
    taken: Sequence[str], marks: Mapping[str, str], *, label_of: Callable[[str], str]
) -> ResponseReturnValue:
    """The fields of `taken` wait for a choice; `marks` are of what was kept beside them."""
    names = ", ".join(f"«\u00a0{label_of(name)}\u00a0»" for name in taken)
    said = ngettext(
        "Quelqu’un d’autre a changé %(names)s. Rien n’est perdu : ce champ attend votre choix, "
        "le reste s’enregistre.",
        "Quelqu’un d’autre a changé %(names)s. Rien n’est perdu : ces champs attendent votre "
        "choix, le reste s’enregistre.",
        len(taken),
        names=names,
    )
    told = {"said": said, "see": _("Voir les deux textes"), "fields": list(taken)}
    return {**told, "marks": dict(marks)}, 409


def stopped(said: str) -> ResponseReturnValue:
    """Nothing of the page can be kept any more, and why."""
    return {"said": said, "see": _("Voir ce que vous avez écrit, pour le copier")}, 409
