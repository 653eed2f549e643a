"""What the service keeps: an SQLite database, in a file or only in memory."""

import contextlib
import datetime
import sqlite3
import threading
import time

TABLES = """
    CREATE TABLE IF NOT EXISTS images (id TEXT PRIMARY KEY, type TEXT, subtype TEXT, name TEXT, theme TEXT,
        version INTEGER, created_at INTEGER, updated_at INTEGER);
    CREATE INDEX IF NOT EXISTS images_by_age ON images (created_at, id);
    CREATE TABLE IF NOT EXISTS versions (image_id TEXT, version INTEGER, url TEXT, format TEXT, width INTEGER,
        height INTEGER, size INTEGER, sha256 TEXT, created_at INTEGER, PRIMARY KEY (image_id, version));
    CREATE INDEX IF NOT EXISTS versions_by_asset ON versions (sha256);
    CREATE TABLE IF NOT EXISTS operations (id TEXT PRIMARY KEY, payload BLOB, reply TEXT, at INTEGER);
    CREATE INDEX IF NOT EXISTS operations_by_age ON operations (at);
    CREATE TABLE IF NOT EXISTS assets (sha256 TEXT PRIMARY KEY, content_type TEXT, bytes BLOB, kept_since INTEGER);
    CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT, name TEXT, body TEXT);
"""


class Store:
    def __init__(self, path):
        self.database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + TABLES)
        self.lock = threading.RLock()

    @contextlib.contextmanager
    def transaction(self):
        """All that happens within it happens together, or not at all, and nobody else sees a half of it."""
        with self.lock:
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield self.database
            except BaseException:
                self.database.execute("ROLLBACK")
                raise
            self.database.execute("COMMIT")


def now_ms():
    return time.time_ns() // 1_000_000


def timestamp(ms):
    """As the protocol writes times: UTC, three decimals, Z."""
    second = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc)
    return f"{second:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"
