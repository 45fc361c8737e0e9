"""`inters4 index`: where the index stands, rebuild it, verify it.

A command inserts a request and follows its row. It does the work itself when no worker holds the
index, so that it serves with the server stopped as well.
"""

import time
from datetime import datetime

import click

from indexer import IndexUnavailable, open_engine
from inters4.core.console import Progress, fail, progress, say
from inters4.core.db import reading, writing
from inters4.core.i18n import _, format_moment, format_number, lazy, ngettext
from inters4.search.jobs import open_worker
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.search.queries import index as queries
from inters4.search.queries.index import FailingDocument
from inters4.search.services.requests import request_index
from inters4.settings import Settings

_PAUSE_SECONDS = 0.3
_FAILING_SHOWN = 20


@click.group(
    help=_("Index de recherche : état, reconstruction, vérification."),
    subcommand_metavar=_("COMMANDE [ARGUMENTS]…"),
)
def index() -> None:
    """Gather the commands of the index."""


@index.command(help=_("Dit ce que contient l’index et ce qui l’attend."))
@click.pass_obj
def status(settings: Settings) -> None:
    """Say what the index holds and what waits for it."""
    _say_held(settings)
    with reading() as session:
        backlog = queries.find_backlog(session)
        failing = queries.failing_documents(session, limit=_FAILING_SHOWN)
        under_way = [_under_way(request) for request in queries.open_requests(session)]
        rebuilt = queries.last_answered(session, IndexTask.REBUILD)
        rebuilt_at = rebuilt.done_at if rebuilt else None
    waiting = _("Changements à suivre : %(count)s", count=format_number(backlog.rows))
    say(waiting + _since(backlog.oldest))
    _say_failing(failing, total=backlog.failing)
    for line in under_way:
        say(line)
    if rebuilt_at is not None:
        say(_("Dernière reconstruction : %(moment)s", moment=format_moment(rebuilt_at)))


@index.command(help=_("Reconstruit l’index à côté de celui qui sert, puis le remplace."))
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Ask for a new index, and follow its making."""
    done = _ask(settings, IndexTask.REBUILD)
    count = done.report["documents"]
    say(
        ngettext(
            "L’index est reconstruit : %(num)s document.",
            "L’index est reconstruit : %(num)s documents.",
            count,
        )
    )
    _say_failed(done)


@index.command(help=_("Compare l’index à la base de données."))
@click.option("--repair", is_flag=True, help=_("Corrige ce qui manque, est en trop ou périmé."))
@click.pass_obj
def verify(settings: Settings, *, repair: bool) -> None:
    """Ask for a comparison, and say what differs."""
    done = _ask(settings, IndexTask.REPAIR if repair else IndexTask.VERIFY)
    different = 0
    for name, words in _DIFFERENCES.items():
        count = done.report[name]
        different += count
        say(_("%(what)s : %(count)s", what=words, count=format_number(count)))
        for key in done.report["keys"][name]:
            say(f"  {key}")
    _say_failed(done)
    if not different:
        say(_("L’index correspond à la base de données."))
    elif repair:
        say(_("L’index est réparé."))
    else:
        fail(_("Réparez l’index avec « inters4 index verify --repair »."))


_NAMES = {
    IndexTask.REBUILD: lazy("Reconstruction"),
    IndexTask.VERIFY: lazy("Vérification"),
    IndexTask.REPAIR: lazy("Vérification et réparation"),
}
_DIFFERENCES = {
    "missing": lazy("Manquants"),
    "orphan": lazy("En trop"),
    "stale": lazy("Périmés"),
}


class _Meter:
    """Moves a bar forward, never back, whoever does the work."""

    def __init__(self, shown: Progress) -> None:
        self._shown, self._reached = shown, 0

    def reach(self, count: int) -> None:
        if count > self._reached:
            self._shown.advance(count - self._reached)
            self._reached = count


def _ask(settings: Settings, task: IndexTask) -> IndexRequest:
    """Insert a request, then follow it, doing the work here when nobody else does."""
    with writing() as session:
        number = request_index(session, task).id
    with reading() as session:
        total = sum(1 for _reference in queries.every_reference(session))
    with progress(str(_NAMES[task]), total) as shown:
        meter = _Meter(shown)
        while (request := _find(number)).is_open:
            meter.reach(request.progress)
            with open_worker(settings, on_progress=meter.reach) as worker:
                is_ours = worker.work()
            if not is_ours:
                time.sleep(_PAUSE_SECONDS)
        meter.reach(request.progress)
    if request.state is RequestState.FAILED:
        fail(
            _(
                "%(task)s : échec (%(reason)s). Le journal en donne la cause.",
                task=_NAMES[task],
                reason=request.report.get("error", _("erreur inconnue")),
            )
        )
    return request


def _find(number: int) -> IndexRequest:
    with reading() as session:
        found = session.get_one(IndexRequest, number)
        session.expunge(found)
        return found


def _say_held(settings: Settings) -> None:
    try:
        with open_engine(settings.index_dir, backend=settings.search) as engine:
            count = format_number(engine.document_count())
            say(_("Documents dans l’index : %(count)s", count=count))
            say(_("Révision : %(number)s", number=engine.revision))
    except IndexUnavailable:
        say(_("L’index ne peut pas être lu. Lancez : inters4 index rebuild"))


def _since(oldest: datetime | None) -> str:
    if oldest is None:
        return ""
    return " " + _("(le plus ancien : %(moment)s)", moment=format_moment(oldest))


def _say_failing(failing: list[FailingDocument], *, total: int) -> None:
    if not failing:
        return
    say(_("Documents impossibles à construire : %(count)s", count=format_number(total)))
    for document in failing:
        say(
            _(
                "  %(key)s (essais : %(attempts)s, prochain : %(moment)s)",
                key=document.key,
                attempts=document.attempts,
                moment=format_moment(document.next_at),
            )
        )
    if total > len(failing):
        say("  …")


def _under_way(request: IndexRequest) -> str:
    if request.total is None:
        return _("En cours : %(task)s", task=_NAMES[request.task])
    return _(
        "En cours : %(task)s (%(done)s sur %(total)s)",
        task=_NAMES[request.task],
        done=format_number(request.progress),
        total=format_number(request.total),
    )


def _say_failed(request: IndexRequest) -> None:
    for key in request.report.get("failed", ()):
        say(_("Document impossible à construire : %(key)s", key=key), error=True)
