import HubProtocol
import JSON
import SimulatedStorage

/// The state in the database, as one transaction sees it.
struct SQLiteReader: RecordReader {
    let connection: SQLConnection
    let notes: OperationNotes
    /// What the group before this decision has changed and not yet written.
    var pending = Tally()

    func operation(_ operationID: String) throws(RecordStoreError) -> RememberedOperation? {
        let remembered = try connection.first(
            "SELECT fingerprint, reply, time FROM operation WHERE id = ?",
            .text(operationID)
        ) { row in
            RememberedOperation(
                operationID: operationID,
                fingerprint: OperationFingerprint(bytes: row.bytes(0)),
                reply: row.bytes(1),
                time: Timestamp(millisecondsSinceEpoch: row.integer(2))
            )
        }
        return remembered ?? notes[operationID]
    }

    func image(_ id: String) throws(RecordStoreError) -> ImageRecord? {
        try connection.first(
            """
            SELECT \(Self.recordColumns) FROM image
            JOIN version ON version.image = image.number AND version.version = image.version
            WHERE image.id = ?
            """,
            .text(id),
            read: Self.record
        )
    }

    func version(_ number: Int, of imageID: String) throws(RecordStoreError) -> ImageVersion? {
        try connection.first(
            """
            SELECT \(Self.versionColumns) FROM image JOIN version ON version.image = image.number
            WHERE image.id = ? AND version.version = ?
            """,
            .text(imageID),
            .integer(number),
            read: Self.version
        )
    }

    func versions(of imageID: String, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageVersion] {
        // An image's versions are 1, 2, 3, … without a gap, so that passing over some is looking one up.
        try connection.all(
            """
            SELECT \(Self.versionColumns) FROM image JOIN version ON version.image = image.number
            WHERE image.id = ? AND version.version > ? ORDER BY version.version LIMIT ?
            """,
            .text(imageID),
            .integer(skip),
            .integer(limit),
            read: Self.version
        )
    }

    func images(matching filter: ImageFilter, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageRecord] {
        let total = try imageCount(matching: filter)
        guard skip < total, limit > 0 else { return [] }
        let count = min(limit, total - skip)
        // Passing over reads an index entry by entry: from the end that is nearer.
        let after = total - skip - count
        let isNearerToStart = skip <= after
        let (index, condition) = Self.index(for: filter)
        let direction = isNearerToStart ? "ASC" : "DESC"
        let sql = """
            SELECT \(Self.recordColumns) FROM (
                SELECT number FROM image INDEXED BY \(index)\(condition)
                ORDER BY created_at \(direction), id \(direction) LIMIT ?3 OFFSET ?4
            ) AS page
            CROSS JOIN image ON image.number = page.number
            CROSS JOIN version ON version.image = image.number AND version.version = image.version
            ORDER BY image.created_at, image.id
            """
        return try connection.all(
            sql,
            .text(filter.type),
            .text(filter.theme),
            .integer(count),
            .integer(isNearerToStart ? skip : after),
            read: Self.record
        )
    }

    private static func index(for filter: ImageFilter) -> (name: String, condition: String) {
        switch (filter.type, filter.theme) {
        case (nil, nil): ("image_by_time", "")
        case (_?, nil): ("image_by_type", " WHERE type = ?1")
        case (nil, _?): ("image_by_theme", " WHERE theme = ?2")
        case (_?, _?): ("image_by_type_and_theme", " WHERE type = ?1 AND theme = ?2")
        }
    }

    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int {
        let key = Tally.FilterKey(filter)
        let written = try connection.first(
            "SELECT images FROM image_count WHERE type = ? AND theme = ?",
            .text(key.type),
            .text(key.theme)
        ) { $0.int(0) }
        return (written ?? 0) + (pending.images[key] ?? 0)
    }

    func asset(_ name: String) throws(RecordStoreError) -> StoredAsset? {
        try connection.first(
            "SELECT \(Self.assetColumns) FROM asset WHERE name = ? AND blob IS NOT NULL",
            .text(name),
            read: Self.asset
        )
    }

    func idleAssets(since time: Timestamp, limit: Int) throws(RecordStoreError) -> [StoredAsset] {
        try connection.all(
            """
            SELECT \(Self.assetColumns) FROM asset INDEXED BY asset_by_idleness
            WHERE refs = 0 AND idle_since <= ? ORDER BY idle_since, name LIMIT ?
            """,
            .integer(time.millisecondsSinceEpoch),
            .integer(limit),
            read: Self.asset
        )
    }

    func pendingEvents(limit: Int) throws(RecordStoreError) -> [PendingEvent] {
        try connection.all("SELECT sequence, body FROM event ORDER BY sequence LIMIT ?", .integer(limit)) {
            row throws(RecordStoreError) in
            let sequence = row.integer(0)
            do {
                return PendingEvent(sequence: sequence, event: try StorageEvent(JSONValue(parsing: row.bytes(1))))
            } catch {
                throw RecordStoreError("event \(sequence) cannot be read: \(error)")
            }
        }
    }

    func usage() throws(RecordStoreError) -> StoreUsage {
        var usage = StoreUsage()
        usage.images = try imageCount(matching: ImageFilter())
        let isThere: Bool? = try connection.first("SELECT versions, operations, events, assets FROM tally") { row in
            usage.versions = row.int(0) + pending.versions
            usage.operations = row.int(1) + pending.operations
            usage.pendingEvents = row.int(2) + pending.events
            usage.assets = row.int(3) + pending.assets
            return true
        }
        guard isThere != nil else { throw RecordStoreError("the table of tallies is empty") }
        // The only row of an index that is looked at is its first.
        usage.oldestOperation = try connection.first("SELECT min(time) FROM operation") { row in
            row.optionalInteger(0).map { Timestamp(millisecondsSinceEpoch: $0) }
        }.flatMap { $0 }
        return usage
    }
}

// Rows as values.
extension SQLiteReader {
    private static let contentColumns =
        "version.url, version.format, version.width, version.height, version.size, version.sha256"
    private static let recordColumns =
        contentColumns + ", image.id, image.type, image.subtype, image.name, image.theme, image.version, "
        + "image.created_at, image.updated_at"
    private static let versionColumns = contentColumns + ", version.version, version.created_at"
    private static let assetColumns = "name, size, content_type, blob, refs, idle_since"

    private static func content(_ row: SQLRow) -> ImageContent {
        ImageContent(
            url: row.text(0),
            format: row.text(1),
            width: row.int(2),
            height: row.int(3),
            size: row.int(4),
            sha256: row.optionalText(5)
        )
    }

    private static func record(_ row: SQLRow) -> ImageRecord {
        ImageRecord(
            id: row.text(6),
            type: row.text(7),
            subtype: row.text(8),
            name: row.text(9),
            theme: row.text(10),
            content: content(row),
            version: row.int(11),
            createdAt: Timestamp(millisecondsSinceEpoch: row.integer(12)),
            updatedAt: Timestamp(millisecondsSinceEpoch: row.integer(13))
        )
    }

    private static func version(_ row: SQLRow) -> ImageVersion {
        ImageVersion(
            version: row.int(6),
            content: content(row),
            createdAt: Timestamp(millisecondsSinceEpoch: row.integer(7))
        )
    }

    private static func asset(_ row: SQLRow) -> StoredAsset {
        StoredAsset(
            name: row.text(0),
            size: row.int(1),
            contentType: row.text(2),
            blob: BlobID(row.text(3)),
            references: row.int(4),
            idleSince: Timestamp(millisecondsSinceEpoch: row.integer(5))
        )
    }
}
