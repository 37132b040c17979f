"""A distributed canvas whose nodes have each their own way to Redis and to DynamoDB, and each way can be broken."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from pixels.cluster.cluster import Cluster, answers, running
from pixels.cluster.program import Program
from tests.support.aws_front import AwsFront
from tests.support.link import Link


class FaultyCluster(Cluster):
    """All of it, with `links[n]` and `fronts[n]` before node n, and a front before the API.

    Args:
        folder: where files of the run are.
        nodes: how many socket processes.
        settings: settings by their names.
        skews: by how many seconds the nodes' clocks are ahead.
    """

    def __init__(
        self,
        folder: Path,
        nodes: int = 2,
        settings: Mapping[str, str] | None = None,
        skews: tuple[float, ...] = (),
    ) -> None:
        self.links: list[Link] = []
        self.fronts: list[AwsFront] = []
        self._skews = skews
        super().__init__(folder, nodes, settings=settings)

    @property
    def secret(self) -> str:
        """What signs sessions."""
        return self._environment["PIXELS_SECRET"]

    def mend(self) -> None:
        """Let every way be as it should."""
        for way in self._ways:
            way.mend()

    def stop(self) -> None:
        """End everything, at once."""
        super().stop()
        for way in self._ways:
            way.close()

    @property
    def _ways(self) -> list[Link | AwsFront]:
        return [*self.links, *self.fronts, self.api_front]

    def index_of(self, node: Program) -> int:
        """Return a node's number."""
        return self.nodes.index(node)

    def _settings(self, settings: Mapping[str, str]) -> dict[str, str]:
        self.api_front = AwsFront(self.dynamo.endpoint)
        return super()._settings({**settings, "dynamodb_endpoint": self.api_front.url})

    def _node(self, number: int, port: int) -> Program:
        self.links.append(Link(self.redis.port))
        self.fronts.append(AwsFront(self.dynamo.endpoint))
        given = {
            "redis_url": f"redis://127.0.0.1:{self.links[-1].port}/0",
            "dynamodb_endpoint": self.fronts[-1].url,
        }
        program = self.program(
            f"node{number}", "ws", "--port", str(port), ready=answers(port, "/readyz"), settings=given
        )
        if number < len(self._skews):
            skew = [sys.executable, "-m", "tests.support.skewed", str(self._skews[number])]
            program._command = [*skew, "ws", "--port", str(port)]
        return program


def faulty_cluster(
    folder: Path, nodes: int = 2, settings: Mapping[str, str] | None = None, skews: tuple[float, ...] = ()
) -> AbstractContextManager[FaultyCluster]:
    """Run one until the block ends."""
    return running(lambda: FaultyCluster(folder, nodes, settings, skews))
