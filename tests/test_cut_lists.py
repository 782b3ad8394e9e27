"""No list is cut without a word: every slice of rows in the source is known here, with its reason.

A slice that this file does not know fails: give the list pages, or say on the page that it is cut
and by how much, and name it here. What shortens one text, key or fingerprint is no list.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("budgetpool", "allocation", "workers", "employers", "api")
# The optimiser holds arrays, and the laboratory invents people: neither holds a page's list.
LEFT_OUT = ("migrations", "optimiser", "laboratory/behaviour.py", "demo", "static", "templates")

# Names that hold one text; a slice of anything else is a list, unless it is known below.
PAGED_OR_SAID = {
    # Findings of a check of the books: the first fifty of each kind, and `outcome` says as much.
    "allocation/decisions/ledger_facts.py": "the first findings of a kind",
    "allocation/payouts/facts.py": "the first findings of a kind",
    "budgetpool/bank/opening_shares.py": "the first findings of a kind",
    "employers/ledger_facts.py": "the first findings of a kind",
    "employers/payment_facts.py": "the first findings of a kind",
    # Subqueries for one value.
    "allocation/decisions/places.py": "the value of one row",
    "allocation/decisions/starting.py": "the value of one row",
    "allocation/rules/courses.py": "the value of one row",
    "budgetpool/fund/facts.py": "the value of one row",
    # Said on the page.
    "allocation/rounds/blind.py": "a sample that the draw chose, and the page says so",
    "allocation/management/statement_tables.py": "the table says how many more there are",
    "allocation/payouts/lines/choices.py": "a search stands above it: a longer list is searched",
    "allocation/payouts/lines/suggesting.py": "suggestions, not a list",
    "budgetpool/portals/adviser/people.py": "the page says how many more there are",
    "budgetpool/portals/application/attaching.py": "the rest is refused in words",
    "budgetpool/portals/components/charts/flow.py": "the others are one band of their own",
    "budgetpool/portals/components/charts/frame.py": "the rest of a label is marked",
    "budgetpool/portals/school/results.py": "the rest is refused in words",
    "budgetpool/portals/templatetags/skill_demand.py": "the page says of how many",
    "budgetpool/mail/delivery.py": "one batch of a queue; the rest follows",
    "employers/deposits/suggesting.py": "suggestions, not a list",
    "allocation/decisions/coarse.py": "ways to try, not a list",
    "api/cursors.py": "a page, with the address of the next",
    "api/reading.py": "a page, with the address of the next",
    "api/invoicing.py": "whether there is one, or more",
    "api/views/sandbox.py": "a few of the invented to begin with",
    "api/webhooks/endpoints.py": "one batch; asking again takes the next",
    "api/webhooks/numbering.py": "one batch of a queue; the rest follows",
    "workers/around/stories.py": "a few stories, chosen as such",
}
OF_QUERIES = {"all", "exclude", "filter", "order_by", "select_related", "values", "values_list"}


def slices(tree: ast.AST) -> list[str]:
    """The slices of a file that keep the first of something, other than of a text."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)):
            continue
        upper = node.slice.upper
        if node.slice.lower is not None or upper is None or isinstance(upper, ast.UnaryOp):
            continue
        if is_rows(node.value) or not isinstance(upper, ast.Constant):
            found.append(ast.unparse(node))
    return found


def is_rows(value: ast.expr) -> bool:
    """Whether a query or a sorted list is sliced, by its last call."""
    if isinstance(value, ast.Call):
        name = getattr(value.func, "attr", getattr(value.func, "id", ""))
        return name in OF_QUERIES or name in ("sorted", "list")
    return False


def files() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if not any(f"/{part}" in str(path) for part in LEFT_OUT)
    ]


def cut_by(text: str) -> list[str]:
    return slices(ast.parse(text))


def test_the_search_finds_a_list_that_is_cut():
    assert cut_by("rows = Award.objects.filter(fund=fund)[:50]")
    assert cut_by("rows = found[:MOST]")
    assert cut_by("rows = sorted(found)[:20]")
    assert not cut_by("name = name.strip()[:60]")
    assert not cut_by("rest = rows[5:]")


def test_no_list_is_cut_that_is_not_known_here():
    texts = {
        "budgetpool/bank/epc_text.py",
        "budgetpool/bank/line_sets.py",
        "budgetpool/bank/mt940.py",
        "budgetpool/bank/name_check.py",
        "budgetpool/fund/auditfile.py",
        "employers/references.py",
        "workers/likeness.py",
    }
    found = {
        str(path.relative_to(ROOT)): cut
        for path in files()
        if (cut := cut_by(path.read_text(encoding="utf-8")))
    }
    unknown = {name: cut for name, cut in found.items() if name not in {*PAGED_OR_SAID, *texts}}
    assert unknown == {}
    assert set(PAGED_OR_SAID) - set(found) == set(), "names a file that cuts nothing"


def test_no_template_cuts_a_list_without_a_word():
    known = {
        # The next two editions, and a link to all of them.
        "budgetpool/portals/application/templates/application/trainings.html",
    }
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "budgetpool").rglob("*.html")
        if "|slice:" in path.read_text(encoding="utf-8")
    }
    assert found - known == set()


# Pages that turn by themselves: what is no list of a desk, and why.
PAGES_OF_THEIR_OWN = {
    "budgetpool/portals/components/lists.py": "the one list",
    "budgetpool/portals/application/choosing.py": "cards among which a worker chooses",
    "budgetpool/portals/application/replacing.py": "cards among which a worker chooses",
    "budgetpool/portals/public/consultation_views.py": "the public's page",
    "budgetpool/portals/worker/data.py": "a worker's own page, beside the file of all of it",
}
WAYS_TO_TURN = ("Paginator", "islice", "paginate_by")


def turns_by_itself(text: str) -> bool:
    """Whether a view cuts its list by a way of its own."""
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(ast.parse(text))}
    return bool(names & set(WAYS_TO_TURN))


def test_the_search_finds_a_view_that_turns_its_pages_itself():
    assert turns_by_itself("page = Paginator(found, 25).get_page(1)")
    assert turns_by_itself("page = paginator.Paginator(found, 25)")
    assert turns_by_itself("rows = list(islice(found, 100))")
    assert not turns_by_itself("shown = lists.of(request, found, columns, row)")


def test_every_list_of_a_desk_is_the_one_list():
    """Only there a list says which lines of how many stand here, and goes along as a file."""
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "budgetpool/portals").rglob("*.py")
        if turns_by_itself(path.read_text(encoding="utf-8"))
    }
    assert found == set(PAGES_OF_THEIR_OWN)


def test_every_page_that_turns_says_how_many_lines_there_are():
    """A template with pages draws the one list, or stands among the pages above."""
    known = {
        *(f"components/{name}.html" for name in ("list",)),
        *(f"application/{name}.html" for name in ("choices", "replacement", "trainings")),
        *(f"public/{name}.html" for name in ("consultation", "consultations")),
        "worker/data.html",
        "demo/mailbox.html",
    }
    found = {
        "/".join(path.parts[-2:])
        for path in (ROOT / "budgetpool").rglob("*.html")
        if '"components/pages.html"' in (text := path.read_text(encoding="utf-8"))
        and '"components/list_top.html"' not in text
    }
    assert found - known == set()
