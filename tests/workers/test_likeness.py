"""One person in another spelling is found; who is nearly the same goes to the counter."""

from datetime import date

import pytest

from workers.likeness import are_close, identity_hash, normal, traces

BORN = date(1991, 3, 4)


@pytest.mark.parametrize(
    "other",
    [
        "ewa nowak",
        "EWA  NOWAK",
        "Nowak, Ewa",
        "Ewа Nowаk",  # a Cyrillic а, twice
        "Εwa Νowak",  # Greek capitals
        "Éwa Nowák",
        "Ewa Nowak.",
        "Ewa-Nowak",
        "Ewa\u00a0Nowak",
        "Ｅｗａ Nowak",
        "E\u0301wa Nowak",
        "Ewa \u200bNowak",
    ],
)
def test_one_name_in_many_spellings_has_one_normal_form(other):
    assert normal(other) == normal("Ewa Nowak")
    assert identity_hash(other, BORN) == identity_hash("Ewa Nowak", BORN)


def test_another_name_or_another_day_is_somebody_else():
    assert identity_hash("Ana Nowak", BORN) != identity_hash("Ewa Nowak", BORN)
    assert identity_hash("Ewa Nowak", date(1991, 4, 3)) != identity_hash("Ewa Nowak", BORN)
    assert identity_hash("", BORN) == identity_hash("Ewa Nowak", None) == ""


def test_names_of_signs_only_do_not_all_become_one():
    assert identity_hash("...", BORN) != identity_hash("---", BORN)
    assert normal("李小龙") != normal("王小龙")


@pytest.mark.parametrize(
    ("other", "close"),
    [
        ("Ewa Novak", True),
        ("Ewa Nowaak", True),
        ("Ewa Nowka", True),
        ("E. Nowak", True),
        ("Ewa Maria Nowak", True),
        ("Ewa No-wak", True),
        ("Ana Nowak", False),
        ("Ewa Kowalska", False),
        ("Nowak", False),
        ("Ewa", False),
        ("", False),
    ],
)
def test_what_is_nearly_the_same_is_close(other, close):
    assert are_close("Ewa Nowak", other) is close
    assert are_close(other, "Ewa Nowak") is close
    assert not close or traces(other) & traces("Ewa Nowak")
