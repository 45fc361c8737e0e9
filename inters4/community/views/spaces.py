"""`/communaute` and `/communaute/SLUG`: the spaces, and one of them with its threads."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports import words as space_words
from inters4.community.exports.paths import thread_path
from inters4.community.exports.words import (
    KIND_VALUES,
    charter_of,
    kind_label,
    policy_label,
    stage_label,
)
from inters4.community.models import JoinPolicy, Space, SpaceStage
from inters4.community.queries.access import access_to, may_create
from inters4.community.queries.spaces import (
    Wanted,
    count_people,
    leaders_of,
    list_spaces,
    themes_offered,
)
from inters4.community.queries.thread_lists import ThreadsWanted, list_threads
from inters4.community.services.leading import may_choose_leaders
from inters4.community.views.blueprint import bp
from inters4.community.views.markers import remember_visit
from inters4.community.views.places import seen_space
from inters4.core.db import reading
from inters4.core.web.requests import public, viewer
from inters4.vocabulary.queries import options_of, vocabulary

_POLICIES = {"libre": JoinPolicy.OPEN, "demande": JoinPolicy.REQUEST}
_STAGES = {
    "preparation": SpaceStage.POTENTIAL,
    "active": SpaceStage.ACTIVE,
    "dormance": SpaceStage.DORMANT,
    "archivee": SpaceStage.CLOSED,
}


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The spaces that the viewer sees, theirs first."""
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        theme = words.present("themes", request.args.get("theme", ""))
        wanted = Wanted(
            words=request.args.get("q", "")[:200],
            theme=theme,
            stage=_STAGES.get(request.args.get("etat", "")),
            policy=_POLICIES.get(request.args.get("adhesion", "")),
            is_mine=viewer().is_signed_in and request.args.get("miens") == "oui",
        )
        page = request.args.get("page", 1, type=int)
        found = list_spaces(session, wanted, viewer=viewer(), page=page)
        kept = {name: value for name, value in request.args.items() if value and name != "page"}
        return render_template(
            "community/index.html",
            page=found,
            leaders=leaders_of(
                session, [one.space for one in found.rows if one.reads or viewer().is_signed_in]
            ),
            words=words,
            wanted=wanted,
            chosen={name: request.args.get(name, "") for name in ("q", "etat", "adhesion")}
            | {"theme": theme},
            themes=options_of(words.tree("themes"), themes_offered(session, viewer=viewer())),
            stages=[(value, stage_label(one)) for value, one in _STAGES.items()],
            policies=[(value, policy_label(one)) for value, one in _POLICIES.items()],
            space_words=space_words,
            may_create=may_create(viewer()),
            url_of=lambda number: url_for(".index", **{**kept, "page": number}),
        )


@bp.get("/<slug>")
@public
def space(slug: str) -> ResponseReturnValue:
    """One space: its threads for who reads it, its presentation for who may only see it."""
    with reading() as session:
        g.session = session
        return _space_page(session, seen_space(session, slug))


def _space_page(session: Session, found: Space) -> str:
    remember_visit(found)
    access = access_to(session, found, viewer=viewer())
    kind = request.args.get("genre", "")
    wanted = ThreadsWanted(
        kind=KIND_VALUES.get(kind),
        is_unanswered=request.args.get("reponse") == "non",
        is_unread=access.belongs and request.args.get("lu") == "non",
    )
    page = request.args.get("page", 1, type=int)
    kept = {
        name: request.args[name] for name in ("genre", "reponse", "lu") if request.args.get(name)
    }
    return render_template(
        "community/space.html",
        space=found,
        access=access,
        place="fils",
        page=list_threads(session, found, wanted, viewer=viewer(), page=page)
        if access.reads
        else None,
        people=count_people(session, found.id) if access.reads else None,
        leaders=leaders_of(session, [found] if access.reads or viewer().is_signed_in else []),
        words=vocabulary(session),
        wanted=wanted,
        kinds_offered=[(value, kind_label(one)) for value, one in KIND_VALUES.items()],
        space_words=space_words,
        is_orphan=not access.facilitates and may_choose_leaders(session, found, viewer()),
        charter=charter_of(found),
        thread_path=thread_path,
        chosen_kind=kind if kind in KIND_VALUES else "",
        url_of=lambda number: url_for(".space", slug=found.slug, **{**kept, "page": number}),
    )
