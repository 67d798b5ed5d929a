"""What a temperature is measured against: recency, frequency, RFM and gradient boosting."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from hotspring.calibration.history import Floats, Frame, History, Mask, Slots
from hotspring.calibration.measures import auc, quintiles

NAMES: Final = ("recency", "frequency", "rfm", "boosting")
"""In the order in which they are shown."""
BOOSTING: Final[dict[str, Any]] = {
    "objective": "binary", "metric": "binary_logloss", "learning_rate": 0.03, "num_leaves": 16,
    "max_depth": 4, "min_data_in_leaf": 50, "num_threads": 1, "deterministic": True,
    "force_row_wise": True, "seed": 7, "verbose": -1,
}  # fmt: skip
MOST_TREES: Final = 400
PATIENCE: Final = 40
"""More trees are grown as long as the loss of profiles left out fell within so many."""
DAY_MS: Final = 86_400_000


def rivals(
    history: History, goal: str, earlier: Frame, later: Frame, folds: Slots
) -> dict[str, Floats]:
    """The scores of each rival for the profiles of the later frame, by name.

    Recency, frequency and money are those of the goal's own events or of all events: for each
    rival what told better at the earlier frame. Boosting learns there, on both; `folds`, one
    number for each of its profiles, say who is left out when the number of trees is chosen.
    """
    people = history.people()
    readings = (people & history.named(goal), people)
    then = [_simple(_rfm(history.at(rows), earlier)) for rows in readings]
    now = [_simple(_rfm(history.at(rows), later)) for rows in readings]
    scores = {
        name: max(
            zip(then, now, strict=True), key=lambda pair: auc(earlier.reached, pair[0][name])
        )[1][name]
        for name in ("recency", "frequency", "rfm")
    }
    scores["boosting"] = _boosted(
        np.concatenate([_rfm(history.at(rows), earlier) for rows in readings], axis=1),
        earlier.reached,
        np.concatenate([_rfm(history.at(rows), later) for rows in readings], axis=1),
        folds,
    )
    return scores


def _rfm(history: History, there: Frame) -> Floats:
    """Days since the last event, number of events, sum of amounts: float64[profiles, 3].

    Whoever had no event is as long ago as the oldest event of all, and a day.
    """
    past = history.at(history.ms < there.at)
    size = len(history.key)
    ms, profile = past.ms, past.profile
    last = np.full(size, ms.min(initial=there.at) - DAY_MS, np.int64)
    np.maximum.at(last, profile, ms)
    amounts = pc.fill_null(past.events.column("amount"), 0.0).to_numpy(zero_copy_only=False)
    columns = [
        (there.at - last) / DAY_MS,
        np.bincount(profile, minlength=size).astype(float),
        np.bincount(profile, weights=amounts, minlength=size),
    ]
    return np.stack([column[there.profiles] for column in columns], axis=1)


def _simple(rfm: Floats) -> dict[str, Floats]:
    recency, frequency, money = -rfm[:, 0], rfm[:, 1], rfm[:, 2]
    points = quintiles(recency, frequency, money)
    points += quintiles(frequency, recency, money) + quintiles(money, recency, frequency)
    return {"recency": recency, "frequency": frequency, "rfm": points}


def _boosted(then: Floats, reached: Mask, now: Floats, folds: Slots) -> Floats:
    # Imported late: only a calibration pays for it.
    import lightgbm

    told = then.std(axis=0) > 0
    _, first = np.unique(then[:, told], axis=1, return_index=True)
    chosen = np.flatnonzero(told)[np.sort(first)]
    aim = reached.astype(float)
    parts = [(np.flatnonzero(folds != f), np.flatnonzero(folds == f)) for f in np.unique(folds)]
    losses = lightgbm.cv(
        BOOSTING, lightgbm.Dataset(then[:, chosen], aim), MOST_TREES, folds=parts,
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )  # fmt: skip
    trees = int(np.argmin(np.array(losses["valid binary_logloss-mean"]))) + 1
    model = lightgbm.train(BOOSTING, lightgbm.Dataset(then[:, chosen], aim), trees)
    return np.asarray(model.predict(now[:, chosen], num_threads=1), np.float64)
