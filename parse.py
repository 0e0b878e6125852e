"""What the line would make of a sentence: JSON lines in, JSON lines out (`make -s parse`).

A line in is ``{"text", "locale", "at"?, "expect"?}``; a line out is ``{"intent",
"confidence", "accepted", "entities", "time"}``; ``at`` is when it is said, and times are
those of the demo's first clinic. It is the understanding of a fresh
conversation: interceptors, phrase lists, the menu, the model and its gate. Uses the
dialogue model that runs on ``PORT`` + 1, or starts one for the while.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx

import run
from dialogue.choices import pick
from dialogue.menu import entries
from locales.phrases import contains, heard, language_named
from locales.when import TimeSaid, appointment_time, birth_date
from portal.demo_rows import source
from settings import KNOWN_LOCALES, Settings, make_throw_away_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PARSE_PATH = "/webhooks/dialtone/parse"
BATCH = 100
BATCH_SECONDS = 60
DEFAULT_LOCALE = "en-US"
# In the dialogue's own order (see dialogue/engine.py); each list of phrases means an intent.
BY_PHRASE = {
    "opt_out": "opt_out",
    "person": "talk_to_staff",
    "repeat": "repeat",
    "slower": "slower",
    "back": "main_menu",
    "menu": "main_menu",
    "goodbye": "goodbye",
    "help": "help",
}
FALLBACK = "nlu_fallback"


def main() -> None:
    """Answer every line of standard input, in its order."""
    lines = [_read(line) for line in sys.stdin if line.strip()]
    _say(f"{len(lines)} lines")
    with _model() as http:
        for start in range(0, len(lines), BATCH):
            some = lines[start : start + BATCH]
            for line, parsed in zip(some, _parsed(http, some), strict=True):
                sys.stdout.write(json.dumps(_made_of(line, parsed), ensure_ascii=False) + "\n")
            _say(f"{min(start + BATCH, len(lines))} of {len(lines)}")


def _read(line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise SystemExit('parse: each line must be like {"text": "...", "locale": "en"}')
    return given


def _made_of(line: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any]:
    certain = _certain(line["text"], _tag(line))
    gate, intent = parsed.get("gate") or {}, parsed.get("intent") or {}
    # Where the gate would ask again, the classifier's own belief is what can be mended.
    accepted = bool(certain) or bool(gate.get("accepted"))
    believed = intent.get("name") if gate.get("accepted") else gate.get("intent")
    return {
        "intent": certain or believed or FALLBACK,
        "confidence": 1.0 if certain else intent.get("confidence") or 0.0,
        "accepted": accepted,
        "entities": [_entity(each) for each in parsed.get("entities") or ()],
        "time": _time(line),
    }


def _certain(text: str, tag: str) -> str | None:
    """Return the intent that the dialogue would know without the model."""
    lang = tag.partition("-")[0]
    if heard(text, lang, "opt_out"):
        return "opt_out"
    if any(contains(text, each, kind) for each in {lang, "en"} for kind in ("crisis", "emergency")):
        return "emergency"
    listed = next((BY_PHRASE[name] for name in BY_PHRASE if heard(text, lang, name)), None)
    if listed or language_named(text, lang):
        return listed or "change_language"
    choice = pick(entries(), text, tag)
    return choice.intent if choice else None


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    return {
        "entity": entity.get("entity"),
        "value": entity.get("value"),
        "text": entity.get("text", entity.get("value")),
    }


def _time(line: dict[str, Any]) -> dict[str, str] | None:
    """Return the times named: of the visit wished for, or of a birth where that is asked."""
    lang, now = _tag(line).partition("-")[0], _now(line)
    if line.get("expect") == "birth_date":
        born = birth_date(line["text"], lang, now.date())
        said = TimeSaid(first_day=born, last_day=born) if born else None
    else:
        said = appointment_time(line["text"], lang, now, _hours())
    if said is None:
        return None
    start, end = said.span(now)
    return {"from": start.isoformat(), "to": end.isoformat(), "grain": said.grain}


def _now(line: dict[str, Any]) -> datetime:
    """Return the clinic's wall time at which the line is said: ``at``, or this moment."""
    given = line.get("at")
    at = datetime.fromisoformat(given) if given else datetime.now(UTC)
    if at.tzinfo is not None:
        at = at.astimezone(ZoneInfo(_clinic()["tz"])).replace(tzinfo=None)
    return at


def _hours() -> tuple[time, time]:
    return _clinic()["opens"], _clinic()["closes"]


def _clinic() -> dict[str, Any]:
    """Return the first clinic of the demo: understanding is asked for without any records."""
    return source()["clinic"][0]


def _tag(line: dict[str, Any]) -> str:
    """Return the full tag of a line's locale (``es`` or ``es-US``)."""
    given = str(line.get("locale") or DEFAULT_LOCALE)
    language = given.partition("-")[0]
    return next((tag for tag in KNOWN_LOCALES if tag.partition("-")[0] == language), given)


def _parsed(http: httpx.Client, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = [{"text": line["text"], "locale": _tag(line)} for line in lines]
    answer = http.post(PARSE_PATH, json={"lines": asked})
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found


@contextlib.contextmanager
def _model() -> Iterator[httpx.Client]:
    """Give a client of the running model, or of one that is started for the while."""
    settings = _settings()
    token, port = settings.nlu_token, settings.nlu_port
    if run.answers(f"http://127.0.0.1:{port}/webhooks/dialtone/"):
        with _client(port, token) as http:
            yield http
        return
    token, port = secrets.token_hex(16), _free_port()
    process = _own_model(port, token)
    children = {}
    try:
        children[process.name] = run.start(process)
        run.wait_for(process, children)
        with _client(port, token) as http:
            yield http
    finally:
        run.stop(children)


def _own_model(port: int, token: str) -> run.Process:
    return run.Process(
        "nlu",
        [str(run.RASA_PYTHON), "-m", "nlu.serve", "--model", run.trained_model()],
        lambda: run.answers(f"http://127.0.0.1:{port}/webhooks/dialtone/"),
        {"NLU_PORT": str(port), "NLU_TOKEN": token},
        sys.stderr.buffer,
    )


def _client(port: int, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=BATCH_SECONDS,
        trust_env=False,
    )


def _settings() -> Settings:
    make_throw_away_keys(Path(os.environ.get("DATA_DIR") or ".data").absolute())
    return Settings.from_env()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _say(text: str) -> None:
    sys.stderr.write(f"parse: {text}\n")


if __name__ == "__main__":
    main()
