"""What a broker and an owner type in the sixteen pages of a sheet, through its real forms."""

import re
from collections.abc import Mapping

from playwright.sync_api import Page, expect

from inters4.practices.forms.pages import PAGES, after

LINES: Mapping[str, Mapping[str, str]] = {
    "identite": {
        "Équipe porteuse": "Équipe de proximité (exemple fictif)",
        "Début": "printemps 2024",
        "Année du début": "2024",
    },
    "en-bref": {
        "Le résultat, avec son chiffre": "L’attente est passée de 30 à 12 jours [1].",
        "Pour qui": "Les personnes âgées qui vivent chez elles.",
    },
    "contexte": {"Contexte": "En région, une visite se fait attendre un mois [1]."},
    "pratique": {
        "La pratique": "Une infirmière passe chaque semaine [1].",
        "Ce qui change des soins habituels": "Elle passait une fois par mois.",
    },
    "resultats": {
        "Devis d’évaluation": "Avant et après, sans groupe témoin",
        "Est-ce que ça marche?": "L’attente a baissé [1].",
        "Effets indésirables": "Inconnus.",
        "Équité": "Inconnus.",
    },
    "cotes": {
        "Pourquoi cette maturité": "Une seule équipe, deux ans [1].",
        "Pourquoi cette force": "Une mesure avant, une après [1].",
    },
    "ressources": {"Ressources": "Deux infirmières; le reste est inconnu."},
    "demarrer": {
        "Étapes pour commencer": "1. Choisir un secteur.\n2. Y aller.",
        "Soutien de la direction": "Une directrice libère une journée.",
        "Conditions de succès, en mots": "Une auto.",
        "Pièges": "L’hiver.",
    },
    "deontologie": {"Intérêts déclarés": "Aucun", "Qui finance": "Aucun"},
}
"""By page, the texts of its fields, by label."""

CHOICES: Mapping[str, Mapping[str, str]] = {
    "identite": {"Étape": "Test (preuve de valeur)"},
    "en-bref": {"Nature de ce résultat": "Effet"},
    "cotes": {"Maturité": "Émergente", "Force de la preuve": "Suggestive / faible"},
}
TICKS: Mapping[str, tuple[str, ...]] = {
    "identite": ("Bas-Saint-Laurent",),
    "classement": ("Télésanté et santé numérique", "Domicile", "Personnes âgées"),
    "deontologie": ("Rien dans cette fiche n’identifie une personne soignée",),
}
ROWS: Mapping[str, Mapping[str, str]] = {
    "contexte": {
        "baselines-0-indicator": "Attente d’une visite",
        "baselines-0-value": "sans mesure",
    },
    "resultats": {
        "outcomes-0-indicator": "Attente",
        "outcomes-0-before": "30",
        "outcomes-0-after": "12",
        "outcomes-0-unit": "jours",
        "outcomes-0-n": "40",
        "outcomes-0-period": "2024",
        "outcomes-0-reference": "1",
    },
    "sources": {
        "references-0-title": "Rapport d’essai (exemple fictif)",
        "references-0-publisher": "CISSS porteur",
        "references-0-year": "2024",
        "references-0-url": "https://exemple.ca/rapport",
    },
}
"""Cells of rows, by the name of their control: two rows would share a label."""
NOT_YET = frozenset({"deontologie"})
"""What the broker leaves to the owner."""


def fill_page(page: Page, slug: str) -> None:
    """Type what this page of the form is to hold."""
    for label, text in LINES.get(slug, {}).items():
        name = re.compile(rf"^{re.escape(label)}( \(facultatif\))?$")
        page.get_by_role("textbox", name=name).fill(text)
    for label, option in CHOICES.get(slug, {}).items():
        page.get_by_label(label, exact=True).select_option(label=option)
    for label in TICKS.get(slug, ()):
        page.get_by_role("checkbox", name=label, exact=True).check()
    for cell, text in ROWS.get(slug, {}).items():
        page.locator(f"[name='{cell}']").fill(text)


def write_sheet(page: Page) -> None:
    """Go through the sixteen pages from the first, each by the button of the one before."""
    for one in PAGES:
        expect(page.locator("h1")).to_have_text(str(one.title))
        if one.slug not in NOT_YET:
            fill_page(page, one.slug)
        following = after(one)
        words = f"continuer\u00a0: {following.title}" if following else "revenir au dossier"
        page.get_by_role("button", name=f"Enregistrer et {words}", exact=True).click()
    expect(page.get_by_role("heading", name="La fiche, bloc par bloc")).to_be_visible()
