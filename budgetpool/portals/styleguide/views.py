"""All components on one page, for those who build screens; served only where DEBUG is on."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from budgetpool.portals.components import charts, numbers
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.parts import Fact, Figure, stations
from budgetpool.portals.components.tables import Column, Table

# The example's texts, in the order of the page. They are no part of any screen, hence Dutch only.
WORDS = {
    "w01": "Bouwstenen",
    "w02": "Regio Noord",
    "w03": "Bouwstenen",
    "w04": "Formulier",
    "w05": "Alle rondes",
    "w06": "Opleiding",
    "w07": "Welke opleiding wil je doen?",
    "w08": "Je kunt tot en met",
    "w09": "aanvragen. Het maakt niet uit wie het eerst is: elke dag telt even zwaar.",
    "w10": "Wacht op tweede handtekening",
    "w11": "Toegekend",
    "w12": "Afgewezen",
    "w13": "Open",
    "w14": "Gesloten",
    "w15": "Stations",
    "w16": "De ronde",
    "w17": "Volgende stap",
    "w18": "Onderteken het voorstel",
    "w19": "Je bent de tweede ondertekenaar. Kijk eerst naar de drie scenario's.",
    "w20": "Bekijk het voorstel",
    "w21": "Tabel",
    "w22": "Samenvatting",
    "w23": "Uitleg per aanvraag",
    "w24": "R-0412, VCA basis, Logistiek,",
    "w25": "Ja",
    "w26": "Toegekend met 37 punten.",
    "w27": "R-0597, Lassen niveau 3, Techniek,",
    "w28": "Nee",
    "w29": "Lotnummer 7 van 13 voor 9 plaatsen.",
    "w30": "Grafieken",
    "w31": "Kaarten",
    "w32": "VCA basis",
    "w33": "1 dag, met examen · ongeveer",
    "w34": "Nederlands op de werkvloer",
    "w35": "20 lessen, in de avond · ongeveer",
    "w36": "Goed om te weten",
    "w37": "Je antwoorden worden vanzelf bewaard.",
    "w38": "Bewaard",
    "w39": "Je aanvraag is bewaard om 14.02 uur.",
    "w40": "Nog twee dagen.",
    "w41": "Formulier met fouten",
    "w42": "Volgende stap",
    "w43": "Bewaren en later verder",
    "w44": "Stoppen",
    "w45": "Formulier, leeg",
}

COLUMNS = ["Mensen", "Uitgegeven", "Waarde", "Kleinste groep"]


class ExampleForm(forms.Form):
    """One field of each kind."""

    training = forms.ChoiceField(
        label="Kies je opleiding",
        widget=forms.RadioSelect,
        choices=[
            ("1", OptionLabel("Heftruck rijden", hint="2 dagen, op je eigen locatie · € 450")),
            ("2", OptionLabel("VCA basis", hint="1 dag, met examen · € 295")),
        ],
    )
    starts = forms.DateField(
        label="Wanneer begint de opleiding?",
        help_text="Bijvoorbeeld: 01-03-2027",
        widget=forms.DateInput(attrs={"data-size": "short"}),
        error_messages={"invalid": "Schrijf de datum zo: 01-03-2027."},
    )
    sector = forms.ChoiceField(label="Sector", choices=[("a", "Zorg"), ("b", "Techniek")])
    offer = forms.FileField(
        label="Foto of bestand van de offerte",
        help_text="Maak een foto of kies een PDF. Niet groter dan 10 MB.",
        required=False,
    )
    why = forms.CharField(
        label="Wat wil je bereiken?", widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    evening = forms.MultipleChoiceField(
        label="Wanneer kun je leren?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("d", "Overdag"), ("e", "In de avond"), ("w", "In het weekend")],
    )
    agrees = forms.BooleanField(
        label="Ik heb geen eigen belang bij een aanvraag in deze ronde",
        help_text="Heb je wel een belang? Dan kun je niet meestemmen.",
        error_messages={"required": "Zet een vinkje als je geen belang hebt."},
    )


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in its states."""
    if not settings.DEBUG:
        raise Http404
    scenarios = [
        ["A. Meeste leerwaarde", "212", numbers.euros(49_830_000), "100,0", "31%"],
        ["B. Elke groep een basis", "236", numbers.euros(49_970_000), "96,4", "52%"],
        ["D. Wie eerst komt (oude regel)", "203", numbers.euros(50_000_000), "82,5", "24%"],
    ]
    context = {
        "w": WORDS,
        "form": ExampleForm({"starts": "1 maart", "training": "2"}),
        "plain_form": ExampleForm(auto_id="plain_%s"),
        "now": datetime(2027, 3, 1, 13, 2, tzinfo=UTC),
        "figures": [
            Figure("Te verdelen", numbers.euros(50_000_000)),
            Figure("Aanvragen", "431"),
            Figure("Gevraagd", numbers.euros(108_345_000), "2,2 keer het plafond"),
            Figure("Eerste keer", numbers.percent(0.55)),
        ],
        "facts": [Fact("Opleiding", "VCA basis", "#"), Fact("Begint op", "1 maart 2027", "#")],
        "stations": stations(
            [("draft", "Concept"), ("open", "Open"), ("closed", "Gesloten"), ("done", "Klaar")],
            "closed",
        ),
        "table": Table(
            [Column("Scenario"), *(Column(c, numeric=True) for c in COLUMNS)],
            scenarios,
            caption="Drie manieren om hetzelfde geld te verdelen",
            chosen={1},
        ),
        "charts": example_charts(),
    }  # fmt: skip
    return render(request, "styleguide.html", context)


