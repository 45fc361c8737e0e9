"""Templates say what plain Jinja would: escaping, messages, calls that ask for the context."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader, StrictUndefined, UndefinedError, pass_context
from jinja2.runtime import Context

from inters4.core.i18n import use_locale
from inters4.core.web.drawing import DirectEnvironment, translated, translated_number


def draw(text: str, name: str = "page.html", **values: Any) -> str:
    environment = DirectEnvironment(
        app := Flask("drawing"),
        autoescape=app.select_jinja_autoescape,
        undefined=StrictUndefined,
        loader=DictLoader(
            {name: text, "macros.html": "{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}"}
        ),
    )
    environment.globals.update(_=translated, ngettext=translated_number)
    return environment.get_template(name).render(values)


@pytest.mark.parametrize(
    ("text", "values", "drawn"),
    [
        ("{{ x }}", {"x": "<i>"}, "&lt;i&gt;"),
        ("{{ x }}", {"x": 3}, "3"),
        ("{% from 'macros.html' import b %}{{ b(x) }}", {"x": "<i>"}, "<b>&lt;i&gt;</b>"),
        ("{% from 'macros.html' import b %}{{ b(b(x)) }}", {"x": "&"}, "<b><b>&amp;</b></b>"),
        ("{{ _('de %(x)s', x=x) }}", {"x": "<i>"}, "de &lt;i&gt;"),
        ("{{ _('100 %%') }}", {}, "100 %"),
        ("{% for n in x %}{% set y = n %}{{ _('un') }}{% endfor %}", {"x": "ab"}, "unun"),
        ("{{ ngettext('%(num)s <b>', 'z', 1) }}", {}, "1 <b>"),
        ("{{ ngettext('un', '%(num)s %(x)s', 2, x=x) }}", {"x": "<"}, "2 &lt;"),
    ],
)
def test_a_page_is_drawn(text: str, values: Mapping[str, Any], drawn: str) -> None:
    assert draw(text, **values) == drawn


def test_what_is_not_html_is_not_escaped() -> None:
    text = "{{ x }} {{ _('à %(x)s', x=x) }} {{ ngettext('%(num)s à %(x)s', '', 1, x=x) }}"

    assert draw(text, "page.txt", x="<i>") == "<i> à <i> 1 à <i>"


def test_a_message_without_values_follows_the_language() -> None:
    with use_locale("fr"):
        french = draw("{{ _('Rechercher') }}")
    with use_locale("en"):
        english = draw("{{ _('Rechercher') }}")

    assert (french, english) == ("Rechercher", "Search")


def test_a_function_that_asks_for_the_context_gets_it() -> None:
    @pass_context
    def title(context: Context) -> str:
        return str(context["x"])

    text = "{% for n in 'a' %}{% set y = n %}{{ title() }}{% endfor %}"

    assert draw(text, x="Titre", title=title) == "Titre"


def test_a_name_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ missing() }}")
