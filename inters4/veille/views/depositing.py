"""What people bring to a watch by hand: references, an alert pasted, a page noted."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import signed_in, viewer
from inters4.veille.forms.alerts import MOST_LINKS, AlertLink, recognise
from inters4.veille.forms.references import one_reference, read_references, text_of_bytes
from inters4.veille.models import SourceKind
from inters4.veille.queries.sources import filled_by_hand
from inters4.veille.queries.watches import load_watch
from inters4.veille.services.depositing import Brought, Deposited, Fate, deposit
from inters4.veille.services.entries import Entry
from inters4.veille.views import watch_wording
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import check_desk


@bp.get("/dispositifs/<public_id>/references")
@signed_in
def references(public_id: str) -> ResponseReturnValue:
    """A file or a paste of references."""
    check_desk()
    return _references_page(public_id)


@bp.post("/dispositifs/<public_id>/references")
@signed_in
def bring_references(public_id: str) -> ResponseReturnValue:
    """Take them in, and say of each line what became of it."""
    check_desk()
    try:
        brought = read_references(_text())
        report = _deposit(public_id, brought, SourceKind.REFERENCES)
    except DomainError as refusal:
        field = refusal.about or "texte"
        return _references_page(public_id, told=refusal.message, field=field, status=422)
    return _references_page(public_id, report=report)


@bp.get("/dispositifs/<public_id>/alerte")
@signed_in
def alert(public_id: str) -> ResponseReturnValue:
    """Where the text of an alert is pasted."""
    check_desk()
    return _alert_page(public_id)


@bp.post("/dispositifs/<public_id>/alerte")
@signed_in
def read_alert(public_id: str) -> ResponseReturnValue:
    """Show what was recognised; nothing is kept yet."""
    check_desk()
    links = recognise(request.form.get("texte", ""))
    if not links:
        told = _("Aucun article reconnu : collez le courriel avec ses titres et ses liens.")
        return _alert_page(public_id, told=told, field="texte", status=422)
    return _alert_page(public_id, links=links)


@bp.post("/dispositifs/<public_id>/alerte/confirmation")
@signed_in
def bring_alert(public_id: str) -> ResponseReturnValue:
    """Take in those that were ticked, with the titles as they were mended."""
    check_desk()
    shown = _shown()
    entries = [
        one_reference(title=link.title, url=link.url)
        for number, link in shown.items()
        if f"garder-{number}" in request.form
    ]
    try:
        report = _deposit(public_id, _kept(entries), SourceKind.MAIL)
    except DomainError as refusal:
        links = list(shown.values())
        told, field = refusal.message, refusal.about
        return _alert_page(public_id, links=links, told=told, field=field, status=422)
    flash(_told(report), "success")
    return redirect(url_for(".watch", public_id=public_id), code=303)


@bp.get("/dispositifs/<public_id>/page")
@signed_in
def noted_page(public_id: str) -> ResponseReturnValue:
    """The form of an article, report or page that someone saw."""
    check_desk()
    return _note_page(public_id)


@bp.post("/dispositifs/<public_id>/page")
@signed_in
def note_page(public_id: str) -> ResponseReturnValue:
    """Make a finding of it."""
    check_desk()
    form = request.form
    entry = one_reference(
        title=form.get("titre", ""),
        url=form.get("lien", ""),
        authors=form.get("auteurs", ""),
        journal=form.get("revue", ""),
        said_on=form.get("date", ""),
        doi=form.get("doi", ""),
        language=form.get("langue", ""),
        abstract=form.get("resume", ""),
    )
    errors = {}
    if not form.get("nom", "").strip():
        errors["nom"] = _("Donnez un nom à la source.")
    if not form.get("titre", "").strip():
        errors["titre"] = _("Donnez un titre.")
    if not entry.url and not entry.doi:
        errors["lien"] = _("Donnez une adresse qui commence par http:// ou https://, ou un DOI.")
    if errors:
        return _note_page(public_id, errors=errors, status=422)
    try:
        report = _deposit(public_id, [Brought(1, entry=entry)], SourceKind.PAGE)
    except DomainError as refusal:
        return _note_page(public_id, errors={refusal.about: refusal.message}, status=422)
    flash(_told(report), "success")
    return redirect(url_for(".watch", public_id=public_id), code=303)


def _deposit(public_id: str, brought: Sequence[Brought], kind: SourceKind) -> list[Deposited]:
    name = " ".join(request.form.get("nom", "").split())
    with writing() as session:
        watch = load_watch(session, public_id, is_locked=True) or abort(404)
        return deposit(session, watch, brought, kind=kind, name=name, by=viewer())


def _text() -> str:
    """The file that was chosen, else the paste.

    Raises:
        DomainError: there is neither.
    """
    given = request.files.get("fichier")
    if given is not None and given.filename:
        try:
            return text_of_bytes(given.stream.read())
        finally:
            given.close()
    text = request.form.get("texte", "")
    if not text.strip():
        raise DomainError(_("Choisissez un fichier, ou collez des références."), about="fichier")
    return text


def _shown() -> dict[int, AlertLink]:
    """What the page showed, by its number there, with the titles as they were mended."""
    form = request.form
    return {
        number: AlertLink(form[f"titre-{number}"], form.get(f"lien-{number}", ""))
        for number in range(MOST_LINKS)
        if f"titre-{number}" in form
    }


def _kept(entries: Sequence[Entry]) -> list[Brought]:
    found = [Brought(1, entry=entry) for entry in entries if entry.title and entry.url]
    if not found:
        raise DomainError(_("Cochez au moins un article."), about="garder-0")
    return found


def _told(report: Sequence[Deposited]) -> str:
    new = sum(one.fate is Fate.NEW for one in report)
    known = sum(one.fate is Fate.KNOWN for one in report)
    said = ngettext("%(num)s trouvaille au bureau.", "%(num)s trouvailles au bureau.", new)
    if not known:
        return said
    return (
        said + " " + ngettext("%(num)s était déjà connue.", "%(num)s étaient déjà connues.", known)
    )


def _references_page(
    public_id: str,
    *,
    report: Sequence[Deposited] = (),
    told: str = "",
    field: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return _page(
        public_id,
        "references",
        SourceKind.REFERENCES,
        report=report,
        counts={fate.value: sum(one.fate is fate for one in report) for fate in Fate},
        told=told,
        field=field,
        typed=request.form if told else {},
    ), status


def _alert_page(
    public_id: str,
    *,
    links: Sequence[AlertLink] = (),
    told: str = "",
    field: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return _page(public_id, "alert", SourceKind.MAIL, links=links, told=told, field=field), status


def _note_page(
    public_id: str, *, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    spoken = watch_wording.spoken()
    return _page(public_id, "note", SourceKind.PAGE, errors=errors or {}, spoken=spoken), status


def _page(public_id: str, name: str, kind: SourceKind, **shown: Any) -> str:
    """A page of a watch on which something of this kind is brought, under a name given before."""
    with reading() as session:
        g.session = session
        watch = load_watch(session, public_id) or abort(404)
        names = [one.name for one in filled_by_hand(session, watch.id, kind)]
        given = {"typed": request.form, **shown}
        return render_template(f"veille/watches/{name}.html", watch=watch, names=names, **given)
