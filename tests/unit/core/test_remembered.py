"""What is remembered is found by its whole name, and room is made for what people ask for."""

import pytest
from flask import Flask
from jinja2 import DictLoader

from inters4.core.i18n import use_locale
from inters4.core.web.drawing import DirectEnvironment, translated
from inters4.core.web.remembered import Remembered, drawn_once

TEMPLATES = {
    "macros.html": "{% macro line(x) %}{{ heard(x) }}{{ _('Rechercher') }} {{ x }}{% endmacro %}",
    "page.html": "{% from 'macros.html' import line %}{{ drawn_once(line, text) }}",
}


def texts(*characters: int) -> tuple[str, ...]:
    return tuple("a" * number for number in characters)


def test_what_was_drawn_is_not_drawn_again() -> None:
    held = Remembered()
    first = held.parts("a", lambda: texts(1, 2))

    assert held.parts("a", lambda: texts(9)) is first


def test_what_nobody_asks_for_leaves_when_room_is_short() -> None:
    held = Remembered(most=10)
    for name in ("a", "b"):
        held.parts(name, lambda: texts(4))
    held.parts("a", lambda: texts(1))
    held.parts("c", lambda: texts(4))

    assert held.parts("a", lambda: texts(1)) == texts(4)
    assert held.parts("b", lambda: texts(1)) == texts(1)


def test_what_is_too_large_for_the_room_is_drawn_and_forgotten() -> None:
    held = Remembered(most=10)

    assert held.parts("a", lambda: texts(11)) == texts(11)
    assert held.parts("a", lambda: texts(2)) == texts(2)


class Page:
    """Draws `page.html`, and hears each time that its macro runs."""

    def __init__(self) -> None:
        self.app = Flask("remembered")
        self.heard: list[object] = []
        environment = DirectEnvironment(self.app, autoescape=True, loader=DictLoader(TEMPLATES))
        environment.globals.update(_=translated, drawn_once=drawn_once, heard=self.hear)
        self.template = environment.get_template("page.html")

    def hear(self, text: object) -> str:
        self.heard.append(text)
        return ""

    def draw(self, text: object) -> str:
        with self.app.app_context():
            return self.template.render(text=text)


def test_a_macro_is_drawn_once_for_each_value_and_language() -> None:
    page = Page()

    drawn = [page.draw(text) for text in ("<i>", "<i>", "b")]
    with use_locale("en"):
        drawn.append(page.draw("b"))

    assert drawn == ["Rechercher &lt;i&gt;", "Rechercher &lt;i&gt;", "Rechercher b", "Search b"]
    assert page.heard == ["<i>", "b", "b"]


def test_what_can_change_names_nothing() -> None:
    with pytest.raises(TypeError):
        Page().draw(["a"])
