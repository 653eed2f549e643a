"""Child processes that never outlive the run."""

import asyncio
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    # The kernel ends the child even where the run itself is killed and cannot clean up (prctl(2)).
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Processes:
    """Every child of the run, each a process group of its own."""

    def __init__(self) -> None:
        self._children: set[asyncio.subprocess.Process] = set()

    async def start(self, *command: str, **options) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            *command, start_new_session=True, preexec_fn=_die_with_parent, stdin=asyncio.subprocess.DEVNULL, **options
        )
        self._children.add(child)
        return child

    async def run(self, *command: str, timeout_seconds: float, **options) -> tuple[int, str]:
        """Runs a command to its end. Returns its exit status and what it said on both outputs."""
        child = await self.start(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, **options
        )
        try:
            async with asyncio.timeout(timeout_seconds):
                output, _ = await child.communicate()
            return child.returncode, output.decode(errors="replace")
        except TimeoutError:
            return 124, f"{os.path.basename(command[0])} took longer than {timeout_seconds} s and was ended"
        finally:
            await self.end(child)

    async def end(self, child: asyncio.subprocess.Process, signal_number: int = signal.SIGTERM) -> None:
        """Ends a child and all that it started: asks, waits five seconds, insists."""
        if child.returncode is None:
            _signal_group(child, signal_number)
            try:
                async with asyncio.timeout(5):
                    await child.wait()
            except TimeoutError:
                print(f"process {child.pid} did not end within 5 s", file=sys.stderr)
        _signal_group(child, signal.SIGKILL)
        await child.wait()
        self._children.discard(child)

    async def end_all(self) -> None:
        for child in list(self._children):
            await self.end(child)


def _signal_group(child: asyncio.subprocess.Process, signal_number: int) -> None:
    try:
        os.killpg(child.pid, signal_number)
    except ProcessLookupError:
        pass
