"""The synthetic population reproduces the published figures that it is calibrated to."""

import pandas as pd
import pytest

from allocation.rules import points
from budgetpool.demo import population

SIZE = 20_000


@pytest.fixture(scope="module")
def region() -> population.Population:
    return population.generate(SIZE, seed=2027)


@pytest.fixture(scope="module")
def first_choices(region: population.Population) -> pd.DataFrame:
    frame = region.optimiser_requests()
    return frame[frame["choice"] == 1]


def first_come_first_served(requests: pd.DataFrame, euros_per_request: int) -> pd.DataFrame:
    ceiling_cents = euros_per_request * 100 * len(requests)
    queue = requests.sort_values("submitted_at")
    return queue[queue["amount_cents"].cumsum() <= ceiling_cents]


def test_low_educated_are_23_percent_of_the_eligible_workforce():
    workforce = population.eligible_workforce()
    low = workforce.loc[workforce["education_level"] == "low", "share"].sum()
    assert low == pytest.approx(0.23, abs=0.005)


def test_contract_mix_follows_the_source_once_students_are_left_out():
    workforce = population.eligible_workforce()
    share = workforce.groupby("contract")["share"].sum()
    eligible = {name: s * (1 - students) for name, (s, students) in population.CONTRACTS.items()}
    total = sum(eligible.values())
    for contract, part in eligible.items():
        assert share[contract] == pytest.approx(part / total)


@pytest.mark.parametrize("contract", population.CONTRACTS)
def test_education_by_contract_follows_the_source(contract):
    workforce = population.eligible_workforce()
    of_contract = workforce[workforce["contract"] == contract]
    share = of_contract.groupby("education_level")["share"].sum() / of_contract["share"].sum()
    published = population.EDUCATION_BY_CONTRACT[contract]
    for level, value in zip(("low", "middle", "high"), published, strict=True):
        assert share[level] == pytest.approx(value)


def test_the_drawn_workers_follow_the_joint_table(region):
    """Contract × education × trained, each cell within two percentage points."""
    workforce = population.eligible_workforce()
    asks = workforce["share"] * workforce["asks"]
    keys = ["contract", "education_level", "trained"]
    expected = (asks / asks.sum()).groupby([workforce[key] for key in keys]).sum()
    workers = region.workers.assign(
        trained=region.workers["hours_trained"].map(lambda hours: "yes" if hours else "no")
    )
    drawn = workers.groupby(keys).size() / SIZE
    assert (drawn - expected).abs().max() < 0.02


def test_agency_workers_were_trained_less_than_those_with_a_prospect():
    workforce = population.eligible_workforce()

    def trained(contract: str) -> float:
        rows = workforce[workforce["contract"] == contract]
        return rows.loc[rows["trained"] == "yes", "share"].sum() / rows["share"].sum()

    assert trained("agency") == pytest.approx(0.34, abs=0.03)
    assert trained("on_call") == pytest.approx(0.292, abs=0.03)
    assert trained("temp_prospect") == pytest.approx(0.536, abs=0.03)


def test_a_request_costs_some_800_euros_and_70_percent_cost_less_than_1000(first_choices):
    amount = first_choices["amount_cents"]
    assert amount.mean() / 100 == pytest.approx(800, abs=50)
    assert (amount < 100_000).mean() == pytest.approx(0.70, abs=0.04)


@pytest.mark.parametrize("euros_per_request", [200, 333, 375])
def test_first_come_first_served_fails_the_low_educated_as_stap_did(
    first_choices, euros_per_request
):
    served = first_come_first_served(first_choices, euros_per_request)
    low = (served["education_level"] == "low").mean()
    assert 0.05 < low <= 0.11  # STAP: 10 % of recipients against 23 % of the population


@pytest.mark.parametrize("requests", [1_500, SIZE])
def test_first_come_first_served_gives_more_than_half_to_twenty_providers(requests):
    frame = population.generate(requests, seed=7).optimiser_requests()
    served = first_come_first_served(frame[frame["choice"] == 1], 333)
    per_provider = served.groupby("provider_id")["amount_cents"].sum().nlargest(20)
    assert per_provider.sum() > served["amount_cents"].sum() / 2


def test_most_of_what_is_asked_lies_in_another_sector(first_choices):
    cross = (first_choices["sector"] != first_choices["training_sector"]).mean()
    assert 0.5 < cross < 0.85


def test_each_worker_has_one_to_three_choices_ranked_without_a_gap(region):
    choices = region.choices.groupby("worker_id")["choice"]
    assert choices.min().eq(1).all()
    assert choices.max().le(3).all()
    assert (choices.max() == choices.size()).all()
    assert set(choices.size().unique()) == {1, 2, 3}


def test_nobody_chooses_one_edition_twice(region):
    assert not region.choices.duplicated(["worker_id", "edition_id"]).any()


def test_cost_lines_add_up_to_the_amount(region):
    lines = ["training", "exam", "books", "travel", "wage_loss", "coach"]
    total = region.choices[[f"{line}_cents" for line in lines]].sum(axis=1)
    assert (total == region.choices["amount_cents"]).all()
    assert (region.choices[[f"{line}_cents" for line in lines]] >= 0).all().all()


def test_an_edition_belongs_to_the_training_that_was_chosen(region):
    editions = region.editions.set_index("edition_id")
    of_edition = editions.loc[region.choices["edition_id"], "training_id"]
    assert (of_edition.to_numpy() == region.choices["training_id"].to_numpy()).all()


def test_some_editions_are_overbooked_and_some_are_not(region, first_choices):
    wanted = first_choices.groupby("edition_id").size()
    seats = region.editions.set_index("edition_id")["seats"]
    assert 0.2 < (wanted > seats.loc[wanted.index]).mean() < 0.9


def test_points_follow_the_published_rule_row_by_row(region):
    for row in region.workers.head(500).itertuples():
        assert row.points == points.points(
            education=row.education,
            contract=row.contract,
            hours_trained=row.hours_trained,
            refused_rounds=row.refused_rounds,
        )
        assert (row.target == "yes") == points.is_target(
            education=row.education, hours_trained=row.hours_trained
        )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (("vmbo", "on_call", 0, 0), 95),
        (("mbo2", "on_call", 0, 1), 90),
        (("mbo4", "temp_short", 12, 0), 55),
        (("wo", "temp_prospect", 40, 0), 15),
        (("mbo1", "agency", 0, 9), 110),
        (("unknown", "unknown", 16, 0), 10),
    ],
)
def test_points_worked_examples(facts, expected):
    education, contract, hours, refused = facts
    assert expected == points.points(
        education=education, contract=contract, hours_trained=hours, refused_rounds=refused
    )


def test_every_column_is_an_int_or_a_str(region):
    frames = [getattr(region, name) for name in ("workers", "providers", "trainings", "editions")]
    for frame in [*frames, region.choices, region.optimiser_requests()]:
        kinds = {str(dtype) for dtype in frame.dtypes}
        assert kinds <= {"int64", "str"}, frame.dtypes


def test_the_same_seed_gives_the_same_population_and_another_seed_another():
    one, again = population.generate(400, seed=5), population.generate(400, seed=5)
    other = population.generate(400, seed=6)
    for name in ("workers", "providers", "trainings", "editions", "choices"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(again, name))
    assert not one.choices.equals(other.choices)


def test_names_are_unique_among_providers(region):
    assert region.providers["name"].is_unique
    assert region.providers["kvk_number"].str.fullmatch(r"\d{8}").all()
