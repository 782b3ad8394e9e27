"""What must hold for every page, as seen by a real browser."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TEXT = 12  # px, in a chart on a phone of 390
SMALLEST_TARGET = 44  # px, of a button or a field

CHART_TEXT = """() => [...document.querySelectorAll("svg text")].filter(t => t.textContent.trim())
  .map(t => {
    const image = t.ownerSVGElement, drawn = image.viewBox.baseVal.width;
    const scale = drawn ? image.getBoundingClientRect().width / drawn : 1;
    return [t.textContent.trim(), parseFloat(getComputedStyle(t).fontSize) * scale];
  }).filter(([, size]) => size > 0)"""
BARE_SELECTS = """() => [...document.querySelectorAll("main select")]
  .filter(e => e.offsetParent && getComputedStyle(e).backgroundImage === "none")
  .map(e => e.outerHTML.slice(0, 90))"""
TARGETS = """() => [...document.querySelectorAll(
    "button, .utrecht-button, select, textarea, summary, .bp-option, .utrecht-textbox")]
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0).map(([html, box]) => [html, box.height])"""
BROKEN_EUROS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (/€[ \\n]/.test(walk.currentNode.data)) found.push(walk.currentNode.data);
  return found;
}"""


@cache
def _axe() -> str:
    return AXE.read_text()


def accessibility(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands, one line per kind."""
    # Evaluated from outside the page, so that its content security policy stays as it is.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe() + "\n;0")
    found = page.evaluate(
        """tags => axe.run(document, {
          runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]
        }).then(found => found.violations)""",
        TAGS,
    )
    return [
        f"{one['id']}: {one['help']}; {len(one['nodes'])} times, first "
        f"{one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}"
        for one in found
    ]


def assert_accessible(page: Page) -> None:
    """Fail with everything that axe-core finds on the page as it stands."""
    assert accessibility(page) == []


def overflow(page: Page) -> list[str]:
    """What sticks out of the page to the right."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide <= 0:
        return []
    culprits = page.evaluate(
        """() => [...document.body.querySelectorAll("*")]
          .filter(e => !e.parentElement.closest(".bp-scroll, pre, svg"))
          .filter(e => Math.max(e.getBoundingClientRect().right,
            e.getBoundingClientRect().left + e.scrollWidth) > innerWidth)
          .map(e => e.outerHTML.slice(0, 90)).slice(-3)"""
    )
    return [f"{wide} px wider than the window: {culprits}"]


def long_labels(page: Page) -> list[str]:
    """What would stick out if a table's labels were as long as another round's may be."""
    page.evaluate(
        """long => document.querySelectorAll("td[data-label]").forEach(cell => {
          cell.dataset.labelBefore = cell.dataset.label;
          cell.dataset.label += long;
        })""",
        " (beloofd aan flexwerkers tot en met mbo 4 zonder startkwalificatie)",
    )
    found = overflow(page)
    page.evaluate(
        """() => document.querySelectorAll("td[data-label]").forEach(cell => {
          cell.dataset.label = cell.dataset.labelBefore;
          delete cell.dataset.labelBefore;
        })"""
    )
    return [f"with long labels {one}" for one in found]


def small_chart_text(page: Page) -> list[str]:
    """Chart text that is too small to read."""
    return [
        f"chart text of {size:.1f} px: {words}"
        for words, size in page.evaluate(CHART_TEXT)
        if size < SMALLEST_TEXT
    ]


def small_targets(page: Page) -> list[str]:
    """Buttons and fields that a thumb would miss."""
    return [
        f"only {height:.0f} px high: {html}"
        for html, height in page.evaluate(TARGETS)
        if height < SMALLEST_TARGET
    ]


def bare_selects(page: Page) -> list[str]:
    """Lists to choose from that look like a field to type in, because they have no arrow."""
    return [f"no arrow: {html}" for html in page.evaluate(BARE_SELECTS)]


def broken_amounts(page: Page) -> list[str]:
    """Amounts with an ordinary blank after the euro sign, where a line can break."""
    return [f"a line can break in: {words.strip()[:60]}" for words in page.evaluate(BROKEN_EUROS)]
