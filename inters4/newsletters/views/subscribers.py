"""`/infolettres/abonnes`: who receives the infolettres, with what proof; in and out as CSV.

For the team alone: others are told that it does not exist. An export is written in the journal.
"""

from collections.abc import Callable, Iterator, Mapping

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.members.exports.words import place_label
from inters4.newsletters.exports.subscribers import subscribers_csv
from inters4.newsletters.exports.words import frequency_label, state_label
from inters4.newsletters.forms.subscribers_file import read_subscribers, read_wanted
from inters4.newsletters.models import SubscriberState
from inters4.newsletters.queries import subscribers as queries
from inters4.newsletters.services.importing_subscribers import (
    Declared,
    Outcome,
    Reported,
    import_subscribers,
)
from inters4.newsletters.services.preferences import leave
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.subscribing import offered

_OUTCOMES: Mapping[Outcome, Callable[[], str]] = {
    Outcome.SUBSCRIBED: lambda: _("Abonnement créé"),
    Outcome.ADDED: lambda: _("Infolettre ajoutée à l’abonnement"),
    Outcome.ALREADY: lambda: _("Déjà dans la liste, ou infolettre quittée : rien n’a changé"),
    Outcome.UNSUBSCRIBED: lambda: _("Refusée : la personne s’est désabonnée"),
    Outcome.BOUNCED: lambda: _("Refusée : l’adresse ne reçoit plus"),
    Outcome.COMPLAINED: lambda: _("Refusée : la personne s’est plainte"),
    Outcome.WITHDRAWN: lambda: _("Refusée : consentement retiré dans le compte"),
    Outcome.UNREADABLE: lambda: _("Ligne à corriger"),
}


@bp.get("/abonnes")
@signed_in
def subscribers() -> ResponseReturnValue:
    """The list, by state, newsletter, language, or a piece of the address."""
    _team()
    with reading() as session:
        g.session = session
        wanted = read_wanted(request.args)
        choice = offered(session)
        kept = {name: value for name, value in request.args.items() if value and name != "page"}
        return render_template(
            "newsletters/subscribers.html",
            page=queries.list_subscribers(
                session, wanted, page=request.args.get("page", 1, type=int)
            ),
            wanted=wanted,
            counts=queries.count_by_state(session),
            states=[
                (one.value, state_label(one))
                for one in SubscriberState
                if one is not SubscriberState.ERASED
            ],
            offered=choice,
            titles=dict(choice.newsletters),
            kept=kept,
            url_of=lambda number: url_for(".subscribers", **{**kept, "page": number}),
            at=now(),
            state_at=queries.state_at,
            state_label=state_label,
            received=queries.newsletters_received,
        )


@bp.post("/abonnes/fichier")
@signed_in
def subscribers_as_csv() -> ResponseReturnValue:
    """What the filters show, as a file; the export is written in the journal."""
    team = _team()
    wanted = read_wanted(request.form)
    with writing() as session:
        audit.record(
            session,
            "newsletters.subscribers_exported",
            by=team,
            request_id=request_id(),
            words=wanted.words,
            state=wanted.state,
            newsletter=wanted.newsletter,
            language=wanted.language,
        )

    def lines() -> Iterator[str]:
        with reading() as session:
            yield from subscribers_csv(queries.every_subscriber(session, wanted))

    return as_file(lines(), CSV, "abonnes.csv", is_private=True)


@bp.get("/abonnes/<public_id>")
@signed_in
def subscriber(public_id: str) -> ResponseReturnValue:
    """One subscriber: what they chose, and the proof of each consent."""
    _team()
    with reading() as session:
        g.session = session
        found = queries.find_subscriber(session, public_id) or abort(404)
        choice = offered(session)
        received = queries.newsletters_received(found)
        themes = {one.theme for one in found.themes}
        return render_template(
            "newsletters/subscriber.html",
            subscriber=found,
            state=state_label(queries.state_at(found, now())),
            may_leave=found.state not in {SubscriberState.UNSUBSCRIBED, SubscriberState.ERASED},
            titles=[title for identifier, title in choice.newsletters if identifier in received],
            themes=[words for identifier, words in choice.themes if identifier in themes],
            frequency=frequency_label(found.frequency),
            steps=queries.steps_of(session, found.id),
            state_label=state_label,
            place_label=place_label,
        )


@bp.post("/abonnes/<public_id>/desabonnement")
@signed_in
def unsubscribe_for(public_id: str) -> ResponseReturnValue:
    """Someone asked it of the team, by telephone or in answer to an issue."""
    team = _team()
    with writing() as session:
        found = queries.find_subscriber(session, public_id, for_update=True) or abort(404)
        leave(
            session, found, source=url_for(".subscribers"), by=team, reason=_("Demande à l’équipe")
        )
    flash(_("L’adresse est désabonnée de toutes les infolettres."), "success")
    return redirect(url_for(".subscriber", public_id=public_id), code=303)


@bp.get("/abonnes/importer")
@signed_in
def import_page() -> ResponseReturnValue:
    """A file, and the proof that these people agreed."""
    _team()
    with reading() as session:
        g.session = session
        return _import_page(session)


@bp.post("/abonnes/importer")
@signed_in
def bring_subscribers() -> ResponseReturnValue:
    """Subscribe those who may be; every line is told."""
    team = _team()
    sent = request.files.get("fichier")
    text = sent.read().decode("utf-8-sig", "replace") if sent and sent.filename else ""
    text = text or request.form.get("lignes", "")
    with reading() as session:
        codes = [code for code, _words in offered(session).languages]
    language = request.form.get("langue", "")
    declared = Declared(
        newsletter_id=request.form.get("infolettre", ""),
        language=language if language in codes else codes[0],
        proof=request.form.get("preuve", "").strip(),
        source=url_for(".import_page"),
    )
    reported: list[Reported] = []
    told, status = None, 200
    try:
        lines = read_subscribers(text, languages=codes)
        with writing() as session:
            reported = import_subscribers(session, lines, declared, by=team)
    except DomainError as refusal:
        told, status = (refusal.about, refusal.message), 422
    with reading() as session:
        g.session = session
        return _import_page(session, text=text, told=told, reported=reported), status


def _import_page(
    session: Session,
    *,
    text: str = "",
    told: tuple[str, str] | None = None,
    reported: list[Reported] | None = None,
) -> str:
    return render_template(
        "newsletters/subscribers_import.html",
        offered=offered(session),
        typed=request.form,
        text=text if told else "",
        told=told,
        reported=[
            (one.line, _OUTCOMES[one.outcome](), one.outcome.value) for one in reported or ()
        ],
        counts=[
            (words(), sum(one.outcome is outcome for one in reported or ()))
            for outcome, words in _OUTCOMES.items()
        ],
    )


def _team() -> Viewer:
    return viewer() if queries.is_team(viewer()) else abort(404)
