"""A bank's answer to a file of payments (pain.002), as the demo's bank writes it."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from allocation.models import PaymentBatch

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


def pain002(
    batch: PaymentBatch,
    refused: Mapping[str, str] | None = None,
    *,
    whole: str = "",
    file_id: str = "",
) -> bytes:
    """An answer that refuses payments, or the whole file.

    Args:
        refused: the reason for each refused payment, by its end-to-end id.
        whole: the reason why the whole file is refused.
        file_id: another file's number, in a wrong answer.
    """
    payments = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{escape(number)}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"{_reason(code)}</TxInfAndSts>"
        for number, code in (refused or {}).items()
    )
    status = "RJCT" if whole else "PART" if refused else "ACCP"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>ANSWER-{batch.pk}</MsgId><CreDtTm>2027-01-05T09:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(file_id or batch.message_id)}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{status}</GrpSts>"
        f"{_reason(whole) if whole else ''}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>"
        f"<OrgnlPmtInfId>{escape(batch.payment_information_id or '')}</OrgnlPmtInfId>"
        f"{payments}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def _reason(code: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{escape(code)}</Cd></Rsn></StsRsnInf>"
