"""What a demonstration shows of sheets on their way: one thing awaiting each role, all fictional.

None of them is published: what the public reads and counts does not change.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.installation import is_demo
from inters4.core.values import dataclass
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.practices.models import Advice, Block, Move, Practice, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import approvals_of
from inters4.practices.services.approving import decide_approval
from inters4.practices.services.drafts import write_fields
from inters4.practices.services.life import Known, move
from inters4.practices.services.naming import ask_review
from inters4.practices.services.reviewing import Written, submit_review
from inters4.practices.services.revising import start_sheet
from inters4.practices.services.settling import settle_news, settle_review
from inters4.practices.services.telling import tell_reviewer

EXAMPLE, SETTLING = "exemple", "exemple-ecart"
"""Name, in their addresses, the review that awaits someone, and the one that settles a gap."""
_CARRYING = "cisss-bsl"


@dataclass(frozen=True, slots=True)
class _Example:
    """A sheet that nobody carries out: `until` is where its life stops, for somebody to go on.

    One that the signatory of its organisation proposes is signed by the respondent; one on which
    reviewers differ waits for whoever settles it.
    """

    title: str
    problem: str
    solution: str
    until: PracticeState
    reviews: int = 0
    is_approved: bool = False
    is_of_signatory: bool = False
    has_gap: bool = False


_EXAMPLES = (
    _Example(
        "Exemple fictif : un appel de suivi deux jours après l’urgence",
        "Des personnes reviennent à l’urgence faute d’avoir compris leurs consignes.",
        "Une infirmière les appelle deux jours après leur départ et répond à leurs questions.",
        PracticeState.PROPOSED,
    ),
    _Example(
        "Exemple fictif : une trousse de départ pour la MPOC à domicile",
        "Le retour à domicile se prépare en quelques minutes, sans rien d’écrit.",
        "Une trousse et une visite d’une heure remplacent le feuillet remis au départ.",
        PracticeState.DRAFTING,
    ),
    _Example(
        "Exemple fictif : une personne de garde au téléphone la nuit",
        "La nuit, les proches d’une personne suivie à domicile n’ont que le 911.",
        "Une infirmière de garde, qui connaît le dossier, répond de 20 h à 8 h.",
        PracticeState.OWNER_VALIDATION,
    ),
    _Example(
        "Exemple fictif : un café des proches dans une résidence rurale",
        "Les proches aidants se croisent sans se connaître et s’épuisent seuls.",
        "Un café, deux fois par mois, animé par une travailleuse sociale et un proche.",
        PracticeState.REVIEW,
        reviews=2,
    ),
    _Example(
        "Exemple fictif : un cahier de bord partagé entre les équipes de nuit",
        "Les équipes de nuit ne savent pas ce que celles du jour ont promis aux familles.",
        "Un cahier, au chevet, que les équipes et les proches remplissent en deux lignes.",
        PracticeState.REVIEW,
        reviews=2,
        has_gap=True,
    ),
    _Example(
        "Exemple fictif : le transport partagé vers les rendez-vous",
        "Un rendez-vous sur cinq est manqué, faute de transport.",
        "Une personne de la clinique regroupe les trajets avec le transport adapté.",
        PracticeState.APPROVAL,
        reviews=2,
    ),
    _Example(
        "Exemple fictif : une tablette prêtée pour les téléconsultations",
        "Des personnes renoncent à la téléconsultation parce qu’elles n’ont pas d’appareil.",
        "La bibliothèque du village prête une tablette prête à l’emploi et un coin fermé.",
        PracticeState.APPROVAL,
        reviews=2,
        is_approved=True,
    ),
    _Example(
        "Exemple fictif : une heure de jumelage à l’arrivée d’une infirmière",
        "Les personnes qui commencent en région éloignée apprennent seules, et repartent.",
        "Une collègue d’expérience garde une heure par semaine, six mois durant.",
        PracticeState.APPROVAL,
        reviews=2,
        is_of_signatory=True,
    ),
)
_VALUES: Mapping[str, str | list[str] | list[dict[str, str]]] = {
    "organisations": [{"id": _CARRYING}],
    "regions": ["rss01"],
    "team": "Équipe fictive, pour la démonstration",
    "started": "Jamais : exemple fictif",
    "stage": "test",
    "audience": "Personnes suivies à domicile dans une région éloignée (exemple fictif).",
    "baselines": [{"indicator": "Exemple fictif", "value": "sans mesure"}],
    "evaluation": "not-evaluated",
    "maturity": "emergente",
    "maturity_reason": "Exemple fictif : rien n’a été essayé.",
    "evidence_strength": "suggestive",
    "evidence_reason": "Exemple fictif : aucune étude.",
    "success_conditions": [{"condition": "cs01", "note": "Exemple fictif."}],
    "themes": ["domicile"],
    "settings": ["domicile"],
    "populations": ["aines"],
    "interests": "Aucun",
    "funders": ["Aucun"],
    "no_patient_information": "true",
}
_BLOCKS: Mapping[Block, str] = {
    Block.CONTEXT: "Cet exemple fictif montre la vie d’une fiche; aucune équipe ne le porte.",
    Block.DESCRIPTION: "- Une personne fait ceci, le lundi.\n- Une autre fait cela, le vendredi.",
    Block.DIFFERENCE: "Rien de tel n’existe : c’est un exemple fictif.",
    Block.RESOURCES: "Inconnues : exemple fictif.",
    Block.STEPS: "1. Réunir l’équipe.\n2. Essayer avec cinq personnes.",
    Block.LEADERSHIP: "Inconnu : exemple fictif.",
    Block.PITFALLS: "Prendre cet exemple pour une pratique réelle.",
}
_WRITTEN = Written(
    maturity="emergente",
    evidence_strength="suggestive",
    reason="Exemple fictif : une justification tient en cent mots.",
    comments="Exemple fictif : un commentaire pour l’équipe qui écrit.",
    advice=Advice.PUBLISH,
    has_no_interest=True,
)
_ORDER = (
    PracticeState.PROPOSED,
    PracticeState.ADMISSIBLE,
    PracticeState.DRAFTING,
    PracticeState.OWNER_VALIDATION,
    PracticeState.REVIEW,
    PracticeState.APPROVAL,
)


@dataclass(frozen=True, slots=True)
class _People:
    """Those of the demonstration who take part, each with what they do."""

    owner: Viewer
    broker: Viewer
    reviewer: Viewer
    second: Viewer
    third: Viewer
    signatory: Viewer
    coordination: Viewer


def seed_practices(session: Session) -> int:
    """Make the sheets that are missing, and say how many; a real database gets none.

    The people of the demonstration, its organisations and its vocabulary come first.

    Raises:
        RuntimeError: the database is not marked as a demonstration.
    """
    if not is_demo(session):
        raise RuntimeError("fictional sheets are made in a demonstration database only")
    wanted = [one.title for one in _EXAMPLES]
    titles = set(session.scalars(select(Practice.title).where(Practice.title.in_(wanted))))
    missing = [one for one in _EXAMPLES if one.title not in titles]
    if not missing:
        return 0
    people, known = _people(session), citable(session)
    for example in missing:
        _bring(session, example, people, known)
    return len(missing)


def _people(session: Session) -> _People:
    def person(key: str) -> Viewer:
        found = find_member_by_email(session, f"{key}@exemple.invalid")
        if found is None:
            raise RuntimeError("make the people of the demonstration first")
        return load_viewer(session, found.id)

    return _People(
        owner=person("camille"),
        broker=person("dominique"),
        reviewer=person("claude"),
        second=person("charlie"),
        third=person("andrea"),
        signatory=person("maxime"),
        coordination=person("frederique"),
    )


def _bring(session: Session, example: _Example, people: _People, known: Known) -> None:
    """Make every move up to where somebody is waited for."""
    owner = people.signatory if example.is_of_signatory else people.owner
    revision = start_sheet(
        session,
        title=example.title,
        problem=example.problem,
        solution=example.solution,
        by=owner,
    )
    write_fields(
        session,
        revision,
        values=_VALUES,
        blocks=_BLOCKS,
        seen=revision.version,
        by_id=owner.member_id,
    )
    for which, target, by in (
        (Move.SUBMIT, PracticeState.PROPOSED, owner),
        (Move.ADMIT, PracticeState.ADMISSIBLE, people.broker),
        (Move.TAKE, PracticeState.DRAFTING, people.broker),
        (Move.SEND_TO_OWNER, PracticeState.OWNER_VALIDATION, people.broker),
        (Move.VALIDATE, PracticeState.REVIEW, owner),
    ):
        if _ORDER.index(target) <= _ORDER.index(example.until):
            move(session, revision, which, by=by, known=known)
    if example.reviews:
        _review(session, example, revision, people)
    if example.is_approved:
        for approval in approvals_of(session, revision):
            decide_approval(
                session, revision, approval, is_granted=True, reason="", by=people.signatory
            )
    if example.until is not PracticeState.OWNER_VALIDATION:
        settle_news(session, revision.practice_id)  # its owner knows; nothing awaits them


def _review(
    session: Session, example: _Example, revision: PracticeRevision, people: _People
) -> None:
    """Ask both reviewers; the first alone answers, unless they differ or the sheet went further."""
    is_over = example.has_gap or example.until is not PracticeState.REVIEW
    _ask(session, revision, people.second, people.coordination, maturity="emergente")
    last = ("prometteuse" if example.has_gap else "emergente") if is_over else ""
    _ask(session, revision, people.reviewer, people.coordination, maturity=last, name=EXAMPLE)
    if example.has_gap:
        _ask(session, revision, people.third, people.coordination, name=SETTLING)


def _ask(
    session: Session,
    revision: PracticeRevision,
    reviewer: Viewer,
    by: Viewer,
    *,
    maturity: str = "",
    name: str = "",
) -> None:
    """Ask somebody who gives this rating; without one they are waited for, under this name."""
    if reviewer.member_id is None:
        return
    review = ask_review(session, revision, reviewer.member_id, by=by)
    if maturity:
        written = replace(_WRITTEN, maturity=maturity)
        submit_review(session, review, revision, by=reviewer, written=written)
    else:
        settle_review(session, review)
        review.public_id = name
        tell_reviewer(session, review)
