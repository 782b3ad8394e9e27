"""Writes the demo's own bank statement: the invented employers pay what they were asked.

A CAMT.053 file like a bank's, so that the money of the demo takes the same road as real money.
Invented, and labelled so in the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True)
class Payment:
    """One credit on the statement; the amount in cents."""

    name: str
    iban: str
    amount_cents: int
    reference: str
    paid_on: date
    structured: bool = True


def camt053(*, iban: str, holder: str, payments: Sequence[Payment], day: date) -> bytes:
    """A statement with these credits, from a zero balance to their sum."""
    total = sum(payment.amount_cents for payment in payments)
    entries = "".join(_entry(number, payment) for number, payment in enumerate(payments, start=1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Synthetic: made by the demo of Budgetpool. No payment in it took place. -->
<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>
<GrpHdr><MsgId>DEMO-{day:%Y%m%d}</MsgId><CreDtTm>{day}T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>DEMO-{day:%Y%m%d}</Id><CreDtTm>{day}T08:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy><Nm>{escape(holder)}</Nm></Acct>
{_balance("OPBD", 0, day)}{_balance("CLBD", total, day)}
<TxsSummry><TtlCdtNtries><NbOfNtries>{len(payments)}</NbOfNtries>\
<Sum>{_euros(total)}</Sum></TtlCdtNtries></TxsSummry>
{entries}</Stmt></BkToCstmrStmt></Document>
""".encode()


def _balance(code: str, cents: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{_euros(cents)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _entry(number: int, payment: Payment) -> str:
    amount = f'<Amt Ccy="EUR">{_euros(payment.amount_cents)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>{amount}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{payment.paid_on}</Dt></BookgDt><ValDt><Dt>{payment.paid_on}</Dt></ValDt>"
        f"<AcctSvcrRef>DEMO{payment.paid_on:%Y%m%d}{number:05d}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        "</BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>DEMO-{number}</EndToEndId></Refs>{amount}"
        f"<RltdPties><Dbtr><Pty><Nm>{escape(payment.name)}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{payment.iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{_remittance(payment)}</RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )


def _remittance(payment: Payment) -> str:
    if not payment.structured:
        return f"<Ustrd>{escape(payment.reference)}</Ustrd>"
    return (
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp>"
        f"<Ref>{payment.reference}</Ref></CdtrRefInf></Strd>"
    )


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
