from __future__ import annotations

import logging

import pytest
from pydantic import BaseModel, Field, model_validator
from pydantic_settings import SettingsError

from pixels_core.adapters.hosting.process import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_USAGE,
    exit_code,
    readable_settings,
    run,
)
from pixels_core.errors import ConfigurationError, StoreUnavailable


class Some(BaseModel):
    width: int = Field(default=1, ge=1)
    name: str = Field(default="x", max_length=3)

    @model_validator(mode="after")
    def _fits(self) -> Some:
        if self.name == "bad":
            raise ValueError("That name is bad.")
        return self


def test_each_mistake_is_a_sentence_with_the_settings_name() -> None:
    with pytest.raises(ConfigurationError) as told, readable_settings():
        Some.model_validate({"width": 0, "name": "long"})
    assert str(told.value).startswith("PIXELS_WIDTH: Input should be greater than or equal to 1; PIXELS_NAME: ")
    with pytest.raises(ConfigurationError, match=r"^That name is bad\.$"), readable_settings():
        Some(name="bad")
    with pytest.raises(ConfigurationError, match="cannot be read: what"), readable_settings():
        raise SettingsError("what")


@pytest.mark.parametrize(
    ("problem", "code"),
    [(None, EXIT_OK), (ConfigurationError("no"), EXIT_USAGE), (StoreUnavailable("no"), EXIT_FAILED)],
)
def test_errors_of_ours_are_exit_codes(
    problem: Exception | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        if problem:
            raise problem

    assert exit_code(work) == code
    assert capsys.readouterr().err == ("pixels: no\n" if problem else "")


def test_other_errors_are_not_hidden() -> None:
    """[DIST-9]"""

    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(broken, "INFO")


def test_it_runs_a_coroutine_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    async def fine() -> None:
        logging.getLogger("pixels").debug("not shown")

    async def wrong() -> None:
        raise ConfigurationError("Mend this.")

    assert run(fine, "INFO") == EXIT_OK
    assert run(wrong, "INFO") == EXIT_USAGE
    assert capsys.readouterr().err.endswith("pixels: Mend this.\n")
    assert logging.getLogger("botocore").level == logging.WARNING
