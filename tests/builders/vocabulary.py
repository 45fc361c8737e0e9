"""A small vocabulary, enough to classify a sheet."""

import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session

from inters4.vocabulary.models import Term, VocabularyRevision
from tests.builders.kept import kept

TERMS: dict[str, dict[str, str]] = {
    "themes": {
        "domicile": "Soutien à domicile",
        "domicile.hospitalisation-domicile": "Hospitalisation à domicile",
        "telesante": "Télésanté et santé numérique",
        "telesante.teleconsultation": "Téléconsultation et soins virtuels",
    },
    "settings": {"domicile": "Domicile"},
    "populations": {"aines": "Personnes âgées"},
    "professions": {"inf": "Infirmière ou infirmier"},
    "regions": {"rss01": "Bas-Saint-Laurent", "rss02": "Saguenay–Lac-Saint-Jean"},
    "outcomes": {"acces": "Accès et délais"},
    "evidence_types": {"gris": "Rapport / littérature grise"},
    "knowledge_sources": {"ecrits": "Écrits (scientifiques ou gris)"},
    "success_conditions": {"cs01": "Partager une vision", "cs09": "Supporter le transfert"},
    "transferability": {"ruralite": "Applicabilité en milieu rural", "couts": "Coûts et gains"},
    "implementation_stage": {"test": "Test (preuve de valeur)", "mise-echelle": "Mise à l’échelle"},
    "maturity": {"emergente": "Émergente", "prometteuse": "Prometteuse"},
    "evidence_strength": {"suggestive": "Suggestive / faible", "forte": "Forte"},
}


def make_vocabulary(session: Session) -> None:
    """Add `TERMS` to an empty vocabulary; the English label of a term is its id."""

    def renew(_: object) -> None:
        """What a process holds of another test's is not this one's, whatever either adds to it."""
        session.execute(update(VocabularyRevision).values(token=secrets.token_hex(8)))

    kept(session, "vocabulary", lambda: _make(session), recall=renew)


def _make(session: Session) -> None:
    session.add(VocabularyRevision(id=1))
    for scheme, terms in TERMS.items():
        session.add_all(
            Term(scheme=scheme, id=identifier, position=position, fr=label, en=identifier)
            for position, (identifier, label) in enumerate(terms.items())
        )
    session.flush()
