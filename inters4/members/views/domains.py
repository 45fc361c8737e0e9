"""`/admin/organisations` and `/admin/domaines`: who vouches for whom, and by which addresses."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import STAFF
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.web.requests import requires, viewer
from inters4.members.exports.words import policy_label
from inters4.members.models import DomainPolicy, EmailDomain
from inters4.members.queries.administration import approvers_by_organisation
from inters4.members.queries.domains import list_domains, load_domain
from inters4.members.queries.organisations import list_organisations
from inters4.members.services.domains import delete_domain, save_domain
from inters4.members.views.sign_in import bp

_MOST_RULES = 50
_NEW = "nouveau"
_FIELDS = {"domain": "domaine", "policy": "politique", "rules": "regles"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the form of a domain holds; organisations by their ids."""

    domain: str
    policy: str
    organisations: frozenset[str]
    rules: str


@bp.get("/admin/organisations")
@requires(*STAFF)
def organisation_list() -> ResponseReturnValue:
    """Each organisation with its approvers and its domains."""
    with reading() as session:
        g.session = session
        return render_template(
            "members/organisation_list.html",
            organisations=list_organisations(session),
            approvers=approvers_by_organisation(session),
            domains=list_domains(session),
            policy_label=policy_label,
        )


@bp.get("/admin/domaines/<domain>")
@requires(*STAFF)
def domain(domain: str) -> ResponseReturnValue:
    """The form of one domain; `nouveau` for one that is not there yet."""
    return _page(domain)


@bp.post("/admin/domaines/<domain>")
@requires(*STAFF)
def save(domain: str) -> ResponseReturnValue:
    """Keep a domain, or forget it."""
    name = request.form.get("domaine", "").strip().lower() if domain == _NEW else domain
    try:
        with writing() as session:
            if request.form.get("geste") == "effacer":
                delete_domain(session, name, by=viewer())
            else:
                _keep(session, name)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _page(domain, refusal)
    if request.form.get("geste") == "effacer":
        flash(_("Le domaine %(name)s est effacé.", name=name), "success")
    else:
        flash(_("Le domaine %(name)s est enregistré.", name=name), "success")
    return redirect(url_for(".organisation_list"), code=303)


def _keep(session: Session, name: str) -> EmailDomain:
    numbers = {one.slug: one.id for one in list_organisations(session)}
    policy = request.form.get("politique", "")
    return save_domain(
        session,
        name,
        policy=DomainPolicy(policy) if policy in set(DomainPolicy) else DomainPolicy.QUEUE,
        organisations=[
            numbers[slug] for slug in request.form.getlist("organisations") if slug in numbers
        ],
        rules={
            pattern.strip().lower(): numbers.get(slug.strip(), 0)
            for pattern, _equals, slug in (
                line.partition("=") for line in _lines(request.form.get("regles", ""))
            )
        },
        by=viewer(),
    )


def _lines(typed: str) -> list[str]:
    return [line for line in typed.splitlines() if line.strip()][:_MOST_RULES]


def _page(name: str, refusal: DomainError | None = None) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = load_domain(session, name)
        if found is None and name != _NEW:
            abort(404)
        body = render_template(
            "members/domain.html",
            name=name,
            domain=found,
            shown=_typed() if refusal else _kept(found),
            organisations=list_organisations(session),
            policies=[(one.value, policy_label(one)) for one in DomainPolicy],
            told=refusal.message if refusal else "",
            field=_FIELDS.get(refusal.about, "") if refusal else "",
        )
    return body, max(refusal.status, 422) if refusal else 200


def _kept(found: EmailDomain | None) -> _Shown:
    """The form of a domain as it is stored; of a new one, nothing chosen."""
    if found is None:
        return _Shown("", DomainPolicy.QUEUE.value, frozenset(), "")
    return _Shown(
        found.domain,
        found.policy.value,
        frozenset(row.organisation.slug for row in found.organisations),
        "\n".join(f"{rule.pattern} = {rule.organisation.slug}" for rule in found.rules),
    )


def _typed() -> _Shown:
    form = request.form
    return _Shown(
        form.get("domaine", ""),
        form.get("politique", ""),
        frozenset(form.getlist("organisations")),
        form.get("regles", ""),
    )
