"""How long and how much memory a large CAMT.053 statement takes: read, then read and booked.

Run from the project's root: `uv run python benchmarks/bank_import.py [ENTRIES]`. The fund has as
many open requests as the file has entries, and two thirds of the entries name one.
The yardstick is a bare lxml `iterparse` over the same file that keeps nothing. Booking goes into
a new SQLite file, or into the empty database that DATABASE_URL names.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command
from lxml import etree
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from budgetpool.bank import camt053
from employers.references import make_reference

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>LARGE</MsgId></GrpHdr><Stmt><Id>LARGE-1</Id>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>
"""
BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2027-01-05</Dt></Dt></Bal>
"""
ENTRY = """<Ntry><NtryRef>{n:010}</NtryRef><Amt Ccy="EUR">10.01</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RvslInd>false</RvslInd><Sts>BOOK</Sts><BookgDt><Dt>2027-01-05</Dt></BookgDt>
<ValDt><Dt>2027-01-05</Dt></ValDt><AcctSvcrRef>BANK{n:012}</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>E2E-{n}</EndToEndId></Refs>
<AmtDtls><TxAmt><Amt Ccy="EUR">10.01</Amt></TxAmt></AmtDtls>
<RltdPties><Dbtr><Nm>Bedrijf {n} BV</Nm></Dbtr>
<DbtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></DbtrAcct></RltdPties>
<RltdAgts><DbtrAgt><FinInstnId><BIC>INGBNL2A</BIC></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Ustrd>Bijdrage scholingsfonds, kenmerk {text}</Ustrd>{own}</RmtInf>
</TxDtls></NtryDtls></Ntry>
"""
OWN = "<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"
EACH = 1_000  # requests of one employer
OPEN_ITEMS = "BENCH_OPEN_ITEMS"  # how many the process that books makes


def write_large(path: Path, entries: int) -> None:
    """One statement with so many entries, whose balances fit."""
    with path.open("w") as file:
        file.write(HEAD)
        file.write(BALANCE.format(code="OPBD", amount="0.00"))
        file.write(
            BALANCE.format(code="CLBD", amount=f"{entries * 1001 // 100}.{entries % 100:02}")
        )
        for n in range(entries):
            employer, number = divmod(n, EACH)
            reference = make_reference(fund_id=1, employer_id=employer + 1, number=number)
            own = OWN.format(reference=reference) if n % 3 == 0 else ""
            file.write(ENTRY.format(n=n, own=own, text=reference if n % 3 == 1 else n))
        file.write("</Stmt></BkToCstmrStmt></Document>")


def bare(path: Path) -> int:
    """The least work: walk over every entry and keep nothing."""
    count = 0
    for _event, element in etree.iterparse(path, tag="{*}Ntry", resolve_entities=False):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def ours(path: Path) -> int:
    with path.open("rb") as stream:
        statements = list(camt053.read(stream))
    if not all(statement.balance_proven for statement in statements):
        raise AssertionError("the balance of the written file is not proven")
    return sum(len(statement.entries) for statement in statements)


def book(path: Path) -> int:
    """The whole import: every entry kept, made a deposit and booked."""
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{path.with_suffix('.sqlite3')}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "budgetpool.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    work = import_module("benchmarks.bank_booking")
    return int(work.import_for_new_fund(path, int(os.environ[OPEN_ITEMS])))


def _run(work: Callable[[Path], int], path: Path, results: "multiprocessing.Queue") -> None:
    started = time.perf_counter()
    count = work(path)
    seconds = time.perf_counter() - started
    results.put((count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(work: Callable[[Path], int], path: Path) -> tuple[int, float, float]:
    """Entries, seconds and peak memory in MB of one run in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_run, args=(work, path, results))
    process.start()
    outcome = results.get(timeout=600)
    process.join()
    return outcome


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    os.environ[OPEN_ITEMS] = str(entries)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.xml"
        write_large(path, entries)
        size_mb = path.stat().st_size / 1e6
        yardstick = measure(bare, path)
        read = measure(ours, path)
        booked = measure(book, path)
    table = Table(title=f"CAMT.053 with {entries:,} entries, {size_mb:.0f} MB")
    for column in ("", "entries", "seconds", "peak MB", "× bare iterparse"):
        table.add_column(column, justify="left" if not column else "right")
    table.add_row("bare lxml iterparse", *_cells(yardstick), "1.0")
    table.add_row("budgetpool.bank.camt053", *_cells(read), f"{read[1] / yardstick[1]:.1f}")
    table.add_row("read and booked", *_cells(booked), f"{booked[1] / yardstick[1]:.0f}")
    Console().print(table)


def _cells(outcome: tuple[int, float, float]) -> tuple[str, str, str]:
    return f"{outcome[0]:,}", f"{outcome[1]:.2f}", f"{outcome[2]:.0f}"


if __name__ == "__main__":
    main()
