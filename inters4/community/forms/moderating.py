"""The form of who moderates someone's text."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from inters4.community.models import POST_MAX
from inters4.core.i18n import lazy


class EditedPostForm(FlaskForm):  # type: ignore[misc]
    """The text of a post, with its toolbar."""

    texte = TextAreaField(
        lazy("Texte du message"),
        validators=[DataRequired()],
        render_kw={"maxlength": str(POST_MAX)},
    )
