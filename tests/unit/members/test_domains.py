"""A domain is compared whole; a rule knows one sign."""

import pytest

from inters4.core.errors import DomainError
from inters4.members.exports.letters import harmless
from inters4.members.models import DomainPolicy, EmailDomain, EmailDomainOrganisation, PresortRule
from inters4.members.queries.domains import domain_of, fits, hinted_organisation, policy_for
from inters4.members.services.domains import check_domain


def domain(
    policy: DomainPolicy, *organisations: int, rules: dict[str, int] | None = None
) -> EmailDomain:
    return EmailDomain(
        domain="exemple.ca",
        policy=policy,
        organisations=[EmailDomainOrganisation(organisation_id=one) for one in organisations],
        rules=[
            PresortRule(pattern=pattern, organisation_id=number)
            for pattern, number in (rules or {}).items()
        ],
    )


@pytest.mark.parametrize(
    ("email", "found"),
    [
        ("a@ssss.gouv.qc.ca", "ssss.gouv.qc.ca"),
        (" A@SSSS.Gouv.QC.ca ", "ssss.gouv.qc.ca"),
        ("a@evil-ssss.gouv.qc.ca.example", "evil-ssss.gouv.qc.ca.example"),
        ("ssss.gouv.qc.ca@ailleurs.example", "ailleurs.example"),
    ],
)
def test_the_domain_is_what_follows_the_last_at_sign(email: str, found: str) -> None:
    assert domain_of(email) == found


@pytest.mark.parametrize(
    ("pattern", "local", "is_fitting"),
    [
        ("*.cisssbsl", "ariane.essai.cisssbsl", True),
        ("*.cisssbsl", "ariane.cisssbsl.autre", False),
        ("*.cisssbsl", "arianexcisssbsl", False),
        ("08_cisssat*", "08_cisssat_ariane", True),
        ("08_cisssat*", "x08_cisssat", False),
        ("*at*", "08_cisssat_ariane", True),
    ],
)
def test_a_star_stands_for_anything_and_a_dot_for_itself(
    pattern: str, local: str, is_fitting: bool
) -> None:
    assert fits(pattern, local) is is_fitting


@pytest.mark.parametrize("name", ["gmail.com", "ssss.gouv.qc.ca"])
def test_a_domain_of_everybody_opens_no_account_alone(name: str) -> None:
    with pytest.raises(DomainError, match="de partout"):
        check_domain(name, policy=DomainPolicy.AUTO, organisations=[1], rules={})


def test_the_longest_rule_hints() -> None:
    shared = domain(DomainPolicy.QUEUE, 1, 2, rules={"*": 1, "*.bsl": 2})

    assert hinted_organisation(shared, "ariane.bsl@exemple.ca") == 2
    assert hinted_organisation(shared, "ariane@exemple.ca") == 1
    assert hinted_organisation(domain(DomainPolicy.AUTO, 7), "ariane@exemple.ca") == 7
    assert hinted_organisation(None, "ariane@exemple.ca") is None


@pytest.mark.parametrize(
    ("found", "organisation", "policy"),
    [
        (None, 1, DomainPolicy.QUEUE),
        (domain(DomainPolicy.AUTO, 1), 1, DomainPolicy.AUTO),
        (domain(DomainPolicy.AUTO, 1), 2, DomainPolicy.QUEUE),
        (domain(DomainPolicy.AUTO, 1), None, DomainPolicy.QUEUE),
        (domain(DomainPolicy.AUTO, 1, 2), 1, DomainPolicy.QUEUE),
        (domain(DomainPolicy.QUEUE, 1), 1, DomainPolicy.QUEUE),
        (domain(DomainPolicy.REFUSE), 1, DomainPolicy.REFUSE),
    ],
)
def test_an_account_opens_by_itself_only_where_one_organisation_speaks(
    found: EmailDomain | None, organisation: int | None, policy: DomainPolicy
) -> None:
    assert policy_for(found, organisation) is policy


@pytest.mark.parametrize(
    ("name", "policy", "organisations", "rules"),
    [
        ("exemple", DomainPolicy.QUEUE, {1}, {}),
        ("@exemple.ca", DomainPolicy.QUEUE, {1}, {}),
        ("*.exemple.ca", DomainPolicy.QUEUE, {1}, {}),
        ("exemple.ca", DomainPolicy.AUTO, {1, 2}, {}),
        ("exemple.ca", DomainPolicy.AUTO, set(), {}),
        ("exemple.ca", DomainPolicy.QUEUE, {1}, {"*.a": 2}),
        ("exemple.ca", DomainPolicy.QUEUE, {1}, {"*": 1}),
        ("exemple.ca", DomainPolicy.QUEUE, {1}, {"a b": 1}),
    ],
)
def test_a_domain_that_would_let_anyone_in_is_refused(
    name: str, policy: DomainPolicy, organisations: set[int], rules: dict[str, int]
) -> None:
    with pytest.raises(DomainError):
        check_domain(name, policy=policy, organisations=organisations, rules=rules)


def test_a_name_in_a_letter_holds_no_link() -> None:
    typed = "Gagnez sur http://piege.example\r\nou www.piege.example, a@b.example"

    assert harmless(typed) == "Gagnez sur … ou … …"
