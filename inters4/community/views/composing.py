"""What every form where one writes has in common: files received, gestures, what is given back."""

from collections.abc import Callable, Iterator, Sequence

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.forms.writing import Sent
from inters4.community.models import FILE_BYTES, Post
from inters4.community.services.detecting import Seen, seen_in
from inters4.community.services.drafting import (
    attach,
    check_is_latest,
    detach,
    keep_draft,
    keep_refused,
    take_to_post,
)
from inters4.core.db import writing
from inters4.core.errors import DomainError
from inters4.core.files import FileStore, StoredFile, file_store
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.core.web.errors import page as error_page
from inters4.core.web.requests import viewer
from inters4.settings import Settings

_DRAFT, _ATTACH, _DETACH = "brouillon", "joindre", "retirer"
NO_FILE: Sequence[StoredFile] = ()


def received_file() -> Sequence[StoredFile]:
    """The file of this request, checked and kept outside any transaction; none most often.

    Raises:
        DomainError: it is too large, or of a kind that is not accepted.
    """
    given = request.files.get("fichier")
    if given is None or not given.filename:
        return ()
    settings: Settings = current_app.config["SETTINGS"]
    store = file_store(settings)
    limited = FileStore(store.root, min(store.max_bytes, FILE_BYTES))
    try:
        return (limited.receive(given.stream, given.filename, by=viewer()),)
    except DomainError as refusal:
        raise DomainError(refusal.message, about="fichier") from refusal
    finally:
        given.close()


def do_gesture(session: Session, place: str, sent: Sent, deposited: Sequence[StoredFile]) -> None:
    """Keep what was typed, then what the button says.

    Raises:
        Overtaken: another tab kept another text there.
        DomainError: the draft is too long, there is no file to add, or one too many.
    """
    check_is_latest(session, place, text=sent.text, title=sent.title, seen=sent.seen, by=viewer())
    keep_draft(session, place, text=sent.text, title=sent.title, by=viewer(), key=sent.key)
    gesture, _colon, token = sent.gesture.partition(":")
    if gesture == _ATTACH and not deposited:
        raise DomainError(_("Choisissez un fichier, puis joignez-le."), about="fichier")
    for stored in deposited:
        attach(session, place, stored, by=viewer())
    if gesture == _DETACH:
        detach(session, place, token, by=viewer())
    if gesture == _DRAFT:
        flash(_("Le brouillon est gardé : vous le retrouverez ici, et dans « Mes brouillons »."))


def to_attach(
    session: Session, place: str, sent: Sent, deposited: Sequence[StoredFile]
) -> Iterator[StoredFile]:
    """The files of what is being posted: those of its draft, which goes, and of this request.

    The draft is read at the first one that is asked for: whoever posts holds the space by then, as
    does whoever redacts a draft.

    Raises:
        Overtaken: another tab kept another text there.
    """
    yield from take_to_post(
        session,
        place,
        text=sent.text,
        title=sent.title,
        seen=sent.seen,
        by=viewer(),
    )
    yield from deposited


def keep_given_back(
    refusal: DomainError,
    sent: Sent,
    deposited: Sequence[StoredFile],
    place_in: Callable[[Session], str],
) -> DomainError:
    """The draft of the place holds what was refused, if there is still such a place.

    What is to be told is given back: another tab may have kept a newer text there.
    """
    with writing() as session:
        if not (place := place_in(session)):
            return refusal
        newer = keep_refused(
            session,
            place,
            text=sent.text,
            title=sent.title,
            files=deposited,
            seen=sent.seen,
            by=viewer(),
        )
        return newer or refusal


def nowhere(sent: Sent) -> ResponseReturnValue:
    """The thread or the space is not there any more for this person: their text is."""
    return error_page(404, mine=typed(sent))


def typed(sent: Sent) -> str:
    """All that was typed, to be shown on a page without a form."""
    return "\n\n".join(one for one in (sent.title, sent.text) if one)


def signs(sent: Sent) -> tuple[Seen, ...]:
    """What looks like personal data in a new post, title included."""
    return seen_in(" ".join(storable(sent.title).split()), storable(sent.text).strip())


def posted(made: Post, address: str) -> ResponseReturnValue:
    """Lead to the post, and say whether it is read already."""
    if made.is_published:
        flash(_("Votre message est publié."), "success")
    else:
        flash(
            _(
                "Merci. Comme c’est l’un de vos premiers messages ici, l’animation le lit avant "
                "qu’il paraisse."
            )
        )
    return redirect(request.script_root + address, 303)
