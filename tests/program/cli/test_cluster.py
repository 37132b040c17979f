from __future__ import annotations

import signal
from pathlib import Path

import httpx

from pixels.cli.cluster import inherited_settings
from pixels.cluster.program import Program, free_port
from tests.support.command import installed, pixels


def test_settings_are_inherited_except_what_the_cluster_decides() -> None:
    environment = {
        "PIXELS_USER_RATE": "100",
        "PIXELS_PORT": "9000",
        "PIXELS_LOG": "sqlite",
        "HOME": "/",
        "PIXELS_NODE": "",
    }
    assert inherited_settings(environment) == {"user_rate": "100"}


def test_people_get_the_limits_they_set(tmp_path: Path) -> None:
    """Set in the environment and in .env of the folder where the command is run."""
    (tmp_path / ".env").write_text("PIXELS_USER_BURST=77\nPIXELS_WIDTH=40\nPIXELS_HEIGHT=30\n")
    port = free_port()
    running = Program(
        "pixels cluster",
        [installed("pixels"), "cluster", "--port", str(port), "--nodes", "1"],
        lambda: any("Pixels is at" in line for line in running.log),
        environment={"PIXELS_USER_RATE": "100"},
        cwd=tmp_path,
    )
    running.start()
    try:
        canvas = httpx.get(f"http://127.0.0.1:{port}/api/canvas/main").json()
        assert (canvas["width"], canvas["height"]) == (40, 30)
        assert (canvas["limits"]["rate"], canvas["limits"]["burst"]) == (100, 77)
    finally:
        running.signal(signal.SIGINT)
        assert running.wait(60) == 0


def test_a_port_that_makes_no_sense() -> None:
    assert pixels("cluster", "--port", "0") == 2
    assert pixels("cluster", "--nodes", "0") == 2
