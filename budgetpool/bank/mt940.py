"""Reader of MT940 bank statements, as the Dutch banks send them.

The lines are read by the `mt-940` package with every correction switched on (without them a
reversed credit gets the wrong sign). Around it stand the checks that it does not make: every
`:61:` line must have become an entry, every mark must be known, every amount exact. A tag that
the standard form does not fit is tried in the wider forms that Dutch banks use, and otherwise
the file is refused, not guessed at.
"""

import bisect
import datetime
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

import mt940 as library

from budgetpool.bank.mt940_details import read_details
from budgetpool.bank.statement import Entry, Statement, StatementRefused, prove_balance

# The package logs every tag it cannot read; our refusal says it once, with the line.
logging.getLogger("mt940").addHandler(logging.NullHandler())
logging.getLogger("mt940").propagate = False

OPTIONS = library.Options.all()
STATEMENT_TAGS: tuple[dict[int | str, library.tags.Tag], ...] = (
    {},
    {61: library.tags.StatementASNB()},
    {61: library.tags.StatementGLS()},
)
SIGNS = {"C": 1, "RD": 1, "D": -1, "RC": -1}
TAG = re.compile(r":(\d{2}[A-Z]?|NS):", re.ASCII)
ENVELOPE = re.compile(r"\{[1-5]:|-\}|-$|:94[02]:")
IBAN = re.compile(r"([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}?)(?:\s?[A-Z]{3})?", re.ASCII)
# Words in the place of a reference that only say where in the text to find one.
POINTERS = {"EREF", "PREF", "MARF"}
# Tags of one line: what follows without a tag of its own was cut off at the line's width.
ONE_LINE = {"25", "28", "28C", "60F", "60M", "62F", "62M", "64", "65"}
# BNG writes the kind of a transaction in the place of the payer's reference.
KIND = re.compile(r"[0-9]{3}", re.ASCII)
# ING writes the code of the transaction behind the bank's reference.
TRANSACTION_CODE = re.compile(r"/TRCD/.*", re.DOTALL)
# What the package reads as a smaller amount with a strange reference, such as `C1.010,00NTRF`, is
# no line of ours: behind the amount, with its one comma, stands the code of the transaction.
EXACT = re.compile(
    r":61:\s*[0-9]{6}(?:[0-9]{4})?\s*[RE]?[CD][A-Z]?\s*(?:[0-9]+(?:,[0-9]*)?|,[0-9]+)\s*(?:[A-Z]|$)",
    re.ASCII | re.IGNORECASE,
)
AFTER_ENTRIES = {"62F", "62M", "64", "65"}


def read(stream: BinaryIO) -> Iterator[Statement]:
    """Give the statements of an MT940 (or MT942) file one by one.

    Args:
        stream: the file, open for binary reading.

    Raises:
        StatementRefused: the file holds no statement, or a line that cannot be read exactly.
    """
    blocks = _blocks(_decode(stream.read()))
    if not blocks:
        raise StatementRefused("no_statement", line=1)
    for block in blocks:
        yield _statement(block)


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


@dataclass(slots=True)
class _Block:
    """The text of one statement, without its envelope, and where its lines stood."""

    line: int
    text: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    entry_lines: list[int] = field(default_factory=list)


def _blocks(text: str) -> list[_Block]:
    """Cut a file into statements: each begins with its `:20:`, or with another account."""
    blocks: list[_Block] = []
    skipping, last = False, ""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip("\r\x00\x01\x02\x03\x1a")
        if ENVELOPE.match(line):
            continue
        match = TAG.match(line)
        if match is not None:
            tag = last = match.group(1)
            if tag == "20" or not blocks or (tag == "25" and "25" in blocks[-1].tags):
                blocks.append(_Block(number))
            # A text behind the closing balance is about the statement, not about an entry.
            skipping = tag == "86" and bool(blocks[-1].tags & AFTER_ENTRIES)
            if tag == "61":
                blocks[-1].entry_lines.append(number)
                blocks[-1].tags -= AFTER_ENTRIES - {"62F", "62M"}
            if not skipping:
                blocks[-1].tags.add(tag)
        elif blocks and last in ONE_LINE:
            blocks[-1].text[-1] += line.strip()
            continue
        if blocks and not skipping:
            blocks[-1].text.append(line)
            blocks[-1].numbers.append(number)
    return blocks


def _statement(block: _Block) -> Statement:
    if "25" not in block.tags:
        raise StatementRefused("account_missing", line=block.line)
    parsed = _parse(block)
    data = parsed.data
    opening = _balance(data, "opening_balance", block)
    closing = _balance(data, "closing_balance", block)
    account = " ".join(str(data.get("account_identification") or "").split()) or None
    iban = IBAN.fullmatch(account.replace(" ", "")) if account else None
    currency = (opening or closing or (0, None))[1] or parsed.currency
    entries = tuple(
        _entry(transaction.data, number, line, currency)
        for number, (transaction, line) in enumerate(
            zip(parsed.transactions, block.entry_lines, strict=True), start=1
        )
    )
    balance = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    return Statement(
        id=_id(data),
        iban=iban.group(1) if iban else None,
        account=account,
        currency=currency,
        opening_cents=opening[0] if opening else None,
        closing_cents=closing[0] if closing else None,
        balance_proven=prove_balance(opening=opening, closing=closing, entries=entries),
        entries=entries,
        date=_plain_date(balance.date) if balance else None,
        control_error=_control_error(data, entries, block),
        interim=bool(block.tags & {"34F", "13D"}) and not block.tags & {"60F", "60M", "62F", "62M"},
        dialect="mt940",
        line=block.line,
    )


