"""From start to exit code."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel, Field, model_validator

from pixels_core.adapters.process import EXIT_FAILED, EXIT_OK, EXIT_USAGE, exit_code, readable_settings, run
from pixels_core.errors import ConfigurationError, PixelsError, StoreLocked, StoreUnavailable


class _Settings(BaseModel):
    port: int = Field(default=1, ge=1)
    host: str = "x"

    @model_validator(mode="after")
    def _fit(self) -> _Settings:
        if self.host == "bad":
            raise ValueError("Host and port do not fit.")
        return self


def test_a_mistake_is_a_sentence_with_the_settings_name() -> None:
    with pytest.raises(ConfigurationError, match=r"PIXELS_PORT: .*greater than"), readable_settings():
        _Settings(port=0)


def test_several_mistakes_are_several_sentences() -> None:
    with pytest.raises(ConfigurationError, match=r"PIXELS_PORT: .*; PIXELS_HOST: "), readable_settings():
        _Settings(port=0, host=3)  # type: ignore[arg-type]  # the mistake


def test_a_mistake_of_several_settings_together_has_no_name() -> None:
    with pytest.raises(ConfigurationError, match=r"^Host and port do not fit\.$"), readable_settings():
        _Settings(host="bad")


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (ConfigurationError("No."), EXIT_USAGE),
        (StoreLocked("Taken."), EXIT_FAILED),
        (StoreUnavailable("Gone."), EXIT_FAILED),
    ],
)
def test_errors_become_a_sentence_and_a_code(
    problem: PixelsError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise problem

    assert exit_code(fail) == code
    assert capsys.readouterr().err == f"pixels: {problem}\n"


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code(lambda: print(1 // 0))  # noqa: T201


def test_run_runs_to_the_end() -> None:
    done = []

    async def main() -> None:
        await asyncio.sleep(0)
        done.append(True)

    assert run(main, "INFO") == EXIT_OK
    assert done == [True]
