"""Why a bank did not carry a payment out or sent it back: the ISO 20022 codes, in words.

The codes are those of the external code sets of ISO 20022 (`ExternalStatusReason1Code` and
`ExternalReturnReason1Code`) that the EPC's rulebook for SEPA credit transfers uses, and those that
banks write into a status report (pain.002). A code that is not here is shown as the bank wrote it.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Final[dict[str, Promise]] = {
    "AB05": _("the bank did not answer in time"),
    "AB06": _("the bank did not answer in time"),
    "AB07": _("the other bank could not be reached"),
    "AB08": _("the other bank could not be reached"),
    "AC01": _("the account number is wrong"),
    "AC02": _("our account number is wrong"),
    "AC03": _("the account number of the receiver is wrong"),
    "AC04": _("the account is closed"),
    "AC06": _("the account is blocked"),
    "AC07": _("the account of the receiver is closed"),
    "AC13": _("this kind of account cannot receive it"),
    "AC14": _("this kind of account cannot receive it"),
    "AG01": _("this account may not receive such a payment"),
    "AG02": _("the code of the bank operation is wrong"),
    "AG03": _("the bank does not do this kind of payment"),
    "AGNT": _("a bank on the way refused it"),
    "AM01": _("the amount is zero"),
    "AM02": _("the amount is above what the bank allows"),
    "AM03": _("the bank does not do this currency"),
    "AM04": _("there was not enough money on our account"),
    "AM05": _("the bank saw the same payment before"),
    "AM06": _("the amount is below what the bank allows"),
    "AM07": _("the amount is blocked"),
    "AM09": _("the amount is wrong"),
    "AM10": _("the sum in the file is wrong"),
    "AM14": _("the amount is above what was agreed with the bank"),
    "ARDT": _("it was sent back before"),
    "BE01": _("name and account number do not belong together"),
    "BE04": _("the address of the receiver is missing"),
    "BE05": _("the bank does not know who sent it"),
    "BE06": _("the bank does not know the receiver"),
    "BE07": _("our address is missing"),
    "CNOR": _("the receiver’s bank takes no such payments"),
    "CUST": _("the receiver refused it"),
    "DNOR": _("our bank takes no such payments"),
    "DS02": _("the file was withdrawn"),
    "DS0H": _("who sent the file may not sign it"),
    "DT01": _("the day is wrong"),
    "DT06": _("the bank moved the day"),
    "DU01": _("the number of the file was used before"),
    "DU02": _("the number of the batch was used before"),
    "DU03": _("the payment was sent before"),
    "DU04": _("the number of the payment was used before"),
    "DUPL": _("the bank saw the same payment before"),
    "ED05": _("the banks could not settle it"),
    "ERIN": _("an address or name is not allowed"),
    "FF01": _("the bank cannot read the file"),
    "FOCR": _("we asked to have it back"),
    "FR01": _("the bank suspects fraud"),
    "FRAD": _("the bank suspects fraud"),
    "LEGL": _("the law does not allow it"),
    "MD07": _("the receiver has died"),
    "MS02": _("the receiver refused it; no reason is given"),
    "MS03": _("the bank refused it; no reason is given"),
    "NARR": _("see the text of the bank"),
    "NOAS": _("the receiver did not answer"),
    "NOCM": _("the account may not be used so"),
    "NOOR": _("the bank does not know the first payment"),
    "PY01": _("the receiver’s bank cannot be reached"),
    "RC01": _("the code of the bank is wrong"),
    "RC03": _("the code of our bank is wrong"),
    "RC04": _("the code of the receiver’s bank is wrong"),
    "RF01": _("the number of the payment was used before"),
    "RR01": _("our account number or name is missing, as rules demand"),
    "RR02": _("our name or address is missing, as rules demand"),
    "RR03": _("the name or address of the receiver is missing, as rules demand"),
    "RR04": _("rules do not allow it"),
    "SL01": _("an agreement between the receiver and the bank does not allow it"),
    "SL12": _("an agreement between the receiver and the bank does not allow it"),
    "TECH": _("a technical problem at the bank"),
    "TM01": _("the file came too late in the day"),
    "UPAY": _("the payment was not due"),
    "WRNA": _("the name does not belong to the account"),
}


def say(code: str) -> str:
    """A code with its words: `AC04: the account is closed`; what is no code as it stands.

    >>> say("ZZ99")
    'ZZ99'
    """
    words = REASONS.get(code)
    return f"{code}: {words}" if words is not None else code
