"""No public number points at a person."""

from hypothesis import given
from hypothesis import strategies as st

from budgetpool.portals.components.suppression import Group, suppress

counts = st.tuples(st.integers(0, 60), st.integers(0, 60))
groups_of = st.lists(counts, max_size=8).map(
    lambda pairs: [Group(f"g{i}", applying=a + r, awarded=a) for i, (a, r) in enumerate(pairs)]
)


def test_large_groups_are_shown_as_they_are():
    shown = [Group("a", 40, 20), Group("b", 30, 12)]
    assert suppress(shown) == shown


def test_two_small_groups_are_shown_together():
    # 8 and 14 people: together 22, of whom 11 got something and 11 did not.
    shown = suppress([Group("a", 40, 20), Group("b", 8, 4), Group("c", 14, 7)])
    assert shown == [Group("a", 40, 20), Group(None, 22, 11)]


def test_one_small_group_takes_the_next_smallest_along_so_that_nobody_can_subtract_it():
    shown = suppress([Group("a", 40, 20), Group("b", 30, 12), Group("c", 8, 8)])
    assert shown == [Group("a", 40, 20), Group(None, 38, 20)]


def test_a_group_of_which_nearly_all_are_refused_is_small_too():
    # 30 asked and 2 got something: those two could be recognised.
    assert suppress([Group("a", 30, 2)]) == []


@given(groups_of)
def test_every_number_that_is_shown_is_about_none_or_at_least_ten(groups):
    for group in suppress(groups):
        assert group.applying >= 10
        assert all(n == 0 or n >= 10 for n in (group.awarded, group.applying - group.awarded))


@given(groups_of)
def test_what_is_hidden_is_never_a_single_group(groups):
    named = {group.code for group in suppress(groups)} - {None}
    hidden = [group for group in groups if group.code not in named]
    assert len(hidden) != 1 or not named
