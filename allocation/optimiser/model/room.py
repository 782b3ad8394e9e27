"""All <= limits of a division as rows over the options, pools among them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from allocation.optimiser.model.arrays import Integers, Model

# Up to so many sets of pools, every union of them is a limit of its own (Hall's condition).
MOST_PAYER_SETS = 8


def limits(model: Model, awards: Integers) -> tuple["sparse.csr_matrix", Integers]:
    """Rows and right-hand sides in cents or awards; whoever keeps them can be paid."""
    rows, rhs = [sparse.csr_matrix(model.limit_rows)], [model.limit_rhs]
    for inside, cents in _pools(model, awards):
        rows.append(sparse.csr_matrix((model.amount * inside)[None, :]))
        rhs.append(np.array([cents], dtype=np.int64))
    return sparse.csr_matrix(sparse.vstack(rows)), np.concatenate(rhs)


def _pools(model: Model, awards: Integers) -> Iterator[tuple[NDArray[np.bool_], int]]:
    """Pools as plain limits: what only the pools of a union can pay is at most what they hold.

    With very many sets of pools no set may use more than it does now, which is sufficient too.
    """
    sets = [frozenset(payers) for payers in model.payer_sets]
    if len(set(sets)) > MOST_PAYER_SETS:
        for number in range(len(sets)):
            inside = model.payers == number
            yield inside, int((model.amount * awards)[inside].sum())
        return
    unions: set[frozenset[int]] = set()
    for payers in sets:
        unions |= {payers | union for union in unions} | {payers}
    for union in sorted(unions, key=sorted):
        within = np.array([payers <= union for payers in sets])
        used = int(model.base_payers[within].sum())
        yield within[model.payers], sum(int(model.pool_rhs[pool]) for pool in union) - used
