"""Throw-away certificates for the suites that speak TLS."""

from pathlib import Path

from .processes import Processes


class Certificates:
    """An authority of the run's own, a server certificate for the loopback, and client certificates."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "ca_certificate.pem"
        self.server = folder / "server_certificate.pem"
        self.server_key = folder / "server_key.pem"

    def hub_options(self, port: int) -> list[str]:
        """What tells HubSimServer to speak TLS with them."""
        return [
            *("--tls-port", str(port)),
            *("--tls-cert", str(self.server)),
            *("--tls-key", str(self.server_key)),
        ]

    async def make(self, processes: Processes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        await self._make_authority(processes, "ca")
        await self._make_signed(processes, "server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        await self._make_signed(processes, "client", "extendedKeyUsage=clientAuth")
        # py-amqp's test of a wrong certificate: one that does not belong to its key.
        await self._make_signed(processes, "other", "extendedKeyUsage=clientAuth")
        (self.folder / "client_key_broken.pem").write_bytes((self.folder / "client_key.pem").read_bytes())
        (self.folder / "client_certificate_broken.pem").write_bytes(
            (self.folder / "other_certificate.pem").read_bytes()
        )

    async def _make_authority(self, processes: Processes, name: str) -> None:
        await self._openssl(
            processes,
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
            *("-subj", f"/CN={name}", "-keyout", f"{name}_key.pem", "-out", f"{name}_certificate.pem"),
        )

    async def _make_signed(self, processes: Processes, name: str, extension: str) -> None:
        await self._openssl(
            processes,
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}_key.pem", "-out", f"{name}.csr"),
        )
        (self.folder / f"{name}.ext").write_text(extension + "\n")
        await self._openssl(
            processes,
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca_certificate.pem", "-CAkey", "ca_key.pem"),
            *("-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}_certificate.pem"),
        )

    async def _openssl(self, processes: Processes, *arguments: str) -> None:
        status, output = await processes.run("openssl", *arguments, timeout_seconds=20, cwd=self.folder)
        if status != 0:
            raise RuntimeError(f"openssl {' '.join(arguments)}: {output}")
