import GRDB
import SimulatedStorage

/// A record store in an SQLite file: what it has acknowledged survives the death of the process and of the machine.
///
/// One writer commits groups of decisions (`GroupCommit`); readers look at the last commit at the same time. The
/// write-ahead log is synchronised before anybody is answered (`synchronous = FULL`). Operations without a reply are
/// noted in memory only.
public final class SQLiteRecordStore: RecordStore {
    /// Connections that read at the same time; further reads wait.
    private static let readersMax = 4
    /// Kilobytes of pages that each connection keeps in memory.
    private static let cacheKilobytes = 16_384
    /// Bytes of log that stay on the disk after a checkpoint.
    private static let logBytesMax = 64 << 20

    private let pool: DatabasePool
    private let writer: GroupCommit
    private let notes: OperationNotes

    /// Opens the file, makes it where it is not there, and brings its tables up to date.
    ///
    /// The caller sees to it that no other process has it open.
    package init(
        path: String,
        limits: StorageLimits = StorageLimits(),
        onStep: @escaping StepObserver = { _ in }
    ) throws(DurableStoreError) {
        notes = OperationNotes(countMax: limits.notedOperationsMax)
        do {
            pool = try Self.open(path)
        } catch let error as DurableStoreError {
            throw error
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
        writer = GroupCommit(pool: pool, notes: notes, onStep: onStep)
    }

    /// Decisions that wait for the disk.
    package var unsettledCount: Int { writer.unsettledCount }

    private static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "records"
        configuration.maximumReaderCount = readersMax
        configuration.foreignKeysEnabled = false
        // A transaction that could not be rolled back is an error to tell, not a reason to end the process.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -\(cacheKilobytes)")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            try checkOrigin(of: database, path: path)
            // After the pool has chosen the log: it takes NORMAL, which may lose the last commits with the machine.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA journal_size_limit = \(logBytesMax)")
        }
        try Schema.migrator.migrate(pool)
        return pool
    }

    /// Refuses a database of another program, and one of a newer version of this one; an empty one becomes ours.
    private static func checkOrigin(of database: Database, path: String) throws {
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard tables > 0 else {
            // Before there is any table, so that a death on the way does not leave a file that seems to be another's.
            return try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        }
        guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == Schema.applicationID else {
            throw DurableStoreError.unusable(path: path, reason: "it is not a database of this program")
        }
        guard try !Schema.migrator.hasBeenSuperseded(database) else { throw DurableStoreError.newer(path: path) }
    }

    public func transact<Outcome: Sendable>(
        _ access: RecordAccess,
        _ decide: @escaping @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) async throws(RecordStoreError) -> Outcome {
        let result: Result<Outcome, RecordStoreError> = await withCheckedContinuation { continuation in
            switch access {
            case .writing: writer.add(WaitingDecision(decide, continuation))
            case .reading:
                pool.asyncRead { database in
                    continuation.resume(returning: self.read(database, decide))
                }
            }
        }
        return try result.get()
    }

    private func read<Outcome>(
        _ database: Result<Database, any Error>,
        _ decide: @Sendable (any RecordReader) throws(RecordStoreError) -> (Outcome, [Change])
    ) -> Result<Outcome, RecordStoreError> {
        do {
            let connection = SQLConnection(database: try database.get())
            let (outcome, changes) = try decide(SQLiteReader(connection: connection, notes: notes))
            for change in changes {
                guard case .remember(let operation) = change, operation.reply == nil else {
                    preconditionFailure("Cannot change anything where only reading was asked for")
                }
                notes.note(operation)
            }
            return .success(outcome)
        } catch {
            return .failure(RecordStoreError(error))
        }
    }

    /// What SQLite finds wrong with the file; empty where nothing is.
    package func integrityProblems() throws -> [String] {
        try pool.read { database in try String.fetchAll(database, sql: "PRAGMA integrity_check") }
            .filter { $0 != "ok" }
    }

    /// A setting of the connection that writes, for a test to look at.
    package func pragma(_ name: String) throws -> String? {
        try pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// Lets the file grow by so many pages and no more, as a disk would that is nearly full.
    package func limitPages(toMore count: Int) throws {
        try pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + count)")
        }
    }

    /// Where each asset lies whose name begins with these digits.
    func blobs(ofAssetsBeginningWith digits: String) throws -> [String: String] {
        try pool.read { database in
            let rows = try SQLConnection(database: database).all(
                "SELECT name, blob FROM asset WHERE name >= ?1 AND name < ?1 || 'g' AND blob IS NOT NULL",
                .text(digits)
            ) { ($0.text(1), $0.text(0)) }
            return Dictionary(rows, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Notes that the bytes of these assets are lost. What nothing refers to is forgotten.
    func loseBytes(ofAssets names: [String]) throws {
        try pool.write { database in
            let connection = SQLConnection(database: database)
            var tally = Tally()
            for name in names {
                try connection.run("UPDATE asset SET blob = NULL WHERE name = ?", .text(name))
                tally.assets -= try connection.run("DELETE FROM asset WHERE name = ? AND refs = 0", .text(name))
            }
            try tally.write(to: connection)
        }
    }

    /// Waits for what is under way and closes the file.
    package func close() throws { try pool.close() }
}
