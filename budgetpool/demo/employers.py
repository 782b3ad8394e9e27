"""Invented employers of the demo: their sectors, and what each promised for a year in euros."""

from typing import Final, NamedTuple


class Payer(NamedTuple):
    """One employer; amounts in whole euros."""

    name: str
    kvk: str
    sector: str
    is_agency: bool
    promised: int


PAYERS: Final = tuple(
    Payer(name, f"8{number:07d}", sector, agency, promised)
    for number, (name, sector, agency, promised) in enumerate(
        (
            ("Uitzendbureau De Brug", "N", True, 96_000),
            ("Flexkracht Twente", "N", True, 74_000),
            ("Werk & Co Uitzendingen", "N", True, 58_000),
            ("Vakmensen op Maat", "N", True, 41_500),
            ("Schoonmaakbedrijf Helder", "N", False, 22_750),
            ("Bewaking Oost", "N", False, 14_200),
            ("Supermarkten Van Loon", "G", False, 61_000),
            ("Bouwmarkt De Kluis", "G", False, 27_400),
            ("Woonwarenhuis Anders", "G", False, 18_600),
            ("Groothandel Regge", "G", False, 24_900),
            ("Webwinkel Pakjeskamer", "G", False, 12_350),
            ("Restaurants aan de Kade", "I", False, 21_800),
            ("Hotel Weversgilde", "I", False, 17_250),
            ("Catering Lekkerland", "I", False, 15_600),
            ("Vakantiepark Heidezicht", "I", False, 12_900),
            ("Zorggroep Het Rad", "Q", False, 52_000),
            ("Thuiszorg Nabij", "Q", False, 33_700),
            ("Kinderopvang De Zwaluw", "Q", False, 19_450),
            ("Verpleeghuis Lindenhof", "Q", False, 23_300),
            ("Distributiecentrum Oost", "H", False, 47_500),
            ("Transportbedrijf Wessels", "H", False, 26_800),
            ("Koeriers van Twente", "H", False, 13_150),
            ("Taxi en Touringcar Dinkel", "H", False, 9_800),
            ("Machinefabriek De Draaibank", "C", False, 38_400),
            ("Textiel Nieuwe Spoel", "C", False, 16_900),
            ("Voedingsbedrijf Roggeveld", "C", False, 29_600),
            ("Kunststof Vechtstroom", "C", False, 14_750),
            ("Bouwbedrijf De Troffel", "F", False, 25_200),
            ("Installatie Zonnebaan", "F", False, 17_800),
            ("Schildersbedrijf Kleur", "F", False, 8_400),
            ("Leerwerkbedrijf Noaber", "P", False, 7_600),
            ("Theater en Festival Oost", "R", False, 6_900),
            ("Zwembaden Twenterand", "R", False, 5_250),
            ("ICT-dienst Parallel", "J", False, 9_100),
            ("Kwekerij Groene Weide", "A", False, 6_300),
            ("Melkvee Coöperatie Es", "A", False, 5_450),
        ),
        start=1001,
    )
)
