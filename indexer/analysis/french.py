"""A light French stemmer: number and gender, nothing else.

It works on folded words. Light on purpose: on the vocabulary of health services a Snowball stemmer
merges words that differ (`organe`, `organisation`). Words of three letters or fewer, words without
a vowel and words ending in -ss are left alone: they are acronyms (IPS, TS, CRDS, CISSS).
"""

from functools import lru_cache

__all__ = ["stem_french"]

_SHORTEST = 4
_INVARIABLE_WORDS = """
ains bois bras choix conduite corps cours doux faux fois gens index mais mois opus paix pays prix
sens sras suis taux temps toux veillee vers virus voix
"""
_INVARIABLE = frozenset(_INVARIABLE_WORDS.split())

_IRREGULAR_FEMININES = """
abrupt abrupte, absolu absolue, abstrait abstraite, accompli accomplie, adequat adequate, adouci
adoucie, affaibli affaiblie, agent agente, agrandi agrandie, aigu aigue, allemand allemande, ambigu
ambigue, ami amie, amorti amortie, anglican anglicane, aplati aplatie, approfondi approfondie,
arrondi arrondie, artisan artisane, assis assise, assujetti assujettie, averti avertie, banni
bannie, bas basse, beau bel, beau belle, benin benigne, blanc blanche, bleu bleue, blond blonde, bon
bonne, bref breve, brun brune, cadet cadette, candidat candidate, catalan catalane, champion
championne, chaud chaude, chef cheffe, choisi choisie, civil civile, clandestin clandestine, compact
compacte, contigu contigue, converti convertie, copin copine, correct correcte, court courte, cousin
cousine, cru crue, cuit cuite, defini definie, demuni demunie, detruit detruite, direct directe,
distinct distincte, distrait distraite, divin divine, doux douce, dur dure, elargi elargie, elu
elue, emis emise, emu emue, endurci endurcie, enfoui enfouie, engourdi engourdie, enrichi enrichie,
epais epaisse, epanoui epanouie, espagnol espagnole, etabli etablie, etourdi etourdie, etroit
etroite, evanoui evanouie, exact exacte, exigu exigue, faux fausse, favori favorite, fecond feconde,
feminin feminine, fini finie, flamand flamande, fort forte, fortuit fortuite, fou folle, fourni
fournie, frais fraiche, franc franche, froid froide, futur future, gamin gamine, garanti garantie,
gentil gentille, gourmand gourmande, grand grande, gras grasse, gratuit gratuite, grec grecque, gris
grise, gros grosse, gueri guerie, hardi hardie, haut haute, idiot idiote, immediat immediate, impuni
impunie, incorrect incorrecte, indefini indefinie, indirect indirecte, inedit inedite, inexact
inexacte, infini infinie, inoui inouie, intact intacte, interdit interdite, inuit inuite, investi
investie, joint jointe, joli jolie, jumeau jumelle, laic laique, las lasse, latin latine, laureat
laureate, lent lente, long longue, lourd lourde, maladroit maladroite, malin maligne, marchand
marchande, masculin masculine, maudit maudite, metis metisse, mignon mignonne, mis mise, mort morte,
mou molle, muet muette, musulman musulmane, net nette, neuf neuve, noir noire, noirci noircie,
normand normande, nourri nourrie, nouveau nouvel, nouveau nouvelle, nu nue, nul nulle, obscur
obscure, opportun opportune, orphelin orpheline, pareil pareille, partisan partisane, paysan
paysanne, petit petite, plein pleine, pourri pourrie, predit predite, pret prete, prevu prevue,
profond profonde, prompt prompte, promu promue, public publique, pueril puerile, pur pure, ralenti
ralentie, ramolli ramollie, recu recue, reflechi reflechie, refroidi refroidie, rempli remplie,
retabli retablie, retreci retrecie, reuni reunie, revolu revolue, rond ronde, roux rousse, saint
sainte, sanguin sanguine, sec seche, servi servie, seul seule, sourd sourde, strict stricte, subi
subie, subtil subtile, suivi suivie, sujet sujette, suspect suspecte, trahi trahie, turc turque, uni
unie, uterin uterine, vecu vecue, vert verte, veuf veuve, vieux vieil, vieux vieille, vif vive,
violet violette, viril virile, voisin voisine
"""
_NOUNS = """
chemise colonne entreprise entrevue franchise graine reprise revue surprise
"""
_NO_FEMININES = frozenset(_NOUNS.split())
"""Nouns that only look like the feminine of another word (`entrepris`, `revu`, `grain`)."""
_IRREGULAR_PLURALS = {
    "baux": "bail",
    "coraux": "corail",
    "emaux": "email",
    "epouse": "epou",
    "ideaux": "ideal",
    "maux": "mal",
    "mesdames": "madame",
    "messieurs": "monsieur",
    "nus": "nu",
    "travaux": "travail",
    "vitraux": "vitrail",
    "yeux": "oeil",
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
    ("ante", "ant", 5),
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
    ("eine", "ein", 5),
    ("due", "du", 5),
    ("nue", "nu", 5),
    ("rue", "ru", 4),
    ("lue", "lu", 5),
    ("cue", "cu", 4),
    ("vue", "vu", 4),
    ("tue", "tu", 5),
    ("ompue", "ompu", 5),
    ("use", "u", 5),
    ("mise", "mi", 4),
    ("ise", "i", 5),
    ("ete", "et", 6),
    ("ale", "al", 4),
    ("ive", "if", 4),
    ("eur", "eu", 5),
)


@lru_cache(maxsize=50_000)
def stem_french(word: str) -> str:
    """The common form of the inflections of a folded word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < _SHORTEST or word in _INVARIABLE or not word.isalpha():
        return word
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
    if word in _NO_FEMININES:
        return word
    if word.endswith("ee") and len(word) >= _SHORTEST:
        word = word[:-1]
    for ending, replacement, shortest in _FEMININES:
        if word.endswith(ending):
            stem = word.removesuffix(ending) + replacement
            return stem if len(stem) >= shortest else word
    return word


def _stem_of_masculine(word: str) -> str:
    if len(word) < _SHORTEST or word in _INVARIABLE:
        return word
    return _masculine(_singular(word))


_IRREGULAR = _IRREGULAR_PLURALS | {
    feminine: _stem_of_masculine(masculine)
    for masculine, feminine in (pair.split() for pair in _IRREGULAR_FEMININES.split(","))
}
