"""What threads add elsewhere: who reads their files, and the text of those for search."""

from inters4.community.jobs.words import WORDS_JOB, WORDS_SECONDS, draw_words
from inters4.community.queries.post_files import opening_of
from inters4.core.hooks import Hooks
from inters4.core.jobs import jobs


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_file_owner(opening_of)
    jobs.periodic(WORDS_JOB, every=WORDS_SECONDS)(draw_words)
