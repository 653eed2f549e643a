#!/usr/bin/env python3
"""Measures the Image Service, and says which of its promises of speed and memory are kept.

    Benchmarks/bench_service.py --programs .build/release --load .build/http-load --decode .build/png-decode

`make bench-service` builds everything and calls it so. Every promise is a ratio within this run, or a memory limit, so it
holds on any machine. CPU time is that of one process alone, user and system; each figure is the best of the rounds, to
which noise can only add. Exits with 1 where a promise is missed.
"""

import argparse
import json
import math
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib

MIB = 1024 * 1024
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def png(width, height, pixel, level=6):
    """A PNG of 8-bit RGB; every row is filtered with Sub, as photos mostly are."""
    rows = bytearray()
    for y in range(height):
        row = [channel for x in range(width) for channel in pixel(x, y)]
        rows.append(1)
        rows += bytes((value - (row[i - 3] if i >= 3 else 0)) & 255 for i, value in enumerate(row))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), level)) + chunk(b"IEND", b"")
    )


def photo(width, height):
    """Soft shapes with the noise of a sensor."""
    noise = random.Random(1)

    def pixel(x, y):
        base = 128 + 60 * math.sin(x / 41) * math.cos(y / 53) + 40 * math.sin((x + 2 * y) / 97)
        return [max(0, min(255, int(base * scale + noise.gauss(0, 3)))) for scale in (1.0, 0.8, 0.6)]

    return png(width, height, pixel)


