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
from inters4.core.i18n import format_moment, format_number, ngettext
from inters4.search.jobs import open_worker
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.search.queries import index as queries
from inters4.search.queries.index import FailingDocument
from inters4.search.services.requests import request_index
from inters4.settings import Settings

_PAUSE_SECONDS = 0.3
_FAILING_SHOWN = 20


@click.group()
def index() -> None:
    """Index de recherche : état, reconstruction, vérification."""


@index.command()
@click.pass_obj
def status(settings: Settings) -> None:
    """Dit ce que contient l’index et ce qui l’attend."""
    try:
        with open_engine(settings.index_dir, backend=settings.search) as engine:
            say(f"Documents dans l’index : {format_number(engine.document_count())}")
            say(f"Révision : {engine.revision}")
    except IndexUnavailable:
        say("L’index ne peut pas être lu. Reconstruisez-le avec « inters4 index rebuild ».")
    with reading() as session:
        backlog = queries.find_backlog(session)
        failing = queries.failing_documents(session, limit=_FAILING_SHOWN)
        under_way = [_under_way(request) for request in queries.open_requests(session)]
        rebuilt = queries.last_answered(session, IndexTask.REBUILD)
        rebuilt_at = rebuilt.done_at if rebuilt else None
    say(f"Changements à suivre : {format_number(backlog.rows)}{_since(backlog.oldest)}")
    _say_failing(failing, total=backlog.failing)
    for line in under_way:
        say(line)
    if rebuilt_at is not None:
        say(f"Dernière reconstruction : {format_moment(rebuilt_at)}")


@index.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Reconstruit l’index à côté de celui qui sert, puis le remplace."""
    done = _ask(settings, IndexTask.REBUILD)
    count = done.report["documents"]
    documents = ngettext("%(num)s document", "%(num)s documents", count)
    say(f"L’index est reconstruit : {documents}.")
    _say_failed(done)


@index.command()
@click.option("--repair", is_flag=True, help="Corrige ce qui manque, est en trop ou périmé.")
@click.pass_obj
def verify(settings: Settings, *, repair: bool) -> None:
    """Compare l’index à la base de données."""
    done = _ask(settings, IndexTask.REPAIR if repair else IndexTask.VERIFY)
    different = 0
    for name, words in _DIFFERENCES.items():
        count = done.report[name]
        different += count
        say(f"{words} : {format_number(count)}")
        for key in done.report["keys"][name]:
            say(f"  {key}")
    _say_failed(done)
    if not different:
        say("L’index correspond à la base de données.")
    elif repair:
        say("L’index est réparé.")
    else:
        fail("Réparez l’index avec « inters4 index verify --repair ».")


_NAMES = {
    IndexTask.REBUILD: "reconstruction",
    IndexTask.VERIFY: "vérification",
    IndexTask.REPAIR: "vérification et réparation",
}
_DIFFERENCES = {"missing": "Manquants", "orphan": "En trop", "stale": "Périmés"}


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
    with progress(_NAMES[task].capitalize(), total) as shown:
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
            f"La {_NAMES[task]} a échoué ({request.report.get('error', 'erreur inconnue')}). "
            "Le journal en donne la cause."
        )
    return request


def _find(number: int) -> IndexRequest:
    with reading() as session:
        found = session.get_one(IndexRequest, number)
        session.expunge(found)
        return found


def _since(oldest: datetime | None) -> str:
    return f" (le plus ancien : {format_moment(oldest)})" if oldest else ""


def _say_failing(failing: list[FailingDocument], *, total: int) -> None:
    if not failing:
        return
    say(f"Documents impossibles à construire : {format_number(total)}")
    for document in failing:
        next_at = format_moment(document.next_at)
        say(f"  {document.key} (essais : {document.attempts}, prochain : {next_at})")
    if total > len(failing):
        say("  …")


def _under_way(request: IndexRequest) -> str:
    line = f"En cours : {_NAMES[request.task]}"
    if request.total is None:
        return line
    return f"{line} ({format_number(request.progress)} sur {format_number(request.total)})"


def _say_failed(request: IndexRequest) -> None:
    for key in request.report.get("failed", ()):
        say(f"Document impossible à construire : {key}", error=True)
