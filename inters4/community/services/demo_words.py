"""The words of the demonstration's communities: fictional people say that they are."""

from collections.abc import Mapping

from inters4.community.models import JoinPolicy, SpaceStage, ThreadKind, Visibility
from inters4.core.values import dataclass

HOME, REMOTE, MEDICINES, CIRCLE, FORMER = "domicile", "telesoins", "medicaments", "cercle", "ancien"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSpace:
    """A space: who leads it, who belongs to it, by the keys of the demonstration's people."""

    slug: str
    name: str
    purpose: str
    presentation: str
    visibility: Visibility
    join_policy: JoinPolicy
    facilitator: str
    deputy: str
    people: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    scope: str = ""
    rhythm: str = ""
    charter: Mapping[str, str]
    stage: SpaceStage = SpaceStage.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoThread:
    """A thread: (person, days ago, text) of each post; `accepted` is the number of the answer.

    Attributes:
        about: kind and permanent id of a document of the starter content.
        summary: what who facilitates wrote of it.
        flagged: (number, who flags it).
        is_unread: written once everyone had read everything.
    """

    space: str
    title: str
    posts: tuple[tuple[str, float, str], ...]
    kind: ThreadKind = ThreadKind.DISCUSSION
    about: tuple[str, str] | None = None
    accepted: int = 0
    summary: str = ""
    flagged: tuple[int, str] | None = None
    is_pinned: bool = False
    is_unread: bool = False


