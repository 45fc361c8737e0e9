"""Words that carry no subject, folded.

Our own lists: those that circulate lack « les » and drop what are acronyms here (AT, MOI, 8-1-1).
A word is listed only if nobody would ever search for it alone.
"""

from indexer.analysis.fold import fold

__all__ = ["ACCENTED", "STOP_WORDS"]

_FRENCH = """
a ai aie aient ainsi alors apres as au aucun aucune aura aurait aussi autre autres aux avaient
avait avant avec avez avoir avons ayant
c car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment
d dans de depuis des donc dont du durant
elle elles en encore entre es est et etaient etait etant ete etes etre eu eux
faire fait font furent fut
il ils j jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui
m ma mais me meme memes mes mon
n ne ni nos notre nous
ont ou
par parce parmi pas pendant peu peut peuvent plus pour pourquoi pourrait puis puisque
qu quand que quel quelle quelles quels qui quoi
s sa sans se selon sera serait seront ses si soit son sont sous sur
t ta te tel telle telles tels tes ton toujours tous tout toute toutes tres tu
un une
vers voici voila vont vos votre vous
y
"""

_ENGLISH = """
a about an and any are as be been being but by can could did do does doing for from had has have
having he her hers him his how i if in into is it its itself me more most my of on or our ours
she should so some such than that the their theirs them then there these they this those through
to was we were what when where which while who whom why will with would you your yours
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
