from __future__ import annotations

from pathlib import Path

import pytest

from pixels.cluster import dynamodb_local
from pixels.cluster.dynamodb_local import DynamoDBLocal, find_dynamodb_local
from pixels_core.errors import ConfigurationError


def test_it_is_found_below_the_checkout_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (find_dynamodb_local() / "DynamoDBLocal.jar").is_file()


def test_where_it_is_missing_one_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dynamodb_local, "_FOLDER", Path("nowhere"))
    with pytest.raises(ConfigurationError, match=r"run \.ci/setup services"):
        find_dynamodb_local()
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / "DynamoDBLocal.jar").touch()
    assert find_dynamodb_local() == tmp_path / "nowhere"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigurationError, match="Java"):
        find_dynamodb_local()


def test_its_files_go_with_it() -> None:
    local = DynamoDBLocal()
    folder = Path(local._files.name)
    assert folder.is_dir()
    local.remove()
    assert not folder.exists()
