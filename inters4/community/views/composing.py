"""A thread is started, an answer is posted: once, and nothing that was typed is ever lost."""

from collections.abc import Sequence
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path
from inters4.community.exports.words import KIND_VALUES
from inters4.community.forms.writing import (
    Refused,
    Sent,
    ThreadForm,
    new_key,
    put_error,
    read_sent,
    refused,
)
from inters4.community.models import FILE_BYTES, Post, Space, ThreadKind
from inters4.community.queries.access import access_to
from inters4.community.queries.drafts import (
    files_of_draft,
    find_draft,
    place_of_space,
    place_of_thread,
)
from inters4.community.queries.posts import first_post
from inters4.community.queries.tied import PARAMETER, find_subject
from inters4.community.queries.visibility import find_readable_space, find_thread
from inters4.community.services.detecting import Seen, seen_in
from inters4.community.services.drafting import (
    attach,
    detach,
    keep_draft,
    mark_of_draft,
    take_draft,
)
from inters4.community.services.posting import post
from inters4.community.services.starting import start_thread
from inters4.community.views.blueprint import bp
from inters4.community.views.thread_page import NOTHING, draw_thread
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.files import FileStore, StoredFile, file_store
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.core.web.errors import page as error_page
from inters4.core.web.requests import signed_in, viewer
from inters4.settings import Settings

_DRAFT, _ATTACH, _DETACH = "brouillon", "joindre", "retirer"
NO_FILE: Sequence[StoredFile] = ()


@bp.post("/<slug>/<int:thread_id>/repondre")
@signed_in
def answer(slug: str, thread_id: int) -> ResponseReturnValue:
    """Post an answer, or do what the other buttons say."""
    sent, deposited = read_sent(), NO_FILE
    try:
        deposited = received_file()
        with writing() as session:
            thread = find_thread(session, slug, thread_id, viewer=viewer())
            if thread is None:
                return _nowhere(sent)
            place = place_of_thread(thread)
            if sent.gesture:
                _do(session, place, sent, deposited)
                return redirect(_back(slug, thread_id, "#repondre"), 303)
            made = post(
                session,
                thread,
                sent.text,
                by=viewer(),
                key=sent.key,
                chosen=sent.chosen,
                files=[*take_draft(session, place, by=viewer()), *deposited],
                is_meant=sent.means(_signs(sent)),
            )
            address = post_path(slug, thread.id, thread.title, made.number)
    except DomainError as refusal:
        return _answer_again(slug, thread_id, sent, refusal, deposited)
    return _told(made, address)


@bp.get("/<slug>/nouveau")
@signed_in
def new_thread(slug: str) -> ResponseReturnValue:
    """The form of a new thread, about something or nothing."""
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        return _new_page(session, space)


@bp.post("/<slug>/nouveau")
@signed_in
def start(slug: str) -> ResponseReturnValue:
    """Start the thread, or do what the other buttons say."""
    sent, deposited = read_sent(), NO_FILE
    try:
        deposited = received_file()
        with writing() as session:
            space = find_readable_space(session, slug, viewer=viewer())
            if space is None:
                return _nowhere(sent)
            place = place_of_space(space)
            if sent.gesture:
                _do(session, place, sent, deposited)
                return redirect(_new_again(slug, sent), 303)
            thread = start_thread(
                session,
                space,
                title=sent.title,
                text=sent.text,
                kind=KIND_VALUES.get(sent.kind, ThreadKind.DISCUSSION),
                about=_about(sent.subject),
                by=viewer(),
                key=sent.key,
                chosen=sent.chosen,
                files=[*take_draft(session, place, by=viewer()), *deposited],
                is_meant=sent.means(_signs(sent)),
            )
            made = first_post(session, thread)
            address = post_path(slug, thread.id, thread.title, 1)
    except DomainError as refusal:
        return _start_again(slug, sent, refusal, deposited)
    return _told(made, address)


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


def _do(session: Session, place: str, sent: Sent, deposited: Sequence[StoredFile]) -> None:
    """Keep what was typed, then what the button says."""
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