def example_charts() -> list[charts.Chart]:
    """One chart of each kind, with the numbers of a made-up round."""
    share = numbers.percent
    return [
        charts.curve(
            "Wat kost eerlijk verdelen?",
            "Scenario B helpt de kleinste groep van 31% naar 52%. Dat kost 3,6% leerwaarde.",
            [
                charts.Point("A", "A. Meeste leerwaarde", 0.31, 0.0),
                charts.Point("B", "B. Elke groep een basis", 0.52, 0.036, chosen=True),
                charts.Point("C", "C. Loting", 0.58, 0.082),
            ],
            x_name="Kleinste groep: deel dat krijgt",
            y_name="Minder waarde dan het maximum",
            write_x=share,
            write_y=lambda v: share(v, 1),
            point_name="Scenario",
        ),
        charts.lorenz(
            "Hoe gelijk is het?",
            "Hoe dichter bij de rechte lijn, hoe gelijker het geld is verdeeld.",
            [
                charts.Shares.of_values("Scenario B", [1, 2, 2, 3, 3, 4, 4, 5]),
                charts.Shares.of_values("Oude regel", [0, 0, 1, 1, 2, 5, 7, 9], old=True),
            ],
            people_name="Deel van de aanvragers",
            even_name="Precies gelijk",
            write=share,
        ),
        charts.flow(
            "Wie betaalt en wie krijgt?",
            "Uitzend Noord betaalt het meest. Het meeste geld gaat naar Logistiek.",
            [
                charts.Link("Uitzend Noord", "Logistiek", 12_000_000),
                charts.Link("Uitzend Noord", "Zorg", 6_000_000),
                charts.Link("Werkpool Oost", "Techniek en onderhoud", 11_770_000),
                charts.Link("Werkpool Oost", "Logistiek", 3_500_000),
                charts.Link("Payroll BV", "Zorg", 6_300_000),
                charts.Link("Payroll BV", "Horeca", 3_400_000),
                charts.Link("Reserve fonds", "Horeca", 970_000),
            ],
            source_name="Betaalt",
            target_name="Krijgt",
            amount_name="Bedrag",
            others="Andere",
            write=numbers.euros,
        ),
        charts.bars(
            "Wie krijgt een opleiding?",
            "Mensen zonder diploma krijgen iets meer dan hun deel van de aanvragen.",
            [
                charts.Bar("MBO 1 en 2", 0.34, 0.39),
                charts.Bar("MBO 3", 0.28, 0.27),
                charts.Bar("Geen diploma", 0.16, 0.13),
            ],
            group_name="Groep",
            value_name="Deel van het geld",
            compare_name="Deel van de aanvragen",
            write=share,
        ),
        charts.ranges(
            "Hoeveel is toeval?",
            "Een balk laat zien hoeveel een cijfer door toeval verschilt.",
            [
                charts.Range("Deze regel", 0.21, 0.23, 0.26, chosen=True),
                charts.Range("Loting", 0.16, 0.2, 0.24),
            ],
            group_name="Regel",
            names=("Laag", "Midden", "Hoog"),
            write=share,
            line=0.23,
            line_name="van alle mensen",
        ),
    ]
