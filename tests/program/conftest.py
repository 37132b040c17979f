"""Fixtures for the tests of the program."""

from __future__ import annotations

from tests.core.adapters.conftest import no_table, table
from tests.program.lambda_world import cluster, variables, warm
from tests.support.dynamodb_local import _shared_dynamodb_ends

__all__ = ["_shared_dynamodb_ends", "cluster", "no_table", "table", "variables", "warm"]
