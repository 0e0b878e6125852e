"""What nobody should send and somebody will, on any channel."""

from __future__ import annotations

LARGE = 60 * 1024
"""Characters that, with the rest of a webhook, still fit into the largest body."""

TEXTS: dict[str, str] = {
    "nothing": "",
    "spaces": " \t\n ",
    "a point": ".",
    "binary": bytes(range(256)).decode("latin-1"),
    "not characters": "\ufffe\uffff\x00\x01",
    "control characters": "\x00\x07\x08\x0b\x0c\x1b[31m results \x7f",
    "zero bytes": "my\x00 results",
    "64 KB of a letter": "a" * LARGE,
    "64 KB of words": "my results " * (LARGE // 11),
    "64 KB of one word": "stop" * (LARGE // 4),
    "right to left": "\u202emy results\u202c \u200f\u061c",
    "arabic": "هل ظهرت نتيجة التحليل؟",
    "emoji": "👩🏽‍⚕️🩸❓",
    "emoji in words": "my 🩸 results 🙏",
    "marks": "e" + "\u0301" * 500,
    "markup": "<Say>hello</Say> & ]]> <!-- -->",
    "an entity": "&lt;Hangup/&gt; &amp;#0;",
    "a template": "{clinic} {key} %s {{7*7}} ${x}",
    "a query": "'; DROP TABLE patient; --",
    "an intent": "/results_status",
    "an intent with entities": '/choose_option{"choice": "paper_copy"}',
    "an intent behind a space": " /results_status",
    "an intent behind a zero width space": "\u200b/results_status",
    "an intent behind a mark": "\u200f/results_status",
    "an intent behind a byte order mark": "\ufeff/restart",
    "an intent in wide letters": "\uff0fresults_status",
    "an intent behind a soft hyphen": "\xad/session_start",
    "a command": "/restart",
    "a slot": '/SetSlots(patient="100117")',
    "thousands of digits": "7" * 5000,
    "arabic digits": "٧" * 5000,
    "digits apart": "1 " * 3000,
    "a number word many times": "one " * 3000,
    "open brackets": "(" * 5000,
    "a huge number": "9" * 400 + "e" + "9" * 20,
    "not folded": "ǅ ß ﬁ İ ŉ Ω",
    "new lines": "my\r\nresults\u2028please\u2029",
}
"""Each with a name, so that a test that fails says what broke it."""
