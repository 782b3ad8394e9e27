"""Labour-market regions come from a list in a file; the program never counts them."""

import csv
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from budgetpool.fund.models import Region

REGIONS_FILE = Path(__file__).resolve().parent / "data" / "regions.csv"
COLUMNS = ("code", "code_source", "name", "municipalities", "valid_from", "valid_until")


class BadRegionList(ValueError):
    """The file cannot be used; the message names the line and what to mend."""


def load_regions(path: Path = REGIONS_FILE) -> tuple[int, int]:
    """Read a list of regions; those with a known code are brought up to date.

    The file is CSV in UTF-8 with the columns of `COLUMNS`; municipalities are separated by
    semicolons, an empty `valid_until` means "still valid".

    Returns: how many regions are new, and how many were known.

    Raises:
        BadRegionList: a missing column or a bad value; then nothing is stored.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
        if missing:
            raise BadRegionList(f"{path}, line 1: add the column(s) {', '.join(missing)}.")
        rows = list(enumerate(reader, start=2))
    created = 0
    with transaction.atomic():
        for line, row in rows:
            if None in row.values() or None in row:
                raise BadRegionList(f"{path}, line {line}: give every column a value.")
            created += _store(path, line, row)
    return created, len(rows) - created


def _store(path: Path, line: int, row: dict[str, str]) -> bool:
    """Store one row; true if the region is new."""
    code = row["code"].strip()
    region = Region.objects.filter(code=code).first() or Region(code=code)
    is_new = region.pk is None
    try:
        region.code_source = row["code_source"].strip()
        region.name = row["name"].strip()
        region.slug = region.slug or slugify(region.name.replace("/", " "))
        region.municipalities = [
            name.strip() for name in row["municipalities"].split(";") if name.strip()
        ]
        region.valid_from = int(row["valid_from"])
        region.valid_until = int(row["valid_until"]) if row["valid_until"].strip() else None
        region.full_clean()
    except (ValueError, ValidationError) as error:
        raise BadRegionList(f"{path}, line {line} ({code}): {error}") from error
    region.save()
    return is_new
