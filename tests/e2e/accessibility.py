"""Asks axe-core what is wrong with a page."""

from pathlib import Path

from playwright.sync_api import Page

_AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(
    (rule) => `${rule.id}: ` + rule.nodes.map((node) => node.target.join(" ")).join(", ")
  );
}"""


def violations(page: Page) -> list[str]:
    """Each broken rule with the elements that break it; evaluated, because the policy of our
    pages refuses foreign scripts.
    """
    page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    return found


def overflow(page: Page) -> int:
    """How many pixels of the page lie beyond its width."""
    width: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
