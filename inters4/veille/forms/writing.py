"""The form of a summary: its parts, each field as the template draws it, and what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm
from wtforms import TextAreaField

from inters4.core.i18n import LazyText, _, lazy
from inters4.core.values import dataclass
from inters4.practices.exports.languages import LANGUAGES
from inters4.practices.forms.controls import Control, Options
from inters4.practices.forms.posted import MAIN, in_former_order
from inters4.veille.forms.writing_words import CHOICES, HELP, label_of, told
from inters4.veille.models import MAX_HOOK, Lack, Scheme
from inters4.veille.services.drafting import LISTS, TICKED, Typed
from inters4.veille.services.requirements import PARAGRAPH
from inters4.vocabulary.queries import Vocabulary

PARTS: Sequence[tuple[LazyText, Sequence[str]]] = (
    (lazy("Le résumé"), ("title", "hook", PARAGRAPH, "limit", "limit_source", "context")),
    (
        lazy("Classement"),
        ("themes", "populations", "settings", "professions", "regions", "practices"),
    ),
    (
        lazy("La preuve"),
        (
            "design",
            "evidence_strength",
            "population_studied",
            "country",
            "appraisal_tool",
            "appraisal_result",
        ),
    ),
    (
        lazy("L’article"),
        (
            "article_title",
            "article_language",
            "authors",
            "journal",
            "year",
            "volume",
            "number",
            "pages",
            "doi",
            "pmid",
            "pmcid",
            "url",
            "url_french",
            "open_access",
        ),
    ),
    (lazy("Pour l’équipe"), ("missing",)),
)
"""The fields by heading, in the order of the page."""
FIELDS = tuple(name for _title, names in PARTS for name in names)
_REQUIRED = frozenset(
    {
        *("title", "hook", PARAGRAPH, "limit", "limit_source", "context", "themes", "design"),
        *("evidence_strength", "article_title", "authors", "url", "open_access"),
    }
)
_SCALES = {"design": "evidence_types", "evidence_strength": "evidence_strength"}
_TALL = frozenset({"limit", "context", "hook", *LISTS})
MERGED = frozenset(FIELDS) - TICKED - frozenset({*CHOICES, *_SCALES, "article_language"})
"""Fields of which a third text may be written out of two."""


MAIN_THEME = f"{MAIN}themes"
"""The field that says which of the themes is the main one."""
ALSO = "aussi"
"""Under this name, a page about some fields carries along those that it does not show."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen: the vocabulary, and the sheets that everyone reads."""

    words: Vocabulary
    sheets: Options

    def among(self, field: str) -> Options:
        """The options of a field; nothing for one that is typed."""
        if field == "practices":
            return self.sheets
        if field == "article_language":
            return (("fr", _("français")), *((code, str(name)) for code, name in LANGUAGES.items()))
        if field in CHOICES:
            return tuple((value, str(label)) for value, label in CHOICES[field].items())
        scheme = _SCALES.get(field, field)
        return self.words.options(scheme) if field in _SCALES or field in set(Scheme) else ()


def controls_of(
    held: Mapping[str, Typed],
    *,
    wrong: Iterable[Lack],
    marks: Mapping[str, str],
    choices: Choices,
) -> list[tuple[str, list[Control]]]:
    """The controls by heading, with what they hold, what is wrong there, the mark of each."""
    errors: dict[str, str] = {}
    for lack in wrong:
        errors.setdefault(lack.field, told(lack))
    return [
        (
            str(title),
            [
                _control(name, held[name], errors.get(name, ""), marks[name], choices)
                for name in names
            ],
        )
        for title, names in PARTS
    ]


def _control(name: str, value: Typed, error: str, mark: str, choices: Choices) -> Control:
    shared: dict[str, Any] = {
        "name": name,
        "label": label_of(name),
        "help": str(HELP.get(name, "")),
        "error": error,
        "is_required": name in _REQUIRED,
        "mark": mark,
    }
    options = choices.among(name)
    if name == PARAGRAPH:
        rich = _rich(shared, str(value))
        return Control(**shared, kind="rich", value=value, rich=rich, is_one_paragraph=True)
    if name in TICKED:
        return Control(
            **shared,
            kind="checks",
            value=value,
            options=_with_unknown(options, value),
            is_ordered=name == Scheme.THEMES,
        )
    if options:
        return Control(
            **shared, kind="choice", value=value, options=_with_unknown(options, [value])
        )
    text = "\n".join(value) if isinstance(value, list) else value
    if name == "hook":
        shared |= {"limit": MAX_HOOK, "unit": "characters"}
    return Control(
        **shared,
        kind="text" if name in _TALL else "line",
        value=text,
        is_number=name in {"year", "pmid"},
    )


def _with_unknown(options: Options, chosen: Iterable[Any]) -> Options:
    """The options, and whatever is stored that is none of them: it is shown as it is."""
    known = {option for option, _label in options}
    return (*options, *((one, one) for one in chosen if one and one not in known))


def _rich(shared: Mapping[str, Any], text: str) -> Any:
    made = TextAreaField(shared["label"]).bind(form=WTForm(), name=shared["name"])
    made.data = text
    made.errors = [shared["error"]] if shared["error"] else []
    made.flags.required = True
    return made


def read_posted(
    form: MultiDict[str, str], *, stored: Mapping[str, Typed], choices: Choices
) -> dict[str, Typed]:
    """The fields that the form says it shows (`champs`), or carries along (`aussi`).

    What is none of the options, unless it is stored already, is left out. After a conflict,
    `garder-FIELD` says which text stays: `autre` leaves the stored one, `fusion` takes the text of
    `fusion-FIELD`.
    """
    found: dict[str, Typed] = {}
    for name in {*form.getlist("champs"), *form.getlist(ALSO)} & set(FIELDS):
        kept = form.get(f"garder-{name}", "")
        if kept == "autre":
            continue
        source = f"fusion-{name}" if kept == "fusion" and name in MERGED else name
        if name in TICKED:
            allowed = {*dict(choices.among(name)), *stored[name]}
            ticked = [one for one in form.getlist(source) if one in allowed]
            main = form.get(MAIN_THEME, "") if name == Scheme.THEMES else ""
            ordered = in_former_order(ticked, stored[name], main=main)
            found[name] = [str(one) for one in ordered]
        elif name in LISTS:
            found[name] = "\n".join(form.getlist(source)).splitlines()
        else:
            text = form.get(source, "")
            allowed = (
                {*dict(choices.among(name)), stored[name], ""} if choices.among(name) else set()
            )
            found[name] = text if not allowed or text in allowed else ""
    return found


def shown(name: str, value: Typed, *, choices: Choices) -> str:
    """What a field holds, in words, to compare two texts."""
    names = dict(choices.among(name))
    if isinstance(value, list):
        return "\n".join(names.get(one, one) for one in value)
    return names.get(value, value)


def sent_for(form: MultiDict[str, str], names: Iterable[str]) -> list[tuple[str, str]]:
    """What the form sent under some names, as it was sent: to be sent again."""
    wanted = set(names)
    return [(name, value) for name, value in form.items(multi=True) if name in wanted]


def marks_in(form: MultiDict[str, str]) -> dict[str, str]:
    """What the form showed of each field, by `mark_of`."""
    return {name: mark for name in FIELDS if (mark := form.get(f"vu-{name}"))}
