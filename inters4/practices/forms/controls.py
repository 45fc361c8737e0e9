"""Each field of a page as the template draws it: what it holds, its words, its mistakes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import Form as WTForm
from wtforms import TextAreaField

from inters4.core.content.quantities import Whole
from inters4.core.content.reading import Field
from inters4.core.content.scalars import Choice, Flag, Known, Text
from inters4.core.content.schema import Many, Rows
from inters4.core.values import dataclass
from inters4.practices.exports.languages import LANGUAGES
from inters4.practices.forms.pages import BY_SLUG, FormPage
from inters4.practices.forms.posted import BLOCKS, FIELDS
from inters4.practices.forms.words import (
    CHOICES,
    HELP,
    ONE_ROW,
    in_words,
    label_of,
)
from inters4.practices.services.marks import mark_of
from inters4.practices.services.pieces import PIECES
from inters4.practices.services.requirements import IF_EVALUATED, MAX_WORDS, REQUIRED, Gate, Lack
from inters4.vocabulary.queries import Vocabulary

_LONG_LINE = 250
_SHORT = 100
_LONGEST_NUMBER = 6
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field to fill.

    Attributes:
        name: of the field of HTML, and its id.
        kind: how it is drawn: line, text, rich, choice, checks, flag, file, rows.
        rows: of a list, the controls of each row.
        blank: of a list, those of a row to add, numbered `__N__`.
        rich: of a long text, what the macro of the editor draws.
        limit: most words, or characters when `unit` is « characters ».
        is_ordered: of a list, whether people put its rows in order; of terms, choose the main one.
        has_default: of a choice, whether one stands for who says nothing: nobody leaves it empty.
        mark: changes with what the field says; the form sends it back.
        is_one_paragraph: of a long text, whether it has no title, list nor table.
        is_if_evaluated: required of a practice that was evaluated, of no other.
    """

    name: str
    kind: str
    label: str
    help: str = ""
    value: Any = ""
    error: str = ""
    is_required: bool = False
    options: Options = ()
    rows: Sequence["Row"] = ()
    blank: Sequence["Control"] = ()
    rich: Any = None
    limit: int = 0
    unit: str = ""
    is_number: bool = False
    is_ordered: bool = False
    has_default: bool = False
    mark: str = ""
    is_one_paragraph: bool = False
    is_if_evaluated: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, with its number and what is wrong in it."""

    number: int
    title: str
    controls: Sequence[Control]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen: the vocabulary, and the organisations by permanent id."""

    words: Vocabulary
    organisations: Options

    def among(self, name: str) -> Options:
        """The options of one set."""
        if name == "organisations":
            return self.organisations
        return self.words.options(name)

    def label(self, name: str, identifier: str) -> str:
        """The name of one option; its id when nothing is known of it."""
        if name == "organisations":
            return dict(self.organisations).get(identifier, identifier)
        return self.words.label(name, self.present(name, identifier))

    def present(self, name: str, identifier: str) -> str:
        """The id that stands for this one now; itself when nothing is known of it."""
        return self.words.present(name, identifier) or identifier


def controls_of(
    page: FormPage,
    stored: Mapping[str, Any],
    *,
    mistakes: Iterable[Lack],
    choices: Choices,
    more: str = "",
) -> list[Control]:
    """The fields of a page; `more` names a list to which an empty row is added."""
    wrong: dict[str, list[Lack]] = {}
    for one in mistakes:
        wrong.setdefault(one.field, []).append(one)
    return [
        _control(name, stored.get(name), wrong.get(name, []), choices, is_longer=name == more)
        for name in page.fields
    ]


def _control(
    name: str, value: Any, wrong: Sequence[Lack], choices: Choices, *, is_longer: bool
) -> Control:
    words = {"name": name, "label": label_of(name), "help": str(HELP.get(name, ""))}
    about_all = next((in_words(one.message) for one in wrong), "")
    shared: dict[str, Any] = {
        **words,
        "error": about_all,
        "is_required": REQUIRED.get(name, Gate.READERS) <= Gate.REVIEW,
        "limit": MAX_WORDS.get(name, 0),
        "unit": "words" if name in MAX_WORDS else "",
        "mark": mark_of(name, value),
        "is_if_evaluated": name in IF_EVALUATED,
    }
    if name in BLOCKS:
        text = value if isinstance(value, str) else ""
        return Control(
            **shared, kind="rich", value=text, rich=_rich(name, words["label"], text, about_all)
        )
    item = FIELDS[name]
    if isinstance(item, Rows):
        return _list(item, value, wrong, choices, shared, is_longer=is_longer)
    if isinstance(item, Many):
        given = [str(one) for one in value] if isinstance(value, list | tuple) else []
        if isinstance(item.each, Known):
            among = item.each.among
            chosen = [choices.present(among, one) for one in given]
            options = _with_unknown(choices.among(among), chosen)
            is_ordered = name in BY_SLUG["classement"].fields
            return Control(
                **shared, kind="checks", value=chosen, options=options, is_ordered=is_ordered
            )
        return Control(**shared, kind="text", value="\n".join(given))
    return _single(item, value, choices, shared)


