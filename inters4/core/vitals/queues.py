"""Letters that wait or could not leave, and the jobs of the worker."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.i18n import LazyText, _, format_moment, format_number, lazy
from inters4.core.jobs import Job, jobs
from inters4.core.jobs.chronicle import Run, read_runs
from inters4.core.mail import MailState, QueuedMail
from inters4.core.vitals.model import Level, Section, Sign
from inters4.settings import Settings

_SLOW_MAIL, _STUCK_MAIL = timedelta(minutes=15), timedelta(hours=2)
_SILENCE = timedelta(minutes=2)
_MOST_FAILURES = 3
_LATE_PERIODS = 3

JOBS: Mapping[str, LazyText] = {
    "community.meetings": lazy("Rappels des rencontres"),
    "community.questions": lazy("Questions sans réponse"),
    "community.requests": lazy("Demandes d’adhésion qui attendent"),
    "community.tell": lazy("Annonce des nouveaux messages"),
    "community.words": lazy("Lecture des pièces jointes"),
    "mail.send": lazy("Envoi des courriels"),
    "members.approvals": lazy("Lettres aux personnes qui approuvent"),
    "members.inactivity": lazy("Comptes que personne n’ouvre"),
    "newsletters.clicks": lazy("Compte des clics des infolettres"),
    "newsletters.join": lazy("Abonnements donnés à l’inscription"),
    "newsletters.remind": lazy("Rappels des numéros à approuver"),
    "newsletters.send": lazy("Envoi des infolettres"),
    "notices.digests": lazy("Résumés des avis"),
    "practices.adoptions": lazy("Suivi des adoptions de fiches"),
    "practices.life": lazy("Échéances des fiches"),
    "practices.papers": lazy("PDF des fiches"),
    "practices.quarters": lazy("Bilans trimestriels des fiches"),
    "practices.readings": lazy("Compte des lectures des fiches"),
    "privacy.scrub": lazy("Effacements à terminer"),
    "retention.purge": lazy("Purge de ce qui a fait son temps"),
    "search.index": lazy("Suivi de l’index"),
    "veille.poll": lazy("Visite des sources de veille"),
}
"""What jobs are called on the page of health: every job is here."""


def mail(session: Session, _settings: Settings) -> Section:
    """The mail queue, in two statements."""
    rows = session.execute(select(QueuedMail.state, func.count()).group_by(QueuedMail.state)).all()
    counts = {row[0]: row[1] for row in rows}
    oldest, failed_at = session.execute(
        select(
            func.min(QueuedMail.not_before).filter(QueuedMail.state == MailState.QUEUED),
            func.max(QueuedMail.settled_at).filter(QueuedMail.state == MailState.FAILED),
        )
    ).one()
    waiting = counts.get(MailState.QUEUED, 0) + counts.get(MailState.SENDING, 0)
    failed = counts.get(MailState.FAILED, 0)
    return Section(
        "courriel",
        _("Courriel"),
        (
            Sign(_("En attente"), format_number(waiting)),
            _oldest_letter(oldest),
            Sign(_("Envoyés, encore dans la file"), format_number(counts.get(MailState.SENT, 0))),
            Sign(
                _("Refusés pour de bon"),
                format_number(failed) + _since(failed_at),
                Level.WATCH if failed else Level.GOOD,
                _(
                    "Des adresses ont refusé ces lettres : le journal du portail dit lesquelles "
                    "(« mail_failed »). Un refus de toutes est un réglage du relais : essayez "
                    "« inters4 check --mail ADRESSE »."
                )
                if failed
                else "",
            ),
        ),
    )


def work(_session: Session, settings: Settings) -> Section:
    """Each job: when it last ran, when it runs next, what went wrong."""
    runs = read_runs(settings.data_dir)
    seen = max((run.ended for run in runs.values()), default=None)
    return Section(
        "travaux",
        _("Travaux en arrière-plan"),
        (_worker(seen), *(_job(job, runs.get(job.name)) for job in jobs.registered())),
    )


def _oldest_letter(due: datetime | None) -> Sign:
    """A letter put off on purpose is not late."""
    label = _("La plus ancienne qui devrait être partie")
    late = now() - due if due else timedelta()
    if due is None or late < timedelta():
        return Sign(label, _("aucune"))
    if late < _SLOW_MAIL:
        return Sign(label, format_moment(due))
    return Sign(
        label,
        format_moment(due),
        Level.BAD if late > _STUCK_MAIL else Level.WATCH,
        _(
            "Le relais ne répond peut-être pas, ou le processus de travail est arrêté : essayez "
            "« inters4 check --mail ADRESSE »."
        ),
    )


def _worker(seen: datetime | None) -> Sign:
    label, advice = (
        _("Processus de travail"),
        _("Relancez le service, ou « inters4 worker » s’il tourne à part."),
    )
    if seen is None:
        return Sign(label, _("jamais vu"), Level.BAD, advice)
    if now() - seen > _SILENCE:
        told = _("muet depuis le %(moment)s", moment=format_moment(seen))
        return Sign(label, told, Level.BAD, advice)
    return Sign(label, _("au travail"))


def _job(job: Job, run: Run | None) -> Sign:
    label = str(JOBS.get(job.name, job.name))
    if run is None:
        return Sign(label, _("pas encore passé"))
    following = run.started + timedelta(seconds=job.every)
    told = _(
        "dernier passage le %(last)s, prochain %(next)s",
        last=format_moment(run.ended),
        next=_next(following),
    )
    if run.failures:
        return Sign(
            label,
            told,
            Level.BAD if run.failures >= _MOST_FAILURES else Level.WATCH,
            _(
                "Échecs de suite : %(count)s (%(error)s). Le journal du portail en dit la cause "
                "(« %(name)s »).",
                count=format_number(run.failures),
                error=run.error,
                name=job.name,
            ),
        )
    late = timedelta(seconds=job.every * _LATE_PERIODS) + _SILENCE
    if now() - run.ended > late:
        return Sign(label, told, Level.WATCH, _("Il aurait dû repasser : voyez plus haut."))
    return Sign(label, told)


def _next(at: datetime) -> str:
    soon = now() + timedelta(minutes=1)
    return (
        _("dans moins d’une minute") if at < soon else _("le %(moment)s", moment=format_moment(at))
    )


def _since(moment: datetime | None) -> str:
    return " " + _("(le dernier : %(moment)s)", moment=format_moment(moment)) if moment else ""
