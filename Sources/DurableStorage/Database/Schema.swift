import GRDB

/// The tables, as versioned migrations. A migration that has been released is never edited: the next one changes what it
/// made.
///
/// Times are milliseconds since 1970. Texts compare by their bytes (SQLite's BINARY collation), as the protocol asks.
enum Schema {
    /// SQLite's `application_id`: "IMGS". Tells our file from any other database.
    static let applicationID: Int32 = 0x494D_4753

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: records, operations, events, assets") { database in
            try database.execute(sql: first)
        }
        return migrator
    }

    private static let first = """
        -- An image; its content is the row of `version` that it names.
        CREATE TABLE image (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            type TEXT NOT NULL,
            subtype TEXT NOT NULL,
            name TEXT NOT NULL,
            theme TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        -- The order of lists, once for every filter: passing over images reads an index alone.
        CREATE INDEX image_by_time ON image (created_at, id);
        CREATE INDEX image_by_type ON image (type, created_at, id);
        CREATE INDEX image_by_theme ON image (theme, created_at, id);
        CREATE INDEX image_by_type_and_theme ON image (type, theme, created_at, id);

        CREATE TABLE version (
            image INTEGER NOT NULL,
            version INTEGER NOT NULL,
            url TEXT NOT NULL,
            format TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (image, version)
        ) STRICT, WITHOUT ROWID;

        -- How many images each filter matches; '' stands for any, which no type and no theme is.
        CREATE TABLE image_count (
            type TEXT NOT NULL,
            theme TEXT NOT NULL,
            images INTEGER NOT NULL,
            PRIMARY KEY (type, theme)
        ) STRICT, WITHOUT ROWID;

        -- How many rows the others have: counting a million takes too long for every request.
        CREATE TABLE tally (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            versions INTEGER NOT NULL,
            operations INTEGER NOT NULL,
            events INTEGER NOT NULL,
            assets INTEGER NOT NULL
        ) STRICT;
        INSERT INTO tally VALUES (1, 0, 0, 0, 0);

        -- Operations with the reply that is given again.
        CREATE TABLE operation (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            fingerprint BLOB NOT NULL,
            reply BLOB NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX operation_by_time ON operation (time);

        -- Events that wait to be published. A sequence is never given twice, not even after a restart.
        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            body BLOB NOT NULL
        ) STRICT;

        -- Assets. Without a blob the bytes are lost: the asset counts as not there until it is put again, but what
        -- refers to it is not forgotten.
        CREATE TABLE asset (
            name TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            content_type TEXT NOT NULL,
            blob TEXT,
            refs INTEGER NOT NULL,
            idle_since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX asset_by_idleness ON asset (idle_since, name) WHERE refs = 0;
        """
}