def _answer_again(
    slug: str, thread_id: int, sent: Sent, refusal: DomainError, deposited: Sequence[StoredFile]
) -> ResponseReturnValue:
    """The page with what was typed; what was deposited stays in the draft."""
    _keep(sent, deposited, thread=(slug, thread_id))
    with reading() as session:
        g.session = session
        thread = find_thread(session, slug, thread_id, viewer=viewer())
        if thread is None:
            return _nowhere(sent)
        return draw_thread(session, thread, sent=sent, refused=refused(refusal))


def _start_again(
    slug: str, sent: Sent, refusal: DomainError, deposited: Sequence[StoredFile]
) -> ResponseReturnValue:
    _keep(sent, deposited, slug=slug)
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer())
        if space is None:
            return _nowhere(sent)
        return _new_page(session, space, sent=sent, refusal=refusal)


def _keep(
    sent: Sent,
    deposited: Sequence[StoredFile],
    *,
    slug: str = "",
    thread: tuple[str, int] | None = None,
) -> None:
    """The draft holds what was refused; words that it cannot hold are in the page all the same."""
    try:
        with writing() as session:
            if thread is not None:
                found = find_thread(session, *thread, viewer=viewer())
                place = place_of_thread(found) if found else ""
            else:
                space = find_readable_space(session, slug, viewer=viewer())
                place = place_of_space(space) if space else ""
            if place:
                keep_draft(
                    session, place, text=sent.text, title=sent.title, by=viewer(), key=sent.key
                )
                for stored in deposited:
                    attach(session, place, stored, by=viewer())
    except DomainError:
        return


def _new_page(
    session: Session,
    space: Space,
    *,
    sent: Sent | None = None,
    refusal: DomainError | None = None,
) -> ResponseReturnValue:
    access = access_to(session, space, viewer=viewer())
    place = place_of_space(space)
    draft = find_draft(session, place, viewer=viewer())
    told: Refused = refused(refusal) if refusal else NOTHING
    key = sent.subject if sent else request.args.get(PARAMETER, "")
    form = _thread_form(sent, draft.title if draft else "", draft.source if draft else "")
    form.offer(announces=access.moderates)
    form.sujet.data = key
    if refusal is not None and not told.seen:
        put_error(form, refusal)
    body = render_template(
        "community/thread_new.html",
        space=space,
        access=access,
        place="fil",
        form=form,
        subject=find_subject(session, key, viewer=viewer()),
        refused=told,
        draft=draft,
        draft_mark=mark_of_draft(draft),
        attached=files_of_draft(session, draft),
        key=new_key() if sent is None or told.theirs or not sent.key else sent.key,
        chosen=sent.chosen if sent else (),
        writing_place=place,
        writing_url=url_for(".start", slug=space.slug),
    )
    made: Response = make_response(body, told.status)
    if told.retry_after:
        made.headers["Retry-After"] = str(told.retry_after)
    return made


def _thread_form(sent: Sent | None, title: str, text: str) -> ThreadForm:
    if sent is not None:
        return ThreadForm(
            formdata=None, titre=sent.title, texte=sent.text, nature=sent.kind or "discussion"
        )
    kind = request.args.get("genre", "")
    return ThreadForm(
        formdata=None,
        titre=title or request.args.get("titre", "")[:200],
        texte=text,
        nature=kind if kind in KIND_VALUES else "discussion",
    )


def _nowhere(sent: Sent) -> ResponseReturnValue:
    """The thread or the space is not there any more for this person: their text is."""
    return error_page(404, mine="\n\n".join(one for one in (sent.title, sent.text) if one))


def _about(key: str) -> tuple[str, str] | None:
    kind, _colon, identifier = key.partition(":")
    return (kind, identifier) if kind and identifier and len(key) <= 200 else None


def _signs(sent: Sent) -> tuple[Seen, ...]:
    return seen_in(" ".join(storable(sent.title).split()), storable(sent.text).strip())


def _back(slug: str, thread_id: int, anchor: str) -> str:
    return url_for(".thread", slug=slug, thread_id=thread_id, words="") + anchor


def _told(made: Post, address: str) -> ResponseReturnValue:
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


def _new_again(slug: str, sent: Sent) -> str:
    kept: dict[str, Any] = {PARAMETER: sent.subject or None, "genre": sent.kind or None}
    return url_for(".new_thread", slug=slug, **kept, _anchor="fichiers")
