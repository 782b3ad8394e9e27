"""The month of the treasurer's desk once more, typed and pressed in a real browser."""

import pytest
from django.urls import reverse

from tests.payouts.conftest import *  # noqa: F403
from tests.payouts.test_month_by_hand import *  # noqa: F403
from tests.payouts.test_month_by_hand import Desk, walk

# What needs no browser has its own place.
del test_a_month_by_hand, test_the_walk_has_all_fifteen_events  # noqa: F821

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class PressedDesk(Desk):
    """The same pages, in a tab of one person."""

    def __init__(self, visitor, person):
        self.visitor = visitor
        super().__init__(person)

    def sign_in(self):
        self.visitor.sign_in(self.person)
        self.page = self.visitor.page()

    def refused(self, name, *args, **data):
        said = self.post(name, *args, **data)
        complaints = self.visitor.complaints
        self.visitor.complaints = [one for one in complaints if "422" not in one]
        return " ".join(said.split())

    def post(self, name, *args, verb="", **data):
        """Open the page, fill its form and press its button; gives what the next page says."""
        self.visitor.go(self.page, reverse(f"treasurer-{name}", args=["twente", *args]))
        wanted = f'button[value="{verb}"]' if verb else f"[name={next(iter(data))}]"
        form = self.page.locator(f"form:has({wanted})").first
        for field, value in data.items():
            self._fill(form.locator(f'[name="{field}"]'), value)
        with self.page.expect_navigation():
            form.locator(wanted if verb else "button").first.click()
        return self.page.locator("main").inner_text()

    def _fill(self, field, value):
        if hasattr(value, "read"):
            sent = {"name": value.name, "mimeType": "application/xml", "buffer": value.read()}
            field.set_input_files(sent)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def test_a_month_at_the_desk_is_typed_and_closed(
    visitor,
    opened,
    main_iban,
    school,
    make_award,
    treasurer,
    second_treasurer,
    chair,
):
    desk, board = PressedDesk(visitor, treasurer), PressedDesk(visitor, chair)
    walk(opened.fund, desk, board, make_award, treasurer)
