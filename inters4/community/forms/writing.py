"""The forms of those who write: a thread, an answer, a change, a summary."""

import re
import secrets
from dataclasses import field
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from inters4.community.exports.words import KIND_VALUES, kind_label
from inters4.community.models import POST_MAX, TITLE_MAX, ThreadKind
from inters4.community.services.detecting import Seen, mark_of_seen
from inters4.core.errors import DomainError
from inters4.core.i18n import lazy
from inters4.core.values import dataclass

_KEY = re.compile(r"[0-9a-f]{32}")
_MARK = re.compile(r"[0-9a-f]{16,32}")
_PUBLIC_ID = re.compile(r"[0-9a-f]{16}")
_MOST_CHOSEN = 30
_FIELDS = {"texte": "texte", "titre": "titre", "nature": "nature", "fichier": "fichier"}


def new_key() -> str:
    """What a form is given when it is drawn: what it posts, it posts once."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a composer sent, each piece bounded.

    Attributes:
        key: empty when it is none of ours.
        meant: the mark of what was shown as personal data, and is meant.
        chosen: public ids that completion gave.
        gesture: what the button says; empty to publish.
        seen: the mark of the draft that the page knew; None when it says nothing of it.
    """

    text: str = ""
    title: str = ""
    kind: str = ""
    subject: str = ""
    key: str = ""
    meant: str = ""
    chosen: tuple[str, ...] = ()
    gesture: str = ""
    version: int = 0
    seen: str | None = None

    def means(self, seen: tuple[Seen, ...]) -> bool:
        """True when these very signs were shown, and are posted all the same."""
        return bool(seen) and self.meant == mark_of_seen(seen)


def read_sent() -> Sent:
    """The form of this request."""
    form = request.form
    key, meant = form.get("cle", ""), form.get("malgre", "")
    return Sent(
        text=form.get("texte", ""),
        title=form.get("titre", ""),
        kind=form.get("nature", ""),
        subject=form.get("sujet", ""),
        key=key if _KEY.fullmatch(key) else "",
        meant=meant if _MARK.fullmatch(meant) else "",
        chosen=tuple(
            one for one in form.getlist("personne")[:_MOST_CHOSEN] if _PUBLIC_ID.fullmatch(one)
        ),
        gesture=form.get("geste", ""),
        version=form.get("version", 0, type=_small),
        seen=form.get("vu"),
    )


def _small(digits: str) -> int:
    """A number that no database finds too large.

    Raises:
        ValueError: it is none.
    """
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise ValueError(digits)
    return int(digits)


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer in a thread."""

    texte = TextAreaField(
        lazy("Votre réponse"),
        validators=[DataRequired()],
        render_kw={"maxlength": str(POST_MAX), "data-mentions": ""},
    )


class ThreadForm(FlaskForm):  # type: ignore[misc]
    """A new thread: its title, what it is, its first post."""

    titre = StringField(
        lazy("Titre"),
        description=lazy("Une phrase, comme vous la diriez : « Qui a essayé…? »."),
        validators=[DataRequired()],
        render_kw={"maxlength": str(TITLE_MAX), "autocomplete": "off"},
    )
    nature = RadioField(lazy("Genre"), validators=[DataRequired()])
    texte = TextAreaField(
        lazy("Message"),
        validators=[DataRequired()],
        render_kw={"maxlength": str(POST_MAX), "data-mentions": ""},
    )
    sujet = HiddenField()

    def offer(self, *, announces: bool) -> None:
        """Let one choose the kinds that they may start."""
        self.nature.choices = [
            SelectChoice(value, kind_label(kind))
            for value, kind in KIND_VALUES.items()
            if announces or kind is not ThreadKind.ANNOUNCEMENT
        ]


class RevisionForm(FlaskForm):  # type: ignore[misc]
    """A post that its author mends."""

    texte = TextAreaField(
        lazy("Votre message"),
        validators=[DataRequired()],
        render_kw={"maxlength": str(POST_MAX), "data-mentions": ""},
    )
    version = HiddenField()


class TitleForm(FlaskForm):  # type: ignore[misc]
    """Another title."""

    titre = StringField(
        lazy("Titre"),
        validators=[DataRequired()],
        render_kw={"maxlength": str(TITLE_MAX), "autocomplete": "off"},
    )
    version = HiddenField()


class SummaryForm(FlaskForm):  # type: ignore[misc]
    """What was said in a thread."""

    texte = TextAreaField(lazy("Synthèse"), render_kw={"maxlength": str(POST_MAX)})
    vu = HiddenField()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why what was sent did not go through, for the page that gives it back.

    Attributes:
        seen: what looks like personal data, with the mark that says it is meant.
        theirs: the text that stands, when another was written meanwhile.
    """

    message: str = ""
    status: int = 200
    seen: tuple[Seen, ...] = field(default=())
    theirs: str | None = None
    retry_after: int | None = None

    @property
    def mark(self) -> str:
        """What the button « Publier quand même » sends."""
        return mark_of_seen(self.seen)


def refused(refusal: DomainError) -> Refused:
    """What a page says of a refusal."""
    return Refused(
        message=refusal.message,
        status=422 if refusal.status == 400 else refusal.status,
        seen=getattr(refusal, "seen", ()),
        theirs=getattr(refusal, "theirs", "") or None,
        retry_after=getattr(refusal, "retry_after", None),
    )


def put_error(form: Any, refusal: DomainError) -> None:
    """Say it above the field that it is about, or above the form."""
    name = _FIELDS.get(refusal.about, "")
    if name in form:
        form[name].errors = [refusal.message]
    else:
        form.form_errors.append(refusal.message)
