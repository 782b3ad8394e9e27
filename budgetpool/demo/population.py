"""A synthetic population of flex workers and their training requests.

Nobody in it exists. It reproduces the published distributions, so that a
division can be tested against a known failure: under first come, first
served, the low educated get at most 10 % of the awards although they are
23 % of the population (Court of Audit on STAP, 2023), and the twenty largest
providers take more than half of the money.

Who the workers are stands in allocation/laboratory/workforce.py, with sources.
The mean grant is near EUR 800 with 70 % below EUR 1,000 (UWV 2022). The other
shares are assumptions: label what comes out of here "synthetic" wherever it
shows.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from allocation.laboratory.workforce import (
    CONTRACTS,
    EDUCATION_BY_CONTRACT,
    LATER,
    LATER_IF_UNTRAINED,
    SECTORS,
    eligible_workforce,
)
from allocation.rules import points
from budgetpool.demo import catalogue, supply

CHOICES = (0.40, 0.35, 0.25)  # one, two, three ranked choices
SAME_TRAINING_OTHER_EDITION = 0.45
WINDOW_OPENS = np.datetime64("2026-12-01T09:00:00")


__all__ = ["CONTRACTS", "EDUCATION_BY_CONTRACT", "Population", "eligible_workforce", "generate"]


@dataclass(frozen=True)
class Population:
    """One synthetic region; every column is an int or a str, every amount in cents.

    Attributes:
        workers: `worker_id`, `first_name`, `last_name`, `birth_year`, `municipality`,
            `contract`, `education`, `education_level` (low, middle, high), `sector`,
            `hours_trained`, `refused_rounds`, `target` (yes, no), `points`.
        providers: `provider_id`, `name`, `municipality`, `kvk_number`, `crkbo` (yes, no).
        trainings: `training_id`, `provider_id`, `title`, `sector`, `outcome`, `hours`,
            `price_class`, `training_cents`, `exam_cents`, `books_cents`, `price_cents`
            (their sum).
        editions: `edition_id`, `training_id`, `seats`, `starts_on`, `municipality`.
        choices: one row per ranked choice: `request_id`, `worker_id`, `choice`,
            `training_id`, `provider_id`, `edition_id`, the cost lines `training_cents`,
            `exam_cents`, `books_cents`, `travel_cents`, `wage_loss_cents`, `coach_cents`,
            their sum `amount_cents`, and `submitted_at`.

    One worker files one training request; its choices are the rows of `choices`.
    """

    seed: int
    workers: pd.DataFrame
    providers: pd.DataFrame
    trainings: pd.DataFrame
    editions: pd.DataFrame
    choices: pd.DataFrame

    def optimiser_requests(self) -> pd.DataFrame:
        """Give the optimiser's `requests` frame, with the columns that a policy may name."""
        worker = self.workers.set_index("worker_id").loc[self.choices["worker_id"]]
        training = self.trainings.set_index("training_id").loc[self.choices["training_id"]]
        frame = self.choices[["request_id", "worker_id", "choice", "amount_cents"]].copy()
        frame["points"] = worker["points"].to_numpy()
        frame["edition_id"] = self.choices["edition_id"]
        frame["submitted_at"] = self.choices["submitted_at"]
        for column in ("education", "education_level", "contract", "sector", "target"):
            frame[column] = worker[column].array
        frame["first_timer"] = np.where(worker["hours_trained"].to_numpy() == 0, "yes", "no")
        frame["provider_id"] = self.choices["provider_id"]
        frame["training_id"] = self.choices["training_id"]
        frame["training_sector"] = training["sector"].array
        return frame.astype({"first_timer": "str"})

    def optimiser_editions(self) -> pd.DataFrame:
        """Give the optimiser's `editions` frame."""
        return self.editions[["edition_id", "seats"]].copy()


def generate(requests: int, seed: int) -> Population:
    """Draw a region's training requests; the same arguments give the same population.

    Args:
        requests: training requests, one per worker, from 400 up to a million.
        seed: any non-negative int.
    """
    rng = np.random.default_rng(seed)
    workers = _workers(rng, requests)
    providers = supply.providers(rng, requests)
    trainings = supply.trainings(rng, providers)
    wanted = _wanted_trainings(rng, workers, trainings)
    editions = supply.editions(rng, trainings, _first_choices(wanted, trainings))
    choices = _choices(rng, workers, trainings, editions, wanted)
    return Population(
        seed=seed,
        workers=workers.drop(columns="_later"),
        providers=providers.drop(columns="_weight"),
        trainings=trainings.drop(columns="_weight"),
        editions=editions,
        choices=choices,
    )


