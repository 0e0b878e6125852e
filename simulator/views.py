"""The page that is a telephone, and the carrier beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, Response, abort, jsonify, render_template, request

from simulator.carrier import Carrier
from simulator.gather import KEYS
from simulator.handsets import Handset, Handsets
from simulator.happenings import Pickup
from simulator.phone import HIDDEN, Phone
from simulator.rest import rest
from simulator.transport import http_transport
from simulator.webhooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.ledger import Json
    from simulator.numbers import Numbers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
LONGEST_WORDS = 4000
Found = TypeVar("Found")


@dataclass(frozen=True)
class Desk:
    """What the views work with."""

    carrier: Carrier
    handsets: Handsets
    numbers: Numbers


def blueprint(
    *,
    base_url: str,
    account_sid: str,
    auth_token: str,
    numbers: Numbers,
    reached_at: str | None = None,
    other_tokens: tuple[str, ...] = (),
) -> Blueprint:
    """Return the simulator, to be registered as it is: it mounts itself at /simulator.

    ``base_url`` is the public address that webhooks are signed for; ``reached_at`` is where
    this process listens, if that differs; ``other_tokens`` are taken from the line as well
    while a token is being rotated.
    """
    transport = http_transport(reached_at=reached_at)
    carrier = Carrier(account_sid, auth_token, transport, landlines=numbers.landlines)
    handsets = Handsets(base_url.rstrip("/"), (account_sid, auth_token), transport, carrier)
    desk = Desk(carrier, handsets, numbers)
    simulator = Blueprint(
        "simulator",
        __name__,
        url_prefix="/simulator",
        template_folder="templates",
        static_folder="static",
    )
    simulator.register_blueprint(rest(carrier, (auth_token, *other_tokens)), url_prefix="/carrier")
    _page(simulator, desk)
    _calls(simulator, desk)
    _rest_of_the_telephone(simulator, desk)
    return simulator


def _page(simulator: Blueprint, desk: Desk) -> None:
    @simulator.get("/", strict_slashes=False)
    def page() -> str:
        return render_template("simulator/telephone.html", numbers=desk.numbers, hidden=HIDDEN)

    @simulator.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _calls(simulator: Blueprint, desk: Desk) -> None:
    @simulator.post("/api/calls")
    def call() -> Response:
        handset = desk.handsets.lift(_text("from", 40), _text("to", 40))
        return _done(handset, Phone.call)

    @simulator.post("/api/calls/<handset>/<act>")
    def act(handset: str, act: str) -> Response:
        return _done(_found(desk.handsets.get(handset)), _found(ACTS.get(act)))


def _press(phone: Phone) -> None:
    keys = _text("keys", 40)
    if not KEYS.issuperset(keys):
        abort(400)
    phone.press(keys)


ACTS: Mapping[str, Callable[[Phone], object]] = {
    "press": _press,
    "say": lambda phone: phone.say(_text("words", LONGEST_WORDS)),
    "silence": Phone.stay_silent,
    "hang-up": Phone.hang_up,
    "other-hangs-up": Phone.other_hangs_up,
}


def _rest_of_the_telephone(simulator: Blueprint, desk: Desk) -> None:
    @simulator.get("/api/news")
    def news() -> Response:
        after = request.args.get("after", 0, type=int)
        return jsonify(newest=desk.carrier.feed.newest, news=desk.carrier.feed.after(after))

    @simulator.post("/api/rings/<sid>/answer")
    def answer(sid: str) -> Response:
        handset, inbound = _found(desk.handsets.pick_up(sid))
        return _done(handset, lambda phone: phone.answer(inbound))

    @simulator.post("/api/rings/<sid>/decline")
    def decline(sid: str) -> Response:
        _body()
        desk.carrier.decline(sid)
        return Response(status=204)

    @simulator.post("/api/texts")
    def text() -> Response:
        number, to, body = _text("from", 40), _text("to", 40), _text("body", LONGEST_WORDS, least=0)
        if number == HIDDEN:
            abort(400)  # no network carries a text without a sender
        return jsonify(
            desk.handsets.text(number, to, body, int(bool(_body().get("picture"))), _faults())
        )


def _done(handset: Handset, action: Callable[[Phone], object]) -> Response:
    return jsonify(handset.act(action, _faults(), _pickup()))


def _found(found: Found | None) -> Found:
    return found if found is not None else abort(404)


def _body() -> Json:
    # JSON alone: a form on somebody else's page could post here otherwise.
    body = request.get_json()
    return body if isinstance(body, dict) else abort(400)


def _text(name: str, longest: int, *, least: int = 1) -> str:
    text = _body().get(name)
    if not isinstance(text, str) or not least <= len(text) <= longest:
        abort(400)
    return text


def _faults() -> set[Fault]:
    given = _body().get("faults", [])
    if not isinstance(given, list) or not set(given) <= set(Fault):
        abort(400)
    return {Fault(fault) for fault in given}


def _pickup() -> Pickup:
    given = _body().get("pickup", Pickup.ANSWERED)
    return Pickup(str(given)) if given in set(Pickup) else abort(400)
