"""One month of a fund, written in every dialect in which Dutch banks give statements.

A month is days with payments. Each writer gives files for a span of it, as a bank would: per day,
per half of a day, or for the whole month.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.bank.samples import balance_xml, camt

FIRST = date(2027, 1, 1)
BAKER, BUTCHER, SCHOOL = "NL20INGB0001234567", "NL39RABO0300065264", "NL09INGB4826953240"
BIC = "INGBNL2A"
WIDTH = 65


@dataclass(frozen=True)
class Payment:
    """One payment; those of one batch left in one file of ours and may be booked as one line."""

    cents: int
    name: str
    iban: str
    text: str
    end_to_end: str = ""
    batch: str = ""


@dataclass(frozen=True)
class Span:
    """What one statement tells: some payments of consecutive days, between two balances."""

    number: int
    opening_cents: int
    ends_on: date
    lines: tuple[tuple[date, Payment], ...]

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(payment.cents for _day, payment in self.lines)


type Month = dict[date, list[Payment]]


def eventful(reference: str) -> Month:
    """A month with whatever is hard: equal payments, a day that evens out, a batch, a return."""
    paid = Payment(2_500_00, "Bakkerij Noord", BAKER, reference, "E1")
    plain = Payment(250_00, "Slagerij Zuid", BUTCHER, "bijdrage")
    back = Payment(-250_00, "Slagerij Zuid", BUTCHER, "storno")
    costs = Payment(-18_95, "", "", "Kosten zakelijke rekening")
    batch = [
        Payment(-cents, f"School {number}", SCHOOL, f"toekenning {number}", f"BP-{number}", "B1")
        for number, cents in ((901, 480_00), (902, 320_00), (903, 96_00))
    ]
    days = {
        4: [paid, plain],
        5: [plain, plain],
        6: [],
        7: [*batch, costs],
        8: [plain, back],
        11: [plain, back],
        12: [Payment(1, "Cent", BAKER, "een cent")],
        15: [Payment(480_00, "School 901", SCHOOL, "retour toekenning 901")],
        20: [paid],
        21: [plain],
        22: [back],
        23: [plain],
        29: [costs, Payment(3_10, "", "", "rente")],
    }
    return {FIRST + timedelta(days=day - 1): payments for day, payments in days.items()}


def invented(seed: int, reference: str) -> Month:
    """A month of payments that often equal one another."""
    rng = random.Random(seed)
    kinds = [
        Payment(250_00, "Slagerij Zuid", BUTCHER, "bijdrage"),
        Payment(-250_00, "Slagerij Zuid", BUTCHER, "storno"),
        Payment(100_00, "Bakkerij Noord", BAKER, reference),
        Payment(-18_95, "", "", "Kosten zakelijke rekening"),
        Payment(250_00, "Bakkerij Noord", BAKER, "bijdrage"),
    ]
    return {
        FIRST + timedelta(days=number): rng.choices(kinds, k=rng.choice([0, 1, 1, 2, 4]))
        for number in range(31)
        if rng.random() < 0.7
    }


def by_month(month: Month, opening_cents: int) -> list[Span]:
    """One statement for all of it."""
    lines = tuple((day, payment) for day in sorted(month) for payment in month[day])
    return [Span(1, opening_cents, FIRST + timedelta(days=30), lines)]


def by_day(month: Month, opening_cents: int) -> list[Span]:
    """A statement per day."""
    return list(_spans(opening_cents, ((day, month[day]) for day in sorted(month))))


def by_half_day(month: Month, opening_cents: int) -> list[Span]:
    """Two statements of a day on which there are several payments."""
    parts = [
        (day, half)
        for day in sorted(month)
        for half in ([month[day][:1], month[day][1:]] if len(month[day]) > 1 else [month[day]])
    ]
    return list(_spans(opening_cents, parts))


def camt053(version: str, batches: str) -> Callable[[str, Span], bytes]:
    """A writer of CAMT.053.

    Args:
        batches: `single` (a line per payment), `booked` (a batch is one line) or `split` (one
            line, with its payments in it).
    """

    def write(iban: str, span: Span) -> bytes:
        day = span.ends_on.isoformat()
        entries = "".join(
            _ntry(number, on, group, version, batches)
            for number, (on, group) in enumerate(_grouped(span, batches != "single"), start=1)
        )
        return camt(
            f"<Stmt><Id>{version}{batches}{span.number}</Id><CreDtTm>{day}T20:00:00</CreDtTm>"
            f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            + balance_xml("OPBD", _euros(span.opening_cents), day=day)
            + balance_xml("CLBD", _euros(span.closing_cents), day=day)
            + entries
            + "</Stmt>",
            version=version,
        ).getvalue()

    return write


def _ntry(number: int, day: date, group: Sequence[Payment], version: str, batches: str) -> str:
    total = sum(payment.cents for payment in group)
    first = group[0]
    details = ""
    if first.batch and batches == "booked":
        details = (
            f"<Btch><MsgId>{first.batch}</MsgId><PmtInfId>{first.batch}</PmtInfId>"
            f"<NbOfTxs>{len(group)}</NbOfTxs></Btch>"
        )
    else:
        details = "".join(_tx_details(payment, version) for payment in group)
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>{_amount(total)}{_status(version)}"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _tx_details(payment: Payment, version: str) -> str:
    role = "Dbtr" if payment.cents > 0 else "Cdtr"
    name = f"<Nm>{payment.name}</Nm>"
    party = f"<Pty>{name}</Pty>" if version == "08" else name
    euros = f'<Amt Ccy="EUR">{_euros(abs(payment.cents))}</Amt>'
    amount = f"{euros}{_mark(payment.cents)}" if version == "08" else ""
    older = "" if amount else f"<AmtDtls><TxAmt>{euros}</TxAmt></AmtDtls>"
    return (
        f"<TxDtls><Refs><EndToEndId>{payment.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        + (amount or older)
        + "<RltdPties>"
        + (f"<{role}>{party}</{role}>" if payment.name else "")
        + (f"<{role}Acct><Id><IBAN>{payment.iban}</IBAN></Id></{role}Acct>" if payment.iban else "")
        + f"</RltdPties><RmtInf><Ustrd>{payment.text}</Ustrd></RmtInf></TxDtls>"
    )


def mt940(bank: str, batches: bool | None = None) -> Callable[[str, Span], bytes]:
    """A writer of MT940 as one bank sends it; the account is named by its IBAN.

    Args:
        batches: whether a batch is one line, for banks that do it either way.
    """
    head, lines, books_itself = BANKS[bank]
    books_batches = books_itself if batches is None else batches

    def write(iban: str, span: Span) -> bytes:
        text = [*head(iban, span)]
        text.append(f":60F:{_balance(span.opening_cents, span.ends_on - timedelta(days=1))}")
        for day, group in _grouped(span, books_batches):
            text += lines(day, group)
        text.append(f":62F:{_balance(span.closing_cents, span.ends_on)}")
        text.append("-}" if bank == "ing" else "-")
        return ("\r\n".join(text) + "\r\n").encode()

    return write


def _ing(iban: str, span: Span) -> Iterator[str]:
    yield "{1:F01INGBNL2ABXXX0000000000}"
    yield "{2:I940INGBNL2AXXXN}"
    yield "{4:"
    yield f":20:P{span.ends_on:%y%m%d}00000001"
    yield f":25:{iban}EUR"
    yield ":28C:00000"


def _ing_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    first = group[0]
    kind = "PREF" if len(group) > 1 else "EREF"
    yield f":61:{day:%y%m%d%m%d}{_signed(group)}NTRF{kind}//0000000000100{day.day:02}"
    yield "/TRCD/00100/"
    if len(group) > 1:
        yield from _wrapped(f"/PREF/{first.batch}//REMI/USTD//TOTAAL {len(group)} VZ/")
        return
    party = f"/CNTP/{first.iban}/{BIC}/{first.name}///" if first.iban else "/"
    end_to_end = f"/EREF/{first.end_to_end}/" if first.end_to_end else ""
    yield from _wrapped(f"{end_to_end}{party}REMI/USTD//{first.text}/")


def _rabobank(iban: str, span: Span) -> Iterator[str]:
    yield ":940:"
    yield f":20:940S{span.ends_on:%y%m%d}"
    yield f":25:{iban} EUR"
    yield f":28C:{span.number}"


def _rabobank_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    (first,) = group
    mark, amount = _signed(group)[0], _signed(group)[1:]
    yield f":61:{day:%y%m%d}{mark}{amount.zfill(15)}N541{first.end_to_end or 'NONREF'}"
    yield first.iban
    role = "ORDP" if first.cents > 0 else "BENM"
    party = f"/{role}//NAME/{first.name}" if first.name else ""
    yield from _wrapped(f"{party}/REMI/{first.text}/ISDT/{day}")


def _abn_amro(iban: str, span: Span) -> Iterator[str]:
    yield "ABNANL2A"
    yield "940"
    yield "ABNANL2A"
    yield ":20:ABN AMRO BANK NV"
    yield f":25:{iban[8:].lstrip('0') if iban[4:8] == 'ABNA' else iban}"
    yield f":28:{span.ends_on:%y%j}/{span.number}"


def _abn_amro_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    first = group[0]
    yield f":61:{day:%y%m%d%m%d}{_signed(group)}N654NONREF"
    if len(group) > 1:
        yield from _wrapped(f"/TRTP/SEPA BATCH/PREF/{first.batch}/NRTX/{len(group)}")
        return
    party = f"/IBAN/{first.iban}/BIC/{BIC}/NAME/{first.name}" if first.iban else ""
    yield from _wrapped(
        f"/TRTP/SEPA OVERBOEKING{party}/REMI/{first.text}/EREF/{first.end_to_end or 'NOTPROVIDED'}"
    )


def _triodos(iban: str, span: Span) -> Iterator[str]:
    yield f":20:{span.ends_on:%y%m%d}725026/1"
    yield f":25:{'TRIODOSBANK/' + iban[8:] if iban[4:8] == 'TRIO' else iban}"
    yield f":28:{span.number}"


def _triodos_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    """Pieces of 27 signs without names of their own, two to a line."""
    first = group[0]
    kind = "NBA" if not first.iban else "NET"
    yield f":61:{day:%y%m%d}{_signed(group)}{kind} NONREF"
    yield ":86:000>100000000000"
    alone = len(group) == 1 and first.iban
    if alone:
        yield ">20INGBNL2A"
        yield f">21{first.iban}"
    row = f"{first.name} {first.text}" if alone else _whole(group)
    cut = [row[at : at + 27] for at in range(0, len(row), 27)]
    numbered = [f">{number}{piece}" for number, piece in enumerate(cut, 22 if alone else 20)]
    for at in range(0, len(numbered), 2):
        yield "".join(numbered[at : at + 2])
    yield ">310390123456"


def _knab(iban: str, span: Span) -> Iterator[str]:
    yield f":20:{span.number:06}"
    yield f":25:{iban[9:] if iban[4:8] == 'KNAB' else iban}"
    yield f":28C:{span.number}/1"


def _knab_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    first = group[0]
    yield f":61:{day:%y%m%d%m%d}{_signed(group)}NTRFNONREF//B4E07XM00J{day:%m%d}"
    if len(group) > 1 or not first.iban:
        yield f":86:{_whole(group)}"
        return
    yield f":86:{first.text}"
    yield f"REK: {first.iban}/NAAM: {first.name}"


def _bng(iban: str, span: Span) -> Iterator[str]:
    yield f":20:{span.number}"
    yield f":25:{iban}EUR"
    yield f":28C:{span.number}/1"


def _bng_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    first = group[0]
    yield f":61:{day:%y%m%d}{_signed(group)}NMSC028"
    columns = [f"{first.iban:33}", f"{first.name:35}", f"{'Plein 1':32}", f"BET {first.text}"]
    is_alone = len(group) == 1 and first.iban
    yield ":86:" + ("".join(columns) if is_alone else _whole(group))


def _sns(iban: str, span: Span) -> Iterator[str]:
    yield ":20:0000000000"
    yield f":25:{iban[8:] if iban[4:8] == 'SNSB' else iban}"
    yield f":28C:{span.number}/1"


def _sns_lines(day: date, group: Sequence[Payment]) -> Iterator[str]:
    first = group[0]
    if len(group) > 1 or not first.iban:
        yield f":61:{day:%y%m%d%m%d}{_signed(group)}NOVBNONREF"
        yield f":86:{_whole(group)}"
        return
    yield f":61:{day:%y%m%d%m%d}{_signed(group)}NOVB{first.iban}"
    yield first.name.lower()
    yield f":86:{first.iban} {first.name.lower()}"
    yield ""
    yield first.text


def _whole(group: Sequence[Payment]) -> str:
    """The text of a line without another party: a batch, or what the bank does itself."""
    if len(group) == 1:
        return group[0].text
    return f"VERZAMELBETALING {group[0].batch} {len(group)} POSTEN"


BANKS = {
    "ing": (_ing, _ing_lines, True),
    "rabobank": (_rabobank, _rabobank_lines, False),
    "abn_amro": (_abn_amro, _abn_amro_lines, True),
    "triodos": (_triodos, _triodos_lines, False),
    "knab": (_knab, _knab_lines, False),
    "bng": (_bng, _bng_lines, False),
    "sns": (_sns, _sns_lines, False),
}
BANK_CODES = {
    "ing": "INGB",
    "rabobank": "RABO",
    "abn_amro": "ABNA",
    "triodos": "TRIO",
    "knab": "KNAB",
    "bng": "BNGH",
    "sns": "SNSB",
}
WRITERS: dict[str, Callable[[str, Span], bytes]] = {
    f"camt.053.{version} {batches}": camt053(version, batches)
    for version in ("02", "08")
    for batches in ("single", "booked", "split")
} | {f"mt940 {bank}": mt940(bank) for bank in BANKS}
BOOKED = {f"mt940 {bank} booked": mt940(bank, True) for bank in ("triodos", "knab", "bng", "sns")}
SPANS = {"month": by_month, "days": by_day, "half days": by_half_day}


def _spans(opening_cents: int, parts: Iterable[tuple[date, list[Payment]]]) -> Iterator[Span]:
    at = opening_cents
    for number, (day, payments) in enumerate(parts, start=1):
        span = Span(number, at, day, tuple((day, payment) for payment in payments))
        at = span.closing_cents
        yield span


def _grouped(span: Span, batches: bool) -> Iterator[tuple[date, list[Payment]]]:
    """The lines of a statement: a batch is one of them, where the bank books it so."""
    groups: dict[tuple[date, str], list[Payment]] = {}
    for number, (day, payment) in enumerate(span.lines):
        key = payment.batch if batches and payment.batch else f"line {number}"
        groups.setdefault((day, key), []).append(payment)
    for (day, _key), group in groups.items():
        yield day, group


def _wrapped(text: str) -> Iterator[str]:
    whole = f":86:{text}"
    for start in range(0, len(whole), WIDTH):
        yield whole[start : start + WIDTH]


def _signed(group: Sequence[Payment]) -> str:
    cents = sum(payment.cents for payment in group)
    return f"{'C' if cents > 0 else 'D'}{_comma(abs(cents))}"


def _balance(cents: int, day: date) -> str:
    return f"{'C' if cents >= 0 else 'D'}{day:%y%m%d}EUR{_comma(abs(cents))}"


def _comma(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _amount(cents: int) -> str:
    return f'<Amt Ccy="EUR">{_euros(abs(cents))}</Amt>{_mark(cents)}'


def _mark(cents: int) -> str:
    return f"<CdtDbtInd>{'CRDT' if cents > 0 else 'DBIT'}</CdtDbtInd>"


def _status(version: str) -> str:
    return "<Sts><Cd>BOOK</Cd></Sts>" if version == "08" else "<Sts>BOOK</Sts>"
