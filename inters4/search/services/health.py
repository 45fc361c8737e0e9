"""How the index is doing, beside the database that it follows."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from indexer import IndexUnavailable
from inters4.core.clock import now
from inters4.core.i18n import LazyText, _, format_moment, format_number, lazy
from inters4.core.vitals import Action, Level, Section, Sign
from inters4.core.vitals.machine import in_bytes, weight
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.search.queries import index as queries
from inters4.search.queries.engine import engine
from inters4.settings import Settings

_SLOW, _STUCK = timedelta(minutes=5), timedelta(hours=1)
_FAILING_SHOWN = 5
ENDPOINT = "search.ask_index"
TASKS: dict[IndexTask, LazyText] = {
    IndexTask.VERIFY: lazy("Vérifier"),
    IndexTask.REPAIR: lazy("Vérifier et réparer"),
    IndexTask.REBUILD: lazy("Reconstruire"),
}
_DONE: dict[IndexTask, LazyText] = {
    IndexTask.VERIFY: lazy("Dernière vérification"),
    IndexTask.REPAIR: lazy("Dernière réparation"),
    IndexTask.REBUILD: lazy("Dernière reconstruction"),
}


def index_section(session: Session, settings: Settings) -> Section:
    """What the index holds, what it lags behind, what was asked of the worker."""
    backlog = queries.find_backlog(session)
    signs = [*_held(session, settings), *_lag(session, backlog)]
    signs += [_under_way(request) for request in queries.open_requests(session)]
    for task in TASKS:
        answered = queries.last_answered(session, task)
        if answered is not None:
            signs.append(_answered(answered))
    actions = tuple(Action(str(told), ENDPOINT, task.value) for task, told in TASKS.items())
    return Section("index", _("Index de recherche"), signs, actions)


def _held(session: Session, settings: Settings) -> list[Sign]:
    expected = sum(1 for _reference in queries.every_reference(session))
    try:
        reader = engine()
        reader.refresh()
        held, revision = reader.document_count(), reader.revision
    except IndexUnavailable:
        return [
            Sign(
                _("Documents"),
                _("l’index ne peut pas être lu"),
                Level.BAD,
                _("La recherche répond qu’elle est en pause. Reconstruisez l’index, ci-dessous."),
            )
        ]
    differs = held != expected
    return [
        Sign(
            _("Documents"),
            _(
                "%(held)s dans l’index, %(expected)s dans la base",
                held=format_number(held),
                expected=format_number(expected),
            ),
            Level.WATCH if differs else Level.GOOD,
            _(
                "C’est normal pendant que l’index suit des changements. S’il n’en attend plus, "
                "vérifiez et réparez."
            )
            if differs
            else "",
        ),
        Sign(_("Génération et écriture"), str(revision)),
        Sign(_("Poids"), in_bytes(weight(settings.index_dir))),
        _last_written(settings),
    ]


def _last_written(settings: Settings) -> Sign:
    """When a file of the index last changed: that of its latest commit."""
    label = _("Dernière écriture")
    try:
        latest = max(
            path.stat().st_mtime
            for path in settings.index_dir.rglob("*")
            if path.is_file() and path.suffix != ".lock"
        )
    except (OSError, ValueError):
        return Sign(label, _("inconnue"))
    return Sign(label, format_moment(datetime.fromtimestamp(latest, UTC)))


def _lag(session: Session, backlog: queries.Backlog) -> list[Sign]:
    late = now() - backlog.oldest if backlog.oldest else timedelta()
    level = Level.BAD if late > _STUCK else Level.WATCH if late > _SLOW else Level.GOOD
    told = format_number(backlog.rows)
    if backlog.oldest:
        told += " " + _("(le plus ancien : %(moment)s)", moment=format_moment(backlog.oldest))
    found = [
        Sign(
            _("Changements à suivre"),
            told,
            level,
            _("Le processus de travail est peut-être arrêté : voyez les travaux.") if level else "",
        )
    ]
    if backlog.failing:
        shown = queries.failing_documents(session, limit=_FAILING_SHOWN)
        found.append(
            Sign(
                _("Documents impossibles à construire"),
                _(
                    "%(count)s, dont %(keys)s",
                    count=format_number(backlog.failing),
                    keys=", ".join(one.key for one in shown),
                ),
                Level.WATCH,
                _(
                    "Ils sont essayés de plus en plus rarement. Le journal du portail dit pourquoi "
                    "(« document_not_built »)."
                ),
            )
        )
    return found


def _under_way(request: IndexRequest) -> Sign:
    label = _("En cours : %(task)s", task=TASKS[request.task])
    if request.state is RequestState.WAITING:
        return Sign(label, _("demandé le %(moment)s", moment=format_moment(request.requested_at)))
    return Sign(
        label,
        _(
            "%(done)s sur %(total)s",
            done=format_number(request.progress),
            total=format_number(request.total) if request.total is not None else "…",
        ),
    )


def _answered(request: IndexRequest) -> Sign:
    label = str(_DONE[request.task])
    moment = format_moment(request.done_at) if request.done_at else ""
    if request.state is RequestState.FAILED:
        return Sign(
            label,
            _("échec le %(moment)s", moment=moment),
            Level.WATCH,
            _(
                "Cause : %(reason)s. Le journal du portail en dit plus; essayez de nouveau.",
                reason=request.report.get("error", "…"),
            ),
        )
    different = sum(request.report.get(name, 0) for name in ("missing", "orphan", "stale"))
    if request.task is IndexTask.VERIFY and different:
        return Sign(
            label,
            _(
                "%(moment)s, %(count)s documents diffèrent",
                moment=moment,
                count=format_number(different),
            ),
            Level.WATCH,
            _("Vérifiez et réparez."),
        )
    return Sign(label, moment)
