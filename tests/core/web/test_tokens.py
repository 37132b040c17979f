from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import ConfigurationError, ReasonCode, TokenError
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import MAX_NAME, MAX_TOKEN_BYTES, Session, TokenSigner, clean_name
from tests.support.builders import T0

SIGNER = TokenSigner(b"0123456789abcdef0123456789abcdef")
SESSION = Session(user="u_ada", name="Ada", role=Role.PAINTER, expires_at=T0 + 1_000)
sessions = st.builds(
    Session,
    user=st.text(max_size=40),
    name=st.none() | st.text(max_size=MAX_NAME),
    role=st.sampled_from(Role),
    expires_at=st.integers(T0, 2**53 - 1),
)


def refusal(token: str | None, now: int = T0) -> ReasonCode:
    with pytest.raises(TokenError) as caught:
        SIGNER.verify(token, now)
    return caught.value.code


@given(sessions)
def test_a_token_is_its_session(session: Session) -> None:
    """[SES-1] Whatever the name."""
    assert SIGNER.verify(SIGNER.sign(session), session.expires_at - 1) == session


def test_a_token_ends() -> None:
    """[SES-1] At the moment that it says."""
    token = SIGNER.sign(SESSION)
    assert SIGNER.verify(token, T0 + 999) == SESSION
    assert refusal(token, T0 + 1_000) is ReasonCode.EXPIRED


@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    """[SES-1] Whichever letter is another one."""
    token = SIGNER.sign(SESSION)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != token[place]))
    assert refusal(token[:place] + letter + token[place + 1 :]) is ReasonCode.UNAUTHORIZED


@pytest.mark.parametrize("token", [None, "", ".", "a.b", "é.ü", "\ud800.x", "a" * (MAX_TOKEN_BYTES + 1)])
def test_what_is_no_token_is_refused(token: str | None) -> None:
    """[SES-1] With one reason for all."""
    assert refusal(token) is ReasonCode.UNAUTHORIZED


def test_a_token_of_another_secret_is_refused() -> None:
    """[SES-1] Signatures are not interchangeable."""
    assert refusal(TokenSigner(b"x" * 32).sign(SESSION)) is ReasonCode.UNAUTHORIZED


def test_a_token_longer_than_allowed_is_refused_even_if_it_is_ours() -> None:
    long = Session(user="u" * MAX_TOKEN_BYTES, role=Role.PAINTER, expires_at=T0 + 1)
    assert refusal(SIGNER.sign(long)) is ReasonCode.UNAUTHORIZED


@pytest.mark.parametrize("text", ["[]", "{", "{}", '{"user": 1, "role": "painter", "expiresAt": 1}'])
def test_a_signed_payload_that_makes_no_sense_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pixels_core.web.tokens.json.dumps", lambda *_, **__: text)
    assert refusal(SIGNER.sign(SESSION)) is ReasonCode.UNAUTHORIZED


def test_a_short_secret_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(ConfigurationError):
        TokenSigner(b"x" * 31)


@pytest.mark.parametrize(
    ("name", "clean"),
    [(None, None), ("", None), ("  ", None), (" Ada ", "Ada"), ("A\x00d\na\u202e", "Ada"), ("Zoë ✓", "Zoë ✓")],
)
def test_names_are_cleaned(name: str | None, clean: str | None) -> None:
    assert clean_name(name) == clean


def test_long_names_are_refused() -> None:
    assert clean_name("x" * MAX_NAME) == "x" * MAX_NAME
    with pytest.raises(TokenError) as caught:
        clean_name("x" * (MAX_NAME + 1))
    assert caught.value.code is ReasonCode.TOO_LARGE
