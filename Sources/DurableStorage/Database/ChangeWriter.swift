import HubProtocol
import JSON
import Octets
import SimulatedStorage

/// Writes the changes of one decision, and counts what they change.
struct ChangeWriter {
    let connection: SQLConnection
    let notes: OperationNotes
    private(set) var tally = Tally()

    init(connection: SQLConnection, notes: OperationNotes) {
        self.connection = connection
        self.notes = notes
    }

    mutating func apply(_ change: Change) throws(RecordStoreError) {
        switch change {
        case .insertImage(let record): try insert(record)
        case .updateImage(let record): try replace(record)
        case .addVersion(let record): try insertVersion(of: record, image: try replace(record))
        case .deleteImage(let id, let time): try deleteImage(id, releasedAt: time)
        case .insertAsset(let asset): try insert(asset)
        case .touchAsset(let name, let time):
            let count = try connection.run(
                "UPDATE asset SET idle_since = max(idle_since, ?2) WHERE name = ?1",
                .text(name),
                .integer(time.millisecondsSinceEpoch)
            )
            guard count == 1 else { throw RecordStoreError("cannot touch an asset that is not there") }
        case .removeAsset(let name):
            let count = try connection.run("DELETE FROM asset WHERE name = ? AND refs = 0", .text(name))
            guard count == 1 else { throw RecordStoreError("cannot remove an asset that is not there or in use") }
            tally.assets -= 1
        case .remember(let operation): try remember(operation)
        case .forgetOperations(let time, let limit):
            tally.operations -= try connection.run(
                """
                DELETE FROM operation WHERE number IN
                (SELECT number FROM operation WHERE time < ? ORDER BY time LIMIT ?)
                """,
                .integer(time.millisecondsSinceEpoch),
                .integer(limit)
            )
        case .publish(let event):
            try connection.run("INSERT INTO event (body) VALUES (?)", .bytes(event.encoded()))
            tally.events += 1
        case .forgetEvents(let sequences):
            for sequence in sequences {
                tally.events -= try connection.run("DELETE FROM event WHERE sequence = ?", .integer(sequence))
            }
        }
    }

    private mutating func insert(_ record: ImageRecord) throws(RecordStoreError) {
        try connection.run(
            """
            INSERT INTO image (id, type, subtype, name, theme, version, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(record.id),
            .text(record.type),
            .text(record.subtype),
            .text(record.name),
            .text(record.theme),
            .integer(record.version),
            .integer(record.createdAt.millisecondsSinceEpoch),
            .integer(record.updatedAt.millisecondsSinceEpoch)
        )
        tally.addImages(1, type: record.type, theme: record.theme)
        try insertVersion(of: record, image: connection.lastInsertedRow)
    }

    /// Writes a record over the one with its id; tells the number of its row.
    @discardableResult
    private mutating func replace(_ record: ImageRecord) throws(RecordStoreError) -> Int64 {
        let old = try connection.first("SELECT number, type, theme FROM image WHERE id = ?", .text(record.id)) { row in
            (number: row.integer(0), type: row.text(1), theme: row.text(2))
        }
        guard let old else { throw RecordStoreError("cannot change an image that is not there") }
        try connection.run(
            "UPDATE image SET subtype = ?, name = ?, version = ?, updated_at = ? WHERE number = ?",
            .text(record.subtype),
            .text(record.name),
            .integer(record.version),
            .integer(record.updatedAt.millisecondsSinceEpoch),
            .integer(old.number)
        )
        // Only these two move it between the indexes, and it costs that even where they stay what they were.
        guard !old.type.isExactly(record.type) || !old.theme.isExactly(record.theme) else { return old.number }
        try connection.run(
            "UPDATE image SET type = ?, theme = ? WHERE number = ?",
            .text(record.type),
            .text(record.theme),
            .integer(old.number)
        )
        tally.addImages(-1, type: old.type, theme: old.theme)
        tally.addImages(1, type: record.type, theme: record.theme)
        return old.number
    }

    private mutating func insertVersion(of record: ImageRecord, image: Int64) throws(RecordStoreError) {
        let content = record.content
        try connection.run(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            .integer(image),
            .integer(record.version),
            .text(content.url),
            .text(content.format),
            .integer(content.width),
            .integer(content.height),
            .integer(content.size),
            .text(content.sha256),
            .integer(record.updatedAt.millisecondsSinceEpoch)
        )
        tally.versions += 1
        guard let name = content.sha256 else { return }
        let count = try connection.run("UPDATE asset SET refs = refs + 1 WHERE name = ?", .text(name))
        guard count == 1 else { throw RecordStoreError("cannot refer to an asset that is not there") }
    }

    private mutating func deleteImage(_ id: String, releasedAt time: Timestamp) throws(RecordStoreError) {
        let image = try connection.first("SELECT number, type, theme FROM image WHERE id = ?", .text(id)) { row in
            (number: row.integer(0), type: row.text(1), theme: row.text(2))
        }
        guard let image else { throw RecordStoreError("cannot delete an image that is not there") }
        try connection.run(
            """
            UPDATE asset SET refs = refs - released.count, idle_since = max(idle_since, ?2)
            FROM (SELECT sha256, count(*) AS count FROM version WHERE image = ?1 AND sha256 IS NOT NULL
            GROUP BY sha256) AS released WHERE asset.name = released.sha256
            """,
            .integer(image.number),
            .integer(time.millisecondsSinceEpoch)
        )
        // Where the bytes are lost and nothing asks for them any more, there is nothing to keep.
        tally.assets -= try connection.run(
            """
            DELETE FROM asset WHERE blob IS NULL AND refs = 0
            AND name IN (SELECT sha256 FROM version WHERE image = ?)
            """,
            .integer(image.number)
        )
        tally.versions -= try connection.run("DELETE FROM version WHERE image = ?", .integer(image.number))
        try connection.run("DELETE FROM image WHERE number = ?", .integer(image.number))
        tally.addImages(-1, type: image.type, theme: image.theme)
    }

    private mutating func insert(_ asset: StoredAsset) throws(RecordStoreError) {
        // An asset whose bytes were lost has them again; its references were kept.
        let healed = try connection.run(
            "UPDATE asset SET blob = ?2, idle_since = max(idle_since, ?3) WHERE name = ?1 AND blob IS NULL",
            .text(asset.name),
            .text(asset.blob.text),
            .integer(asset.idleSince.millisecondsSinceEpoch)
        )
        guard healed == 0 else { return }
        try connection.run(
            "INSERT INTO asset VALUES (?, ?, ?, ?, ?, ?)",
            .text(asset.name),
            .integer(asset.size),
            .text(asset.contentType),
            .text(asset.blob.text),
            .integer(asset.references),
            .integer(asset.idleSince.millisecondsSinceEpoch)
        )
        tally.assets += 1
    }

    private mutating func remember(_ operation: RememberedOperation) throws(RecordStoreError) {
        guard let reply = operation.reply else {
            notes.note(operation)
            return
        }
        tally.operations -= try connection.run("DELETE FROM operation WHERE id = ?", .text(operation.operationID))
        try connection.run(
            "INSERT INTO operation (id, fingerprint, reply, time) VALUES (?, ?, ?, ?)",
            .text(operation.operationID),
            .bytes(operation.fingerprint.bytes),
            .bytes(reply),
            .integer(operation.time.millisecondsSinceEpoch)
        )
        tally.operations += 1
    }
}
