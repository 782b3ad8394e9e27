"""A chart as a file of its own: with the colours that a page gets from the style sheet."""

import re
from pathlib import Path
from typing import Final

from budgetpool.portals.components.charts.frame import WIDTH, Chart

STYLES: Final = Path(__file__).resolve().parents[2] / "static/budgetpool/budgetpool.css"
RULE: Final = re.compile(r"\.bp-chart (?:text|\.[\w.]+) \{[^}]*\}")
SHOWN_WIDTH: Final = 2 * WIDTH


def standalone(chart: Chart) -> str:
    """The drawing as the text of an SVG file, on white."""
    rules = " ".join(RULE.findall(STYLES.read_text(encoding="utf-8")))
    style = rules.replace(".bp-chart ", "").replace("inherit", "system-ui, sans-serif")
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SHOWN_WIDTH}" '
    body = str(chart.svg).replace("<svg ", opening, 1)
    head, _, rest = body.partition(">")
    return f'{head}><style>{style}</style><rect width="100%" height="100%" fill="#fff"/>{rest}\n'
