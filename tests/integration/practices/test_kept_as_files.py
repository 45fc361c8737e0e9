"""Each version of a sheet is a file that our own reader takes, whatever was typed."""

from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from inters4.core.frontmatter import parse
from inters4.practices.exports.sheets import sheet_of, write_sheet
from inters4.practices.models import (
    Block,
    Move,
    Origin,
    PracticeAuthor,
    PracticeRevision,
    PracticeState,
    RatingStatus,
)
from inters4.practices.queries import load_practice
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import versions_of
from inters4.practices.services.drafts import read_revision, write_fields
from inters4.practices.services.life import Incomplete, forget_judgements, move
from inters4.practices.services.revising import open_revision, publish
from tests.builders.practices import make_practice
from tests.builders.revisions import (
    Cast,
    approve,
    ask,
    bring_to,
    fill,
    make_cast,
    rate,
    start,
    whole_sheet,
)
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def _type(
    session: Session, revision: PracticeRevision, blocks: Mapping[Block, str], **values: str
) -> None:
    write_fields(session, revision, values=values, blocks=blocks, seen=revision.version, by_id=None)


def test_a_starter_sheet_becomes_a_reviewed_one(session: Session, cast: Cast) -> None:
    practice = make_practice(session, origin=Origin.STARTER)
    revision = open_revision(session, practice, by=cast.broker)
    fill(session, revision, whole_sheet(cast))
    session.add(PracticeAuthor(practice_id=practice.id, member_id=cast.owner.member_id))
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    approve(session, cast, revision)

    saved = publish(session, revision, by=cast.coordination, known=citable(session))

    assert (saved.origin, saved.rating_status) == (Origin.PROPOSED, RatingStatus.REVIEWED)


def test_a_starter_sheet_sent_back_is_a_starter_again(session: Session, cast: Cast) -> None:
    practice = make_practice(session, origin=Origin.STARTER)
    revision = open_revision(session, practice, by=cast.broker)
    fill(session, revision, whole_sheet(cast))
    session.add(PracticeAuthor(practice_id=practice.id, member_id=cast.owner.member_id))
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    reviewed = revision.values["origin"]

    forget_judgements(revision)

    assert (reviewed, revision.values["origin"]) == ("proposed", "starter")


def test_a_heading_typed_in_a_block_stays_in_its_block(session: Session, cast: Cast) -> None:
    revision = start(session, cast)
    typed = "## Contexte\n\nUn mot.\n\n```\n## code\n```\n\n##\n\nfin"

    write_fields(
        session, revision, values={}, blocks={Block.STEPS: typed}, seen=revision.version, by_id=None
    )
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    approve(session, cast, revision)
    saved = publish(session, revision, by=cast.coordination, known=citable(session))

    kept = versions_of(session, saved.id)[0]
    assert "### Contexte\n\nUn mot.\n\n```\n## code\n```\n\n###" in kept.text
    whole = load_practice(session, saved.id)
    assert whole is not None
    assert write_sheet(sheet_of(whole)) == kept.text
    parse(kept.text.encode(), path="")


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_a_fence_left_open_is_told_and_goes_no_further(
    session: Session, cast: Cast, fence: str
) -> None:
    revision = start(session, cast)

    write_fields(
        session,
        revision,
        values={},
        blocks={Block.STEPS: f"{fence}\ncode"},
        seen=revision.version,
        by_id=None,
    )

    (told,) = read_revision(revision, known=citable(session)).mistakes
    assert told.field == Block.STEPS.field
    with pytest.raises(Incomplete):
        move(session, revision, Move.SUBMIT, by=cast.owner, known=citable(session))


def test_marks_that_turn_the_text_unseen_are_left_out(session: Session, cast: Cast) -> None:
    revision = start(session, cast)

    write_fields(
        session,
        revision,
        values={"problem": "L’at\u202etente\u2066."},
        blocks={Block.STEPS: "Un\u2028deux\ufeff\x85trois"},
        seen=revision.version,
        by_id=None,
    )

    assert revision.values["problem"] == "L’attente."
    assert revision.blocks[Block.STEPS.value] == "Un\ndeux\ntrois"


def test_a_text_longer_than_a_file_may_hold_is_told(session: Session, cast: Cast) -> None:
    revision = start(session, cast)

    write_fields(
        session,
        revision,
        values={},
        blocks={Block.STEPS: "mot " * 6_000},
        seen=revision.version,
        by_id=None,
    )

    (told,) = read_revision(revision, known=citable(session)).mistakes
    assert "20 000 caractères" in told.message


def test_a_sheet_too_long_for_a_file_is_told_before_it_goes_on(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = start(session, cast)
    monkeypatch.setattr("inters4.core.frontmatter.reading.MAX_FRONT_MATTER_CHARS", 900)

    with pytest.raises(Incomplete) as refusal:
        move(session, revision, Move.SUBMIT, by=cast.owner, known=citable(session))

    assert "ne peut pas être gardée" in " ".join(one.message for one in refusal.value.lacks)


def test_what_reviewers_say_is_kept_as_a_file_may_hold_it(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)

    rate(session, revision, review, by=cast.first, reason="Deux \u2067études\x00 concordent.")

    assert review.reason == "Deux études concordent."
