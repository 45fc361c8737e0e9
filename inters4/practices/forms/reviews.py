"""The form of a review, and the one of whoever cannot."""

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, TextAreaField

from inters4.core.i18n import lazy
from inters4.practices.models import Advice, PracticeReview
from inters4.practices.services.requirements import Lack
from inters4.practices.services.reviewing import Written
from inters4.vocabulary.queries import Vocabulary

_FIELDS = {
    "maturity": "maturite",
    "evidence_strength": "preuve",
    "reason": "justification",
    "advice": "avis",
    "comments": "commentaires",
    "has_no_interest": "aucun_interet",
}
"""Field of a review -> its name in the form."""
_WITHDRAWN = "retiree"


def ratings(words: Vocabulary, scheme: str) -> list[tuple[str, str]]:
    """What a reviewer may choose: « retirée » is a state of a sheet, given by nobody who rates."""
    return [(value, label) for value, label in words.options(scheme) if value != _WITHDRAWN]


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """Two ratings, why, an advice, a declaration; an unfinished one is kept too."""

    maturite = RadioField(lazy("Maturité"), validate_choice=False)
    preuve = RadioField(lazy("Force de la preuve"), validate_choice=False)
    justification = TextAreaField(
        lazy("Justification"), render_kw={"rows": "5", "maxlength": "4000"}
    )
    avis = RadioField(lazy("Votre avis"), validate_choice=False)
    commentaires = TextAreaField(
        lazy("Commentaires pour l’équipe qui écrit"), render_kw={"maxlength": "20000"}
    )
    aucun_interet = BooleanField(
        lazy("Je n’ai aucun intérêt, personnel ou professionnel, dans cette pratique")
    )

    required: ClassVar[frozenset[str]] = frozenset({"maturite", "preuve", "justification", "avis"})

    @classmethod
    def of(cls, review: PracticeReview, words: Vocabulary, *, typed: bool) -> "ReviewForm":
        """The form with what was typed just now, else with what is kept."""
        kept: dict[str, Any] = {
            "maturite": review.maturity,
            "preuve": review.evidence_strength,
            "justification": review.reason,
            "avis": review.advice.value if review.advice else "",
            "commentaires": review.comments,
            "aucun_interet": review.has_no_interest,
        }
        form = cls() if typed else cls(formdata=None, **kept)
        form.maturite.choices = ratings(words, "maturity")
        form.preuve.choices = ratings(words, "evidence_strength")
        form.avis.choices = [
            (Advice.PUBLISH.value, str(lazy("Publier"))),
            (Advice.REWORK.value, str(lazy("Retravailler avant de publier"))),
        ]
        for name in cls.required:
            form[name].flags.required = True
        form.aucun_interet.flags.required = True
        return form

    def refuse(self, lacks: tuple[Lack, ...]) -> None:
        """Put each lack under its field."""
        for lack in lacks:
            self[_FIELDS[lack.field]].errors = (lack.message,)

    @property
    def written(self) -> Written:
        """What was typed."""
        advice = self.avis.data or ""
        return Written(
            maturity=self.maturite.data or "",
            evidence_strength=self.preuve.data or "",
            reason=self.justification.data or "",
            comments=self.commentaires.data or "",
            advice=Advice(advice) if advice in set(Advice) else None,
            has_no_interest=bool(self.aucun_interet.data),
        )
