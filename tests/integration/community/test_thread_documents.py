"""A thread as search knows it: what is published, in the container of its space."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.community.documents.threads import (
    BODY_MAX,
    confirm,
    every_id,
    ids_under,
    load_document,
)
from inters4.community.models import (
    Post,
    PostFile,
    PostState,
    Space,
    Thread,
    ThreadSummary,
    Visibility,
)
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.files import StoredFile
from inters4.core.hooks import hooks
from inters4.core.outbox import OutboxRow
from inters4.vocabulary.services import TERM_CHANGED, bearers
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import make_viewer
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def space(session: Session) -> Space:
    return make_space(session, name="Plaies complexes", visibility=Visibility.PRIVATE_HIDDEN)


@pytest.fixture
def thread(session: Session, space: Space) -> Thread:
    return make_thread(session, space, title="Quel pansement?", text="Le **miel** médical?")


def document(session: Session, thread: Thread) -> Document:
    found = load_document(session, str(thread.id))
    assert found is not None
    return found


def posts_in(found: Document) -> list[str]:
    """The posts of a document, in their order: the first, then its parts."""
    parts = sorted((one.page or 0, one.text) for one in found.attachments if not one.label)
    return [text for text in (found.body, *(text for _number, text in parts)) if text]


def put(session: Session, post: Post, words: str, name: str = "protocole.pdf") -> None:
    stored = StoredFile(
        token=f"t{post.id}{name}"[:32], name=name, media_type="application/pdf", size=9, sha256="0"
    )
    session.add(PostFile(post_id=post.id, stored=stored, words=words))
    session.flush()


def queued(session: Session) -> set[str]:
    session.flush()
    return set(session.scalars(select(OutboxRow.document_id).where(OutboxRow.kind == "fil")))


def test_it_lies_in_its_space_and_never_says_the_visibility(
    session: Session, space: Space, thread: Thread
) -> None:
    before = document(session, thread)
    space.visibility = Visibility.PUBLIC
    session.flush()

    assert before.audience == f"space:{space.id}"
    assert document(session, thread).digest == before.digest


def test_only_published_posts_are_its_words(session: Session, thread: Thread) -> None:
    for state in (PostState.WAITING, PostState.HIDDEN, PostState.REMOVED):
        post = make_post(session, thread, text=f"Ne pas lire {state.value}")
        put(session, post, f"fichier {state.value}", f"{state.value}.pdf")
        post.state = state
    session.flush()

    found = document(session, thread)

    assert posts_in(found) == ["Le miel médical?"]
    assert found.attachments == ()


def test_the_words_of_files_are_found(session: Session, thread: Thread) -> None:
    put(session, make_post(session, thread), "changer aux trois jours")
    put(session, make_post(session, thread), "", "image.png")

    found = document(session, thread).attachments
    assert [(one.label, one.text) for one in found if one.label] == [
        ("protocole.pdf", "changer aux trois jours")
    ]


def test_the_accepted_answer_and_the_summary_weigh_more(session: Session, thread: Thread) -> None:
    answer = make_post(session, thread, text="L’argent, sept jours.")
    make_post(session, thread, text="Merci!")
    thread.accepted_id = answer.id
    summary = ThreadSummary(thread_id=thread.id)
    summary.write("On retient l’argent.")
    session.add(summary)
    session.flush()

    found = document(session, thread)

    assert found.abstract == "On retient l’argent.\nL’argent, sept jours."
    assert posts_in(found) == ["Le miel médical?", "Merci!"]


def test_a_hidden_answer_weighs_nothing(session: Session, thread: Thread) -> None:
    answer = make_post(session, thread, text="Un nom.")
    thread.accepted_id, answer.state = answer.id, PostState.HIDDEN
    session.flush()

    assert document(session, thread).abstract == ""


def test_of_a_thread_too_long_the_first_post_and_the_newest_are_kept(
    session: Session, thread: Thread
) -> None:
    for number in range(36):
        make_post(session, thread, text=f"Message{number} " + "a" * 30_000)

    kept = posts_in(document(session, thread))

    assert sum(map(len, kept)) <= BODY_MAX
    assert kept[0] == "Le miel médical?"
    assert kept[-1].startswith("Message35 ")
    assert not any(one.startswith("Message1 ") for one in kept)


def test_a_thread_without_anything_published_is_not_there(session: Session, space: Space) -> None:
    thread = Thread(space_id=space.id, title="Attend encore")
    session.add(thread)
    session.flush()
    make_post(session, thread, state=PostState.WAITING)
    removed = make_thread(session, space, is_removed=True)

    assert load_document(session, str(thread.id)) is None
    assert load_document(session, str(removed.id)) is None
    assert list(every_id(session)) == []


@pytest.mark.parametrize("name", ["", "abc", "-1", "0", "²", "9" * 30, "\x00"])
def test_what_is_no_number_names_no_thread(session: Session, name: str) -> None:
    assert load_document(session, name) is None
    assert confirm(session, [name], ANONYMOUS) == {}


def test_who_reads_the_space_confirms_it(session: Session) -> None:
    belonging, other = make_viewer(session), make_viewer(session)
    space = make_space(session, members=(belonging,), visibility=Visibility.PRIVATE_LISTED)
    thread = make_thread(session, space, title="Quel pansement?", text="Le **miel**?")
    name = str(thread.id)

    assert confirm(session, [name], ANONYMOUS) == confirm(session, [name], other) == {}
    found = confirm(session, [name], again(session, belonging))[name]
    assert (found.title, found.abstract) == ("Quel pansement?", "Le miel?")
    assert hooks.document_kinds["fil"].url(name, found.fields) == (
        f"/communaute/{space.slug}/{name}-quel-pansement"
    )


def test_an_author_whose_post_waits_does_not_find_it(session: Session) -> None:
    author = make_viewer(session)
    space = make_space(session, members=(author,))
    thread = Thread(space_id=space.id, title="Attend encore", author_id=author.member_id)
    session.add(thread)
    session.flush()
    make_post(session, thread, author=author, state=PostState.WAITING)

    assert confirm(session, [str(thread.id)], again(session, author)) == {}


def test_confirming_takes_one_statement_whatever_the_number(session: Session) -> None:
    space = make_space(session, visibility=Visibility.PUBLIC)
    ids = [str(make_thread(session, space, title=f"Fil {one}").id) for one in range(30)]
    with statements() as asked:
        assert len(confirm(session, ids, ANONYMOUS)) == 30

    assert len(asked) == 1


def test_a_post_that_goes_to_another_thread_leaves_the_words_of_the_first(
    session: Session, space: Space, thread: Thread
) -> None:
    post = make_post(session, thread, text="Ailleurs")
    other = make_thread(session, space)
    session.commit()
    session.connection().execute(OutboxRow.__table__.delete())  # type: ignore[attr-defined]

    post.thread_id, post.number = other.id, 9

    assert queued(session) == {str(thread.id), str(other.id)}


def test_what_a_theme_becomes_reaches_threads(session: Session) -> None:
    make_vocabulary(session)
    space = make_space(session, themes=["telesante"])
    hidden = make_space(session, themes=["telesante"], visibility=Visibility.PRIVATE_HIDDEN)
    thread = make_thread(session, space)
    other = make_thread(session, make_space(session, themes=["domicile"]))
    session.commit()
    session.connection().execute(OutboxRow.__table__.delete())  # type: ignore[attr-defined]
    bearer = next(one for one in bearers if one.name == "spaces")

    assert document(session, thread).facets == {"theme": ("telesante",)}
    assert ids_under(session, "telesante") == [str(thread.id)]
    hooks.emit(TERM_CHANGED, session, scheme="themes", term="telesante")
    assert queued(session) == {str(thread.id)}
    assert str(other.id) not in queued(session)
    assert bearer.count(session, "themes", ["telesante"]) == 1
    bearer.carry(session, "themes", {"telesante": "domicile"})
    assert space.themes == hidden.themes == ["domicile"]


def test_its_index_rows_are_as_many_as_threads(
    session: Session, thread: Thread, space: Space
) -> None:
    make_thread(session, space)

    assert len(list(every_id(session))) == session.scalar(select(func.count(Thread.id))) == 2


def test_a_reader_of_the_space_alone_looks_into_it(session: Session, space: Space) -> None:
    reader = Viewer(member_id=4, spaces=frozenset({space.id}))

    assert hooks.containers(session, reader) == {space.id}
    assert hooks.containers(session, ANONYMOUS) == frozenset()
