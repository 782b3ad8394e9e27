"""Charts drawn on the server: an SVG each, with one sentence of meaning and the data as a table."""

from budgetpool.portals.components.charts.bars import Bar, bars
from budgetpool.portals.components.charts.curve import Point, curve
from budgetpool.portals.components.charts.flow import Link, flow
from budgetpool.portals.components.charts.frame import Chart
from budgetpool.portals.components.charts.lorenz import Shares, lorenz
from budgetpool.portals.components.charts.ranges import Range, ranges
from budgetpool.portals.components.charts.standalone import standalone

__all__ = [
    "Bar",
    "Chart",
    "Link",
    "Point",
    "Range",
    "Shares",
    "bars",
    "curve",
    "flow",
    "lorenz",
    "ranges",
    "standalone",
]
