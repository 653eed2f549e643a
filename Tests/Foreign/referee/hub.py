"""A HubSimServer of the run's own, on free ports of the loopback."""

import asyncio
import json
import signal
from pathlib import Path
from urllib.parse import urlsplit

from .certificates import Certificates
from .processes import Processes

START_SECONDS = 20


class Hub:
    """One hub process; its clients find it at `port`, and with TLS at `tls_port` (None where the hub has no TLS)."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        name: str,
        processes: Processes,
        certificates: Certificates | None,
        options: tuple[str, ...] = (),
    ) -> None:
        self._program = program
        self._processes = processes
        self._certificates = certificates
        self._options = options
        self._ready_file = folder / f"{name}.ready.json"
        self.log_file = folder / f"{name}.log"
        self._child: asyncio.subprocess.Process | None = None
        self.port = 0
        self.tls_port: int | None = None

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"

    async def start(self) -> None:
        """Starts the hub, the second time on the same ports. Raises RuntimeError where it does not come up."""
        self._ready_file.unlink(missing_ok=True)
        options = ["--port", str(self.port), "--ready-file", str(self._ready_file), *self._options]
        if self._certificates is not None:
            options += self._certificates.hub_options(self.tls_port or 0)
        with self.log_file.open("ab") as log:
            self._child = await self._processes.start(str(self._program), *options, stdout=log, stderr=log)
        async with asyncio.timeout(START_SECONDS):
            while not (ready := self._ready()):
                if not self.is_running:
                    raise RuntimeError(f"the hub ended at once; it said:\n{self.log_file.read_text()}")
                await asyncio.sleep(0.02)
        self.port = urlsplit(ready["amqp"]).port
        self.tls_port = urlsplit(ready["amqps"]).port if "amqps" in ready else None

    async def stop(self, signal_number: int = signal.SIGTERM) -> None:
        if self._child is not None:
            await self._processes.end(self._child, signal_number)

    def _ready(self) -> dict | None:
        try:
            return json.loads(self._ready_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