def _parse(block: _Block) -> library.models.Transactions:
    """Read one block, in the standard form or in the wider ones of Dutch banks."""
    for at, line in enumerate(block.text):
        if line.startswith(":61:") and not EXACT.match(line):
            raise _unreadable(block, at)
    text = "\n".join(block.text)
    for tags in STATEMENT_TAGS:
        parsed = _try(text, tags)
        if parsed is None:
            continue
        read = [entry for entry in parsed.transactions if "amount" in entry.data]
        if len(read) == len(parsed.transactions) == len(block.entry_lines):
            return parsed
    at = max(_first_unreadable(block, tags) for tags in STATEMENT_TAGS)
    raise _unreadable(block, at)


def _unreadable(block: _Block, at: int) -> StatementRefused:
    return StatementRefused("line_unreadable", line=block.numbers[at], detail=block.text[at][:80])


def _try(text: str, tags: dict[int | str, library.tags.Tag]) -> library.models.Transactions | None:
    parsed = library.models.Transactions(tags=tags, options=OPTIONS)
    try:
        parsed.parse(text)
    except (RuntimeError, ValueError, InvalidOperation, KeyError, AttributeError):
        return None
    return parsed


def _first_unreadable(block: _Block, tags: dict[int | str, library.tags.Tag]) -> int:
    """Where in the block's text the first tag stands that this form cannot read.

    The package does not tell, so the longest readable beginning is searched by halving.
    """
    starts = [at for at, line in enumerate(block.text) if TAG.match(line)]
    ends = [*starts[1:], len(block.text)]
    bad = bisect.bisect_left(
        range(len(ends)), True, key=lambda n: _try("\n".join(block.text[: ends[n]]), tags) is None
    )
    return starts[min(bad, len(starts) - 1)]


def _id(data: dict[str, Any]) -> str | None:
    """Reference and number together: many banks repeat the same `:20:` for years."""
    number = "/".join(
        str(data[key]) for key in ("statement_number", "sequence_number") if data.get(key)
    )
    return " ".join(filter(None, (data.get("transaction_reference"), number))) or None


def _balance(data: dict[str, Any], kind: str, block: _Block) -> tuple[int, str] | None:
    """A balance in cents with its currency; None where it is missing or unreadable."""
    for prefix in ("final_", "intermediate_", ""):
        balance = data.get(f"{prefix}{kind}")
        if balance is None:
            continue
        amount = balance.amount
        currency = getattr(amount, "currency", None) or ""
        if not re.fullmatch(r"[A-Z]{3}", currency):
            return None
        return _cents(amount.amount, block.line, None), currency
    return None


def _entry(data: dict[str, Any], number: int, line: int, currency: str | None) -> Entry:
    mark = str(data.get("status") or "").upper()
    if mark not in SIGNS:
        raise StatementRefused("mark_unknown", line=line, entry=number, found=mark)
    amount = data["amount"].amount
    details = read_details(data)
    bank_reference = _given(TRANSACTION_CODE.sub("", str(data.get("bank_reference") or "")))
    customer = _given(data.get("customer_reference"))
    if customer in {*POINTERS, details.iban}:
        customer = None
    named = None if KIND.fullmatch(customer or "") else customer
    return Entry(
        amount_cents=SIGNS[mark] * abs(_cents(amount, line, number)),
        currency=currency,
        date=_plain_date(data.get("entry_date")) or _plain_date(data.get("date")),
        reference=bank_reference or customer,
        bank_reference=bank_reference,
        name=details.name,
        iban=details.iban,
        remittance=details.remittance,
        structured_reference=details.structured_reference,
        end_to_end_id=_given(details.end_to_end_id) or named,
        payment_information_id=_given(details.payment_information_id),
        return_reason=details.return_reason,
        reversal=mark in ("RC", "RD"),
        line=line,
    )


def _given(value: object) -> str | None:
    text = " ".join(str(value or "").split())
    return None if text.upper() in ("", "NONREF", "NOTPROVIDED") else text


def _cents(amount: Decimal, line: int, number: int | None) -> int:
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise StatementRefused("amount_too_fine", line=line, entry=number, found=str(amount))
    return int(cents)


def _plain_date(value: datetime.date | None) -> datetime.date | None:
    return None if value is None else datetime.date(value.year, value.month, value.day)


def _control_error(
    data: dict[str, Any], entries: tuple[Entry, ...], block: _Block
) -> StatementRefused | None:
    """Compare `:90C:` and `:90D:`, where they are given, with the entries."""
    for key, sign in (("sum_credit_entries", 1), ("sum_debit_entries", -1)):
        said = data.get(key) or data.get(key.removeprefix("sum_"))
        if said is None or not hasattr(said, "number"):
            continue
        found = [entry.amount_cents * sign for entry in entries if entry.amount_cents * sign > 0]
        if int(said.number) != len(found):
            return StatementRefused(
                "control_count", line=block.line, said=int(said.number), found=len(found)
            )
        if abs(said.amount) * 100 != sum(found):
            return StatementRefused(
                "control_sum",
                line=block.line,
                said=str(abs(said.amount)),
                found=f"{Decimal(sum(found)) / 100:.2f}",
            )
    return None
