"""Texts as they come in: each is written down once, and one turn at a time answers them.

Texts that come while a turn is under way wait as rows; whoever holds the
conversation's lease joins all of them into its next turn, so that none is lost
and none is answered twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from dialogue import AlreadyOurs, Kind, Utterance, converse
from dialogue.language import guess, may_remember, remembered
from dialogue.moment import prompts
from dialogue.redaction import without_secrets
from dialogue.troubles import apologise
from dialogue.turns import Expect, Reply
from portal import consent, conversations, handoff, housekeeping
from portal.answers import prompts_from_data, prompts_to_data
from portal.database import transaction
from portal.hours import local
from portal.records import StaffTask
from sms.optout import is_keyword, keyword_reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dialogue import Line
    from portal.answers import Prompt
    from portal.records import Clinic, Conversation, Phone

log = structlog.get_logger()

MOST_JOINED = 5
FROM_OPTED_OUT = "text_from_opted_out"
SECRET, PICTURE = prompts("line.secret_in_text", "line.picture")
LONGEST_BODY = 1600  # the carrier's own limit on what a handset may send


@dataclass(frozen=True)
class Came:
    """A text as the carrier delivered it; ``is_answered`` where it has answered by itself."""

    sid: str
    body: str = field(repr=False)
    clinic: Clinic
    phone: Phone
    has_pictures: bool = False
    is_answered: bool = False


@dataclass(frozen=True)
class Received:
    """What became of a text as it came: answered at once, or a turn of a conversation.

    Neither stands for somebody who wants no texts.
    """

    sid: str
    reply: Reply | None = None
    conversation: UUID | None = None


@dataclass(frozen=True)
class _Waiting:
    """The texts that wait, joined, and what is to be said ahead of the answer to them."""

    utterance: Utterance
    notices: tuple[Prompt, ...]

    @property
    def is_picture_alone(self) -> bool:
        """Return whether there is nothing to understand, and so nothing misunderstood."""
        return PICTURE in self.notices and not self.utterance.text.strip()


def receive(session: Session, line: Line, came: Came, *, at: datetime) -> Received:
    """Take a text in: a keyword is answered, anything else is written down as a turn.

    A keyword is the whole message and goes before everything else: whoever wants no
    more texts is heard first (47 CFR 64.1200(a)(10)).
    """
    session.refresh(came.phone, with_for_update=conversations.HELD)  # two texts, one session
    known = conversations.with_text(session, came.sid)
    if known is not None:  # whoever wrote it down died, and it waits for its answer
        return Received(came.sid, conversation=None if known.ended_at else known.id)
    body, has_secret = without_secrets(came.body[:LONGEST_BODY], at.date())
    said = ((SECRET, has_secret), (PICTURE, came.has_pictures))
    came = replace(came, body=body)
    locale = _locale(session, line, came)
    reply = keyword_reply(session, came, locale, is_answered=came.is_answered, at=at)
    if reply is not None:
        return Received(came.sid, reply=reply)
    notices = tuple(prompt for prompt, is_so in said if is_so)
    conversation = _write_down(session, came, locale, notices, at)
    if not consent.may_text(session, came.phone.id, "reply"):
        # They may not be texted, and what they wrote must not be lost.
        if not _is_on_a_desk(session, came, at):
            handoff.call_back_task(session, conversation, topic=FROM_OPTED_OUT, at=at)
        # Nothing waits here: their next text, if they come back, starts anew.
        conversations.end(session, conversation, outcome="opted_out", at=at)
        return Received(came.sid)
    return Received(came.sid, conversation=conversation.id)


def _is_on_a_desk(session: Session, came: Came, at: datetime) -> bool:
    """Return whether a text of today has somebody ring this telephone, who has not yet.

    Whoever wants no texts may write many: each is a session of its own.
    """
    today = local(came.clinic, at).replace(hour=0, minute=0, second=0, microsecond=0)
    owed = select(StaffTask.id).where(
        StaffTask.phone_id == came.phone.id,
        StaffTask.clinic_id == came.clinic.id,
        StaffTask.topic == FROM_OPTED_OUT,
        StaffTask.status.in_(("open", "claimed")),
        StaffTask.created_at >= today,
    )
    return session.scalars(owed).first() is not None


def _write_down(
    session: Session, came: Came, locale: str, notices: tuple[Prompt, ...], at: datetime
) -> Conversation:
    """Return the text session that this text belongs to, with the text as its next turn.

    The notices wait with it: somebody else may hold the turn, and says them then.
    """
    # A text that was never answered must not end unseen with the session before.
    housekeeping.end_stale(session, phone_id=came.phone.id, at=at)
    conversation = conversations.text_session(
        session,
        clinic=came.clinic,
        phone=came.phone,
        locale=locale,
        first_sid=came.sid,
        at=at,
    )
    conversations.write_turn(
        session,
        conversation,
        number=conversation.next_turn,
        speaker="caller",
        provider_sid=came.sid,
        kind=Kind.TEXT.value,
        text=came.body,
        prompts=prompts_to_data(notices) or None,
        at=at,
    )
    conversation.next_turn += 1
    return conversation


def answers(line: Line, conversation: UUID, holder: str, *, at: datetime) -> Iterator[Reply]:
    """Give the replies to whatever texts wait, as long as the turn is ours to take."""
    reply = None
    for _ in range(MOST_JOINED):
        waiting = _next(conversation, holder, at)
        if waiting is None:
            return
        if waiting.is_picture_alone:
            reply = _notice(waiting, reply, at)
        else:
            reply = _answer(line, waiting.utterance, at)
            reply = replace(reply, prompts=(*waiting.notices, *reply.prompts))
        yield reply
    with transaction() as session:  # nobody looks at what came since, until they text again
        row = conversations.held(session, conversation)
        housekeeping.promise_unanswered(session, row, at=at)


def _answer(line: Line, utterance: Utterance, at: datetime) -> Reply:
    try:
        return converse(line, utterance, receipt=AlreadyOurs(), at=at)
    except Exception as error:  # noqa: BLE001 - they get an apology and a person, as a caller does
        kind = type(error).__name__  # alone: a traceback may quote what was texted
        log.error("turn failed", conversation=str(utterance.conversation), error=kind)  # noqa: TRY400
        return apologise(line, utterance, receipt=AlreadyOurs(), at=at)


def _notice(waiting: _Waiting, before: Reply | None, at: datetime) -> Reply:
    """Return the notices as the whole answer: what was open stays open, and nothing was missed.

    ``before`` is the reply to the turn before, of the same text: its choices stand.
    """
    utterance = waiting.utterance
    with transaction() as session:
        conversation = conversations.held(session, utterance.conversation)
        conversations.write_turn(
            session,
            conversation,
            number=utterance.turn,
            speaker="line",
            kind="prompts",
            prompts=prompts_to_data(waiting.notices),
            at=at,
        )
        conversation.last_at = at
        conversations.release_lease(conversation)
        alone = Reply(
            prompts=(), expect=Expect("none"), locale=conversation.locale, turn=utterance.turn
        )
    return replace(before or alone, prompts=waiting.notices)


def _next(conversation_id: UUID, holder: str, at: datetime) -> _Waiting | None:
    with transaction() as session:
        if not conversations.take_lease(session, conversation_id, holder, at=at):
            return None
        conversation = conversations.held(session, conversation_id)
        texts = housekeeping.unanswered(session, conversation)
        if not texts:
            conversations.release_lease(conversation)
            return None
        words = "\n".join(turn.text for turn in texts if turn.text)
        said = [each for turn in texts for each in prompts_from_data(turn.prompts or [])]
        notices = tuple(each for each in (SECRET, PICTURE) if each in said)
        utterance = Utterance(conversation_id, texts[-1].number, Kind.TEXT, words)
        return _Waiting(utterance, notices)


def _locale(session: Session, line: Line, came: Came) -> str:
    """Return the language of a first text: its own words, else what the phone is known by."""
    known = remembered(session, came.phone, line.locales)
    spoken = known or came.clinic.locale_default
    default = spoken if spoken in line.locales else line.locales[0]
    if known is not None and is_keyword(came.body):
        return known  # STOP is the carriers' word, whatever somebody speaks
    tag = guess(came.body, line.locales, default)
    # A guess is kept where nothing is known: it must not undo what somebody chose.
    if tag != default and known is None and may_remember(session, came.phone):
        came.phone.locale = tag
    return tag
