"""`/veille/bureau/regles`: what is done by itself with what comes in, tried before it is kept."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.veille.forms.rules import RuleForm
from inters4.veille.models import DiscardReason, FindingRule, RuleAct, RuleField
from inters4.veille.queries.rules import find_rule, find_watch, rules_by_watch
from inters4.veille.services.rules import (
    TRIED_ON,
    Trial,
    delete_rule,
    move_up,
    save_rule,
    set_active,
    try_rule,
)
from inters4.veille.views import desk_wording
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import check_desk
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services.editing import Misfilled

_SHOWN = 20


@bp.get("/bureau/regles")
@signed_in
def rules() -> ResponseReturnValue:
    """Every rule, by watch, with what it has found."""
    check_desk()
    with reading() as session:
        g.session = session
        return render_template(
            "veille/bureau/rules.html",
            watches=rules_by_watch(session),
            words=vocabulary(session),
            desk_words=desk_wording,
        )


@bp.route("/dispositifs/<watch_id>/regles/nouvelle", methods=["GET", "POST"])
@signed_in
def new_rule(watch_id: str) -> ResponseReturnValue:
    """The form; « Essayer » shows what it would find, « Enregistrer » keeps it."""
    check_desk()
    if request.method == "GET":
        return _page(RuleForm(), watch_id=watch_id)

    def keep(session: Session, form: RuleForm) -> None:
        watch = find_watch(session, watch_id) or abort(404)
        save_rule(session, FindingRule(watch_id=watch.id), form.draft(), by=viewer())

    return _answer(RuleForm(), keep, watch_id=watch_id)


@bp.route("/bureau/regles/<public_id>", methods=["GET", "POST"])
@signed_in
def edit_rule(public_id: str) -> ResponseReturnValue:
    """The same, of a rule that exists."""
    check_desk()
    if request.method == "GET":
        with reading() as session:
            rule = find_rule(session, public_id) or abort(404)
        return _page(RuleForm().fill(rule), public_id=public_id)

    def keep(session: Session, form: RuleForm) -> None:
        rule = find_rule(session, public_id, for_update=True) or abort(404)
        save_rule(session, rule, form.draft(), by=viewer(), version=form.known_version)

    return _answer(RuleForm(), keep, public_id=public_id)


@bp.post("/bureau/regles/<public_id>/etat")
@signed_in
def change_rule(public_id: str) -> ResponseReturnValue:
    """Put to sleep, wake, move up or delete: what the button says."""
    check_desk()
    change = _CHANGES.get(request.form.get("geste", "")) or abort(400)
    with writing() as session:
        rule = find_rule(session, public_id, for_update=True) or abort(404)
        name = rule.name
        change(session, rule)
    if request.form["geste"] == "supprimer":
        flash(
            _("La règle « %(name)s » est supprimée; ce qu’elle a fait reste.", name=name), "success"
        )
    return redirect(url_for(".rules"), code=303)


_CHANGES: dict[str, Callable[[Session, FindingRule], None]] = {
    "endormir": lambda session, rule: set_active(session, rule, is_active=False, by=viewer()),
    "reveiller": lambda session, rule: set_active(session, rule, is_active=True, by=viewer()),
    "monter": lambda session, rule: move_up(session, rule, by=viewer()),
    "supprimer": lambda session, rule: delete_rule(session, rule, by=viewer()),
}


def _answer(
    form: RuleForm,
    keep: Callable[[Session, RuleForm], None],
    *,
    watch_id: str = "",
    public_id: str = "",
) -> ResponseReturnValue:
    """Try what was typed, or keep it; a refusal gives the form back as it was filled."""
    page = partial(_page, form, watch_id=watch_id, public_id=public_id)
    try:
        if "essayer" in request.form:
            return page(trial=_tried(form, watch_id=watch_id, public_id=public_id))
        with writing() as session:
            keep(session, form)
    except Misfilled as refusal:
        return page(errors=refusal.errors, status=refusal.status)
    except Conflict as refusal:
        return page(told=refusal.message, status=409)
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return page(errors={refusal.about: refusal.message}, status=422)
    flash(_("La règle est enregistrée : elle s’applique à ce qui arrivera."), "success")
    return redirect(url_for(".rules"), code=303)


def _tried(form: RuleForm, *, watch_id: str = "", public_id: str = "") -> Trial:
    with reading() as session:
        if public_id:
            number = (find_rule(session, public_id) or abort(404)).watch_id
        else:
            number = (find_watch(session, watch_id) or abort(404)).id
        return try_rule(session, form.draft(), watch_id=number, by=viewer())


def _page(
    form: RuleForm,
    *,
    watch_id: str = "",
    public_id: str = "",
    trial: Trial | None = None,
    told: str = "",
    errors: Mapping[str, str] = MappingProxyType({}),
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        if watch_id and find_watch(session, watch_id) is None:
            abort(404)
        rule = find_rule(session, public_id) if public_id else None
        form.offer(
            words,
            fields=[(one.value, str(desk_wording.FIELDS[one])) for one in RuleField],
            acts=[(one.value, str(desk_wording.RULE_ACTS[one])) for one in RuleAct],
            reasons=[(one.value, str(desk_wording.REASONS[one])) for one in DiscardReason],
            nothing=_("Aucun"),
        )
        for name, message in errors.items():
            form[name].errors = [message]
        body = render_template(
            "veille/bureau/rule.html",
            form=form,
            rule=rule,
            told=told,
            trial=trial,
            shown=_SHOWN,
            tried_on=TRIED_ON,
            desk_words=desk_wording,
        )
    return body, status
