"""Amazon's own DynamoDB Local; `.ci/setup services` puts it into `.tools/dynamodb-local`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from pixels_core.errors import ConfigurationError

from .program import Program, free_port, listens

CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
"""DynamoDB Local takes any credentials; the rest keeps a developer's own settings out."""

_FOLDER: Final = Path(".tools", "dynamodb-local")
_JAR: Final = "DynamoDBLocal.jar"


def find_dynamodb_local() -> Path:
    """Return where DynamoDB Local is: in this checkout or below the current folder; raises ConfigurationError."""
    folders = [top / _FOLDER for top in (Path(__file__).parents[2], Path.cwd())]
    found = next((folder for folder in folders if (folder / _JAR).is_file()), None)
    if found is None:
        raise ConfigurationError("DynamoDB Local is not installed here; run .ci/setup services.")
    if not shutil.which("java"):
        raise ConfigurationError("DynamoDB Local needs Java 17 or newer; run .ci/setup services.")
    return found


class DynamoDBLocal(Program):
    """DynamoDB Local with its files in memory: what it took outlives a kill and waits for no disk."""

    def __init__(self) -> None:
        home = find_dynamodb_local()
        memory = Path("/dev/shm")  # noqa: S108  # a folder of our own inside
        self._files = tempfile.TemporaryDirectory(prefix="pixels-", dir=memory if memory.is_dir() else None)
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        command = ["java", "-Xmx512m", "-Djava.library.path=DynamoDBLocal_lib", "-jar", _JAR]
        command += ["-dbPath", self._files.name, "-disableTelemetry", "-port", str(self.port)]
        super().__init__("DynamoDB Local", command, lambda: listens(self.port), cwd=home)

    def remove(self) -> None:
        """Delete its files."""
        self._files.cleanup()
