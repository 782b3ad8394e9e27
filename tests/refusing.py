"""Provoke a refusal: its code, and words that are whole in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import translation

from budgetpool.refusals import SENTENCES, Refusal


@contextmanager
def refuses(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What stands inside is refused with this code, and with every value that its words name."""
    with pytest.raises(Refusal) as raised:
        yield raised
    assert raised.value.code == code
    assert code in SENTENCES, f"{code} has no words"
    said = set()
    for language in ("nl", "en"):
        with translation.override(language):
            said.add(str(raised.value))
    assert len(said) == 2, f"{code} says the same in Dutch and in English: {said}"