def _single(item: Field, value: Any, choices: Choices, shared: dict[str, Any]) -> Control:
    """A field that holds one value."""
    text = value if isinstance(value, str) else ""
    if isinstance(item, Known):
        present = choices.present(item.among, text) if text else ""
        options = _with_unknown(choices.among(item.among), [present] if present else [])
        return Control(**shared, kind="choice", value=present, options=options)
    if isinstance(item, Choice):
        offered = tuple((key, str(label)) for key, label in CHOICES[item.among].items())
        default = item.default.value if item.default else ""
        given = text or default
        return Control(
            **shared,
            kind="choice",
            value=given,
            options=_with_unknown(offered, [given]),
            has_default=bool(default),
        )
    if isinstance(item, Flag):
        return Control(**shared, kind="flag", value=text == "true")
    if isinstance(item, Whole):
        return Control(**shared, kind="line", value=text, is_number=True)
    if isinstance(item, Text):
        shared = dict(shared)
        if not shared["limit"] and item.limit > _SHORT:
            shared |= {"limit": item.limit, "unit": "characters"}
        return Control(**shared, kind="text" if item.limit > _LONG_LINE else "line", value=text)
    return Control(**shared, kind="line", value=text)


def _language(_item: Field, value: Any, _choices: Choices, shared: dict[str, Any]) -> Control:
    """That of the title of a source: a code, which nobody is asked to know."""
    text = value if isinstance(value, str) else ""
    named = tuple((code, str(name)) for code, name in LANGUAGES.items())
    return Control(**shared, kind="choice", value=text, options=_with_unknown(named, [text]))


def _file(_item: Field, value: Any, _choices: Choices, shared: dict[str, Any]) -> Control:
    """A file that was deposited: it goes along with its row."""
    return Control(**shared, kind="file", value=str(value or ""))


_DRAWN_APART = {"language": _language, "file": _file}


def _list(
    item: Rows,
    value: Any,
    wrong: Sequence[Lack],
    choices: Choices,
    shared: dict[str, Any],
    *,
    is_longer: bool,
) -> Control:
    given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    if is_longer or not given:
        given = [*given, _empty_row(item, given)]
    rows = []
    for place, row in enumerate(given):
        error = " ".join(in_words(one.message) for one in wrong if one.row == place + 1)
        rows.append(
            Row(
                number=place,
                title=f"{ONE_ROW[item.name]} {place + 1}",
                controls=_cells(item, str(place), row, choices),
                error=error,
            )
        )
    about_all = next((in_words(one.message) for one in wrong if not one.row), "")
    return Control(
        **{**shared, "error": about_all},
        kind="rows",
        rows=rows,
        blank=_cells(item, "__N__", {}, choices),
        is_ordered=item.name == PIECES,
    )


def _empty_row(item: Rows, given: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """A row to fill; a source has the number that comes next."""
    if item.name != "references":
        return {}
    numbers = (str(row.get("number", "")) for row in given)
    return {
        "number": str(
            1
            + max(
                (int(one) for one in numbers if one.isdecimal() and len(one) < _LONGEST_NUMBER),
                default=0,
            )
        )
    }


def _cells(item: Rows, number: str, row: Mapping[str, Any], choices: Choices) -> Sequence[Control]:
    return [
        _DRAWN_APART.get(inner.name, _single)(
            inner,
            row.get(inner.name),
            choices,
            {
                "name": f"{item.name}-{number}-{inner.name}",
                "label": label_of(item.name, inner.name),
                "is_required": inner.required,
                "limit": 0,
                "unit": "",
            },
        )
        for inner in item.schema.fields
        if item.name != PIECES or inner.name not in _unasked(row)
    ]


def _unasked(row: Mapping[str, Any]) -> frozenset[str]:
    """Of a piece, what nobody types: a file has no address of its own, a link no file."""
    return frozenset({"name", "checked_on", "url" if row.get("file") else "file"})


def _with_unknown(options: Options, chosen: Sequence[str]) -> Options:
    """The options, and whatever was typed that is none of them: it is shown as it is."""
    known = {option for option, _label in options}
    return (*options, *((one, one) for one in chosen if one and one not in known))


def _rich(name: str, label: str, text: str, error: str) -> Any:
    made = TextAreaField(label).bind(form=WTForm(), name=name)
    made.data = text
    made.errors = [error] if error else []
    made.flags.required = REQUIRED.get(name, Gate.READERS) <= Gate.REVIEW
    return made


def summary_of(page: FormPage, mistakes: Iterable[Lack]) -> list[tuple[str, str]]:
    """Each mistake of a page with the id of what it is about."""
    found = []
    for one in mistakes:
        if one.field in page.fields:
            is_row = one.row and isinstance(FIELDS.get(one.field), Rows)
            anchor = f"{one.field}-{one.row - 1}" if is_row else one.field
            found.append((anchor, in_words(one.message)))
    return found
