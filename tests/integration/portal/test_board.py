"""« Mon tableau » says what awaits each role, and nothing else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.veille.models import SummaryState
from tests.builders.home import make_question
from tests.builders.joining import make_request
from tests.builders.members import make_organisation, make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.veille import make_summary

QUESTIONS = "question attend que quelqu’un la prenne"
MINE = "question que vous avez prise attend sa réponse"
DRAFTS = "résumé en cours au bureau de veille"
REQUESTS = "demande d’inscription attend votre décision"


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (None, set()),
        (Role.REVIEWER, set()),
        (Role.SIGNATORY, set()),
        (Role.BROKER, {QUESTIONS, MINE, DRAFTS}),
        (Role.APPROVER, {REQUESTS}),
        (Role.COORDINATION, {QUESTIONS, MINE, DRAFTS, REQUESTS}),
        (Role.ADMIN, {REQUESTS}),
    ],
)
def test_each_role_reads_what_awaits_it(
    client: FlaskClient, session: Session, role: Role | None, told: set[str]
) -> None:
    bsl = make_organisation(session)
    present = make_viewer(session, role=role, organisation=bsl)
    make_question(session)
    make_question(session, text="Une autre question?", taken_by=present.member_id)
    make_summary(session, state=SummaryState.DRAFT)
    make_request(session, organisation=bsl)
    sign_in_as(client, session, present)

    page = client.get("/compte").text

    assert {words for words in (QUESTIONS, MINE, DRAFTS, REQUESTS) if words in page} == told
    assert ("Rien ne vous attend" in page) == (not told)


def test_the_board_costs_the_same_however_much_waits(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION))
    client.get("/compte")
    costs = []
    for _round in range(2):
        for number in range(3):
            make_question(session, text=f"Question numéro {number}?")
            make_request(session)
        session.commit()
        with statements() as sent:
            client.get("/compte")
        costs.append(len(sent))

    assert costs[0] == costs[1] == 24
