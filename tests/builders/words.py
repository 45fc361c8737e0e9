"""Documents known by their titles, a small vocabulary, and what a reader asks of them."""

from indexer import Document, Results, SearchRequest, SynonymGroup, Synonyms
from tests.contract.builders import PUBLIC, Index, make_document

VOCABULARY = Synonyms(
    "1",
    (
        SynonymGroup(
            ("CLSC", "centre local de services communautaires", "local community service centre")
        ),
        SynonymGroup(("GAP", "guichet d’accès à la première ligne"), frozenset({"GAP"})),
        SynonymGroup(("télésanté", "télémédecine", "telehealth"), id="telesante"),
        SynonymGroup(("téléréadaptation", "telerehab"), broader=frozenset({"telesante"})),
        SynonymGroup(("SAD", "soutien à domicile", "soins à domicile"), frozenset({"SAD"})),
        SynonymGroup(("IPS", "infirmière praticienne spécialisée")),
        SynonymGroup(
            ("développement durable", "sustainable development", "empreinte carbone"),
            general=frozenset({"développement durable", "sustainable development"}),
        ),
    ),
)


def titled(*titles: str, audience: str = "public", language: str = "fr") -> list[Document]:
    return [
        make_document(title, title=title, audience=audience, language=language) for title in titles
    ]


def ask(index: Index, text: str, *, exact: bool = False) -> Results:
    with index.engine() as engine:
        return engine.search(
            SearchRequest(text, audiences=PUBLIC, synonyms=VOCABULARY, exact=exact)
        )


def found(index: Index, text: str, *, exact: bool = False) -> list[str]:
    return [hit.key for hit in ask(index, text, exact=exact).hits if hit.has_every_word]


def suggested(index: Index, text: str, terms: tuple[str, ...] = ()) -> list[str]:
    with index.engine() as engine:
        return [one.text for one in engine.suggest(text, audiences=PUBLIC, terms=terms)]
