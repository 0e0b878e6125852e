"""`make bench`: one run, one table. Milliseconds of whole webhooks, on this machine."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from statistics import median, quantiles
from typing import TYPE_CHECKING

from sqlalchemy import select

from bench.callers import BOOKING, SPOKEN, Caller, StockCaller
from bench.stack import dialtone, stock_rasa
from portal import encryption
from portal.database import bind, connect, transaction
from portal.records import Conversation
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.callers import Door

TURNS = 60
EACH_OF_EIGHT = 25
CALLERS = 8
LONG_CALLS = 8
LONG = 50
BOOKINGS = 10
HEAR_AGAIN = "1"
Timed = "list[float]"


def main() -> None:
    """Measure, print the table."""
    with dialtone() as (door, model):
        _warm(door)
        rows = _ours(door)
        fifth, fiftieth = _long_call(door)
        steps = _bookings(door)
        with stock_rasa(model) as port:
            senders = _proved_conversations(door)
            rows += _stock(port, senders)
    _print(rows, fifth, fiftieth)
    _print_steps(steps)


def _ours(door: Door) -> list[tuple[str, int, list[float], float]]:
    programs: dict[str, Callable[[int, Door], list[float]]] = {
        "voice, spoken": _spoken,
        "voice, keyed": _keyed,
        "voice, PIN": _pins,
        "text": _texts,
        "voice, 2 keyed : 1 spoken": _mixed,
    }
    return [
        (name, callers, *_together(partial(program, _count(callers), door), callers))
        for name, program in programs.items()
        for callers in (1, CALLERS)
    ]


def _count(callers: int) -> int:
    return TURNS if callers == 1 else EACH_OF_EIGHT


def _together(program: Callable[[], list[float]], callers: int) -> tuple[list[float], float]:
    """Return every turn's milliseconds, and the turns in a second, of callers at once."""
    with ThreadPoolExecutor(callers) as pool:
        started = time.perf_counter()
        each = [future.result() for future in [pool.submit(program) for _ in range(callers)]]
        seconds = time.perf_counter() - started
    turns = [milliseconds for some in each for milliseconds in some]
    return turns, len(turns) / seconds


def _proved(door: Door) -> Caller:
    caller = Caller(door)
    caller.call()
    caller.prove()
    return caller


def _spoken(count: int, door: Door) -> list[float]:
    caller = _proved(door)
    return [caller.says(words) for words, _ in zip(cycle(SPOKEN), range(count), strict=False)]


def _keyed(count: int, door: Door) -> list[float]:
    caller = _proved(door)
    return [caller.keys(HEAR_AGAIN) for _ in range(count)]


def _mixed(count: int, door: Door) -> list[float]:
    caller, turns = _proved(door), []
    for words, _ in zip(cycle(SPOKEN), range(count // 3 + 1), strict=False):
        turns += [caller.keys(HEAR_AGAIN), caller.keys(HEAR_AGAIN), caller.says(words)]
    return turns


def _pins(count: int, door: Door) -> list[float]:
    caller, turns = Caller(door), []
    for _ in range(max(count // 4, 1)):
        caller.call()
        turns.append(caller.prove())
    return turns


def _texts(count: int, door: Door) -> list[float]:
    caller = Caller(door)
    return [caller.texts(words) for words, _ in zip(cycle(SPOKEN), range(count), strict=False)]


def _long_call(door: Door) -> tuple[float, float]:
    """Return the median milliseconds of a call's 5th and 50th spoken turn."""
    calls = [_spoken(LONG, door) for _ in range(LONG_CALLS)]
    return median(call[4] for call in calls), median(call[LONG - 1] for call in calls)


def _bookings(door: Door) -> list[list[float]]:
    """Return the milliseconds of each turn of calls that book a visit, call by call."""
    caller = Caller(door)
    caller.books()  # the first one makes the openings' pages and plans warm
    return [caller.books() for _ in range(BOOKINGS)]


def _stock(port: int, senders: list[str]) -> list[tuple[str, int, list[float], float]]:
    rows = []
    for callers in (1, CALLERS):
        waiting = iter(senders)
        program = partial(_says_to_stock, port, waiting, _count(callers))
        rows.append(("stock Rasa, twilio_voice", callers, *_together(program, callers)))
    return rows


def _says_to_stock(port: int, senders: object, count: int) -> list[float]:
    caller = StockCaller(port, next(senders))  # type: ignore[call-overload]
    return [caller.says(words) for words, _ in zip(cycle(SPOKEN), range(count), strict=False)]


def _proved_conversations(door: Door) -> list[str]:
    """Return the ids of fresh calls that have proved who they are."""
    for _ in range(CALLERS):
        _proved(door)
    settings = Settings.from_env()
    encryption.use(encryption.KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url))
    with transaction(read_only=True) as session:
        newest = select(Conversation.id).where(Conversation.assurance == 2)
        ids = session.scalars(newest.order_by(Conversation.started_at.desc()).limit(CALLERS))
        return [each.hex for each in ids]


def _warm(door: Door) -> None:
    for _ in range(2):
        _spoken(10, door)
        _keyed(10, door)
    _texts(5, door)


def _print(rows: list[tuple[str, int, list[float], float]], fifth: float, fiftieth: float) -> None:
    heads = ("callers", "turns", "p50 ms", "p95 ms", "turns/s")
    print(f"{'whole webhook':<28}" + "".join(f"{head:>9}" for head in heads))
    for name, callers, turns, rate in rows:
        p95 = quantiles(turns, n=20)[-1]
        print(f"{name:<28}{callers:>9}{len(turns):>9}{median(turns):>9.1f}{p95:>9.1f}{rate:>9.1f}")
    print(
        f"one call's 5th turn {fifth:.1f} ms, 50th turn {fiftieth:.1f} ms "
        f"({fiftieth / fifth:.2f} times), spoken, median of {LONG_CALLS} calls"
    )


def _print_steps(calls: list[list[float]]) -> None:
    print(f"a booking call of {len(BOOKING)} turns, median ms of {len(calls)} calls")
    for (what, how, _), turns in zip(BOOKING, zip(*calls, strict=True), strict=True):
        print(f"  {what:<28}{how:<6}{median(turns):>7.1f}")


if __name__ == "__main__":
    main()
