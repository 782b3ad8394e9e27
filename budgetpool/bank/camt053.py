"""Reader of CAMT.053 bank statements (ISO 20022, versions 02 to 13).

Three rules make it safe. The file is data: a DOCTYPE is refused and no entity is resolved. The
entry's amount is the truth: transaction details take a batch apart only when they add up to it.
The sign comes from the credit/debit mark alone; a reversal changes who the other party is, not
the direction of the money.

Elements are dropped as soon as they are read, so memory follows the entries, not the XML.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

from lxml import etree

from budgetpool.bank import camt053_fields as fields
from budgetpool.bank.camt053_fields import Detail
from budgetpool.bank.statement import Entry, Statement, StatementRefused, prove_balance

PROLOG_BYTES_MAX = 65_536
CHUNK_BYTES = 1_024
OTHER_MESSAGES = {
    "BkToCstmrDbtCdtNtfctn": "camt.054",
    "BkToCstmrAcctRpt": "camt.052",
}
TAGS = ("{*}Stmt", "{*}Ntry", "{*}TxDtls", *(f"{{*}}{name}" for name in OTHER_MESSAGES))


def read(stream: BinaryIO) -> Iterator[Statement]:
    """Give the statements of a CAMT.053 file one by one.

    Args:
        stream: the file, open for binary reading and able to seek.

    Raises:
        StatementRefused: the file is no XML, has a DOCTYPE, is another message, holds no
            statement, or says something that cannot be read exactly.
    """
    check_prolog(stream)
    stream.seek(0)
    reader = _Reader()
    statements = 0
    try:
        for event, element in etree.iterparse(
            stream,
            events=("start", "end"),
            tag=TAGS,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        ):
            statement = reader.take(event, element)
            if statement is not None:
                statements += 1
                yield statement
    except etree.XMLSyntaxError as error:
        raise _not_xml(error) from error
    if not statements:
        raise StatementRefused("no_statement")


def check_prolog(stream: BinaryIO) -> None:
    """Read up to the first element, in small bites, and refuse a DOCTYPE before it is used."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False
    )
    read_bytes = 0
    try:
        while chunk := stream.read(CHUNK_BYTES):
            read_bytes += len(chunk)
            parser.feed(chunk)
            started: Iterator[Any] = parser.read_events()
            for _event, element in started:
                docinfo = element.getroottree().docinfo
                if docinfo.doctype or docinfo.internalDTD is not None:
                    raise StatementRefused("doctype", line=fields.line_of(element))
                return
            if read_bytes > PROLOG_BYTES_MAX:
                raise StatementRefused("not_xml", line=1, detail="no element in the first 64 kB")
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_xml(error) from error
    raise StatementRefused("not_xml", line=1, detail="no element")


def _not_xml(error: etree.XMLSyntaxError) -> StatementRefused:
    return StatementRefused("not_xml", line=error.lineno, detail=error.msg or "no element")


