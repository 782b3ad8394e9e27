"""Invented providers, trainings and people for the synthetic population.

Every provider and every person here is made up. The kinds of training, their
sectors and their price ranges follow the anchors in the published schemes
(STAP 2022, SOOB, Doorzaam, Twents Fonds voor Vakmanschap); a price range
without a published source is an assumption and labelled synthetic wherever
it shows.
"""

from typing import NamedTuple


class Course(NamedTuple):
    """One kind of training that several providers offer, each at a price of its own."""

    title: str
    sector: str  # SBI 2008 section letter
    price_class: str  # short, medium, long, bundle
    outcome: str  # code of the outcome type
    hours: int  # contact hours


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", "|").split("|"))


COURSES: tuple[Course, ...] = (
    Course("Heftruck en reachtruck", "H", "short", "branche_certificate", 16),
    Course("Hoogwerker bedienen", "F", "short", "branche_certificate", 8),
    Course("VCA Basis", "F", "short", "branche_certificate", 8),
    Course("VCA voor leidinggevenden", "F", "short", "branche_certificate", 12),
    Course("Bedrijfshulpverlening (BHV)", "N", "short", "branche_certificate", 12),
    Course("Lading zekeren", "H", "short", "branche_certificate", 8),
    Course("ADR gevaarlijke stoffen", "H", "short", "branche_certificate", 24),
    Course("Sociale hygiëne", "I", "short", "branche_certificate", 16),
    Course("HACCP in de keuken", "I", "short", "branche_certificate", 8),
    Course("Barista en gastvrijheid", "I", "short", "participation", 16),
    Course("Kassa en klantcontact", "G", "short", "praktijkverklaring", 24),
    Course("Merchandising in de winkel", "G", "short", "participation", 16),
    Course("Medicatie aanreiken", "Q", "short", "branche_certificate", 12),
    Course("Omgaan met dementie", "Q", "short", "branche_certificate", 20),
    Course("Tiltechniek en transfers", "Q", "short", "participation", 8),
    Course("Schoonmaak vakopleiding basis", "N", "short", "branche_certificate", 24),
    Course("Beveiliging instroom", "N", "short", "praktijkverklaring", 30),
    Course("Excel voor de werkvloer", "M", "short", "participation", 16),
    Course("Digitale basisvaardigheden", "P", "short", "participation", 24),
    Course("Geluid en licht op locatie", "R", "short", "participation", 16),
    Course("Zonnepanelen monteren", "F", "medium", "praktijkverklaring", 40),
    Course("Nederlands op het werk A2", "P", "medium", "participation", 60),
    Course("Nederlands op het werk B1", "P", "medium", "participation", 80),
    Course("Lassen MIG/MAG niveau 1", "C", "medium", "branche_certificate", 60),
    Course("CNC-draaien instap", "C", "medium", "praktijkverklaring", 60),
    Course("Verspanen voor starters", "C", "medium", "mbo_certificate", 80),
    Course("Operator proces en voeding", "C", "medium", "praktijkverklaring", 60),
    Course("NEN 3140 elektro", "F", "medium", "branche_certificate", 16),
    Course("Helpende plus", "Q", "medium", "mbo_certificate", 120),
    Course("Medewerker kinderopvang verdieping", "Q", "medium", "mbo_certificate", 80),
    Course("Gastheer sociale hygiëne plus", "I", "medium", "praktijkverklaring", 60),
    Course("Kok basis", "I", "medium", "mbo_certificate", 120),
    Course("Logistiek medewerker", "H", "medium", "praktijkverklaring", 80),
    Course("Planner transport", "H", "medium", "mbo_certificate", 80),
    Course("Verkoopspecialist", "G", "medium", "mbo_certificate", 80),
    Course("Webwinkel beheren", "G", "medium", "participation", 60),
    Course("Administratie en boekhouden", "M", "medium", "diploma", 80),
    Course("Schoonmaak leidinggeven", "N", "medium", "branche_certificate", 40),
    Course("Python voor beginners", "J", "medium", "participation", 40),
    Course("Helpdesk en systeembeheer", "J", "medium", "branche_certificate", 80),
    Course("Evenementen organiseren", "R", "medium", "participation", 60),
    Course("EVC-traject mbo", "P", "medium", "evc", 20),
    Course("Verzorgende IG, deel 1", "Q", "long", "mbo_certificate", 240),
    Course("Doktersassistent, deel 1", "Q", "long", "mbo_certificate", 240),
    Course("Lassen TIG niveau 3", "C", "long", "branche_certificate", 160),
    Course("Monteur elektrotechniek, deel 1", "F", "long", "mbo_certificate", 240),
    Course("Warmtepompmonteur", "F", "long", "mbo_certificate", 160),
    Course("Tractor en kraan (T-rijbewijs)", "A", "long", "branche_certificate", 40),
    Course("Code 95 nascholing", "H", "long", "branche_certificate", 35),
    Course("Beveiliger mbo 2", "N", "long", "diploma", 200),
    Course("Onderwijsassistent, deel 1", "P", "long", "mbo_certificate", 240),
    Course("Netwerkbeheer", "J", "long", "branche_certificate", 160),
    Course("Filiaalmanager", "G", "long", "diploma", 200),
    Course("Leidinggevende keuken", "I", "long", "diploma", 200),
    Course("Vakbekwaam logistiek mbo 2, met begeleiding", "H", "bundle", "mbo_certificate", 160),
    Course("Zorghulp mbo 1, met begeleiding", "Q", "bundle", "diploma", 200),
    Course("Techniek instap mbo 1, met begeleiding", "C", "bundle", "diploma", 200),
    Course("Bouw instap mbo 1, met begeleiding", "F", "bundle", "diploma", 200),
    Course("Horeca instap mbo 1, met begeleiding", "I", "bundle", "diploma", 200),
    Course("Dienstverlening mbo 1, met begeleiding", "N", "bundle", "diploma", 200),
)

