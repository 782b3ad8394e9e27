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
    """One line of the statement; the amount in cents, negative where the fund paid."""

    name: str
    iban: str
    amount_cents: int
    reference: str
    paid_on: date
    structured: bool = True
    end_to_end_id: str = ""


def camt053(
    *, iban: str, holder: str, payments: Sequence[Payment], day: date, opening_cents: int = 0
) -> bytes:
    """A statement with these lines, from one balance to the next."""
    closing_cents = opening_cents + sum(payment.amount_cents for payment in payments)
    came = [payment.amount_cents for payment in payments if payment.amount_cents > 0]
    went = [-payment.amount_cents for payment in payments if payment.amount_cents < 0]
    entries = "".join(_entry(number, payment) for number, payment in enumerate(payments, start=1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Synthetic: made by the demo of Budgetpool. No payment in it took place. -->
<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>
<GrpHdr><MsgId>DEMO-{day:%Y%m%d}</MsgId><CreDtTm>{day}T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>DEMO-{day:%Y%m%d}</Id><CreDtTm>{day}T08:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy><Nm>{escape(holder)}</Nm></Acct>
{_balance("OPBD", opening_cents, day)}{_balance("CLBD", closing_cents, day)}
<TxsSummry>{_summary("Cdt", came)}{_summary("Dbt", went)}</TxsSummry>
{entries}</Stmt></BkToCstmrStmt></Document>
""".encode()


def _balance(code: str, cents: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{_euros(cents)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _summary(side: str, amounts: Sequence[int]) -> str:
    name = f"Ttl{side}Ntries"
    return (
        f"<{name}><NbOfNtries>{len(amounts)}</NbOfNtries><Sum>{_euros(sum(amounts))}</Sum></{name}>"
    )


def _entry(number: int, payment: Payment) -> str:
    mark, role = ("DBIT", "Cdtr") if payment.amount_cents < 0 else ("CRDT", "Dbtr")
    euros = _euros(abs(payment.amount_cents))
    amount = f'<Amt Ccy="EUR">{euros}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
    end_to_end_id = payment.end_to_end_id or f"DEMO-{number}"
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>{amount}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{payment.paid_on}</Dt></BookgDt><ValDt><Dt>{payment.paid_on}</Dt></ValDt>"
        f"<AcctSvcrRef>DEMO{payment.paid_on:%Y%m%d}{number:05d}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        "</BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>{amount}"
        f"<RltdPties><{role}><Pty><Nm>{escape(payment.name)}</Nm></Pty></{role}>"
        f"<{role}Acct><Id><IBAN>{payment.iban}</IBAN></Id></{role}Acct></RltdPties>"
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
