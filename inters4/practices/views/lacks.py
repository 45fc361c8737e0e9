"""What a starter sheet still lacks: told to its readers, so that silence is not read as « no »."""

from inters4.core.i18n import _
from inters4.practices.models import Block, Practice


def lacks_of(practice: Practice) -> list[str]:
    """One line for each thing that no source seen tells, or that nobody has done yet."""
    blocks = {row.block for row in practice.blocks}
    lacks = (
        (practice.has_proposed_ratings, _("la révision des cotes par deux personnes")),
        (not practice.approval, _("l’approbation de l’organisation porteuse")),
        (not practice.interests, _("les intérêts déclarés")),
        (not practice.team, _("le nom de l’équipe porteuse")),
        (not practice.outcomes, _("des résultats mesurés")),
        (not practice.baselines, _("la situation de départ, en chiffres")),
        (Block.ADVERSE_EFFECTS not in blocks, _("les effets indésirables")),
        (Block.EQUITY not in blocks, _("les effets sur l’équité")),
        (not practice.staffing, _("le personnel requis")),
        (not practice.costs and Block.COSTS not in blocks, _("les coûts")),
        (not practice.training, _("les heures de formation")),
        (Block.STEPS not in blocks, _("les étapes pour démarrer")),
        (not practice.transferability, _("ce qu’il faut peser pour la faire ailleurs")),
        (Block.PATIENT_EXPERIENCE not in blocks, _("l’expérience des usagers et des proches")),
    )
    return [text for is_lacking, text in lacks if is_lacking]
