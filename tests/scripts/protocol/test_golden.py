from __future__ import annotations

import json

from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import CLIENT_MESSAGES, SERVER_MESSAGES
from scripts.protocol.golden import golden_vectors
from tests.support.vectors import VECTORS


def test_they_are_the_same_every_time() -> None:
    assert golden_vectors() == golden_vectors()


def test_the_file_holds_them() -> None:
    assert json.loads(json.dumps(golden_vectors())) == VECTORS


def test_every_message_has_a_vector() -> None:
    assert {vector["type"] for vector in VECTORS["clientMessages"]} == {kind.type for kind in CLIENT_MESSAGES}
    assert {vector["type"] for vector in VECTORS["serverMessages"]} == {kind.type for kind in SERVER_MESSAGES}


def test_no_vector_is_empty() -> None:
    assert all(VECTORS.values())


def test_rejects_use_real_reasons() -> None:
    rejects = [vector for vector in VECTORS["serverMessages"] if vector["type"] == "pixel:reject"]
    assert all(vector["reason"] in set(ReasonCode) for vector in rejects)
