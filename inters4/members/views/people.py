"""`/repertoire` and `/personnes/ID`: who knows what, in which region; writing to them."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import public, signed_in, viewer
from inters4.members.exports.notices import MESSAGE_KIND
from inters4.members.exports.words import field_label
from inters4.members.models import ProfileKey
from inters4.members.queries.profiles import (
    Wanted,
    find_person,
    member_behind,
    search_directory,
    takes_letters,
)
from inters4.members.services.profiles import LONGEST_MESSAGE, refused_letters, write_to
from inters4.members.views.sign_in import bp
from inters4.vocabulary.queries import vocabulary

_LONGEST_WORDS = 100


@bp.get("/repertoire")
@public
def directory() -> ResponseReturnValue:
    """Those who chose to appear, as far as the reader may read them."""
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        wanted = Wanted(
            words=request.args.get("q", "").strip()[:_LONGEST_WORDS],
            region=words.present("regions", request.args.get("region", "")),
            profession=words.present("professions", request.args.get("profession", "")),
        )
        asked = {"q": wanted.words, "region": wanted.region, "profession": wanted.profession}
        kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return render_template(
            "members/directory.html",
            page=search_directory(
                session, wanted, viewer=viewer(), page=request.args.get("page", 1, type=int)
            ),
            wanted=wanted,
            words=words,
            url_of=lambda number: url_for(".directory", **kept, page=number),
            Key=ProfileKey,
        )


@bp.get("/personnes/<public_id>")
@public
def person(public_id: str) -> ResponseReturnValue:
    """What this person lets the reader see."""
    with reading() as session:
        g.session = session
        present = viewer()
        found = find_person(session, public_id, viewer=present) or abort(404)
        behind = member_behind(session, public_id)
        is_own = behind is not None and behind.id == present.member_id
        takes = not present.is_signed_in or takes_letters(session, public_id, kind=MESSAGE_KIND)
        return render_template(
            "members/person.html",
            person=found,
            is_own=is_own,
            refused="" if takes else refused_letters(found.name),
            words=vocabulary(session),
            keys=list(ProfileKey),
            Key=ProfileKey,
            field_label=field_label,
        )


@bp.get("/personnes/<public_id>/message")
@signed_in
def write_message(public_id: str) -> ResponseReturnValue:
    """A form: nobody's address is shown."""
    return _message_page(public_id)


@bp.post("/personnes/<public_id>/message")
@signed_in
def send_message(public_id: str) -> ResponseReturnValue:
    """Send it, or give it back as it was written."""
    try:
        with writing() as session:
            write_to(session, public_id, request.form.get("message", ""), by=viewer())
    except NotFound:
        raise
    except DomainError as refusal:
        return _message_page(public_id, told=refusal.message, status=max(refusal.status, 422))
    flash(_("Votre message est parti."), "success")
    return redirect(url_for(".person", public_id=public_id), code=303)


def _message_page(public_id: str, *, told: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_person(session, public_id, viewer=viewer()) or abort(404)
        body = render_template(
            "members/message.html",
            person=found,
            refused=""
            if takes_letters(session, public_id, kind=MESSAGE_KIND)
            else refused_letters(found.name),
            told=told,
            typed=request.form.get("message", ""),
            longest=LONGEST_MESSAGE,
        )
    return body, status
