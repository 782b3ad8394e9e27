"""Forms: our errors instead of the browser's, each tied to its field."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation
from djmoney.money import Money

from budgetpool.portals.components.answer_fields import CountField
from budgetpool.portals.components.fields import EurosField
from budgetpool.portals.components.forms import OptionLabel


class Form(forms.Form):
    start = forms.DateField(
        label="Start", help_text="01-03-2027", error_messages={"required": "Fill in the start."}
    )
    why = forms.CharField(label="Why", widget=forms.Textarea, required=False)
    way = forms.ChoiceField(
        label="Way",
        widget=forms.RadioSelect,
        choices=[("a", OptionLabel("First", hint="the cheap one")), ("b", "Second")],
    )
    agree = forms.BooleanField(label="I agree")


@pytest.fixture
def html():
    with translation.override("nl"):
        return str(Form({"why": "x"}))


def tag_of(html, field):
    return re.search(rf'<[a-z]+[^>]*name="{field}"[^>]*>', html).group()


def test_no_field_asks_the_browser_to_validate(html):
    assert " required" not in html
    assert 'aria-required="true"' in tag_of(html, "start")


def test_an_error_stands_above_its_field_and_is_tied_to_it(html):
    field = tag_of(html, "start")
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]*)"', field).group(1).split()
    assert described == ["id_start_helptext", "id_start_error"]
    assert html.index('id="id_start_helptext"') < html.index('id="id_start_error"')
    assert html.index("Fill in the start.") < html.index(field)


def test_what_may_stay_empty_says_so(html):
    assert re.search(r"Why\s*\(niet verplicht\)", html)
    assert not re.search(r"Start\s*\(niet verplicht\)", html)


def test_a_draft_marks_nothing_as_optional():
    class Draft(Form):
        mark_optional = False

    with translation.override("nl"):
        assert "niet verplicht" not in str(Draft())


def test_a_choice_shows_its_hint(html):
    assert "<small>the cheap one</small>" in html


def test_the_summary_links_to_each_faulty_field():
    page = render_to_string("components/error_summary.html", {"form": Form({"why": "x"})})
    targets = re.findall(r'href="#([^"]*)"', page)
    ids = re.findall(r'id="([^"]*)"', str(Form({"why": "x"})))
    assert len(targets) == 3
    assert set(targets) <= set(ids)


def test_markup_in_an_answer_stays_text():
    assert "<script>" not in str(Form({"start": "<script>", "why": "</textarea><script>"}))


class Euros(forms.Form):
    amount = EurosField()
    why = forms.CharField()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("90", 90), (" 90% ", 90), ("90 procent", 90), ("3 lessen", 3), ("16 uur", 16), ("0", 0)],
)
def test_a_count_is_read_with_its_unit(typed, number):
    assert CountField().clean(typed) == number


@pytest.mark.parametrize("typed", ["negen", "% 90", "9 0", "7,5", "1e3", "--", "90 euro"])
def test_what_is_no_count_is_refused(typed):
    with pytest.raises(ValidationError):
        CountField().clean(typed)


@pytest.mark.parametrize("digits", [10, 27, 28, 29, 30, 400, 5_000])
def test_an_amount_of_too_many_digits_is_refused_and_shown_again(digits):
    form = Euros({"amount": "9" * digits})
    with translation.override("nl"):
        assert "Dit bedrag is te groot." in str(form)


def test_zeros_before_an_amount_do_not_make_it_large():
    form = Euros({"amount": "0" * 40 + "12,50", "why": "x"})
    assert form.is_valid()
    assert form.cleaned_data["amount"] == Money("12.50", "EUR")
    assert Euros({"amount": "999999999,99", "why": "x"}).is_valid()
