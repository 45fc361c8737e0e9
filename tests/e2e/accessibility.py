"""Asks axe-core what is wrong with a page."""

import json
from pathlib import Path

from playwright.sync_api import Page

_AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_COLOURS = ("color-contrast", "link-in-text-block")
_RUN = """async (only) => {
  if (!("axe" in window)) return null;
  const options = { resultTypes: ["violations"], iframes: false };
  if (only) options.runOnly = only;
  const found = await axe.run(document, options);
  return found.violations.map(
    (rule) => `${rule.id}: ` + rule.nodes.map((node) => node.target.join(" ")).join(", ")
  );
}"""


def violations(page: Page, *, only_colours: bool = False) -> list[str]:
    """Each broken rule with the elements that break it.

    `only_colours` asks again only what the other theme can change. The script is evaluated,
    because the policy of our pages refuses foreign ones. Frames are left out: a sandbox answers
    nobody, and what they show is a page of its own. A page still on its way is waited for.
    """
    page.wait_for_load_state()
    only = list(_COLOURS) if only_colours else None
    found: list[str] | None = page.evaluate(_RUN, only)
    if found is None:
        found = page.evaluate(f"{_AXE};({_RUN})({json.dumps(only)})")
    assert found is not None
    return found


def overflow(page: Page) -> int:
    """How many pixels of the page lie beyond its width, once its styles are there."""
    page.wait_for_load_state()
    width: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