PROVIDER_KINDS: tuple[str, ...] = (
    "Vakschool",
    "Praktijkhuis",
    "Opleidingscentrum",
    "Academie",
    "Leerhuis",
    "Scholingsbureau",
    "Trainingscentrum",
    "Leerwerkplaats",
    "Instituut",
    "Vakatelier",
)

PROVIDER_NAMES: tuple[str, ...] = _names(
    """De Weverij|Noorderbrug|Het Kompas|Zuiderlicht|De Schakel|Oosterpoort|Watermolen
    De Klinker|Lindenhof|De Draaibank|Regge en Dinkel|Het Aambeeld|De Hefboom|Vechtstroom
    Groene Weide|De Spoel|Achterveld|Het Getouw|De Zwaluw|Beukenlaan|De Steiger|Heidekamp
    De Waterpas|Stationskwartier|Het Tandwiel|De Kade|Veldzicht|De Leerlooier|Havenzicht
    De Meesterproef|Kanaalzone|De Brink|Markt Zeven|De Gilde|Sterrenburg|Het Vuur
    De Turfschuur|Roggeveld|Kleine Wereld|De Passer|Esrand|Het Werkblad|De Troffel|Hoge Es
    De Pelgrim|Bovenberg|De Koppeling|Noaberhuis|Het Ambacht|De Smidse|Twickelzicht
    De Ketting|Singelpark|De Overstap|Berkelrijk|Het Schild|De Vakvrouw|Sluiswacht
    De Lichtbron|Weidesteyn|De Notaris|Haverkamp|Het Fundament|De Sprong|Boekelerhof
    De Zaagmolen|Rozenstraat|De Wissel|Lage Land|Het Anker|De Timmerman|Zandweg
    De Honingraat|Molenveld|Het Raam|De Eik|Parallelweg|De Vlier|Zonnebaan|Het Rad
    De Oude Fabriek|Bleekveld|De Beitel|Torenzicht|De Kruidentuin|Ravelijn|Het Scheepje
    De Valk|Nieuwe Haven|De Boog|Wilgenpas|Het Lokaal|De Cirkel|Appelhof|De Mast|Kerkepad
    Het Lichtpunt|De Gaarde"""
)

MUNICIPALITIES: tuple[tuple[str, float], ...] = (
    ("Enschede", 0.26),
    ("Hengelo", 0.13),
    ("Almelo", 0.12),
    ("Hellendoorn", 0.06),
    ("Rijssen-Holten", 0.06),
    ("Oldenzaal", 0.05),
    ("Hof van Twente", 0.05),
    ("Twenterand", 0.05),
    ("Haaksbergen", 0.04),
    ("Losser", 0.04),
    ("Borne", 0.04),
    ("Wierden", 0.04),
    ("Dinkelland", 0.03),
    ("Tubbergen", 0.03),
)

FIRST_NAMES: tuple[str, ...] = _names(
    """Anouk|Sanne|Fatima|Mila|Joris|Daan|Youssef|Piotr|Ewa|Lotte|Bram|Emre|Aylin|Kevin|Chantal
    Marieke|Rachid|Samira|Tess|Willem|Gerrit|Henk|Ineke|Jolanda|Mehmet|Oksana|Petra|Ruben
    Sjoerd|Tamara|Ursula|Victor|Wesley|Xandra|Yara|Zeynep|Bianca|Corné|Dirk|Esther|Femke
    Guus|Hanna|Ilse|Jeroen|Kim|Lars|Monique|Niels|Olga|Peter|Quinten|Roos|Stefan|Tim|Umut
    Vera|Wouter|Yvonne|Zoë|Marek|Agnieszka|Luca|Naomi|Dennis|Patricia"""
)

LAST_NAMES: tuple[str, ...] = _names(
    """Assink|Bakker|Ter Braak|Brouwer|Çelik|De Boer|De Groot|Demir|Dijkstra|El Amrani
    Groothuis|Haarman|Hendriks|Hofstede|Jansen|Kamphuis|Kaya|Kowalski|Kuipers|Lammers|Meijer
    Morsink|Nijhuis|Nowak|Oude Lansink|Peters|Pot|Pol|Rietveld|Scholten|Schutte|Smit
    Te Riele|Temmink|Ten Hag|Van den Berg|Van Dijk|Van der Veen|Veldhuis|Visser|Vos|Wagenaar
    Wessels|Wiśniewski|Wolters|Yıldız|Zandbelt|Zwiers"""
)
