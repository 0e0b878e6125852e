"""`python -m nlu.compare [kernel logistic mlp]`: the figures of docs/adr/0003-intent-classifier.md.

Cross-validation over nlu/data, copies without accents in training only; then, trained on all of it,
the lines of tests/evaluation, which somebody else wrote. Rasa's own parts are not run: the features
are the same, the embeddings come out of the cache.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier

from nlu.components.embedding import embed_for_training
from nlu.components.kernel import Features, Likeness, Numbers, fit, weighted
from nlu.components.progress import count, say
from nlu.components.text import pieces, unmarked
from nlu.inputs import DATA, ROOT, languages

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

THRESHOLDS = (0.4, 0.5, 0.55, 0.6, 0.7)
_FOLDS = 5


class Line(NamedTuple):
    """One sentence that somebody wrote."""

    text: str
    intent: str
    language: str


Fitted = Callable[[Features], tuple[Numbers, list[str]]]


def training_lines() -> list[Line]:
    """Return the lines of nlu/data."""
    found = []
    for language in languages():
        for file in sorted((DATA / language).glob("*.yml")):
            for block in yaml.safe_load(file.read_text())["nlu"]:
                texts = re.findall(r"^\s*- (.*\S)", block["examples"], re.MULTILINE)
                found += [Line(text, block["intent"], language) for text in texts]
    return found


def held_out_lines(folder: Path) -> list[Line]:
    """Return the lines of tests/evaluation: intent -> lines, a file a language."""
    files = {file.stem: yaml.safe_load(file.read_text()) for file in sorted(folder.glob("*.yml"))}
    return [
        Line(str(text), intent, language)
        for language, intents in files.items()
        for intent, texts in intents.items()
        for text in texts
    ]


class Featurizer:
    """The features that the pipeline of nlu/config.yml makes."""

    def __init__(self, lines: list[Line]) -> None:
        self._ngrams = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2)
        self._ngrams.fit([_lemmas(line.text) for line in lines])
        self._centre = _vectors(lines).mean(axis=0)

    def __call__(self, lines: list[Line]) -> Features:
        """Return the features of lines."""
        counts = self._ngrams.transform([_lemmas(line.text) for line in lines])
        return Features(counts.tocsr(), _vectors(lines) - self._centre)


def with_copies(lines: list[Line]) -> list[Line]:
    """Return lines and, of those that have marks, their copies without."""
    copies = [line._replace(text=unmarked(line.text)) for line in lines]
    return lines + [copy for copy, line in zip(copies, lines, strict=True) if copy != line]


def _fit_kernel(features: Features, lines: list[Line]) -> Fitted:
    machine = fit(
        features, [x.intent for x in lines], [unmarked(x.text) for x in lines], Likeness()
    )
    return lambda asked: (machine.probabilities(asked), machine.classes)


def _fit_with(model: LogisticRegression | MLPClassifier, scale: float) -> Callable[..., Fitted]:
    def fitted(features: Features, lines: list[Line]) -> Fitted:
        rarity = np.ones(features.counts.shape[1], np.float32)
        model.fit(_side_by_side(features, rarity, scale), [line.intent for line in lines])
        return lambda asked: (
            model.predict_proba(_side_by_side(asked, rarity, scale)),
            model.classes_.tolist(),
        )

    return fitted


FITS: dict[str, Callable[..., Fitted]] = {
    "kernel": _fit_kernel,
    "logistic": _fit_with(LogisticRegression(C=10, max_iter=200, class_weight="balanced"), 3),
    "mlp": _fit_with(MLPClassifier((256,), alpha=1e-3, max_iter=12, random_state=1), 6),
}


def _side_by_side(features: Features, rarity: Numbers, scale: float) -> csr_matrix:
    return hstack([weighted(features.counts, rarity), csr_matrix(features.vectors * scale)]).tocsr()


def _lemmas(text: str) -> str:
    return " ".join(re.sub(r"\b[0-9]+\b", "__NUMBER__", piece.lemma) for piece in pieces(text))


def _vectors(lines: list[Line]) -> Numbers:
    vectors = embed_for_training([line.text for line in lines], count)
    return np.zeros((len(lines), 0), np.float32) if vectors is None else vectors


def judged(kind: str, known: list[Line], asked: list[Line]) -> tuple[NDArray[np.str_], Numbers]:
    """Train on known lines; return the guess for each asked one and its confidence."""
    everything = with_copies(known)
    features = Featurizer(everything)
    rows, classes = FITS[kind](features(everything), everything)(features(asked))
    return np.asarray(classes)[rows.argmax(axis=1)], rows.max(axis=1)


def cross_validated(kind: str, lines: list[Line]) -> tuple[NDArray[np.str_], Numbers]:
    """Return the guess for each line by a model that has not seen it, and its confidence."""
    guesses, beliefs = np.empty(len(lines), dtype="<U40"), np.zeros(len(lines), np.float32)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    strata = [f"{line.intent} {line.language}" for line in lines]
    for known, asked in folds.split(lines, strata):
        said = judged(kind, [lines[i] for i in known], [lines[i] for i in asked])
        guesses[asked], beliefs[asked] = said
    return guesses, beliefs


def report(title: str, lines: list[Line], guesses: NDArray[np.str_], beliefs: Numbers) -> None:
    """Print accuracy, by language, and what each threshold accepts rightly and wrongly."""
    right = guesses == np.array([line.intent for line in lines])
    spoken = np.array([line.language for line in lines])
    each = "  ".join(f"{x} {right[spoken == x].mean():.3f}" for x in sorted(set(spoken)))
    print(f"{title:28} {len(lines)} lines  accuracy {right.mean():.3f}  {each}")  # noqa: T201
    for threshold in THRESHOLDS:
        accepted = beliefs >= threshold
        print(  # noqa: T201
            f"{'':28} at {threshold:.2f}: accepted right {np.mean(accepted & right):.3f}"
            f"  accepted wrong {np.mean(accepted & ~right):.3f}"
        )


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(prog="python -m nlu.compare", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*FITS, []], default=["kernel"])
    kinds = parser.parse_args().kinds
    lines, others = training_lines(), held_out_lines(ROOT / "tests" / "evaluation")
    for kind in kinds:
        started = time.monotonic()
        report(f"{kind}, cross-validated", lines, *cross_validated(kind, lines))
        report(f"{kind}, others' lines", others, *judged(kind, lines, others))
        say(f"{kind} took {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