def _workers(rng: np.random.Generator, count: int) -> pd.DataFrame:
    cells = eligible_workforce()
    weight = (cells["share"] * cells["asks"]).to_numpy()
    cell = rng.choice(len(cells), size=count, p=weight / weight.sum())
    drawn = cells.loc[cell].reset_index(drop=True)
    trained = (drawn["trained"] == "yes").to_numpy()
    width = max(5, len(str(count)))
    workers = pd.DataFrame(
        {
            "worker_id": _ids("w", np.arange(1, count + 1), width),
            "first_name": supply.pick(rng, catalogue.FIRST_NAMES, count),
            "last_name": supply.pick(rng, catalogue.LAST_NAMES, count),
            "birth_year": 2026 - np.clip(rng.gamma(5.0, 4.2, count) + 18, 18, 66).astype(np.int64),
            "municipality": supply.pick(
                rng,
                [name for name, _ in catalogue.MUNICIPALITIES],
                count,
                [share for _, share in catalogue.MUNICIPALITIES],
            ),
            "contract": drawn["contract"],
            "education": drawn["education"],
            "education_level": drawn["education_level"],
            "sector": supply.pick(rng, list(SECTORS), count, list(SECTORS.values())),
            "hours_trained": np.where(trained, 4 * rng.geometric(0.12, count), 0),
            "refused_rounds": rng.choice(4, size=count, p=[0.78, 0.15, 0.05, 0.02]),
        }
    )
    workers["points"] = points.points_of(workers)
    target = workers["education"].isin(points.TARGET_EDUCATION) & ~trained
    workers["target"] = supply.text(np.where(target, "yes", "no"))
    workers["_later"] = drawn["education_level"].map(LATER).to_numpy(dtype=float) * np.where(
        trained, 1.0, LATER_IF_UNTRAINED
    )
    return workers


def _wanted_trainings(
    rng: np.random.Generator, workers: pd.DataFrame, trainings: pd.DataFrame
) -> np.ndarray:
    """Draw up to three trainings per worker (row of `trainings`, -1: none)."""
    count = len(workers)
    wanted = np.full((count, 3), -1, dtype=np.int64)
    sector = workers["sector"].to_numpy()
    for own in SECTORS:
        rows = np.flatnonzero(sector == own)
        cumulative = np.cumsum(supply.demand(trainings, own))
        draws = rng.random((len(rows), 3))
        wanted[rows] = np.searchsorted(cumulative, draws * cumulative[-1], side="right")
    dates = supply.dates(_first_choices(wanted, trainings))
    for place in (1, 2):
        stays = rng.random(count) < SAME_TRAINING_OTHER_EDITION
        stays &= dates[wanted[:, place - 1]] > place
        wanted[stays, place] = wanted[stays, place - 1]
    many = rng.choice(3, size=count, p=CHOICES) + 1
    wanted[many < 2, 1] = -1
    wanted[many < 3, 2] = -1
    return wanted


def _first_choices(wanted: np.ndarray, trainings: pd.DataFrame) -> np.ndarray:
    return np.bincount(wanted[:, 0], minlength=len(trainings))


def _choices(
    rng: np.random.Generator,
    workers: pd.DataFrame,
    trainings: pd.DataFrame,
    editions: pd.DataFrame,
    wanted: np.ndarray,
) -> pd.DataFrame:
    count = len(workers)
    first, many = supply.editions_of(editions, trainings)
    # Most people take the first date; a second edition of the same training is the next date.
    start = rng.integers(0, 3, size=count) * (rng.random(count) < 0.4)
    edition = np.full_like(wanted, -1)
    for place in range(3):
        asked = wanted[:, place] >= 0
        training = wanted[asked, place]
        offset = (start[asked] + place) % many[training]
        edition[asked, place] = first[training] + offset
        for earlier in range(place):
            edition[edition[:, place] == edition[:, earlier], place] = -1
    gone = edition[:, 1] < 0  # a third choice without a second one becomes the second
    edition[gone, 1], edition[gone, 2] = edition[gone, 2], -1
    worker, choice = np.nonzero(edition >= 0)
    chosen = edition[worker, choice]
    training = supply.training_of(editions, trainings)[chosen]

    costs = trainings[["training_cents", "exam_cents", "books_cents"]].iloc[training]
    frame: pd.DataFrame = costs.reset_index(drop=True)
    bundle = (trainings["price_class"] == "bundle").to_numpy()[training]
    far = (rng.random(count) < 0.15)[worker]
    frame["travel_cents"] = np.where(far, 2_000 * rng.integers(1, 4, size=count)[worker], 0)
    frame["wage_loss_cents"] = np.where(bundle, 10_000 * rng.integers(1, 6, size=count)[worker], 0)
    frame["coach_cents"] = np.where(bundle, 30_000, 0)
    amount = frame.sum(axis=1).to_numpy()

    later = workers["_later"].to_numpy() * np.exp(rng.normal(0.0, 0.9, size=count))
    seconds = np.minimum(later * 3_600, 13 * 86_400 + rng.integers(0, 86_400, count))
    submitted = np.datetime_as_string(WINDOW_OPENS + seconds.astype("timedelta64[s]"), unit="s")
    worker_id = workers["worker_id"].to_numpy()[worker]
    frame.insert(0, "request_id", [f"{w}-{c}" for w, c in zip(worker_id, choice + 1, strict=True)])
    frame.insert(1, "worker_id", worker_id)
    frame.insert(2, "choice", choice.astype(np.int64) + 1)
    frame.insert(3, "training_id", trainings["training_id"].to_numpy()[training])
    frame.insert(4, "provider_id", trainings["provider_id"].to_numpy()[training])
    frame.insert(5, "edition_id", editions["edition_id"].to_numpy()[chosen])
    frame["amount_cents"] = amount
    frame["submitted_at"] = supply.text(submitted[worker])
    for column in ("request_id", "worker_id", "training_id", "provider_id", "edition_id"):
        frame[column] = frame[column].astype("str")
    return frame


def _ids(letter: str, numbers: np.ndarray, width: int) -> pd.Series:
    return pd.Series([f"{letter}{number:0{width}d}" for number in numbers.tolist()], dtype="str")
