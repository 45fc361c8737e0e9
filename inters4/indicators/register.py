"""What indicators adds elsewhere: two files of `content/`, two links at the foot of the page."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, Earlier, Hooks, MenuEntry
from inters4.core.i18n import _
from inters4.indicators.exports import facts, plans
from inters4.indicators.forms import read_facts, read_plan
from inters4.indicators.queries import lock_facts, lock_plans
from inters4.indicators.services import save_fact, save_plan


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_footer(MenuEntry(lambda: _("Bilan"), "indicators.balance", "", 12))
    hooks.add_footer(
        MenuEntry(lambda: _("Transformation numérique"), "indicators.digital_plan", "", 14)
    )
    hooks.add_content_kind(
        ContentKind(
            name="fact",
            place=facts.FILE,
            order=70,
            read=_read_facts,
            lock=lock_facts,
            current=facts.fact_texts,
            export=facts.export_facts,
        )
    )
    hooks.add_content_kind(
        ContentKind(
            name="digital-plan",
            place=plans.FILE,
            order=75,
            read=_read_plan,
            lock=lock_plans,
            current=plans.plan_texts,
            export=plans.export_plan,
        )
    )


def _read_facts(
    session: Session,
    document: FrontMatter,
    earlier: Earlier,  # noqa: ARG001 - cites no other file
) -> Sequence[ContentItem]:
    return [
        ContentItem(
            id=values["id"],
            line=line,
            text=facts.write_fact(values, position),
            apply=partial(save_fact, session, values, position=position),
        )
        for position, (line, values) in enumerate(read_facts(document))
    ]


def _read_plan(
    session: Session,
    document: FrontMatter,
    earlier: Earlier,  # noqa: ARG001 - cites no other file
) -> Sequence[ContentItem]:
    values = read_plan(document)
    return [
        ContentItem(
            id=values["id"],
            line=document.lines["id"],
            text=plans.write_plan(values),
            apply=partial(save_plan, session, values),
        )
    ]
