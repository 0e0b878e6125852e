"""The arithmetic of the intent classifier: regularised least squares with a kernel. No Rasa here.

Two sentences are alike as far as their embeddings lie close (a Gaussian) and their letters are the
same (cosine of weighted n-grams). Training solves one system of equations; what it gives is plain
numbers, so that a model is read without pickle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Numbers = NDArray[np.float32]

_VALIDATION = 5
"""One line in five tells how far a score can be believed."""
_SHARPNESS = 12.0
"""How the doubt is shared out among the intents that did not win."""


@dataclass(frozen=True)
class Likeness:
    """When two sentences are alike. Compared in docs/adr/0003-intent-classifier.md."""

    narrowness: float = 4.0
    letters: float = 0.2
    ridge: float = 0.05


@dataclass(frozen=True)
class Features:
    """Sentences, a row each: counts of n-grams, and embeddings (no columns without them)."""

    counts: csr_matrix
    vectors: Numbers

    def __getitem__(self, rows: NDArray[np.int64]) -> Features:
        """Return some of the sentences."""
        return Features(self.counts[rows], self.vectors[rows])


@dataclass(frozen=True)
class Guesses:
    """For each sentence: the score of each class, and how close the nearest known sentence is."""

    scores: Numbers
    nearest: Numbers


@dataclass(frozen=True)
class Machine:
    """What training found."""

    classes: list[str]
    rarity: Numbers
    vectors: Numbers
    pulls: Numbers
    letters: Numbers
    narrowness: float
    belief: Numbers

    def guess(self, features: Features) -> Guesses:
        """Score sentences; without embeddings the letters alone decide."""
        scores = np.asarray(weighted(features.counts, self.rarity) @ self.letters)
        nearest = np.zeros(len(scores), np.float32)
        if features.vectors.shape[1] and self.vectors.shape[1]:
            close = _closeness(features.vectors, self.vectors, self.narrowness)
            scores, nearest = scores + close @ self.pulls, close.max(axis=1)
        return Guesses(np.asarray(scores, np.float32), nearest)

    def probabilities(self, features: Features) -> Numbers:
        """Return a row a sentence; the highest number is how often such a guess is right."""
        guesses = self.guess(features)
        belief = 1 / (1 + np.exp(-(_signs(guesses) @ self.belief[:-1] + self.belief[-1])))
        shares = np.exp(_SHARPNESS * (guesses.scores - guesses.scores.max(axis=1, keepdims=True)))
        best = np.arange(len(shares)), shares.argmax(axis=1)
        shares[best] = 0
        shares *= ((1 - belief) / np.maximum(shares.sum(axis=1), 1e-9))[:, None]
        shares[best] = belief
        return np.asarray(shares, np.float32)

    def save(self, path: Path) -> None:
        """Write to one .npz file."""
        np.savez(path, **{name: np.asarray(value) for name, value in vars(self).items()})

    @classmethod
    def read(cls, path: Path) -> Machine:
        """Read what save wrote; nothing in the file can be code."""
        with np.load(path, allow_pickle=False) as stored:
            values = {name: stored[name] for name in stored.files}
        values["classes"] = values["classes"].tolist()
        values["narrowness"] = float(values["narrowness"])
        return cls(**values)


def fit(features: Features, labels: Sequence[str], lines: Sequence[str], like: Likeness) -> Machine:
    """Train on everything, having asked a fifth of the lines how far such scores can be believed.

    `lines` names what each sentence was written as: a line and its copy without accents stay on
    one side, or the copy would vouch for the line.
    """
    truth = np.asarray(labels)
    held = _held_out(lines)
    trial = _solved(features[np.flatnonzero(~held)], truth[~held], like, np.zeros(4, np.float32))
    belief = _belief(trial, features[np.flatnonzero(held)], truth[held])
    return _solved(features, truth, like, belief)


def weighted(counts: csr_matrix, rarity: Numbers) -> csr_matrix:
    """Weigh n-grams by their rarity, more of one counting less than twice; rows of length one."""
    logs = counts.astype(np.float32)
    logs.data = 1 + np.log(logs.data)
    rows = (logs @ diags(rarity)).tocsr()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-9)) @ rows).tocsr().astype(np.float32)


def _solved(
    features: Features, truth: NDArray[np.str_], like: Likeness, belief: Numbers
) -> Machine:
    rarity = _rarity(features.counts)
    rows = weighted(features.counts, rarity)
    classes, which, sizes = np.unique(truth, return_inverse=True, return_counts=True)
    wanted = (truth[:, None] == classes).astype(np.float32)
    alike = (rows @ rows.T).toarray() * np.float32(like.letters)
    if features.vectors.shape[1]:
        alike += _closeness(features.vectors, features.vectors, like.narrowness)
    # One sentence of many weighs less than one of few, or large intents draw in their neighbours.
    alike[np.diag_indices_from(alike)] += (like.ridge * sizes / np.median(sizes))[which]
    pulls = cho_solve(cho_factor(alike, overwrite_a=True), wanted).astype(np.float32)
    letters = np.asarray(rows.T @ pulls, np.float32) * np.float32(like.letters)
    return Machine(
        classes.tolist(), rarity, features.vectors, pulls, letters, like.narrowness, belief
    )


def _rarity(counts: csr_matrix) -> Numbers:
    total, containing = counts.shape[0], np.asarray((counts > 0).sum(axis=0)).ravel()
    return np.asarray(np.log((1 + total) / (1 + containing)) + 1, np.float32)


def _closeness(some: Numbers, others: Numbers, narrowness: float) -> Numbers:
    lengths = (some * some).sum(axis=1)[:, None] + (others * others).sum(axis=1)[None, :]
    return np.exp(-narrowness * np.maximum(lengths - 2 * some @ others.T, 0))


def _held_out(lines: Sequence[str]) -> NDArray[np.bool_]:
    names, line = np.unique(np.asarray(lines), return_inverse=True)
    return np.random.default_rng(1).permutation(len(names))[line] % _VALIDATION == 0


def _belief(machine: Machine, features: Features, truth: NDArray[np.str_]) -> Numbers:
    guesses = machine.guess(features)
    right = np.asarray(machine.classes)[guesses.scores.argmax(axis=1)] == truth
    # One certainly wrong and one certainly right guess, for data that is too little to learn from.
    signs = np.vstack([_signs(guesses), np.zeros(3), np.ones(3)])
    doubt = LogisticRegression(C=100, max_iter=1000).fit(signs, [*right, False, True])
    return np.asarray([*doubt.coef_[0], doubt.intercept_[0]], np.float32)


def _signs(guesses: Guesses) -> Numbers:
    """Return what tells a right guess: its score, its lead, and how near a known sentence is."""
    order = np.sort(guesses.scores, axis=1)
    return np.stack([order[:, -1], order[:, -1] - order[:, -2], guesses.nearest], axis=1)
