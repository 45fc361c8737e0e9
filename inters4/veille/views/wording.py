"""What the words of a summary's card mean, one click away, in the reader's language.

The definition of the vocabulary comes first when it has one; these sentences stand in.
"""

from collections.abc import Mapping

from inters4.core.i18n import LANGUAGES, LazyText, _, current_locale, lazy
from inters4.veille.models import LimitSource, OpenAccess, Summary, SummaryState, SummaryStep
from inters4.vocabulary.queries import Entry

DESIGNS: Mapping[str, LazyText] = {
    "guide": lazy("Des recommandations tirées des écrits et d’avis d’experts."),
    "revue-sys": lazy(
        "Elle cherche, trie et réunit les études sur une question, selon une méthode annoncée."
    ),
    "revue-autre": lazy(
        "Elle fait le tour des écrits sur un sujet, sans toujours juger la qualité des études."
    ),
    "ecr": lazy(
        "Le hasard décide qui reçoit l’intervention : c’est ce qui montre le mieux un effet."
    ),
    "quasi": lazy(
        "Elle compare avant et après, ou des groupes formés sans tirage au sort : d’autres causes "
        "restent possibles."
    ),
    "observationnelle": lazy(
        "Elle décrit ou compare ce qui se passe sans rien y changer : elle montre des liens, "
        "elle ne prouve pas d’effet."
    ),
    "qualitative": lazy(
        "Elle explore ce que les gens vivent et comprennent; elle ne mesure pas d’effet."
    ),
    "mixte": lazy("Elle réunit des chiffres et des propos recueillis."),
    "economique": lazy("Elle met en regard ce qu’une intervention coûte et ce qu’elle donne."),
    "ets": lazy("Elle évalue une technologie ou une façon de faire, pour éclairer une décision."),
    "these": lazy("Un travail de recherche universitaire, jugé par un jury."),
    "gris": lazy("Un rapport publié hors des revues savantes."),
    "cadre": lazy("Un texte qui donne des orientations; il ne mesure pas d’effet."),
    "pratique": lazy("La description d’une pratique jugée intéressante."),
    "expert": lazy("L’avis de personnes qui connaissent le sujet."),
}
STRENGTHS: Mapping[str, LazyText] = {
    "forte": lazy("La conclusion est solide : d’autres études y changeraient sans doute peu."),
    "moderee": lazy("La conclusion est bien appuyée, avec des réserves."),
    "suggestive": lazy("Les résultats donnent une piste, pas une certitude."),
    "non-evaluee": lazy("Personne n’a jugé la force de cette preuve."),
}
STATES: Mapping[SummaryState, LazyText] = {
    SummaryState.DRAFT: lazy("Brouillon"),
    SummaryState.IN_REVIEW: lazy("En révision"),
    SummaryState.READY: lazy("Prêt à publier"),
    SummaryState.PUBLISHED: lazy("Publié"),
    SummaryState.CORRECTED: lazy("Corrigé"),
    SummaryState.REPLACED: lazy("Remplacé"),
    SummaryState.RETRACTED: lazy("Rétracté"),
    SummaryState.ARCHIVED: lazy("Archivé"),
}
ACCESSES: Mapping[OpenAccess, LazyText] = {
    OpenAccess.YES: lazy("Accès libre"),
    OpenAccess.NO: lazy("Accès payant ou par abonnement"),
    OpenAccess.UNKNOWN: lazy("Accès libre ou non : inconnu"),
}
LIMIT_SOURCES: Mapping[LimitSource, LazyText] = {
    LimitSource.ARTICLE: lazy("selon les auteurs"),
    LimitSource.SOURCE: lazy("selon la source consultée"),
    LimitSource.JUDGEMENT: lazy("selon l’équipe de courtage"),
}
_ARTICLE_LANGUAGES: Mapping[str, LazyText] = {
    "fr": lazy("en français"),
    "en": lazy("en anglais"),
}


def state(summary: Summary) -> str:
    """Where the summary stands, in words."""
    return str(STATES[summary.state])


_STEPS: Mapping[tuple[SummaryState | None, SummaryState], LazyText] = {
    (None, SummaryState.DRAFT): lazy("Commencé"),
    (SummaryState.DRAFT, SummaryState.DRAFT): lazy("Écrit aussi"),
    (SummaryState.DRAFT, SummaryState.IN_REVIEW): lazy("Relecture demandée"),
    (SummaryState.IN_REVIEW, SummaryState.READY): lazy("Dit prêt à publier"),
    (SummaryState.IN_REVIEW, SummaryState.DRAFT): lazy("Rendu à qui l’écrit"),
    (SummaryState.READY, SummaryState.DRAFT): lazy("Repris avant publication"),
    (SummaryState.DRAFT, SummaryState.ARCHIVED): lazy("Abandonné"),
}


def step_word(step: SummaryStep) -> str:
    """What a step of a summary did, in words."""
    return str(_STEPS.get((step.before, step.after), STATES[step.after]))


def access(summary: Summary) -> str:
    """Whether the article can be read for nothing, in words."""
    return str(ACCESSES[summary.open_access])


def limit_source(summary: Summary) -> str:
    """Who says what the main limit is, in words."""
    return str(LIMIT_SOURCES[summary.limit_source])


def article_language(code: str) -> str:
    """« en anglais »; nothing for a language without a name here."""
    return str(_ARTICLE_LANGUAGES.get(code, ""))


def language_name(code: str) -> str:
    """« English »."""
    return LANGUAGES.get(code, code)


def design_meaning(entry: Entry) -> str:
    """What a design lets one say."""
    return _meaning(entry, DESIGNS)


def strength_meaning(entry: Entry) -> str:
    """What a strength of evidence lets one say."""
    return _meaning(entry, STRENGTHS)


def starter_mark() -> str:
    """What is said of a starter summary wherever it shows."""
    return _("résumé de départ, sans auteur")


def _meaning(entry: Entry, sentences: Mapping[str, LazyText]) -> str:
    if entry.definition_fr and current_locale() == "fr":
        return entry.definition_fr
    return str(sentences.get(entry.id, ""))
