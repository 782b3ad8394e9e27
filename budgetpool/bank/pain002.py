"""Reader of a bank's answer to a payment file: pain.002 (ISO 20022, versions 03 to 14).

It says of the file, of a batch in it or of a single payment how it stands: `RJCT` with a reason,
or accepted in one of many degrees. What is refused at one level is refused for all below it.
The file is data: a DOCTYPE is refused, and no entity is resolved.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from lxml import etree

from budgetpool.bank import camt053_fields as fields
from budgetpool.bank.camt053 import check_prolog
from budgetpool.bank.statement import StatementRefused

MESSAGE: Final = "CstmrPmtStsRpt"
REJECTED: Final = "RJCT"
LARGEST_BYTES: Final = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Status:
    """How a file, a batch or a payment stands: a code, why, and what the bank adds to it."""

    code: str
    reason: str = ""
    text: str = ""

    @property
    def is_rejected(self) -> bool:
        return self.code == REJECTED


@dataclass(frozen=True, slots=True)
class OfPayment:
    """What the answer says of one payment; the amount in cents, where it repeats it."""

    end_to_end_id: str
    status: Status
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class OfBatch:
    """What the answer says of a batch in the file, and of payments in it."""

    payment_information_id: str
    status: Status
    payments: tuple[OfPayment, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The bank's answer to one file, known by the number that we gave it."""

    message_id: str
    file_id: str
    status: Status
    batches: tuple[OfBatch, ...] = ()


def is_one(content: bytes) -> bool:
    """Whether a file seems to be such an answer; `read` decides."""
    return MESSAGE.encode() in content[:4_096].replace(b"\x00", b"")


def read(stream: BinaryIO) -> Report:
    """Read an answer.

    Raises:
        StatementRefused: no XML, a DOCTYPE, another message, or of no file.
    """
    content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise StatementRefused("not_xml", detail=f"> {LARGEST_BYTES} bytes")
    check_prolog(BytesIO(content))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise StatementRefused("not_xml", detail=str(error)) from error
    report = root.find(f"{{*}}{MESSAGE}")
    if report is None:
        raise StatementRefused("other_message", message=etree.QName(root).localname)
    header, group = report.find("{*}GrpHdr"), report.find("{*}OrgnlGrpInfAndSts")
    file_id = "" if group is None else _text(group, "OrgnlMsgId")
    if header is None or group is None or not file_id:
        raise StatementRefused("no_statement")
    return Report(
        message_id=_text(header, "MsgId"),
        file_id=file_id,
        status=_status(group, "GrpSts"),
        batches=tuple(_batch(one) for one in report.findall("{*}OrgnlPmtInfAndSts")),
    )


def _batch(element: etree._Element) -> OfBatch:
    return OfBatch(
        payment_information_id=_text(element, "OrgnlPmtInfId"),
        status=_status(element, "PmtInfSts"),
        payments=tuple(_payment(one) for one in element.findall("{*}TxInfAndSts")),
    )


def _payment(element: etree._Element) -> OfPayment:
    amount = element.find("{*}OrgnlTxRef/{*}Amt/{*}InstdAmt")
    return OfPayment(
        end_to_end_id=_text(element, "OrgnlEndToEndId"),
        status=_status(element, "TxSts"),
        amount_cents=None if amount is None else fields.cents(amount, None),
    )


def _status(element: etree._Element, name: str) -> Status:
    reasons = element.find("{*}StsRsnInf")
    if reasons is None:
        return Status(_text(element, name))
    code = _text(reasons, "Rsn/{*}Cd") or _text(reasons, "Rsn/{*}Prtry")
    texts = [fields.clean(node) or "" for node in reasons.findall("{*}AddtlInf")]
    return Status(_text(element, name), code[:35], " ".join(texts).strip())


def _text(element: etree._Element, path: str) -> str:
    node = element.find(f"{{*}}{path}")
    return (fields.clean(node) or "") if node is not None else ""
