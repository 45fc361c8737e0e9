"""A summary begun: from a finding, whose reference it takes, or from nothing.

An article has one summary: whoever begins another is given the one that is there. The abstract of
the finding is for the team alone: it never enters the summary.
"""

import secrets

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _, country_name
from inters4.core.slugs import identifier_from
from inters4.veille.models import (
    TAKEN_ADDRESSES,
    Act,
    Finding,
    FindingAct,
    FindingState,
    LimitSource,
    Origin,
    Scheme,
    Summary,
    SummaryState,
    SummaryTerm,
)
from inters4.veille.queries.alike import told_already
from inters4.veille.queries.doubles import twice_sorted
from inters4.veille.queries.summaries import SLUGS, load_summary
from inters4.veille.queries.writing import lock_finding, telling_article
from inters4.veille.services.happened import who_holds
from inters4.veille.services.identity import normalise_doi
from inters4.veille.services.life import check_team, note_step
from inters4.vocabulary.queries import vocabulary

LONGEST_ARTICLE_TITLE = 500
LONGEST_TITLE = 160


class Twin(Conflict):
    """A summary seems to tell the article already; `about` is its slug.

    Whoever looked at it and begins another all the same names it so.
    """

    def __init__(self, summary: Summary) -> None:
        super().__init__(
            _(
                "Un résumé semble raconter déjà cet article : « %(title)s ». Ouvrez-le avant d’en "
                "commencer un autre.",
                title=summary.title,
            ),
            about=summary.slug,
        )


def begin_summary(
    session: Session, finding: Finding, *, by: Viewer, despite: str = "", request_id: str = ""
) -> Summary:
    """A draft filled with the reference of `finding`; the summary that tells it when there is one.

    `despite` is the slug of a summary of nearly the same title, that tells something else.

    Raises:
        NotFound: `by` is not of the team.
        Twin: the title of a summary is nearly that of the finding.
        Conflict: somebody else holds the finding, it is discarded, or a second person has yet to
            keep it.
    """
    by_id = check_team(by)
    finding = lock_finding(session, finding.id)
    if finding.summary_id is not None:
        found = load_summary(session, finding.summary_id)
        if found is not None:
            return found
    if finding.state is FindingState.DISCARDED:
        raise Conflict(_("Cette trouvaille est écartée : rouvrez-la d’abord."))
    if finding.is_unsorted and twice_sorted(session, {finding.watch_id}):
        raise Conflict(_("Deux personnes trient cette trouvaille : gardez-la d’abord."))
    if finding.owner_id not in {None, by_id}:
        raise Conflict(who_holds(session, finding.owner_id, finding.claimed_at))
    summary = telling_article(session, doi=finding.doi, pmid=finding.pmid)
    if summary is None:
        _check_twin(session, finding.title, despite=despite)
    while summary is None:
        made = _draft_of(session, finding)
        summary = made if _begun(session, made, by=by, request_id=request_id) else None
    _attach(session, finding, summary, by_id)
    return load_summary(session, summary.id) or summary


def begin_summary_from_nothing(
    session: Session,
    *,
    title: str,
    doi: str = "",
    by: Viewer,
    despite: str = "",
    request_id: str = "",
) -> Summary:
    """A draft of the article of this title; pressed twice, it is begun once.

    Raises:
        NotFound: `by` is not of the team.
        DomainError: the title is missing or too long, or the DOI is none.
        Conflict: a summary tells this article already; `about` is its address.
        Twin: the title of a summary is nearly this one, and its slug is not `despite`.
    """
    by_id = check_team(by)
    title, article_doi = " ".join(title.split()), normalise_doi(doi)
    if not title:
        raise DomainError(_("Écrivez le titre de l’article."), about="titre")
    if len(title) > LONGEST_ARTICLE_TITLE:
        raise DomainError(_("Raccourcissez le titre : 500 caractères au plus."), about="titre")
    if doi.strip() and not article_doi:
        raise DomainError(
            _("Ce n’est pas un DOI : il commence par 10, comme 10.1234/exemple."), about="doi"
        )
    while True:
        same = _own_draft(session, title, article_doi, by_id)
        if same is not None:
            return load_summary(session, same.id) or same
        known = telling_article(session, doi=article_doi)
        if known is not None:
            raise Conflict(
                _("Un résumé raconte déjà cet article : « %(title)s ».", title=known.title),
                about=known.slug,
            )
        _check_twin(session, title, despite=despite)
        summary = Summary(
            **_blank(session, title), article_title=title, authors=[], doi=article_doi
        )
        summary.url = summary.doi_url
        if _begun(session, summary, by=by, request_id=request_id):
            return summary


