"""What is texted by somebody who wants no texts is on one desk, and on one alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.database import transaction
from portal.records import StaffTask
from tests.dialogue.talk import OPTED_OUT, tasks

if TYPE_CHECKING:
    from tests.web import Web


def _topics() -> list[str | None]:
    return [task.topic for task in tasks()]


def test_many_texts_of_a_day_are_one_task(web: Web) -> None:
    phone = web.text_phone(OPTED_OUT)
    for body in ("my pills are gone", "hello", "is anybody there"):
        assert phone.text(body) == []
    assert _topics() == ["text_from_opted_out"]


def test_the_next_day_it_is_another_one(web: Web) -> None:
    phone = web.text_phone(OPTED_OUT)
    phone.text("my pills are gone")
    web.clock.at += timedelta(days=1)
    phone.text("hello")
    assert _topics() == ["text_from_opted_out"] * 2


def test_what_comes_after_somebody_has_rung_is_new(web: Web) -> None:
    phone = web.text_phone(OPTED_OUT)
    phone.text("my pills are gone")
    with transaction() as session:
        session.execute(update(StaffTask).values(status="closed"))
    phone.text("and now my keys")
    assert _topics() == ["text_from_opted_out"] * 2
