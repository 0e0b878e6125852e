"""Reads TwiML as strictly as the carrier's debugger judges it.

A document that Twilio would only warn about (12200) ends the call here as well: a
warning that nobody reads is how a wrong attribute reaches a patient.
https://www.twilio.com/docs/api/errors/12100 and https://www.twilio.com/docs/api/errors/12200
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

MALFORMED = 12100
NOT_IN_SCHEMA = 12200
WRONG_CONTENT_TYPE = 12300


class Failure(Exception):  # noqa: N818 - Twilio's word for what ends a call
    """The call or text cannot go on; ``code`` is the error that Twilio's debugger would show."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True)
class Verb:
    """One element: its name, attributes, words and nested elements."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple[Verb, ...] = ()
    rate: str | None = None

    def number(self, attribute: str, otherwise: int, *, least: int = 0) -> int:
        """Return a whole-number attribute; anything else fails the document."""
        given = self.attributes.get(attribute)
        if given is None:
            return otherwise
        if not given.isascii() or not given.isdigit() or int(given) < least:
            raise Failure(
                NOT_IN_SCHEMA,
                f"<{self.name} {attribute}> must be a whole number of at least {least}",
            )
        return int(given)

    def flag(self, attribute: str, *, otherwise: bool) -> bool:
        """Return a true-or-false attribute."""
        given = self.attributes.get(attribute)
        if given not in {None, "true", "false"}:
            raise Failure(NOT_IN_SCHEMA, f"<{self.name} {attribute}> must be true or false")
        return otherwise if given is None else given == "true"


@dataclass(frozen=True)
class Script:
    """A document and where it came from, which relative addresses are resolved against.

    https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application
    """

    url: str
    verbs: list[Verb] = field(default_factory=list)

    def take(self) -> Verb | None:
        """Return the next verb and move past it; None at the end."""
        return self.verbs.pop(0) if self.verbs else None

    def resolve(self, url: str) -> str:
        """Return an address absolutely; an empty one means this document's own."""
        return urljoin(self.url, urldefrag(url.strip()).url)


@dataclass(frozen=True)
class Shape:
    """What Twilio's page of a verb allows in it, as far as this simulator plays it."""

    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    text: bool = False
    ssml: bool = False


def _shape(
    attributes: str = "", children: str = "", *, text: bool = False, ssml: bool = False
) -> Shape:
    return Shape(frozenset(attributes.split()), frozenset(children.split()), text, ssml)


# What is allowed by Twilio and missing here is refused by name rather than ignored, so
# that nobody takes silence for support.
VOICE = {
    "Response": _shape(children="Say Play Pause Gather Redirect Dial Record Hangup Reject"),
    "Say": _shape("voice language loop", text=True, ssml=True),
    "Play": _shape("loop", text=True),
    "Pause": _shape("length"),
    "Gather": _shape(
        "action method input timeout speechTimeout numDigits finishOnKey actionOnEmptyResult"
        " language hints profanityFilter speechModel enhanced",
        "Say Play Pause",
    ),
    "Redirect": _shape("method", text=True),
    "Dial": _shape(
        "action method timeout callerId answerOnBridge timeLimit record", "Number", text=True
    ),
    "Number": _shape("url method", text=True),
    "Record": _shape(
        "action method timeout finishOnKey maxLength playBeep trim transcribe"
        " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"
    ),
    "Hangup": _shape(),
    "Reject": _shape("reason"),
}
MESSAGING = {
    "Response": _shape(children="Message"),
    "Message": _shape("to from", "Body", text=True),
    "Body": _shape(text=True),
}
# https://www.twilio.com/docs/voice/twiml/say/text-speech#ssml-tags
SSML = frozenset(
    ["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"]
)
# https://www.twilio.com/docs/api/errors/12300
CONTENT_TYPES = frozenset(["text/xml", "application/xml"])


def read(body: bytes, content_type: str, shapes: Mapping[str, Shape] = VOICE) -> list[Verb]:
    """Return the verbs of a document, or raise :class:`Failure` with Twilio's error code."""
    if content_type.partition(";")[0].strip().lower() not in CONTENT_TYPES:
        raise Failure(
            WRONG_CONTENT_TYPE, f"the answer is {content_type or 'of no type'} and not text/xml"
        )
    try:
        root = ET.fromstring(body)  # noqa: S314 - our own line's answer; expat refuses entity bombs
    except ET.ParseError as error:
        raise Failure(MALFORMED, f"the answer is not XML: {error}") from error
    if root.tag != "Response":
        raise Failure(MALFORMED, f"the root element is <{root.tag}> and not <Response>")
    return list(_verb(root, shapes).children)


def _verb(element: ET.Element, shapes: Mapping[str, Shape]) -> Verb:
    shape = shapes.get(element.tag)
    if shape is None:
        raise Failure(
            NOT_IN_SCHEMA, f"<{element.tag}> is not known here (names are case-sensitive)"
        )
    _check_attributes(element, shape)
    if shape.ssml:
        return Verb(element.tag, element.attrib, _spoken(element), rate=_rate(element))
    children = tuple(_verb(child, shapes) for child in _allowed(element, shape))
    return Verb(element.tag, element.attrib, _own_text(element, shape), children)


def _check_attributes(element: ET.Element, shape: Shape) -> None:
    for name, value in element.attrib.items():
        if name not in shape.attributes:
            raise Failure(NOT_IN_SCHEMA, f"<{element.tag}> has no attribute {name} here")
        if name.lower().endswith("method") and value != "POST":
            # A GET would put what the caller said into addresses, and so into logs.
            raise Failure(NOT_IN_SCHEMA, f"<{element.tag} {name}> must be POST")


def _allowed(element: ET.Element, shape: Shape) -> list[ET.Element]:
    for child in element:
        if child.tag not in shape.children:
            raise Failure(NOT_IN_SCHEMA, f"<{child.tag}> is not allowed in <{element.tag}> here")
    return list(element)


def _own_text(element: ET.Element, shape: Shape) -> str:
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    text = "".join(pieces).strip()
    if text and not shape.text:
        raise Failure(NOT_IN_SCHEMA, f"<{element.tag}> takes no text")
    return text


def _spoken(element: ET.Element) -> str:
    """Return what a voice would say, on one line: SSML steers the voice and is not read out."""
    return " ".join("".join(_words(element)).split())


def _words(element: ET.Element) -> list[str]:
    words = [element.attrib.get("alias") or element.text or ""]
    for child in element:
        if child.tag not in SSML:
            raise Failure(NOT_IN_SCHEMA, f"<{child.tag}> is not allowed in <Say>")
        words += [" " if child.tag in {"break", "p", "s"} else "", *_words(child), child.tail or ""]
    return words


def _rate(element: ET.Element) -> str | None:
    return next(
        (found.attrib["rate"] for found in element.iter("prosody") if "rate" in found.attrib), None
    )
