"""The few calls of the Docker Engine API that the suites of aio-pika and aiormq make to get themselves a broker.

Each "container" is a hub of its own, so these suites run as their authors wrote them, on a machine without Docker.
"""

import asyncio
import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

from .hub import Hub


class Containers:
    """Listens on a Unix socket; `DOCKER_HOST=unix://SOCKET` leads the suites here."""

    def __init__(self, socket: Path, make_hub: Callable[[str], Hub]) -> None:
        self._socket = socket
        self._make_hub = make_hub
        self._hubs: dict[str, Hub] = {}
        self._count = 0
        self._server: asyncio.Server | None = None

    @property
    def docker_host(self) -> str:
        return f"unix://{self._socket}"

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self._socket)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        # A hub that is removed meanwhile is stopped by that.
        for hub in list(self._hubs.values()):
            await hub.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, target, _ = head.split(" ", 2)
            length = re.search(r"(?im)^content-length: *(\d+)", head)
            body = await reader.readexactly(int(length.group(1))) if length else b""
            status, answer = await self._answer(method, target.partition("?")[0], json.loads(body) if body else {})
            content = b"" if answer is None else json.dumps(answer).encode()
            writer.write(f"HTTP/1.1 {status} -\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode())
            writer.write(content)
            await writer.drain()
        except asyncio.IncompleteReadError:
            pass  # A look whether somebody listens here.
        finally:
            writer.close()

    async def _answer(self, method: str, path: str, body: dict) -> tuple[int, object]:
        match [method, *path.strip("/").split("/")]:
            case ["POST", "images", "create"]:
                return 200, None
            case ["POST", "containers", "create"]:
                self._count += 1
                identity = f"hub{self._count}"
                self._hubs[identity] = self._make_hub(identity)
                return 201, {"Id": identity}
            case [_, "containers", identity, *_] if identity not in self._hubs:
                return 404, {"message": f"there is no container {identity}"}
            case ["POST", "containers", identity, "start"]:
                if not self._hubs[identity].is_running:
                    await self._hubs[identity].start()
                return 204, None
            case ["POST", "containers", identity, "stop"]:
                await self._hubs[identity].stop()
                return 204, None
            case ["POST", "containers", identity, "kill"]:
                await self._hubs[identity].stop(signal.SIGKILL)
                return 204, None
            case ["DELETE", "containers", identity]:
                await self._hubs.pop(identity).stop()
                return 204, None
            case ["GET", "containers", identity, "json"]:
                return 200, {"NetworkSettings": {"Ports": self._ports(self._hubs[identity])}}
            case ["POST", "containers", identity, "exec"]:
                return await self._execute(identity, body["Cmd"])
            case ["POST", "exec", _, "start"]:
                return 200, None
            case ["GET", "exec", _, "json"]:
                return 200, {"Running": False, "ExitCode": 0}
        return 501, {"message": f"{method} {path} is not among the calls that are played here"}

    async def _execute(self, identity: str, command: list[str]) -> tuple[int, object]:
        """Does at once what the command would do; asking for the result then finds it done."""
        match command:
            case ["rabbitmqctl", "stop_app"]:
                await self._hubs[identity].stop()
            case ["rabbitmqctl", "start_app"]:
                await self._hubs[identity].start()
            case _:
                return 501, {"message": f"{command} is not among the commands that are played here"}
        return 201, {"Id": "done"}

    def _ports(self, hub: Hub) -> dict:
        ports = {"5672/tcp": hub.port, "5671/tcp": hub.tls_port}
        return {name: [{"HostIp": "127.0.0.1", "HostPort": str(port)}] for name, port in ports.items() if port}