def incompressible(byte_count):
    """An image whose file has about so many bytes."""
    side = math.isqrt(byte_count // 3)
    noise = random.Random(2).randbytes(side * side * 3)
    rows = b"".join(b"\0" + noise[y * side * 3 : (y + 1) * side * 3] for y in range(side))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def upload(image):
    boundary = "----bench"
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nbench\r\n'.encode()
        for name in ("type", "subtype", "name", "theme")
    )
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'.encode()
    body += image + f"\r\n--{boundary}--\r\n".encode()
    head = (
        "POST /api/v2/images/ HTTP/1.1\r\nHost: bench\r\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Program:
    """A program of ours that runs until the end of the `with`; what it says when ready is in `addresses`."""

    def __init__(self, path, *arguments, ready_file=True):
        self.folder = tempfile.TemporaryDirectory()
        ready = os.path.join(self.folder.name, "ready.json")
        if ready_file:
            arguments += ("--ready-file", ready)
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "LOG_LEVEL": "error"}
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        self.process = subprocess.Popen(
            [path, *arguments], env=environment, cwd=self.folder.name, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        self.addresses = {}
        if not ready_file:
            self.port = int(self.process.stdout.readline())
            return
        for _ in range(6000):
            if os.path.exists(ready):
                with open(ready) as file:
                    self.addresses = json.load(file)
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.log.seek(0)
        sys.exit(f"{path} did not get ready: {self.log.read()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        self.folder.cleanup()

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def memory(self, key):
        """`VmRSS` now, or `VmHWM`, the most there was since `forget_peak`; in bytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) * 1024
        raise KeyError(key)

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")


class Bench:
    def __init__(self, options):
        self.options = options
        self.verdicts = []

    def load(self, port, request, connections, requests, retries=0):
        output = subprocess.run(
            [self.options.load, str(port), str(connections), str(requests), str(retries)],
            input=request,
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(output.stdout)

    def costs(self, *loads, connections=16):
        """For each load, a tuple (program, port, request, requests): CPU microseconds of a request, and requests a second.

        The loads take turns round by round, so that whatever else the machine does hits all alike. The first tenth warms
        up and does not count."""
        for _, port, request, requests in loads:
            self.load(port, request, connections, max(connections, requests // 10))
        best = [(math.inf, 0)] * len(loads)
        for _ in range(self.options.rounds):
            for index, (program, port, request, requests) in enumerate(loads):
                before = program.cpu_seconds()
                result = self.load(port, request, connections, requests)
                cost, rate = best[index]
                cost = min(cost, (program.cpu_seconds() - before) / requests * 1e6)
                best[index] = (cost, max(rate, requests / result["seconds"]))
        return best

    def promise(self, text, value, limit, unit, at_least=False):
        kept = value >= limit if at_least else value <= limit
        self.verdicts.append(kept)
        sign = "≥" if at_least else "≤"
        print(f"{'kept  ' if kept else 'MISSED'}  {text}: {value:.2f}{unit} (promised {sign} {limit:g}{unit})", flush=True)

    def run(self, service, port):
        scale = self.options.scale
        record = self.create(port, photo(64, 64))
        path = f"/api/v2/images/{record['id']}"
        size = len(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read())
        with Program(os.path.join(self.options.programs, "ServiceBenchmark"), str(size), ready_file=False) as bare:
            (bare_us, bare_rate), (get_us, get_rate), (small_us, small_rate) = self.costs(
                (bare, bare.port, get("/constant"), int(40000 * scale)),
                (service, port, get(path), int(20000 * scale)),
                (service, port, upload(photo(64, 64)), int(4000 * scale)),
            )
        print(f"GET of {size} bytes: bare {bare_us:.0f} µs ({bare_rate:.0f}/s), image {get_us:.0f} µs ({get_rate:.0f}/s)")
        self.promise("GET of one image : bare Hummingbird, CPU", get_us / bare_us, 4, "")
        print(f"upload of 64×64: {small_us:.0f} µs ({small_rate:.0f}/s)")
        self.promise("upload of 64×64 : GET, CPU", small_us / get_us, 2.5, "")

        self.photo_upload(service, port)
        self.many_at_once(service, port)
        self.idle(service, port)

    def create(self, port, image):
        request = upload(image)
        head, body = request.split(b"\r\n\r\n", 1)
        kind = [line for line in head.decode().split("\r\n") if line.startswith("Content-Type: ")][0]
        answer = urllib.request.urlopen(
            urllib.request.Request(
                f"http://127.0.0.1:{port}/api/v2/images/", body, {"Content-Type": kind.removeprefix("Content-Type: ")}
            )
        )
        return json.load(answer)

    def photo_upload(self, service, port):
        image = photo(512, 512)
        threads = os.cpu_count() or 1
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            file.write(image)
            file.flush()
            count = int(600 * self.options.scale)
            best = math.inf
            for _ in range(self.options.rounds):
                output = subprocess.run(
                    [self.options.decode, file.name, str(threads), str(count)], stdout=subprocess.PIPE, check=True
                )
                best = min(best, json.loads(output.stdout)["cpu_seconds"] / count * 1e6)
        ((large_us, rate),) = self.costs((service, port, upload(image), count), connections=2 * threads)
        print(f"upload of 512×512 ({len(image) // 1024} KiB): {large_us:.0f} µs ({rate:.0f}/s); libpng decodes in {best:.0f} µs")
        # Client, hub and storage run on the same cores, so the rate that the CPU time allows is what is compared.
        self.promise("upload of 512×512 : libpng, rate", best / large_us * 100, 80, " %", at_least=True)

    def many_at_once(self, service, port):
        image = incompressible(10_000_000)
        service.forget_peak()
        waits, is_over = [], threading.Event()
        asker = threading.Thread(target=self.ask_health, args=(port, waits, is_over))
        asker.start()
        result = self.load(port, upload(image), 64, 64, retries=2000)
        is_over.set()
        asker.join()
        peak = service.memory("VmHWM")
        print(
            f"64 clients with {len(image) / 1e6:.1f} MB each: {result['seconds']:.1f} s, {result['retried']} answers of 503, "
            f"the slowest waited {result['slowest_seconds']:.1f} s"
        )
        self.promise("64 uploads of 10 MB at once: peak memory", peak / MIB, 256 + 64, " MiB")
        self.promise(f"meanwhile, the slowest of {len(waits)} answers of /health", max(waits), 2, " s")

    def ask_health(self, port, waits, is_over):
        """Asks how the service is, over and over, as a load balancer does; notes how long each answer takes."""
        while not is_over.wait(0.1) or not waits:
            begun = time.monotonic()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=60).read()
            except urllib.error.HTTPError:
                pass  # An answer, too: what it says is not what is measured.
            waits.append(time.monotonic() - begun)

    def idle(self, service, port):
        reader, writer = os.pipe()
        # The program reads the request from its input, and waits for the end of descriptor 3.
        shell = f"exec 3<&{reader}; exec {self.options.load} {port} 10000 idle"
        process = subprocess.Popen(
            ["bash", "-c", shell], stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[reader]
        )
        os.close(reader)
        process.stdin.write(get("/health/live"))
        process.stdin.close()
        line = process.stdout.readline()
        if not line:
            sys.exit("10,000 connections could not be opened")
        time.sleep(1)
        memory = service.memory("VmRSS")
        os.close(writer)
        process.wait()
        self.promise("10,000 idle connections: memory", memory / MIB, 400, " MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of the release build")
    parser.add_argument("--load", required=True, help="Benchmarks/ServiceLoad/http_load.c, compiled")
    parser.add_argument("--decode", required=True, help="Benchmarks/ServiceLoad/png_decode.c, compiled")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1, help="how much of the load; 0.1 for a quick look")
    options = parser.parse_args()
    for name in ("programs", "load", "decode"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    bench = Bench(options)
    program = lambda name: os.path.join(options.programs, name)
    # Hub and storage in a process of their own, so that the service's CPU time is its own.
    with Program(program("StorageSimulator"), "--port", "0", "--hub-listen", "127.0.0.1:0") as storage:
        addresses = storage.addresses
        arguments = ["--message-hub-url", addresses["amqp"], "--storage-service-url", addresses["storage"], "--port", "0"]
        with Program(program("ImageService"), "run", *arguments) as service:
            port = int(service.addresses["http"].rsplit(":", 1)[1])
            for _ in range(500):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready")
                    break
                except OSError:
                    time.sleep(0.02)
            bench.run(service, port)
    sys.exit(0 if all(bench.verdicts) else 1)


if __name__ == "__main__":
    main()
