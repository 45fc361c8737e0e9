"""Every gesture of communities, sent by whoever is not of the space: nothing is there, or changes.

Addresses come from the application: a gesture that is added tomorrow is tried tomorrow.
"""

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from inters4.community.models import Space, Visibility
from inters4.community.services.leaving import ban
from inters4.core.access import Viewer
from inters4.core.db import Model, reading
from inters4.members.models import Member
from inters4.settings import Settings
from tests.builders.community import again
from tests.builders.leaks import (
    World,
    make_follower,
    make_neighbour,
    make_staff,
    make_world,
)
from tests.builders.members import browser_of, make_viewer
from tests.builders.web import csrf

GESTURES = {
    "community.act_on_person": ("avertissement", "suspension", "levee"),
    "community.act_on_post": (
        "masquage",
        "retablissement",
        "modification",
        "approbation",
        "refus",
        "prise",
        "decision",
    ),
    "community.act_on_thread": (
        "verrou",
        "deverrou",
        "epingle",
        "depingle",
        "retrait",
        "retour",
        "deplacement",
        "scission",
        "fusion",
    ),
    "community.decide_seat": ("confirmation", "retrait"),
}
"""What fills the last word of the addresses that end so."""
NOT_OF_A_SPACE = {
    "community.create",
    "community.drop",
    "community.keep",
    "community.read_all",
    "community.save_preference",
}
ABOUT_PEOPLE = ("/personnes/", "/demandes/", "/invitations/", "/exclusions/")
KEPT_OF_REFUSALS = {"audit_entries", "member_sessions"}
OF_THE_SPACE = ("threads", "posts", "post_files", "thread_summaries", "meetings", "sheet_additions")
OUTSIDERS = ("stranger", "staff", "neighbour", "banned")


def outsider(session: Session, world: World, role: str) -> Viewer:
    if role == "staff":
        return make_staff(session)
    if role == "neighbour":
        return make_neighbour(session)
    if role == "stranger":
        return make_viewer(session, name="Estelle Étrangère")
    who = make_follower(session, world)
    space = session.get_one(Space, world.space.id)
    ban(session, space, session.get_one(Member, who.member_id), "Non.", by=world.facilitator)
    return again(session, who)


def gestures(app: Flask, values: Mapping[str, str | int]) -> Iterator[str]:
    """The address of each gesture on what is in a space."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        is_ours = rule.endpoint.startswith("community.") and "POST" in (rule.methods or ())
        if not is_ours or rule.endpoint in NOT_OF_A_SPACE:
            continue
        for last in GESTURES.get(rule.endpoint, ("",)):
            filled = {name: _value(rule, name, last, values) for name in rule.arguments}
            yield adapter.build(rule.endpoint, filled, method="POST")


def _value(rule: Rule, name: str, last: str, values: Mapping[str, str | int]) -> str | int:
    if name in {"gesture", "which"}:
        assert last, f"{rule.rule}: say in GESTURES how it may end"
        return last
    if name != "public_id":
        return values[name]
    if any(part in rule.rule for part in ABOUT_PEOPLE):
        return values["person"]
    return values["addition" if "/ajouts/" in rule.rule else "meeting"]


def filled_form(world: World, token: str) -> dict[str, str]:
    """All that any of the forms may hold, sound for whoever may send it."""
    person = str(world.values["person"])
    return {
        "csrf_token": token,
        "cle": "a" * 32,
        "titre": "Un titre tout neuf",
        "texte": "Du texte tout neuf.",
        "text": "Du texte.",
        "nature": "discussion",
        "version": "1",
        **dict.fromkeys(("raison", "motif", "note", "precision"), "Pour rien."),
        **dict.fromkeys(("reponse", "role", "vouloir", "confirmer", "confirmation"), "oui"),
        **dict.fromkeys(("animation", "releve", "personne", "present"), person),
        "message": "2",
        "messages": "2",
        "numero": "1",
        "decision": "retenu-masque",
        "jours": "3",
        "qui": "public",
        "vu": "99",
        "etape": "archivee",
        "genre": "utile",
        "niveau": "suivi",
        "espace": world.space.slug,
    }


def everything() -> dict[str, list[str]]:
    """Every row of every table, but for what a refusal leaves."""
    tables = [one for one in Model.metadata.sorted_tables if one.name not in KEPT_OF_REFUSALS]
    with reading() as session:
        return {one.name: sorted(map(repr, session.execute(select(one)))) for one in tables}


def statuses(app: Flask, browser: FlaskClient, world: World) -> dict[str, int]:
    form = filled_form(world, csrf(browser, "/compte/preferences"))
    found = {}
    for path in gestures(app, world.values):
        with browser.post(path, data=form) as answer:
            found[path] = answer.status_code
    return found


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_hidden_space_has_no_gesture_for_whoever_is_not_of_it(
    app: Flask, session: Session, settings: Settings, role: str
) -> None:
    world = make_world(session, settings, Visibility.PRIVATE_HIDDEN)
    who = outsider(session, world, role)
    session.commit()
    browser = browser_of(app, who)
    before = everything()

    found = statuses(app, browser, world)

    assert len(found) > 50
    assert {path: status for path, status in found.items() if status != 404} == {}
    assert everything() == before


def test_who_leads_another_space_reaches_nothing_through_its_address(
    app: Flask, session: Session, settings: Settings
) -> None:
    world = make_world(session, settings, Visibility.PRIVATE_HIDDEN)
    who = outsider(session, world, "neighbour")
    theirs = session.scalars(select(Space.slug).where(Space.id != world.space.id)).one()
    session.commit()
    browser = browser_of(app, who)
    before = everything()
    form = filled_form(world, csrf(browser, "/compte/preferences"))

    for path in gestures(app, {**world.values, "slug": theirs}):
        with browser.post(path, data=form) as answer:
            assert answer.status_code < 500, path

    after = everything()
    for table in OF_THE_SPACE:
        assert before[table]
        assert set(before[table]) <= set(after[table]), table
