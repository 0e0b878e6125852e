"""Which voice speaks a language, and which recogniser listens to it: one table.

The three codes of one language differ: Chinese is spoken as ``cmn-CN`` and heard as
``cmn-Hans-CN``; Arabic is spoken as ``ar-AE`` and heard as whichever dialect the
clinic's callers speak. A voice with a foreign language makes <Say> fail, a language
the recogniser does not know makes <Gather> fail, so both are checked against what
Twilio allows (``twilio_voices.toml``). https://www.twilio.com/docs/voice/twiml/say
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Voice:
    """How one language sounds and is heard.

    ``fallbacks`` are other voices of the same ``say_language``, in order: voices of
    other houses may go without notice. ``speech_model`` None leaves the choice to
    Twilio, which then changes over by itself when one recogniser fails.
    """

    say_voice: str
    say_language: str
    gather_language: str
    own_name: str
    fallbacks: tuple[str, ...]
    speech_model: str | None = None


VOICES: Mapping[str, Voice] = MappingProxyType(
    {
        "en-US": Voice(
            say_voice="Polly.Joanna-Neural",
            say_language="en-US",
            gather_language="en-US",
            own_name="English",
            fallbacks=("Polly.Ruth-Neural", "Google.en-US-Neural2-F", "Polly.Joanna"),
        ),
        "es-US": Voice(
            say_voice="Polly.Lupe-Neural",
            say_language="es-US",
            gather_language="es-US",
            own_name="Español",
            fallbacks=("Polly.Pedro-Neural", "Google.es-US-Neural2-A", "Polly.Lupe"),
        ),
        "zh-CN": Voice(
            say_voice="Polly.Zhiyu-Neural",
            say_language="cmn-CN",
            gather_language="cmn-Hans-CN",
            own_name="中文",
            fallbacks=("Google.cmn-CN-Wavenet-A", "Polly.Zhiyu"),
        ),
        "vi-VN": Voice(
            say_voice="Google.vi-VN-Neural2-A",
            say_language="vi-VN",
            gather_language="vi-VN",
            own_name="Tiếng Việt",
            fallbacks=("Google.vi-VN-Wavenet-A", "Google.vi-VN-Standard-A"),
        ),
        "fr-FR": Voice(
            say_voice="Polly.Lea-Neural",
            say_language="fr-FR",
            gather_language="fr-FR",
            own_name="Français",
            fallbacks=("Polly.Remi-Neural", "Google.fr-FR-Neural2-A", "Polly.Lea"),
        ),
        "pt-BR": Voice(
            say_voice="Polly.Camila-Neural",
            say_language="pt-BR",
            gather_language="pt-BR",
            own_name="Português",
            fallbacks=("Polly.Vitoria-Neural", "Google.pt-BR-Neural2-A", "Polly.Camila"),
        ),
        "ru-RU": Voice(
            say_voice="Google.ru-RU-Wavenet-A",
            say_language="ru-RU",
            gather_language="ru-RU",
            own_name="Русский",
            fallbacks=("Polly.Tatyana", "Google.ru-RU-Standard-A"),
        ),
        "ko-KR": Voice(
            say_voice="Polly.Seoyeon-Neural",
            say_language="ko-KR",
            gather_language="ko-KR",
            own_name="한국어",
            fallbacks=("Google.ko-KR-Neural2-A", "Polly.Seoyeon"),
        ),
        "ar": Voice(
            say_voice="Polly.Hala-Neural",
            say_language="ar-AE",
            gather_language="ar-EG",
            own_name="العربية",
            fallbacks=("Polly.Zayd-Neural",),
        ),
    }
)