class _Reader:
    """Collects the parts of one statement while the parser walks through the file."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.entries: list[Entry] = []
        self.details: list[Detail] = []
        self.number = 0
        self.left_out = 0
        self.credits: list[int] = []
        self.debits: list[int] = []

    def take(self, event: str, element: etree._Element) -> Statement | None:
        name = etree.QName(element).localname
        if name in OTHER_MESSAGES:
            raise StatementRefused(
                "other_message", line=fields.line_of(element), message=OTHER_MESSAGES[name]
            )
        if event == "start":
            if name == "Stmt":
                self._begin()
            elif name == "Ntry":
                self.number += 1
                self.details = []
            return None
        statement = None
        if name == "TxDtls":
            self.details.append(fields.detail(element, self.number))
        elif name == "Ntry":
            self._entry(element)
        else:
            statement = self._statement(element)
        _drop(element)
        return statement

    def _statement(self, element: etree._Element) -> Statement:
        found = fields.walk(element)
        entries = tuple(self.entries)
        balances: dict[str, tuple[int, str]] = {}
        closing_date = None
        for balance in found.get("Bal", ()):
            parts = fields.walk(balance)
            code = fields.text(parts, "Tp/CdOrPrtry/Cd")
            if code in ("OPBD", "PRCD"):
                # The first opening and the last closing count, where a bank gives several.
                balances.setdefault(code, fields.signed_amount(balance, parts, None))
            elif code == "CLBD":
                balances[code] = fields.signed_amount(balance, parts, None)
                closing_date = fields.date(parts, "Dt") or closing_date
        opening = balances.get("OPBD") or balances.get("PRCD")
        closing = balances.get("CLBD")
        iban = fields.text(found, "Acct/Id/IBAN")
        iban = re.sub(r"\s", "", iban).upper() if iban else None
        return Statement(
            id=fields.text(found, "Id"),
            iban=iban,
            account=iban or fields.text(found, "Acct/Id/Othr/Id"),
            currency=fields.text(found, "Acct/Ccy")
            or next((money[1] for money in (opening, closing) if money), None)
            or (entries[0].currency if entries else None),
            opening_cents=opening[0] if opening else None,
            closing_cents=closing[0] if closing else None,
            balance_proven=prove_balance(opening=opening, closing=closing, entries=entries),
            entries=entries,
            date=closing_date or fields.day(fields.text(found, "CreDtTm")),
            control_error=self._control_error(found),
            left_out=self.left_out,
            dialect="camt053",
            line=fields.line_of(element),
        )

    def _control_error(self, found: fields.Fields) -> StatementRefused | None:
        """Compare the file's own counts and sums with the lines, batches not taken apart."""
        for name, lines in (
            ("TtlNtries", [*self.credits, *self.debits]),
            ("TtlCdtNtries", self.credits),
            ("TtlDbtNtries", self.debits),
        ):
            counts = found.get(f"TxsSummry/{name}/NbOfNtries", [])
            sums = found.get(f"TxsSummry/{name}/Sum", [])
            for node in counts:
                said = (node.text or "").strip()
                if said.lstrip("0") != str(len(lines)).lstrip("0"):
                    return StatementRefused(
                        "control_count", line=fields.line_of(node), said=said, found=len(lines)
                    )
            for node in sums:
                if fields.cents(node, None) != sum(lines):
                    return StatementRefused(
                        "control_sum",
                        line=fields.line_of(node),
                        said=(node.text or "").strip(),
                        found=f"{Decimal(sum(lines)) / 100:.2f}",
                    )
        return None

    def _entry(self, element: etree._Element) -> None:
        found = fields.walk(element)
        amount_cents, currency = fields.signed_amount(element, found, self.number)
        # A word of the bank's own is not the standard's word that the line is booked.
        own_word = fields.text(found, "Sts/Prtry")
        status = fields.text(found, "Sts/Cd") or fields.text(found, "Sts") or own_word or "BOOK"
        if status != "BOOK":
            self.left_out += 1
            return
        is_credit = fields.text(found, "CdtDbtInd") == "CRDT"
        (self.credits if is_credit else self.debits).append(abs(amount_cents))
        reversal = fields.text(found, "RvslInd") in ("true", "1")
        reference = fields.text(found, "NtryRef")
        bank_reference = fields.text(found, "AcctSvcrRef")
        parts = _split(amount_cents, currency, self.details)
        unsplit = parts is None and len(self.details) > 1
        details: list[Detail | None] = list(self.details)
        if parts is None:
            parts = [amount_cents]
            details = [None] if unsplit or not self.details else [self.details[0]]
        for part_cents, detail in zip(parts, details, strict=True):
            # A reversal keeps the roles of the first payment.
            came_in = (part_cents >= 0) != reversal
            party = (detail.debtor if came_in else detail.creditor) if detail else (None, None)
            self.entries.append(
                Entry(
                    amount_cents=part_cents,
                    currency=currency,
                    # A booking day that cannot be read is never replaced by another day.
                    date=fields.date(found, "BookgDt" if "BookgDt" in found else "ValDt"),
                    reference=reference or bank_reference,
                    bank_reference=(detail and detail.bank_reference) or bank_reference,
                    name=party[0],
                    iban=party[1],
                    remittance=(detail and detail.remittance) or fields.text(found, "AddtlNtryInf"),
                    structured_reference=detail.structured_reference if detail else None,
                    end_to_end_id=detail.end_to_end_id if detail else None,
                    message_id=(detail and detail.message_id)
                    or fields.given(found, "NtryDtls/Btch/MsgId"),
                    payment_information_id=(detail and detail.payment_information_id)
                    or fields.given(found, "NtryDtls/Btch/PmtInfId"),
                    return_reason=detail.return_reason if detail else None,
                    reversal=reversal,
                    unsplit=unsplit,
                    line=fields.line_of(element),
                )
            )


def _split(amount_cents: int, currency: str, details: list[Detail]) -> list[int] | None:
    """The signed cents of each detail, where there are several that add up; else None."""
    if len(details) < 2:
        return None
    own_sign = -1 if amount_cents < 0 else 1
    rows = zip(*(detail.amounts for detail in details), strict=True)
    first_given = [next(filter(None, detail.amounts), None) for detail in details]
    for row in (*rows, first_given):
        parts = [
            (detail.sign or own_sign) * amount[0]
            for detail, amount in zip(details, row, strict=True)
            if amount is not None and amount[1] == currency
        ]
        if len(parts) == len(details) and sum(parts) == amount_cents:
            return parts
    return None


def _drop(element: Any) -> None:
    """Forget an element that has been read, and the one before it."""
    element.clear(keep_tail=True)
    before = element.getprevious()
    parent = element.getparent()
    if before is not None and parent is not None and before.tag == element.tag:
        parent.remove(before)
