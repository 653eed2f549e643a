import GRDB
import GRDBSQLite
import SimulatedStorage

/// A value in an SQL statement.
enum SQLValue {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null

    static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }

    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }

    static func bytes(_ value: [UInt8]?) -> SQLValue { value.map { .bytes($0) } ?? .null }
}

/// SQL on one connection, with texts that keep every scalar.
///
/// GRDB hands a text to SQLite up to its first NUL; then an id `a\0b` would meet `a`. The protocol's texts are exact, so
/// values are bound here with their length. Connections, transactions, the cache of statements and migrations are GRDB's.
struct SQLConnection {
    let database: Database

    /// Runs a statement that gives no rows; tells how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: SQLValue...) throws(RecordStoreError) -> Int {
        try with(sql, values) { statement throws(RecordStoreError) in
            while try step(statement, of: sql) {}
            return database.changesCount
        }
    }

    /// The first row of a query.
    func first<Element>(
        _ sql: String,
        _ values: SQLValue...,
        read: (SQLRow) throws(RecordStoreError) -> Element
    ) throws(RecordStoreError) -> Element? {
        try with(sql, values) { statement throws(RecordStoreError) in
            try step(statement, of: sql) ? try read(SQLRow(statement: statement)) : nil
        }
    }

    /// All rows of a query.
    func all<Element>(
        _ sql: String,
        _ values: SQLValue...,
        read: (SQLRow) throws(RecordStoreError) -> Element
    ) throws(RecordStoreError) -> [Element] {
        try with(sql, values) { statement throws(RecordStoreError) in
            var elements: [Element] = []
            while try step(statement, of: sql) { elements.append(try read(SQLRow(statement: statement))) }
            return elements
        }
    }

    /// The number of the row that was inserted last.
    var lastInsertedRow: Int64 { database.lastInsertedRowID }

    /// Whether a transaction is open: an error may have ended it (SQLite, "Response To Errors Within A Transaction").
    var isInTransaction: Bool { database.isInsideTransaction }

    /// Begins a transaction that may write.
    func begin() throws { try database.beginTransaction(.immediate) }

    /// When this returns, what the transaction wrote is on the disk.
    func commit() throws { try database.commit() }

    func rollBack() throws { try database.rollback() }

    private func with<Result>(
        _ sql: String,
        _ values: [SQLValue],
        _ body: (OpaquePointer) throws(RecordStoreError) -> Result
    ) throws(RecordStoreError) -> Result {
        let cached: Statement
        do {
            cached = try database.cachedStatement(sql: sql)
        } catch {
            throw RecordStoreError(error)
        }
        let statement = cached.sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            withExtendedLifetime(cached) {}
        }
        for (index, value) in zip(Int32(1)..., values) where Self.bind(value, to: statement, at: index) != SQLITE_OK {
            throw failure(of: sql)
        }
        return try body(statement)
    }

    /// Whether there is another row.
    private func step(_ statement: OpaquePointer, of sql: String) throws(RecordStoreError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure(of: sql)
        }
    }

    private func failure(of sql: String) -> RecordStoreError {
        RecordStoreError(
            DatabaseError(resultCode: database.lastErrorCode, message: database.lastErrorMessage, sql: sql)
        )
    }

    private static func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        // SQLite copies before the call returns.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .integer(let integer): return sqlite3_bind_int64(statement, index, integer)
        case .null: return sqlite3_bind_null(statement, index)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { characters in
                    // Nothing to point at is still a text, and not NULL.
                    guard let start = characters.baseAddress else {
                        return sqlite3_bind_text(statement, index, "", 0, transient)
                    }
                    return sqlite3_bind_text(statement, index, start, Int32(characters.count), transient)
                }
            }
        case .bytes(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), transient)
        }
    }
}

/// A row of a query; valid until the next one is asked for.
struct SQLRow {
    let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func int(_ column: Int32) -> Int { Int(integer(column)) }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
}

extension RecordStoreError {
    /// What SQLite said, and whether it was that the disk is full.
    init(_ error: any Error) {
        if let error = error as? RecordStoreError {
            self = error
            return
        }
        let code = (error as? DatabaseError)?.resultCode
        self.init("\(error)", isFull: code == .SQLITE_FULL)
    }
}
