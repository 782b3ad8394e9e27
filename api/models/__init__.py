from api.models.admissions import Admission
from api.models.clients import Client, Credential, UsedAssertion
from api.models.filing import Consent, StoredAnswer
from api.models.partners import Partner, PartnerAdministrator, PartnerToken
from api.models.sandbox import PlayMoney
from api.models.webhooks import Attempt, Delivery, Endpoint, Event

__all__ = [
    "Admission",
    "Attempt",
    "Client",
    "Consent",
    "Credential",
    "Delivery",
    "Endpoint",
    "Event",
    "Partner",
    "PartnerAdministrator",
    "PartnerToken",
    "PlayMoney",
    "StoredAnswer",
    "UsedAssertion",
]
