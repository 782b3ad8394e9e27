"""A chart says its meaning in a sentence and its numbers in a table, and escapes its names."""

import re
from xml.etree import ElementTree

import pytest

from budgetpool.portals.components import charts, numbers
from budgetpool.portals.components.charts import frame


def texts(chart):
    return re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg)


def test_bars_have_a_row_in_the_table_for_each_bar():
    chart = charts.bars(
        "Who?",
        "Most have MBO 2.",
        [charts.Bar("MBO 2", 0.5, 0.4), charts.Bar("MBO 3", 0.25, 0.6)],
        group_name="Group",
        value_name="Ours",
        compare_name="Old",
        write=numbers.percent,
    )
    assert [list(row) for row in chart.table.rows] == [
        ["MBO 2", "40%", "50%"],
        ["MBO 3", "60%", "25%"],
    ]
    assert {"MBO 2", "50%", "40%"} <= set(texts(chart))


def test_a_name_in_a_chart_cannot_become_markup():
    chart = charts.bars(
        "<b>", "x", [charts.Bar("<script>", 1)], group_name="g", value_name="v", write=str
    )
    assert "<script>" not in chart.svg
    assert 'aria-label="&lt;b&gt;"' in chart.svg


def test_a_flow_keeps_every_cent_and_puts_the_others_last():
    links = [charts.Link(f"Payer {i}", "Care", 100 * (i + 1)) for i in range(9)]
    chart = charts.flow(
        "Flow",
        "x",
        links,
        source_name="Pays",
        target_name="Gets",
        amount_name="Amount",
        others="Others",
        write=lambda cents: str(int(cents)),
    )
    words = texts(chart)
    left = words[: words.index("Care")]
    amounts = [int(word) for word in left if word.isdigit()]
    assert sum(amounts) == sum(link.cents for link in links)
    assert left.index("Others") > left.index("Payer 8")
    assert len(chart.table.rows) == 9


def test_coordinates_have_points_in_every_language():
    chart = charts.lorenz(
        "Even?",
        "x",
        [charts.Shares.of_values("Ours", [1, 2, 3.5])],
        people_name="People",
        even_name="Even",
        write=numbers.percent,
    )
    for d in re.findall(r' d="([^"]*)"', chart.svg):
        assert "," not in d


def test_a_curve_names_each_point_and_fills_the_chosen_one():
    chart = charts.curve(
        "Price",
        "x",
        [
            charts.Point("A", "A. Most", 0.31, 0.0),
            charts.Point("B", "B. Base", 0.52, 0.036, chosen=True),
        ],
        x_name="Smallest",
        y_name="Less",
        write_x=numbers.percent,
        write_y=numbers.percent,
        point_name="Way",
    )
    assert {"A", "B"} <= set(texts(chart))
    assert chart.svg.count('class="dot on"') == 1
    assert chart.table.chosen == {1}


@pytest.mark.parametrize(("low", "high"), [(0, 9.4), (0.31, 0.58), (0, 0), (-3, 12_000)])
def test_ticks_are_round_and_hold_the_data(low, high):
    marks = frame.ticks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert marks == sorted(set(marks))


def test_a_long_name_is_wrapped_and_then_cut():
    assert frame.wrap("Techniek en onderhoud", 14) == ["Techniek en", "onderhoud"]
    assert frame.wrap("Specialistische zakelijke diensten", 14) == [
        "Specialistisc…",
        "zakelijke die…",
    ]


def test_a_range_stands_in_the_table_and_its_line_is_named():
    chart = charts.ranges(
        "Chance?",
        "A bar shows it.",
        [charts.Range("<i>", 0.1, 0.2, 0.4, chosen=True), charts.Range("Lottery", 0.0, 0.0, 0.0)],
        group_name="Rule",
        names=("Low", "Middle", "High"),
        write=numbers.percent,
        line=0.23,
        line_name="everybody",
    )
    assert [list(row) for row in chart.table.rows] == [
        ["<i>", "10%", "20%", "40%"],
        ["Lottery", "0%", "0%", "0%"],
    ]
    assert chart.table.chosen == {0}
    assert {"&lt;i&gt;: 20%", "Lottery: 0%", "everybody: 23%"} <= set(texts(chart))
    drawn = [float(x) for x in re.findall(r'\bx="(-?[\d.]+)"', chart.svg)]
    assert all(0 <= x <= frame.WIDTH for x in drawn)


def test_a_chart_as_a_file_is_xml_that_asks_for_nothing():
    chart = charts.bars("A & B", "x", [charts.Bar("<b>", 1)], group_name="g", value_name="v",
                        write=str)  # fmt: skip
    text = charts.standalone(chart)
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["aria-label"] == "A & B"
    assert ".c0 {" in text
    assert text.count("http") == 1
