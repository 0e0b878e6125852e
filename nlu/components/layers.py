"""A trained classifier as its layers of numbers: read and run without the library that trained it, and without pickle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

Numbers = NDArray[np.float32]


class Layers:
    """Weights and biases, hidden layers first; the last gives one number for each class."""

    def __init__(
        self, weights: Sequence[Numbers], biases: Sequence[Numbers], classes: Sequence[str], ngrams: int
    ) -> None:
        self.weights = [np.ascontiguousarray(weight, np.float32) for weight in weights]
        self.biases = [np.asarray(bias, np.float32) for bias in biases]
        self.classes = list(classes)
        self.ngrams = ngrams

    def probabilities(self, sparse: csr_matrix, dense: Numbers) -> Numbers:
        """Return a row for each row of features. A model trained with embeddings does without them, and the reverse."""
        first, *others = self.weights
        values = sparse @ first[: self.ngrams] + self.biases[0]
        if dense.shape[1] == len(first) - self.ngrams:
            values = values + dense @ first[self.ngrams :]
        for weight, bias in zip(others, self.biases[1:], strict=True):
            values = np.maximum(values, 0) @ weight + bias
        return _softmax(np.asarray(values, np.float32))

    def save(self, path: Path) -> None:
        """Write to one .npz file."""
        arrays = {f"weight{i}": weight for i, weight in enumerate(self.weights)}
        arrays |= {f"bias{i}": bias for i, bias in enumerate(self.biases)}
        np.savez(path, classes=np.array(self.classes), ngrams=np.array(self.ngrams), **arrays)

    @classmethod
    def read(cls, path: Path) -> Layers:
        """Read what save wrote; nothing in the file can be code."""
        with np.load(path, allow_pickle=False) as arrays:
            count = sum(name.startswith("weight") for name in arrays.files)
            weights = [arrays[f"weight{i}"] for i in range(count)]
            biases = [arrays[f"bias{i}"] for i in range(count)]
            return cls(weights, biases, arrays["classes"].tolist(), int(arrays["ngrams"]))


def fit(kind: str, sparse: csr_matrix, dense: Numbers, labels: Sequence[str], **options: Any) -> Layers:
    """Train one of KINDS on n-grams and meaning side by side."""
    features = hstack([sparse, csr_matrix(dense)]).tocsr() if dense.shape[1] else sparse
    weights, biases, classes = _FITS[kind](features, labels, **options)
    return Layers(weights, biases, classes, sparse.shape[1])


_Fitted = tuple[list[Numbers], list[Numbers], list[str]]


def _fit_logistic(features: csr_matrix, labels: Sequence[str], *, strength: float = 1.0, rounds: int = 300) -> _Fitted:
    model = LogisticRegression(C=strength, max_iter=rounds, class_weight="balanced", random_state=1)
    model.fit(features, labels)
    return [model.coef_.T], [model.intercept_], model.classes_.tolist()


def _fit_mlp(
    features: csr_matrix, labels: Sequence[str], *, strength: float = 1.0, rounds: int = 30, hidden: int = 256
) -> _Fitted:
    model = MLPClassifier((hidden,), alpha=1e-4 / strength, max_iter=rounds, random_state=1)
    model.fit(features, labels)
    return model.coefs_, model.intercepts_, model.classes_.tolist()


_FITS: dict[str, Callable[..., _Fitted]] = {"logistic": _fit_logistic, "mlp": _fit_mlp}
KINDS = tuple(_FITS)


def _softmax(values: Numbers) -> Numbers:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
