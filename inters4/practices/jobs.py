"""What the worker does for sheets: reminders, reviews that are due, adoptions, readings, PDF."""

import structlog

from inters4.core import tallies
from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.files import FileStore, file_store
from inters4.core.i18n import use_locale
from inters4.core.jobs import jobs
from inters4.core.paper import PaperRefused, lacking, make_pdf
from inters4.practices.exports.paper import draw_paper
from inters4.practices.queries import load_practice
from inters4.practices.queries.adoptions import public_adoptions_of, results_of
from inters4.practices.queries.papers import papers_to_make
from inters4.practices.services.adoption_life import ask_for_news, tell_unheld
from inters4.practices.services.chasing import chase_approvals, chase_reviews, free_drafts
from inters4.practices.services.leaving import mark_overdue
from inters4.practices.services.papers import drop_papers, keep_paper, refuse_paper
from inters4.practices.services.readership import keep_readings, tell_quarters
from inters4.vocabulary.queries import vocabulary

log = structlog.get_logger(__name__)

LIFE_JOB = "practices.life"
EVERY_SECONDS = 3600
ADOPTION_JOB = "practices.adoptions"
DAILY_SECONDS = 24 * 3600
READINGS_JOB, READINGS_SECONDS = "practices.readings", 300
QUARTERS_JOB = "practices.quarters"
PAPERS_JOB = "practices.papers"
READINGS = "fiches"
"""Under what readings of sheets are noted: their ids."""


def follow_sheets() -> None:
    """Hourly: what is due is told once, whenever the worker comes back."""
    with writing() as session:
        mark_overdue(session)
        free_drafts(session)
        chase_reviews(session)
        chase_approvals(session)


def follow_adoptions() -> None:
    """Daily: whoever tells nothing for a year is asked; what nobody answers for is told of."""
    with writing() as session:
        ask_for_news(session)
        tell_unheld(session)


def sum_readings() -> None:
    """Every few minutes: what pages noted goes to its day.

    Killed between the commit and the end, it counts those minutes twice: a count, not an account.
    """
    data_dir = jobs.settings.data_dir
    tallies.set_aside(data_dir, READINGS)
    counts = tallies.noted(data_dir, READINGS)
    if counts:
        with writing() as session:
            keep_readings(session, counts)
    tallies.forget(data_dir, READINGS)


def follow_quarters() -> None:
    """Daily: once a quarter is over, what became of each sheet is counted and told, once."""
    today = local(now()).date()
    is_done = False
    while not (is_done or jobs.is_stopping):
        with writing() as session:
            is_done = not tell_quarters(session, today=today)


def make_papers() -> None:
    """Hourly, and when somebody asks: PDF asked for, and those whose sheet has changed since."""
    store = file_store(jobs.settings)
    with writing() as session:
        drop_papers(session, store, outdated=lacking() is not None)
    with reading() as session:
        awaited = papers_to_make(session)
    for practice_id in awaited:
        if jobs.is_stopping:
            return
        _make_paper(store, practice_id, site=jobs.settings.url)


def _make_paper(store: FileStore, practice_id: str, *, site: str) -> None:
    """Draw the sheet, make its PDF outside any transaction, keep it."""
    with reading() as session:
        practice = load_practice(session, practice_id)
        if practice is None:
            return
        adoptions = public_adoptions_of(session, practice.id)
        made_of, name = practice.version, f"{practice.slug}.pdf"
        with use_locale(practice.language):
            html = draw_paper(
                practice,
                words=vocabulary(session),
                adoptions=adoptions,
                results=results_of(session, adoptions),
                site=site,
            )
    try:
        pdf = make_pdf(html)
    except PaperRefused as refusal:
        log.warning("paper_not_made", practice=practice_id, reason=str(refusal))
        with writing() as session:
            refuse_paper(session, store, practice_id, made_of=made_of)
        return
    with writing() as session:
        keep_paper(session, store, practice_id, pdf, name=name, made_of=made_of)
