"""What a rule finds: words, whatever their case and accents, or a regular expression."""

import re
from collections.abc import Sequence

from indexer.analysis import fold
from inters4.core.patterns import matching
from inters4.core.values import dataclass
from inters4.veille.models import Finding, RuleField

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, and where.

    Attributes:
        pattern: terms separated by commas, one is enough and `*` ends a beginning of word; or a
            regular expression when `is_regex`.
    """

    pattern: str
    field: RuleField = RuleField.ANYWHERE
    is_regex: bool = False


def found_in(sought: Sought, findings: Sequence[Finding]) -> list[Finding]:
    """Of `findings`, those in which it is found, in their order.

    Raises:
        PatternRefused: it is no regular expression.
        TooSlow: the expression was stopped.
    """
    texts = [text_of(finding, sought.field) for finding in findings]
    if sought.is_regex:
        places = matching(sought.pattern, texts)
        return [finding for place, finding in enumerate(findings) if place in places]
    terms = terms_of(sought.pattern)
    return [
        finding
        for finding, text in zip(findings, texts, strict=True)
        if any(term in f" {_bare(text)} " for term in terms)
    ]


def terms_of(pattern: str) -> list[str]:
    """The terms of a pattern of words, folded, with the spaces that bound them."""
    found = []
    for term in pattern.split(","):
        bare = _bare(term)
        if bare:
            found.append(f" {bare}" if term.rstrip().endswith("*") else f" {bare} ")
    return found


def text_of(finding: Finding, field: RuleField) -> str:
    """What a rule reads of a finding."""
    parts = {
        RuleField.TITLE: finding.title,
        RuleField.ABSTRACT: finding.abstract,
        RuleField.JOURNAL: finding.journal,
        RuleField.AUTHORS: "; ".join(finding.authors),
    }
    return "\n".join(parts.values()) if field is RuleField.ANYWHERE else parts[field]


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
