"""Code lists that the register, the workers and the rounds share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

SBI_VERSION = "2008"


class Sector(models.TextChoices):
    """Sections of the Dutch industry classification (SBI 2008, CBS)."""

    A = "A", _("agriculture")
    B = "B", _("mining")
    C = "C", _("industry")
    D = "D", _("energy")
    E = "E", _("water and waste")
    F = "F", _("construction")
    G = "G", _("trade")
    H = "H", _("transport and storage")
    I = "I", _("hotels and restaurants")  # noqa: E741 (the section's own letter)
    J = "J", _("information and communication")
    K = "K", _("finance")
    L = "L", _("real estate")
    M = "M", _("advice and research")
    N = "N", _("business services and temporary work")
    O = "O", _("public administration")  # noqa: E741
    P = "P", _("education")
    Q = "Q", _("health and care")
    R = "R", _("culture, sport and recreation")
    S = "S", _("other services")
    T = "T", _("households")
    U = "U", _("international organisations")


class EducationLevel(models.TextChoices):
    """The highest education that somebody finished."""

    NONE = "none", _("no diploma")
    VMBO = "vmbo", _("VMBO")
    MBO1 = "mbo1", _("MBO 1")
    MBO2 = "mbo2", _("MBO 2")
    MBO3 = "mbo3", _("MBO 3")
    MBO4 = "mbo4", _("MBO 4")
    HAVO_VWO = "havo_vwo", _("HAVO or VWO")
    HBO = "hbo", _("HBO")
    WO = "wo", _("university")


class Outcome(models.TextChoices):
    """What a training ends in."""

    DIPLOMA = "diploma", _("diploma")
    MBO_CERTIFICATE = "mbo_certificate", _("MBO certificate")
    PRACTICE_DECLARATION = "practice_declaration", _("practice declaration")
    TRADE_CERTIFICATE = "trade_certificate", _("trade certificate")
    EVC = "evc", _("certificate of experience (EVC)")
    PARTICIPATION = "participation", _("proof of participation")


class Contract(models.TextChoices):
    """How somebody works (the classes of CBS)."""

    ON_CALL = "on_call", _("on call")
    AGENCY = "agency", _("through a temp agency")
    TEMP_PROSPECT = "temp_prospect", _("temporary, with prospect of permanent")
    TEMP_LONG = "temp_long", _("temporary, a year or more")
    TEMP_SHORT = "temp_short", _("temporary, less than a year")
    NO_FIXED_HOURS = "no_fixed_hours", _("without fixed hours")
    PERMANENT = "permanent", _("permanent")
    SELF_EMPLOYED = "self_employed", _("self-employed")


class TeachingLanguage(models.TextChoices):
    """The language in which a training is taught."""

    NL = "nl", _("Dutch")
    EN = "en", _("English")
    PL = "pl", _("Polish")
    DE = "de", _("German")
    UK = "uk", _("Ukrainian")
    AR = "ar", _("Arabic")


# Who the fund is for. A permanent contract without fixed hours is flex work too (CBS).
FLEX_CONTRACTS = frozenset(
    {
        Contract.ON_CALL,
        Contract.AGENCY,
        Contract.TEMP_PROSPECT,
        Contract.TEMP_LONG,
        Contract.TEMP_SHORT,
        Contract.NO_FIXED_HOURS,
    }
)
