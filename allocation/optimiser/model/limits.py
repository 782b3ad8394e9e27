"""The limits of a round as rows over the options: ceiling, editions, caps, and pools.

What given requests use is taken off; limits that all requests together cannot fill are left out.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.model.options import Options, given_too_much


@dataclass
class _Kind:
    """A family of limits: a code per row (-1: not limited), names and right-hand sides."""

    codes: Integers
    money: bool
    names: list[str]
    rhs: list[int]


def write(options: Options, model: Model) -> None:
    """Write the limits into the model.

    Raises:
        InvalidInput: what the board gave passes one of them.
    """
    names: list[str] = []
    rhs: list[int] = []
    parts: list[tuple[Integers, Integers, Integers]] = []
    for kind in _kinds(options):
        model.units |= units(kind.names, kind.codes, options) if kind.money else {}
        codes = kind.codes[options.row]
        weight = options.amount if kind.money else np.ones(len(options.row), dtype=np.int64)
        left = np.array(kind.rhs, dtype=np.int64) - _used(options, kind)
        for place in np.flatnonzero(left < 0):
            raise given_too_much(kind.names[place])
        inside = np.flatnonzero(codes >= 0)
        demand = np.zeros(len(kind.names), dtype=np.int64)
        np.add.at(demand, codes[inside], (weight * options.size[options.owner])[inside])
        tight = demand > left
        number = np.where(tight, np.cumsum(tight) - 1 + len(names), -1)
        keep = inside[tight[codes[inside]]]
        parts.append((number[codes[keep]], keep, weight[keep]))
        names += [name for name, yes in zip(kind.names, tight, strict=True) if yes]
        rhs += left[tight].tolist()
    model.limits, model.limit_rhs = names, np.array(rhs, dtype=np.int64)
    model.limit_rows = sparse_rows(parts, len(names), len(options.row))


def units(names: list[str], codes: Integers, options: Options) -> dict[str, int]:
    """Per code the greatest number of cents of which all that is offered asks a multiple."""
    code, amount = codes[options.offered_row], options.offered_amount
    order = np.argsort(code, kind="stable")
    order = order[code[order] >= 0]
    if not len(order):
        return {}
    present, first = np.unique(code[order], return_index=True)
    greatest = np.gcd.reduceat(amount[order], first)
    return {names[at]: int(unit) for at, unit in zip(present, greatest, strict=True)}


def _kinds(options: Options) -> list[_Kind]:
    rows, policy, editions = options.rows, options.policy, options.rows.problem.editions
    ceiling = np.zeros(len(rows.position), dtype=np.int64)
    kinds = [_Kind(ceiling, True, ["ceiling"], [policy.ceiling_cents])]
    if editions is not None:
        codes, seats = rows.features["edition"], editions.set_index("edition_id")["seats"]
        names = _names(codes, rows.text("edition_id"))
        rhs = seats.reindex(names, fill_value=0).to_list()
        kinds.append(_Kind(codes, False, [f"edition:{name}" for name in names], rhs))
    for cap in policy.caps:
        codes = rows.features[f"cap:{cap.name}"]
        names = _names(codes, rows.text(cap.column))
        cents = cap.limit_cents(policy.ceiling_cents)
        limit = cents if cents is not None else cap.count
        assert limit is not None
        full = [f"cap:{cap.name}:{name}" for name in names]
        kinds.append(_Kind(codes, cents is not None, full, [limit] * len(names)))
    return kinds


def _used(options: Options, kind: _Kind) -> Integers:
    """What given requests use of each limit."""
    codes = kind.codes[options.given_row]
    used = np.zeros(len(kind.names), dtype=np.int64)
    weight = options.rows.amount[options.given_row] if kind.money else np.ones_like(codes)
    np.add.at(used, codes[codes >= 0], weight[codes >= 0])
    return used


def _names(codes: Integers, values: NDArray[Any]) -> list[str]:
    """The value behind each code from 0; a code that no row has keeps an empty name."""
    names = [""] * (int(codes.max(initial=-1)) + 1)
    unique, first = np.unique(codes, return_index=True)
    for code, row in zip(unique, first, strict=True):
        if code >= 0:
            names[code] = str(values[row])
    return names


def write_pools(options: Options, model: Model) -> None:
    """Write the pools, and which sets of them may pay for what, into the model.

    Raises:
        InvalidInput: what the board gave needs more from a set of pools than it holds.
    """
    rows, pools = options.rows, options.rows.problem.pools
    if pools is None:
        return
    model.pools = [f"pool:{name}" for name in pools["pool_id"]]
    model.pool_rhs = pools["amount_cents"].to_numpy(dtype=np.int64)
    payable, codes = rows.payable_by(), rows.features["payers"]
    for first in np.unique(codes, return_index=True)[1]:
        payers = tuple(pool for pool, column in enumerate(payable) if column[first])
        model.payer_sets.append(payers)
    model.payers = codes[options.row]
    given = options.given_row
    model.base_payers = np.zeros(len(model.payer_sets), dtype=np.int64)
    np.add.at(model.base_payers, codes[given], rows.amount[given])
    for reach in map(set, model.payer_sets):
        needs = sum(
            int(cents)
            for payers, cents in zip(model.payer_sets, model.base_payers, strict=True)
            if set(payers) <= reach
        )
        if needs > sum(int(model.pool_rhs[pool]) for pool in reach):
            raise given_too_much(", ".join(model.pools[pool] for pool in sorted(reach)))


def sparse_rows(parts: list[tuple[Integers, Integers, Integers]], rows: int, columns: int) -> Any:
    """A matrix of whole numbers from (row, column, number) parts."""
    row, column, data = (
        np.concatenate([part[place] for part in parts] or [np.zeros(0, dtype=np.int64)])
        for place in range(3)
    )
    return sparse.csr_matrix((data, (row, column)), shape=(rows, columns), dtype=np.int64)
