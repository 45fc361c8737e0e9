"""Words that carry no subject, folded.

Our own lists: those that circulate lack « les » and drop what are acronyms here (AT, MOI, 8-1-1).
A word is listed only if nobody would ever search for it alone.
"""

import unicodedata

from indexer.analysis.fold import fold

__all__ = ["ACCENTED", "HALF_STOP_WORDS", "STOP_WORDS", "is_stop_word"]

_FRENCH = """
a afin ai aie aient ainsi alors apres as au aucun aucune auquel aura aurait aussi autre autres aux
auxquelles auxquels avaient avait avant avec avez avoir avons ayant c car ce ceci cela celle celles
celui ces cet cette ceux chaque chez ci combien comme comment d dans de depuis des desquelles
desquels doit doivent donc dont du duquel durant elle elles en encore entre es est et etaient etait
etant ete etes etre eu eurent eut eux faire fait font furent fut il ils j jusque l la laquelle le
lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais me meme memes mes mon n ne ni
nos notre nous ont ou par parce parmi pas pendant peu peut peuvent plus plusieurs pour pourquoi
pourrait puis puisque qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera
serait seront ses si soient soit son sont sous sur t ta te tel telle telles tels tes ton toujours
tous tout toute toutes tres tu un une vers voici voila vont vos votre vous y
"""

_ENGLISH = """
a about also am an and any are as be because been being between both but by can could did do does
doing each either for from had has have having he her hers him his how however i if in into is it
its itself may me might more most must my neither nor of on only or other our ours per same shall
she should since so some such than that the their theirs them then there these they this those
through thus to until upon very was we were what when where whether which while who whom whose why
will with within would you your yours
"""

STOP_WORDS = {
    "fr": frozenset(_FRENCH.split()),
    "en": frozenset(_ENGLISH.split()),
}

_ACCENTED = """
après été étaient était étant être même mêmes très voilà
"""

ACCENTED = {fold(word): word for word in _ACCENTED.split()}
"""How those that bear accents are written, for who is shown one."""

_HOMOGRAPHS = frozenset({"maïs", "sûr"})
"""Words that only their accents tell from a stop word: written so, they are indexed and sought."""
HALF_STOP_WORDS = frozenset({"ete"})
"""Stop words that are words as well (`il a été`, `l’été`): indexed, and sought when the query has
nothing else or elides an article before them."""


def is_stop_word(form: str, written: str, language: str) -> bool:
    """Whether a folded word, written so, finds no document."""
    if form not in STOP_WORDS[language]:
        return False
    if language != "fr" or written.isascii():
        return form not in HALF_STOP_WORDS
    return form not in HALF_STOP_WORDS and _spelt(written) not in _HOMOGRAPHS


def _spelt(written: str) -> str:
    return unicodedata.normalize("NFC", written).lower()