def _check_twin(session: Session, title: str, *, despite: str) -> None:
    twin = told_already(session, (title,)).twin
    if twin is not None and twin.slug != despite:
        raise Twin(twin)


def _own_draft(session: Session, title: str, doi: str, by_id: int) -> Summary | None:
    """The same, just begun by the same person."""
    return session.scalars(
        select(Summary)
        .where(
            Summary.article_title == title,
            Summary.doi == doi,
            Summary.writer_id == by_id,
            Summary.state == SummaryState.DRAFT,
        )
        .limit(1)
    ).first()


def _draft_of(session: Session, finding: Finding) -> Summary:
    words = vocabulary(session)
    summary = Summary(
        **_blank(session, finding.title),
        article_title=finding.title,
        article_language=finding.language,
        authors=list(finding.authors),
        journal=finding.journal,
        year=finding.year or (finding.published_on.year if finding.published_on else None),
        volume=finding.volume,
        number=finding.number,
        pages=finding.pages,
        doi=finding.doi,
        pmid=finding.pmid,
        open_access=finding.open_access,
        country=country_name(finding.country, language="fr"),
        design=words.present("evidence_types", finding.design),
    )
    summary.url = finding.url or summary.doi_url
    themes = [words.present(Scheme.THEMES, row.theme) for row in finding.themes]
    summary.terms = [
        SummaryTerm(scheme=Scheme.THEMES, term=term, position=place)
        for place, term in enumerate(dict.fromkeys(filter(None, themes)))
    ]
    return summary


def _blank(session: Session, title: str) -> dict[str, object]:
    """What every draft holds; its title is that of the article until someone writes another."""
    identifier = _free_identifier(session, title)
    return {
        "id": identifier,
        "slug": identifier,
        "title": title[:LONGEST_TITLE].rstrip(),
        "origin": Origin.WRITTEN,
        "state": SummaryState.DRAFT,
        "limit_source": LimitSource.ARTICLE,
        "inferred": [],
        "missing": [],
        "terms": [],
        "practices": [],
        "source": "",
        "html": "",
        "renderer": 0,
    }


def _begun(session: Session, summary: Summary, *, by: Viewer, request_id: str) -> bool:
    """Keep the draft; False when someone took its id at the same instant."""
    summary.writer_id = by.member_id
    try:
        with session.begin_nested():
            session.add(summary)
    except IntegrityError:
        return False
    note_step(session, summary, "begin", before=None, by=by, request_id=request_id)
    return True


def _attach(session: Session, finding: Finding, summary: Summary, by_id: int) -> None:
    """The summary says the rest of the finding."""
    before = _standing(finding)
    finding.summary_id, finding.state = summary.id, FindingState.SUMMARISED
    if finding.owner_id is None:
        finding.owner_id, finding.claimed_at = by_id, now()
    after = _standing(finding)
    changed = [name for name in before if before[name] != after[name]]
    session.add(
        FindingAct(
            gesture=secrets.token_hex(6),
            finding_id=finding.id,
            by_id=by_id,
            act=Act.SUMMARISE,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    )
    session.flush()


def _standing(finding: Finding) -> dict[str, object]:
    since = finding.claimed_at
    return {
        "state": finding.state.value,
        "summary_id": finding.summary_id,
        "owner_id": finding.owner_id,
        "claimed_at": since.isoformat() if since else None,
    }


def _free_identifier(session: Session, title: str) -> str:
    """A permanent id made from the title, that no summary has, nor had as its address.

    A few signs follow when the title is taken: two people may begin at the same instant.
    """
    stem = identifier_from(title) or "resume"
    found = stem
    while found in TAKEN_ADDRESSES or _is_taken(session, found):
        found = f"{stem}-{secrets.token_hex(2)}"
    return found


def _is_taken(session: Session, identifier: str) -> bool:
    taken = session.scalar(select(Summary.id).where(Summary.id == identifier))
    return taken is not None or SLUGS.owner_of(session, identifier) is not None
