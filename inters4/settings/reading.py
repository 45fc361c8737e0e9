"""From the environment to values: every setting read, every mistake found before any is told."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inters4.settings import parsing
from inters4.settings.checks import check_together
from inters4.settings.problems import Problem, SettingsError, mark, system_reason, unwritable
from inters4.settings.secret import given_by_file, kept_secret

Declared = Sequence[tuple[str, Mapping[str, Any]]]
_LONGEST = 2_000


def read(declared: Declared, environ: Mapping[str, str]) -> dict[str, Any]:
    """The values that `environ` and the defaults give, by name; computed ones are absent.

    Raises:
        SettingsError: with every mistake found.
    """
    values: dict[str, Any] = {}
    problems = _unknown(declared, environ)
    for name, facts in declared:
        try:
            if (written := _written(facts, environ)) is not None:
                values[name] = _parsed(facts, written)
        except _MisreadError as refusal:
            problems.append(refusal.problem)
    check_together(values, problems)
    if problems:
        raise SettingsError(problems)
    return values


def own_secret(data_dir: Path) -> str:
    """The signing key kept in `data_dir`, made when there is none.

    Raises:
        SettingsError: it cannot be read, made or used.
    """
    kept = data_dir / "secret_key"
    try:
        return parsing.secret_key(kept_secret(kept))
    except OSError as error:
        if kept.exists():
            problem = mark(
                "%(file)s ne peut pas être lu (%(reason)s) : corrigez ses droits pour ce compte.",
                file=kept,
                reason=system_reason(error),
            )
        else:
            problem = unwritable(data_dir, error)
    except ValueError:
        problem = mark(
            "%(file)s est vide ou abîmé : retirez-le, une clé neuve sera créée.", file=kept
        )
    raise SettingsError([problem])


class _MisreadError(Exception):
    """One setting cannot be read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _unknown(declared: Declared, environ: Mapping[str, str]) -> list[Problem]:
    known = {facts["variable"] for _name, facts in declared}
    known |= {f"{facts['variable']}_FILE" for _name, facts in declared if facts["is_secret"]}
    return [
        mark("%(name)s n’est pas un réglage connu. La liste est dans le README.", name=name)
        for name in sorted(environ)
        if name.startswith("INTERS4_") and name not in known
    ]


def _written(facts: Mapping[str, Any], environ: Mapping[str, str]) -> str | None:
    """The text of a setting: its variable, else its file, else its default."""
    variable: str = facts["variable"]
    given = environ.get(variable, "").strip()
    file = environ.get(f"{variable}_FILE", "").strip() if facts["is_secret"] else ""
    if given and file:
        raise _MisreadError(
            mark("%(name)s et %(name)s_FILE sont donnés : gardez un seul des deux.", name=variable)
        )
    if file:
        try:
            given = given_by_file(file)
        except ValueError as refusal:
            raise _MisreadError(_wrong(f"{variable}_FILE={file}", refusal)) from None
        if not given:
            raise _MisreadError(_wrong(f"{variable}_FILE={file}", ValueError(mark("fichier vide"))))
    default: str | None = facts["default"]
    return given or default


def _parsed(facts: Mapping[str, Any], written: str) -> Any:
    named = f"{facts['variable']}{'' if facts['is_secret'] else f'={written}'}"
    if len(written) > _LONGEST:
        raise _MisreadError(_wrong(named, ValueError(mark("beaucoup trop long"))))
    if not written.isprintable():
        hidden = ValueError(mark("retirez les signes invisibles ou mal codés"))
        raise _MisreadError(_wrong(named, hidden))
    try:
        return facts["parse"](written)
    except ValueError as refusal:
        raise _MisreadError(_wrong(named, refusal)) from None


def _wrong(named: str, refusal: ValueError) -> Problem:
    (said,) = refusal.args
    return mark("%(setting)s : %(reason)s.", setting=named, reason=said)
