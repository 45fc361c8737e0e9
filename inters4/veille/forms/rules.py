"""Shape and wording of a rule."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired

from inters4.core.i18n import lazy
from inters4.veille.models import DiscardReason, FindingRule, RuleAct, RuleField
from inters4.veille.services.rules import LONGEST_NAME, LONGEST_TERMS, RuleDraft
from inters4.vocabulary.queries import Vocabulary


class RuleForm(FlaskForm):  # type: ignore[misc]
    """What a rule looks for, where, and what it does; the service says what is wrong."""

    nom = StringField(
        lazy("Nom de la règle"),
        description=lazy("Par exemple : « Écarter les essais chez l’animal »."),
        validators=[DataRequired()],
        render_kw={"maxlength": LONGEST_NAME},
    )
    motif = StringField(
        lazy("Ce qu’elle cherche"),
        description=lazy(
            "Des termes séparés par des virgules : un seul suffit, sans égard aux accents. "
            "« infirm* » trouve tous les mots qui commencent ainsi."
        ),
        validators=[DataRequired()],
        render_kw={"maxlength": LONGEST_TERMS},
    )
    expression = BooleanField(lazy("C’est une expression régulière"))
    champ = SelectField(lazy("Où"))
    acte = SelectField(lazy("Ce qu’elle fait"))
    raison = SelectField(lazy("Motif, si elle écarte"))
    etiquette = StringField(lazy("Étiquette, si elle étiquette"), render_kw={"maxlength": 40})
    theme = SelectField(lazy("Thème donné à ce qu’elle trouve"))
    version = HiddenField()

    def offer(
        self,
        words: Vocabulary,
        *,
        fields: list[tuple[str, str]],
        acts: list[tuple[str, str]],
        reasons: list[tuple[str, str]],
        nothing: str,
    ) -> Self:
        """Give the lists what one chooses from."""
        self.champ.choices, self.acte.choices = fields, acts
        self.raison.choices = [("", nothing), *reasons]
        self.theme.choices = [("", nothing), *words.options("themes")]
        return self

    def fill(self, rule: FindingRule) -> Self:
        """Show a rule as it is kept."""
        self.nom.data, self.motif.data, self.expression.data = (
            rule.name,
            rule.pattern,
            rule.is_regex,
        )
        self.champ.data, self.acte.data = rule.field.value, rule.act.value
        self.raison.data = rule.reason.value if rule.reason else ""
        self.etiquette.data, self.theme.data = rule.label, rule.theme
        self.version.data = str(rule.version)
        return self

    def draft(self) -> RuleDraft:
        """What was typed; what is in no list is as if it were absent."""
        reason = self.raison.data or ""
        return RuleDraft(
            name=self.nom.data or "",
            pattern=self.motif.data or "",
            act=RuleAct(self.acte.data) if self.acte.data in set(RuleAct) else RuleAct.LABEL,
            field=RuleField(self.champ.data)
            if self.champ.data in set(RuleField)
            else RuleField.ANYWHERE,
            is_regex=bool(self.expression.data),
            theme=self.theme.data or "",
            label=self.etiquette.data or "",
            reason=DiscardReason(reason) if reason in set(DiscardReason) else None,
        )

    @property
    def known_version(self) -> int | None:
        """The version that was shown; None for a new rule."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() else None
