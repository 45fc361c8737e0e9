"""A light French stemmer: number and gender, nothing else.

It works on folded words. Light on purpose: on the vocabulary of health services a Snowball stemmer
merges words that differ (`organe`, `organisation`). Words of three letters or fewer, words without
a vowel and words ending in -ss are left alone: they are acronyms (IPS, TS, CRDS, CISSS).
"""

from functools import lru_cache

__all__ = ["stem_french"]

_SHORTEST = 4
_INVARIABLE_WORDS = """
ains bois bras choix conduite corps cours doux faux fois gens index mois opus paix pays prix sens
sras suis taux temps toux veillee vers virus voix
"""
_INVARIABLE = frozenset(_INVARIABLE_WORDS.split())

_IRREGULAR_FEMININES = """
absolu absolue, agent agente, aigu aigue, allemand allemande, ambigu ambigue, ami amie, averti
avertie, bas basse, beau bel, beau belle, benin benigne, blanc blanche, bon bonne, bref breve, brun
brune, chaud chaude, chef cheffe, choisi choisie, civil civile, clandestin clandestine, cousin
cousine, defini definie, doux douce, dur dure, elargi elargie, elu elue, enfoui enfouie, enrichi
enrichie, epais epaisse, espagnol espagnole, etabli etablie, faux fausse, favori favorite, feminin
feminine, fini finie, fort forte, fou folle, fourni fournie, frais fraiche, franc franche, froid
froide, futur future, gentil gentille, grand grande, gras grasse, gratuit gratuite, grec grecque,
gros grosse, gueri guerie, idiot idiote, investi investie, joint jointe, jumeau jumelle, las lasse,
latin latine, lent lente, long longue, lourd lourde, malin maligne, masculin masculine, mort morte,
mou molle, muet muette, net nette, noir noire, nouveau nouvel, nouveau nouvelle, nul nulle, obscur
obscure, opportun opportune, orphelin orpheline, petit petite, profond profonde, public publique,
pueril puerile, pur pure, ralenti ralentie, recu recue, reflechi reflechie, rempli remplie, reuni
reunie, rond ronde, roux rousse, saint sainte, sec seche, seul seule, sourd sourde, subi subie,
subtil subtile, suivi suivie, sujet sujette, turc turque, uterin uterine, veuf veuve, vieux vieil,
vieux vieille, vif vive, viril virile, voisin voisine
"""
_IRREGULAR = {
    "baux": "bail",
    "coraux": "corail",
    "epouse": "epou",
    "maux": "mal",
    "mesdames": "madame",
    "messieurs": "monsieur",
    "travaux": "travail",
    "vieux": "vieux",
    "vitraux": "vitrail",
    "yeux": "oeil",
    **{
        feminine: masculine
        for masculine, feminine in (pair.split() for pair in _IRREGULAR_FEMININES.split(","))
    },
}

# Ending, what replaces it, fewest letters left. The masculine in -eur loses its r (below), so that
# chercheur, chercheuse and infectieux, infectieuse each meet; those in -us and -is lose their s as
# a plural would (inclus, incluse; permis, permise).
_FEMININES = (
    ("trice", "teu", 5),
    ("euse", "eu", 5),
    ("eure", "eu", 5),
    ("ere", "er", 4),
    ("enne", "en", 5),
    ("elle", "el", 4),
    ("ante", "ant", 6),
    ("ente", "ent", 6),
    ("ointe", "oint", 6),
    ("erte", "ert", 5),
    ("cate", "cat", 6),
    ("aine", "ain", 4),
    ("aise", "ai", 5),
    ("oise", "oi", 6),
    ("crite", "crit", 4),
    ("duite", "duit", 6),
    ("struite", "struit", 7),
    ("faite", "fait", 7),
    ("einte", "eint", 6),
    ("due", "du", 5),
    ("nue", "nu", 5),
    ("rue", "ru", 4),
    ("lue", "lu", 5),
    ("use", "u", 5),
    ("ise", "i", 5),
    ("ete", "et", 6),
    ("ale", "al", 4),
    ("ive", "if", 4),
    ("eur", "eu", 5),
)


@lru_cache(maxsize=50_000)
def stem_french(word: str) -> str:
    """The common form of the inflections of a folded word."""
    if len(word) < _SHORTEST or word in _INVARIABLE or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not any(letter in "aeiouy" for letter in word) or word.endswith("ss"):
        return word
    singular = _singular(word)
    return _IRREGULAR.get(singular) or _masculine(singular)


def _singular(word: str) -> str:
    if word.endswith(("eaux", "yaux")):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-2] + "l"
    if word.endswith(("eux", "oux")):
        return word[:-1]
    return word.removesuffix("s")


def _masculine(word: str) -> str:
    """Of a participle in -ee, first what its masculine would be: privé, privée."""
    if word.endswith("ee") and len(word) >= _SHORTEST:
        word = word[:-1]
    for ending, replacement, shortest in _FEMININES:
        if word.endswith(ending):
            stem = word.removesuffix(ending) + replacement
            return stem if len(stem) >= shortest else word
    return word
