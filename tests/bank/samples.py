"""The bank files of the shared data folder, and small statements written for one rule."""

import json
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from budgetpool.bank import reading
from budgetpool.bank.statement import Statement

SHARED = Path(
    os.environ.get("BUDGETPOOL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")
)
BANK = SHARED / "bank"


def expected(kind: str) -> dict[str, Any]:
    """What `expected.json` of one folder says; empty where the folder is absent."""
    file = BANK / kind / "expected.json"
    return json.loads(file.read_text()) if file.exists() else {}


def read_file(path: Path) -> list[Statement]:
    """All statements of a file."""
    with path.open("rb") as stream:
        return reading.read(stream)


def sample(kind: str, name: str) -> Path:
    """One shared file, or a skip that says which folder is missing."""
    path = BANK / kind / name
    if not path.exists():
        pytest.skip(f"no shared bank files in {BANK}: set BUDGETPOOL_SHARED_DATA")
    return path


def case(name: str, file: str) -> Path:
    """One file rebuilt from a public report, or a skip that says which folder is missing."""
    path = SHARED / "bank-cases" / name / file
    if not path.exists():
        pytest.skip(f"no shared cases in {SHARED}: set BUDGETPOOL_SHARED_DATA")
    return path


def entry_xml(
    amount: str = "10.00",
    mark: str = "CRDT",
    *,
    currency: str = "EUR",
    reference: str = "",
    bank_reference: str = "",
    date: str = "2027-01-05",
    details: str = "",
    name: str = "",
    iban: str = "",
    remittance: str = "",
    structured: str = "",
    end_to_end: str = "",
    extra: str = "",
) -> str:
    """One `Ntry`; details are built from the parts unless they are given."""
    role = "Dbtr" if mark == "CRDT" else "Cdtr"
    if not details and (name or iban or remittance or structured or end_to_end):
        details = (
            "<TxDtls>"
            + (f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>" if end_to_end else "")
            + "<RltdPties>"
            + (f"<{role}><Nm>{name}</Nm></{role}>" if name else "")
            + (f"<{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>" if iban else "")
            + "</RltdPties><RmtInf>"
            + (f"<Ustrd>{remittance}</Ustrd>" if remittance else "")
            + (
                f"<Strd><CdtrRefInf><Ref>{structured}</Ref></CdtrRefInf></Strd>"
                if structured
                else ""
            )
            + "</RmtInf></TxDtls>"
        )
    return (
        "<Ntry>"
        + (f"<NtryRef>{reference}</NtryRef>" if reference else "")
        + f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{extra}'
        + f"<Sts>BOOK</Sts><BookgDt><Dt>{date}</Dt></BookgDt>"
        + (f"<AcctSvcrRef>{bank_reference}</AcctSvcrRef>" if bank_reference else "")
        + (f"<NtryDtls>{details}</NtryDtls>" if details else "")
        + "</Ntry>\n"
    )


def balance_xml(
    code: str, amount: str, mark: str = "CRDT", currency: str = "EUR", day: str = "2027-01-05"
) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def statement_xml(
    *entries: str,
    id: str = "S-1",
    iban: str = "NL91ABNA0417164300",
    opening: str | None = None,
    closing: str | None = None,
    currency: str = "EUR",
    summary: str = "",
    day: str = "2027-01-05",
) -> str:
    """One `Stmt` of the fund's account."""
    return (
        f"<Stmt><Id>{id}</Id><CreDtTm>{day}T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>\n"
        + (balance_xml("OPBD", opening, currency=currency, day=day) if opening is not None else "")
        + (balance_xml("CLBD", closing, currency=currency, day=day) if closing is not None else "")
        + summary
        + "".join(entries)
        + "</Stmt>\n"
    )


def camt(*statements: str, version: str = "02", prolog: str = "") -> BytesIO:
    """A CAMT.053 file."""
    return BytesIO(
        (
            f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}'
            f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
            "<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>\n"
            + "".join(statements)
            + "</BkToCstmrStmt></Document>"
        ).encode()
    )
