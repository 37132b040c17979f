"""axe-core in the real page: what it finds against WCAG 2.2 AA and its best practices."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from playwright.async_api import Page

from tests.e2e.build import CLIENT

SOURCE: Final = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Forced colours are the system's choice; of those, axe-core sees the page's own (-webkit-text-fill-color) instead.
_RUN: Final = """
async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
    rules: { "color-contrast": { enabled: !matchMedia("(forced-colors: active)").matches } } });
  return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help,
    nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`) }));
}
"""


async def violations(page: Page, view: str) -> list[str]:
    """Return what axe-core finds, a line for each element, with the view's name before it."""
    # Evaluated through the debugger: the page's Content-Security-Policy allows no foreign script, and stays as it is.
    await page.evaluate(_source())
    found: list[dict[str, Any]] = await page.evaluate(_RUN, TAGS)
    return [
        f"{view}: {one['id']} ({one['impact']}): {one['help']}\n    {' '.join(node.split())}"
        for one in found
        for node in one["nodes"]
    ]


@cache
def _source() -> str:
    return SOURCE.read_text("utf-8") + "; undefined"
