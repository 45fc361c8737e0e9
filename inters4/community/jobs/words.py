"""The text of attached files, a few at a time."""

from inters4.community.services.file_words import keep_words, unread_files, words_of
from inters4.core.db import reading, writing
from inters4.core.files import file_store
from inters4.core.jobs import jobs

WORDS_JOB = "community.words"
WORDS_SECONDS = 60


def draw_words() -> None:
    """Read what was attached since the last time; each file is read once."""
    store = file_store(jobs.settings)
    with reading() as session:
        waiting = unread_files(session)
    for stored in waiting:
        if jobs.is_stopping:
            return
        words = words_of(store, stored)
        with writing() as session:
            keep_words(session, stored.id, words)
