"""Words of the desk: boxes, gestures, reasons, verdicts."""

from collections.abc import Callable, Mapping

from inters4.core.i18n import (
    LANGUAGES,
    LazyText,
    _,
    country_name,
    current_locale,
    format_date,
    lazy,
    ngettext,
)
from inters4.veille.models import (
    Act,
    DiscardReason,
    Finding,
    FindingState,
    RuleAct,
    RuleField,
    Verdict,
)
from inters4.veille.queries.inbox import Box
from inters4.veille.queries.opened import LastGesture, Past

BOXES: Mapping[Box, LazyText] = {
    Box.NEW: lazy("Nouvelles"),
    Box.SPLIT: lazy("À trancher"),
    Box.SAID: lazy("Avis donné"),
    Box.LATER: lazy("Plus tard"),
    Box.KEPT: lazy("Gardées"),
    Box.ASSIGNED: lazy("Attribuées"),
    Box.SUMMARISED: lazy("En résumé"),
    Box.DISCARDED: lazy("Écartées"),
}
BOX_ICONS: Mapping[Box, str] = {
    Box.NEW: "inbox",
    Box.SPLIT: "users-round",
    Box.SAID: "check",
    Box.LATER: "clock",
    Box.KEPT: "bookmark",
    Box.ASSIGNED: "user-round",
    Box.SUMMARISED: "file-text",
    Box.DISCARDED: "archive",
}
STATES: Mapping[FindingState, LazyText] = {
    FindingState.NEW: lazy("Nouvelle"),
    FindingState.LATER: lazy("Plus tard"),
    FindingState.KEPT: lazy("Gardée"),
    FindingState.ASSIGNED: lazy("Attribuée"),
    FindingState.SUMMARISED: lazy("En résumé"),
    FindingState.DISCARDED: lazy("Écartée"),
}
REASONS: Mapping[DiscardReason, LazyText] = {
    DiscardReason.OFF_THEME: lazy("Hors thème"),
    DiscardReason.OFF_CONTEXT: lazy("Hors contexte"),
    DiscardReason.DUPLICATE: lazy("Doublon"),
    DiscardReason.QUALITY: lazy("Qualité"),
    DiscardReason.PREDATORY: lazy("Revue prédatrice"),
    DiscardReason.TOO_OLD: lazy("Trop ancien"),
    DiscardReason.NO_ACCESS: lazy("Accès impossible"),
    DiscardReason.OTHER: lazy("Autre"),
}
VERDICTS: Mapping[Verdict, LazyText] = {
    Verdict.KEEP: lazy("garder"),
    Verdict.DISCARD: lazy("écarter"),
    Verdict.LATER: lazy("plus tard"),
}
ACTS: Mapping[Act, LazyText] = {
    Act.KEEP: lazy("gardée"),
    Act.DISCARD: lazy("écartée"),
    Act.LATER: lazy("remise à plus tard"),
    Act.REOPEN: lazy("rouverte"),
    Act.CLAIM: lazy("prise"),
    Act.RELEASE: lazy("rendue à l’équipe"),
    Act.ASSIGN: lazy("confiée"),
    Act.THEME: lazy("classée"),
    Act.LABEL: lazy("étiquetée"),
    Act.MERGE: lazy("fusionnée"),
    Act.SEPARATE: lazy("distinguée"),
    Act.SUMMARISE: lazy("mise en résumé"),
    Act.VERDICT: lazy("avis donné"),
}
FIELDS: Mapping[RuleField, LazyText] = {
    RuleField.ANYWHERE: lazy("Partout"),
    RuleField.TITLE: lazy("Le titre"),
    RuleField.ABSTRACT: lazy("Le résumé de l’article"),
    RuleField.JOURNAL: lazy("La revue"),
    RuleField.AUTHORS: lazy("Les auteurs"),
}
RULE_ACTS: Mapping[RuleAct, LazyText] = {
    RuleAct.LABEL: lazy("Étiqueter"),
    RuleAct.KEEP: lazy("Garder"),
    RuleAct.DISCARD: lazy("Écarter"),
}
_LANGUAGES: Mapping[str, LazyText] = {
    "es": lazy("Espagnol"),
    "pt": lazy("Portugais"),
    "de": lazy("Allemand"),
    "it": lazy("Italien"),
}


def country(code: str) -> str:
    """The name of a country, for the reader."""
    return country_name(code, language=current_locale()) or code.upper()


def language(code: str) -> str:
    """« Français », « Anglais »; the code itself when it has no name here."""
    if code in {"fr", "en"}:
        return _("Français") if code == "fr" else _("Anglais")
    return str(_LANGUAGES.get(code, LANGUAGES.get(code, code)))


def day(finding: Finding) -> str:
    """When it appeared: the day, or the year when its first day is all that is known."""
    known = finding.published_on
    if known is not None and (known.month, known.day) != (1, 1):
        return format_date(known)
    return str(known.year if known else finding.year or "")


def last_done(last: LastGesture) -> str:
    """« 3 trouvailles gardées », or of one, with its title."""
    said = _LAST[last.act](last.count)
    return said if last.count > 1 else _("%(said)s : %(title)s", said=said, title=last.title)


_LAST: Mapping[Act, Callable[[int], str]] = {
    Act.KEEP: lambda n: ngettext("Trouvaille gardée", "%(num)s trouvailles gardées", n),
    Act.DISCARD: lambda n: ngettext("Trouvaille écartée", "%(num)s trouvailles écartées", n),
    Act.LATER: lambda n: ngettext(
        "Remise à plus tard", "%(num)s trouvailles remises à plus tard", n
    ),
    Act.REOPEN: lambda n: ngettext("Trouvaille rouverte", "%(num)s trouvailles rouvertes", n),
    Act.CLAIM: lambda n: ngettext("Trouvaille prise", "%(num)s trouvailles prises", n),
    Act.RELEASE: lambda n: ngettext("Trouvaille rendue", "%(num)s trouvailles rendues", n),
    Act.ASSIGN: lambda n: ngettext("Trouvaille confiée", "%(num)s trouvailles confiées", n),
    Act.THEME: lambda n: ngettext("Thème changé", "Thème changé de %(num)s trouvailles", n),
    Act.LABEL: lambda n: ngettext(
        "Étiquette changée", "Étiquette changée de %(num)s trouvailles", n
    ),
    Act.MERGE: lambda _n: _("Doublon fusionné"),
    Act.SEPARATE: lambda _n: _("Trouvaille distinguée de l’autre"),
    Act.SUMMARISE: lambda n: ngettext("Résumé commencé", "%(num)s résumés commencés", n),
    Act.VERDICT: lambda n: ngettext("Avis donné", "%(num)s avis donnés", n),
}


def told(past: Past) -> str:
    """What was done, and by whom, in one line."""
    if past.is_rule:
        who = _("la règle « %(name)s »", name=past.who) if past.who else _("l’équipe")
        return _("%(act)s par %(who)s", act=str(ACTS[past.act]), who=who)
    return _("%(act)s par %(who)s", act=str(ACTS[past.act]), who=past.who)


def holder(which: str) -> str:
    """The words of a filter that names nobody."""
    return _("Moi") if which == "moi" else _("Personne")
