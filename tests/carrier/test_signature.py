"""Only the carrier gets in: the published vectors, and everything that is not them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from carrier.signature import is_signed, signed_url
from carrier.testing import sign

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
DOCS_FORM = FORM | {"Caller": "+14158675310", "From": "+14158675310"}
REPEATED = MultiDict(
    [("Sid", "CA123"), ("SidAccount", "AC123")]
    + [("Digits", digits) for digits in ("5678", "1234", "1234")]
)
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
JSON_URL = f"{URL}&bodySHA256={JSON_HASH}"
JSON_SIGNATURE = "a9nBmqA0ju/hNViExpshrM61xv4="
SHA256 = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
NOTHING: dict[str, str] = {}


def accepts(
    url: str,
    signature: str,
    form: Mapping[str, str] = FORM,
    *,
    extra: Mapping[str, str] = NOTHING,
    tokens: tuple[str, ...] = (TOKEN,),
) -> bool:
    """Return whether a form with this signature gets in."""
    headers = Headers({**FORM_TYPE, "X-Twilio-Signature": signature, **extra})
    return is_signed(url, b"a form", form, NOTHING, headers, tokens)


def accepts_json(
    url: str, body: bytes, signature: str, content_type: str = "application/json"
) -> bool:
    """Return whether a body with this signature gets in, parsed as werkzeug parses it."""
    headers = Headers({"Content-Type": content_type, "X-Twilio-Signature": signature})
    path = url.removeprefix("https://mycompany.com")
    environ = EnvironBuilder(path=path, method="POST", data=body, headers=headers).get_environ()
    request = Request(environ)
    raw = request.get_data(cache=True)
    return is_signed(url, raw, request.form, request.args, request.headers, (TOKEN,))


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        pytest.param(URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="the SDK's form"),
        pytest.param(
            "http://mycompany.com/myapp.php?foo=1&bar=2",
            FORM,
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
            id="http, signed with port 80",
        ),
        pytest.param(URL, FORM, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="https, signed with port 443"),
        pytest.param(
            "http://mycompany.com:1234/myapp.php?foo=1&bar=2",
            FORM,
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
            id="a port of its own",
        ),
        pytest.param(URL, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", id="a name with more values"),
        pytest.param(
            "https://example.com/myapp.php?foo=1&bar=2",
            DOCS_FORM,
            "L/OH5YylLD5NRKLltdqwSvS0BnU=",
            id="the documentation's example",
        ),
    ],
)
def test_the_published_vectors_are_accepted(
    url: str, form: Mapping[str, str], signature: str
) -> None:
    """Every vector of the SDK and of the documentation is let in."""
    assert accepts(url, signature, form)


def test_a_voice_webhook_signed_without_its_port_is_accepted() -> None:
    """Voice drops the port of an https address before it signs."""
    assert accepts(
        "https://mycompany.com:8443/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )


def test_sha256_is_accepted_where_the_header_names_it() -> None:
    """A shared key signs with SHA-256 and says so."""
    signature = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="

    assert accepts(URL, signature, extra=SHA256)
    assert not accepts(URL, signature), "without the header it is SHA-1 that counts"


@pytest.mark.parametrize(
    "settings", ["algorithm=HMAC_SHA256", "key=a,algorithm=MD5", "algorithm=none"]
)
def test_a_sha1_signature_is_refused_under_another_algorithm(settings: str) -> None:
    """The header cannot make us fall back to the older algorithm."""
    extra = {"X-Twilio-Webhooks-Signature-Settings": settings}

    assert not accepts(URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", extra=extra)


def test_the_json_vector_is_accepted() -> None:
    """A JSON body is vouched for by its hash in the signed query."""
    assert hashlib.sha256(JSON_BODY).hexdigest() == JSON_HASH
    assert accepts_json(JSON_URL, JSON_BODY, JSON_SIGNATURE)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", FORM_TYPE["Content-Type"], ""]
)
@pytest.mark.parametrize("body", [b'{"property": "other"}', b"", b"a=b", b"\xff\x00"])
def test_an_altered_json_body_is_refused_whatever_it_calls_itself(
    body: bytes, content_type: str
) -> None:
    """The Content-Type is not signed, so it does not decide whether the hash is checked."""
    assert not accepts_json(JSON_URL, body, JSON_SIGNATURE, content_type)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_a_body_that_nothing_vouches_for_is_refused(content_type: str) -> None:
    """A signature over the address alone does not let any body in."""
    signature = sign(URL, {}, TOKEN)

    assert accepts_json(URL, b"", signature, content_type)
    assert not accepts_json(URL, b"anything", signature, content_type)


def test_either_token_counts_during_a_rotation() -> None:
    """While the token is changed, the old and the new one are both good; no other is."""
    new = sign(URL, FORM, "the-new-one")

    assert accepts(URL, new, tokens=("the-old-one", "the-new-one"))
    assert not accepts(URL, new, tokens=("the-old-one",))
    assert not accepts(URL, new, tokens=())
    assert not accepts(URL, sign(URL, FORM, ""), tokens=("", "the-old-one"))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/myapp.php?foo=1&bar=2",
        "https://mycompany.com/other.php?foo=1&bar=2",
        "https://mycompany.com/myapp.php?foo=1&bar=3",
        "https://mycompany.com/myapp.php?bar=2&foo=1",
        "https://mycompany.com/myapp.php",
    ],
)
def test_a_signature_counts_for_one_address(url: str) -> None:
    """A signature for one address opens no other."""
    assert not accepts(url, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


@pytest.mark.parametrize(
    "form",
    [
        FORM | {"Digits": "1235"},
        FORM | {"From": "+14158675310"},
        FORM | {"Extra": ""},
        FORM | {"Digits": "1234 "},
        {name: value for name, value in FORM.items() if name != "Digits"},
        {},
    ],
)
def test_an_altered_form_is_refused(form: Mapping[str, str]) -> None:
    """Each value counts, to the last space; no name may come or go but an empty one."""
    fits = accepts(URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", form)

    assert not fits


@pytest.mark.parametrize(
    "path_and_query",
    [
        "/voice/turn/main/es-US/7",
        "/sms/incoming?x=caf%C3%A9",
        "/sms/incoming?cb=a%2Fb&q=%7Bx%7D",
        "/sms/incoming?a=1&b=&c",
        "/sms/incoming?a=b+c%20d",
        "/sms/incoming?",
        "/caf%C3%A9/incoming",
        "/a%2Fb/%7Bc%7D",
        "/tilde~/semi;colon",
    ],
)
@pytest.mark.parametrize(
    "base",
    ["https://line.clinic.example", "https://line.clinic.example/dialtone", "http://10.0.0.1:8000"],
)
@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_behind_a_proxy_the_public_address_is_what_was_signed(
    base: str, path_and_query: str, algorithm: str
) -> None:
    """The server sees another host and port; escapes and an empty query survive."""
    builder = EnvironBuilder(
        path=path_and_query.partition("?")[0],
        method="POST",
        data=FORM,
        base_url="http://127.0.0.1:9",
    )
    environ = builder.get_environ()
    environ["QUERY_STRING"] = path_and_query.partition("?")[2]
    environ["RAW_URI"] = environ["REQUEST_URI"] = path_and_query
    request = Request(environ)
    headers = Headers(request.headers)
    headers["X-Twilio-Signature"] = sign(base + path_and_query, FORM, TOKEN, algorithm)
    headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k,algorithm={algorithm}"
    raw = request.get_data(cache=True)

    url = signed_url(base, environ)

    assert is_signed(url, raw, request.form, request.args, headers, (TOKEN,))


def test_without_a_raw_address_the_path_is_escaped_again() -> None:
    """A server that hands over the decoded path alone is good enough for our paths."""
    environ = {"SCRIPT_NAME": "", "PATH_INFO": "/caf\xc3\xa9/{c} d", "QUERY_STRING": "x=%7B"}

    assert (
        signed_url("https://h.example", environ) == "https://h.example/caf%C3%A9/%7Bc%7D%20d?x=%7B"
    )


def test_a_raw_address_that_names_another_path_is_not_believed() -> None:
    """What was routed is what must have been signed."""
    environ = {"PATH_INFO": "/voice/status", "RAW_URI": "/voice/incoming", "QUERY_STRING": ""}

    assert signed_url("https://h.example", environ) == "https://h.example/voice/status"


@pytest.mark.parametrize("script_name", ["", "/dialtone"])
def test_a_prefix_is_not_written_twice(script_name: str) -> None:
    """A proxy may take the prefix away or pass it on: the address is the same."""
    environ = {"SCRIPT_NAME": script_name, "PATH_INFO": "/voice/incoming", "QUERY_STRING": ""}

    url = signed_url("https://h.example/dialtone", environ)

    assert url == "https://h.example/dialtone/voice/incoming"


def test_user_and_password_of_the_address_are_not_signed() -> None:
    """The carrier signs the address without them, and so do we."""
    environ = {"PATH_INFO": "/myapp.php", "QUERY_STRING": "foo=1&bar=2"}
    url = signed_url("https://user:pass@mycompany.com", environ)

    assert url == URL
    assert accepts(
        "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )


def test_an_ipv6_host_is_taken_apart_rightly() -> None:
    """An address in brackets keeps its colons when the port is dropped."""
    assert accepts("https://[::1]:8443/x", sign("https://[::1]/x", FORM, TOKEN))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://h:99999/x",
        "https://[::1/x",
        "https://h:port/x",
        "//",
        "\x00",
        "https://\ud800/x",
    ],
)
@pytest.mark.parametrize(
    "signature", ["", "é", "\u2603", "=" * 9000, "RSOYDt4T1cUTdK1PDd93/VVr8B8="]
)
def test_what_cannot_be_read_is_refused(url: str, signature: str) -> None:
    """Nonsense is an unsigned request, never an error."""
    headers = {**FORM_TYPE, "X-Twilio-Signature": signature}

    assert not is_signed(url, b"x", FORM, NOTHING, headers, (TOKEN,))


@given(
    st.text(),
    st.binary(max_size=64),
    st.dictionaries(st.text(), st.text(), max_size=4),
    st.dictionaries(st.sampled_from(["bodySHA256", "a"]), st.text()),
    st.dictionaries(
        st.sampled_from(
            [
                "X-Twilio-Signature",
                "Content-Type",
                "X-Twilio-Webhooks-Signature-Settings",
            ]
        ),
        st.text(),
    ),
)
def test_no_request_of_a_stranger_gets_in_or_breaks_anything(
    url: str, body: bytes, form: dict[str, str], query: dict[str, str], headers: dict[str, str]
) -> None:
    """Whatever is sent without the token is refused, and nothing is raised."""
    assert is_signed(url, body, form, query, headers, ("a token nobody guesses",)) is False


@given(
    st.dictionaries(st.text(min_size=1), st.text(), max_size=6),
    st.text("abc/%20é", max_size=10),
    st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]),
)
def test_whatever_the_sdk_signs_is_accepted(
    form: dict[str, str], path: str, algorithm: str
) -> None:
    """Ours and the carrier's own computation agree on any form."""
    url = f"https://h.example/{path}"
    extra = {"X-Twilio-Webhooks-Signature-Settings": f"algorithm={algorithm}"}

    assert accepts(url, sign(url, form, TOKEN, algorithm), form, extra=extra)
