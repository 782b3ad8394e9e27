"""A policy in plain words, and the form that makes one."""

import pytest
from django.utils import translation

from allocation.optimiser import Policy
from allocation.rules import policies
from budgetpool.portals.board.policy_forms import PolicyForm, initial
from budgetpool.portals.components import policy


def texts(rules):
    with translation.override("en"):
        return [lever.text for lever in policy.levers(rules)]


def test_each_lever_of_the_standard_rule_has_its_sentence():
    said = " ".join(texts(policies.STANDARD))
    for words in (
        "At least 60% of the money",
        "The group with the smallest chance is helped first",
        "when 30% of a group gets a training",
        "At most 20% of the money",
        "At most 300 people",
        "100%, 90%, 80%",
    ):
        assert words in said


def test_a_rule_without_fairness_speaks_of_no_groups():
    rules = {**policies.STANDARD, "fairness": "0"}
    assert not any("smallest chance" in text for text in texts(rules))


def test_half_fairness_says_how_much_is_kept():
    rules = {**policies.STANDARD, "fairness": "1/2"}
    assert any("keeps 50% of that" in text for text in texts(rules))


@pytest.mark.parametrize("change", [{}, {"value": "points_times_amount"}, {"fairness": "3/4"}])
def test_the_form_gives_back_the_rules_that_filled_it(change):
    rules = {**policies.STANDARD, **change}
    form = PolicyForm({**initial(rules), "name": "Rule"})
    assert form.is_valid(), form.errors

    def canonical(some):
        return Policy.from_dict({**some, "name": "n", "seed": "s", "ceiling_cents": 0}).to_dict()

    assert canonical(form.rules()) == canonical(rules)


def test_a_percentage_above_100_is_refused():
    form = PolicyForm({**initial(policies.STANDARD), "name": "Rule", "provider_percent": "120"})
    assert "provider_percent" in form.errors
