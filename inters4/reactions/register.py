"""What reactions add elsewhere: a question under sheets and summaries, a notice, retention."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.reactions import exports
from inters4.reactions.forms import asked, mark_of, number_of_browser
from inters4.reactions.queries import own_reaction, tally_of
from inters4.reactions.services import (
    KEPT_DAYS,
    NETWORK_DAYS,
    forget_browsers,
    forget_networks,
)


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for slot in ("practice.after", "summary.after"):
        hooks.add_fragment(slot, Fragment("reactions/_reaction.html", _asked, order=10))
    for told in exports.KINDS:
        hooks.add_notice_kind(told)
    hooks.add_figures(exports.FIGURES)
    hooks.add_retention(
        RetentionRule(
            name="reaction_browsers",
            reason=lambda: _(
                "Avis donnés d’un toucher, sans compte : l’empreinte du navigateur, qui permet de "
                "les reprendre, est effacée; les nombres restent."
            ),
            days=KEPT_DAYS,
            purge=forget_browsers,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="reaction_networks",
            reason=lambda: _(
                "Avis donnés d’un toucher : l’empreinte du réseau, qui empêche les envois en "
                "série, est effacée."
            ),
            days=NETWORK_DAYS,
            purge=forget_networks,
        )
    )


def _asked(session: Session, viewer: Viewer, **shown: Any) -> Mapping[str, Any] | None:
    """What this browser said; a visitor who never tapped costs no statement."""
    (read,) = shown.values()
    if not read.is_readable:
        return None
    document, number, words = read.document_ref, number_of_browser(), asked()
    return {
        "document": document,
        "own": own_reaction(session, document, browser=mark_of(number)) if number else None,
        "tally": tally_of(session, document, viewer=viewer),
        "answers": words.answers,
        "more": words.more,
    }