_CHARTER = {
    "soutien": "Exemple fictif : un coup de main entre équipes qui se voient peu.",
    "confiance": "Rien sur une personne usagère; ce qui se dit des équipes reste entre nous.",
    "reponses": "Une question reçoit une réponse en cinq jours ouvrables.",
}
SPACES: Mapping[str, DemoSpace] = {
    HOME: DemoSpace(
        slug="domicile-en-region",
        name="Soins à domicile en région (exemple fictif)",
        purpose="S’entraider pour soigner à domicile là où les distances sont longues.",
        presentation=(
            "**Exemple fictif.** Cet espace montre une communauté ouverte : tout le monde la lit, "
            "et les personnes inscrites y écrivent.\n\n"
            "- une question par semaine;\n- une rencontre par mois;\n- des fils liés aux fiches."
        ),
        visibility=Visibility.PUBLIC,
        join_policy=JoinPolicy.OPEN,
        facilitator="dominique",
        deputy="morgan",
        people=("camille", "sacha", "maxime", "claude"),
        themes=("domicile", "aines"),
        scope="Équipes à domicile du Bas-Saint-Laurent, de la Gaspésie et de la Côte-Nord",
        rhythm="Une rencontre par mois",
        charter=_CHARTER,
    ),
    REMOTE: DemoSpace(
        slug="telesoins",
        name="Télésoins entre équipes (exemple fictif)",
        purpose="Comparer ce qui marche à distance, et ce qui ne marche pas.",
        presentation="**Exemple fictif.** Les personnes inscrites lisent cet espace.",
        visibility=Visibility.MEMBERS,
        join_policy=JoinPolicy.OPEN,
        facilitator="morgan",
        deputy="claude",
        people=("sacha", "charlie"),
        themes=("telesante",),
        scope="Toutes les régions",
        rhythm="Au besoin",
        charter=_CHARTER,
    ),
    MEDICINES: DemoSpace(
        slug="medicaments-et-transitions",
        name="Médicaments et transitions (exemple fictif)",
        purpose="Revoir des situations entre personnes qui se font confiance.",
        presentation=(
            "**Exemple fictif.** On voit que cet espace existe; on y entre sur demande, et seules "
            "les personnes qui en font partie le lisent."
        ),
        visibility=Visibility.PRIVATE_LISTED,
        join_policy=JoinPolicy.REQUEST,
        facilitator="claude",
        deputy="charlie",
        people=("maxime",),
        scope="Pharmacie et soins infirmiers",
        rhythm="Toutes les six semaines",
        charter=_CHARTER,
    ),
    CIRCLE: DemoSpace(
        slug="cercle-de-preparation",
        name="Cercle de préparation (exemple fictif)",
        purpose="Préparer, avant d’en parler, une communauté qui n’existe pas encore.",
        presentation="**Exemple fictif.** Personne d’autre ne sait que cet espace existe.",
        visibility=Visibility.PRIVATE_HIDDEN,
        join_policy=JoinPolicy.INVITATION,
        facilitator="dominique",
        deputy="andrea",
        people=("alexis",),
        charter=_CHARTER,
        stage=SpaceStage.POTENTIAL,
    ),
    FORMER: DemoSpace(
        slug="guichets-acces",
        name="Guichets d’accès, 2024-2025 (exemple fictif)",
        purpose="Un projet terminé, dont les échanges restent à lire.",
        presentation="**Exemple fictif.** Cet espace est archivé : on le lit, on n’y écrit plus.",
        visibility=Visibility.PUBLIC,
        join_policy=JoinPolicy.OPEN,
        facilitator="morgan",
        deputy="dominique",
        people=("sacha",),
        themes=("premiere-ligne",),
        charter=_CHARTER,
        stage=SpaceStage.CLOSED,
    ),
}
QUESTION = "Combien de visites par semaine au début du suivi?"
THREADS = (
    DemoThread(
        space=FORMER,
        title="Ce que nous retenons du guichet (exemple fictif)",
        about=("fiche", "gap-bas-saint-laurent"),
        posts=(
            ("morgan", 400, "Exemple fictif : le guichet marche quand une personne rappelle."),
            ("sacha", 398, "Chez nous, c’était le mercredi. Exemple fictif, bien sûr."),
        ),
    ),
    DemoThread(
        space=HOME,
        kind=ThreadKind.ANNOUNCEMENT,
        title="Bienvenue, et comment on s’entraide ici (exemple fictif)",
        is_pinned=True,
        posts=(
            (
                "dominique",
                60,
                (
                    "Exemple fictif. Présentez-vous en une phrase, posez une question à la fois, "
                    "et **n’écrivez rien qui identifie une personne usagère**."
                ),
            ),
        ),
    ),
    DemoThread(
        space=HOME,
        kind=ThreadKind.QUESTION,
        title=QUESTION,
        about=("fiche", "hospitalisation-a-domicile-quebec"),
        accepted=3,
        summary=(
            "**En bref (exemple fictif).** Les deux équipes commencent par trois visites la "
            "première semaine, puis espacent selon l’état de la personne; le téléphone complète."
        ),
        posts=(
            (
                "camille",
                30,
                (
                    "Exemple fictif : nous commençons en janvier, avec deux infirmières pour un "
                    "grand territoire. Combien de visites prévoyez-vous la première semaine?"
                ),
            ),
            ("maxime", 29, "La même question se pose chez nous. Je suis le fil (exemple fictif)."),
            (
                "sacha",
                28,
                (
                    "Trois la première semaine, puis une, et un appel entre les deux. Exemple "
                    "fictif : personne n’a mesuré cela.\n\n"
                    "1. une visite le lendemain du retour;\n2. une autre à trois jours;\n"
                    "3. une à sept jours."
                ),
            ),
            ("camille", 27, "Merci! Nous essaierons ainsi (exemple fictif)."),
        ),
    ),
    DemoThread(
        space=HOME,
        title="Lire ensemble un résumé sur les urgences rurales (exemple fictif)",
        about=("resume", "fleet-2015-urgences-rurales-quebec"),
        flagged=(3, "camille"),
        posts=(
            (
                "claude",
                20,
                "Exemple fictif : qu’est-ce que ce résumé change pour une équipe à domicile?",
            ),
            ("morgan", 19, "> Qu’est-ce que ce résumé change\n\nPeu de choses, à mon avis fictif."),
            ("maxime", 18, "Quelqu’un vend un traîneau? (exemple fictif d’un message hors sujet)"),
        ),
    ),
    DemoThread(
        space=REMOTE,
        title="La tablette qui reste dans son carton (exemple fictif)",
        about=("fiche", "telesoins-jardins-roussillon"),
        posts=(
            ("sacha", 12, "Exemple fictif : trois tablettes sur dix ne sont jamais branchées."),
            ("charlie", 11, "Nous les branchons avec la personne, le premier jour (fictif)."),
        ),
    ),
    DemoThread(
        space=MEDICINES,
        title="Un bilan comparatif en quinze minutes (exemple fictif)",
        posts=(
            ("claude", 9, "Exemple fictif, entre nous : par où commencez-vous?"),
            ("maxime", 8, "Par ce que la personne prend vraiment, dans son sac (exemple fictif)."),
        ),
    ),
    DemoThread(
        space=CIRCLE,
        title="Un nom pour la future communauté (exemple fictif)",
        posts=(
            ("dominique", 6, "Exemple fictif : « Relais de nuit »?"),
            ("andrea", 5, "Plutôt « Garde et relais ». Rien n’est décidé (exemple fictif)."),
        ),
    ),
    DemoThread(
        space=HOME,
        kind=ThreadKind.QUESTION,
        title="Qui prête un appareil à pression entre deux visites? (exemple fictif)",
        is_unread=True,
        posts=(
            (
                "sacha",
                0.2,
                "Exemple fictif : nous en avons deux pour quarante personnes. Et chez vous?",
            ),
        ),
    ),
)
REQUEST = (
    "Exemple fictif : je coordonne les retours à domicile et j’aimerais apprendre de vos revues."
)
MEETING_TITLE = "Rencontre du mois : les premières visites (exemple fictif)"
MEETING_AGENDA = (
    "Exemple fictif.\n\n1. Tour de table\n2. Ce que nous avons essayé\n3. La prochaine question"
)
HELD_TITLE = "Rencontre d’accueil (exemple fictif)"
MINUTES = (
    "**Exemple fictif.** Sept personnes attendues, deux venues.\n\n"
    "- On retient : un appel le lendemain du retour.\n- À faire : comparer les horaires."
)
