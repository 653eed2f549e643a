/// The table as people read it.
enum FaultTableDocument {
    static let text =
        """
        # What a client sees of each fault

        Made of `Tests/API/Faults/FaultTable.swift` by the tests that prove it: every line is played, for every operation
        it names, on a whole stack; a fault that does not strike fails its test. After each one the faults are off, and then
        everything must be as it should: nothing lost that was acknowledged, no effect twice, no asset left over when its
        time is over, the service healthy.

        Faults strike once where nothing else is said. Half a second is within every deadline here, a thousand seconds
        within none. *Effect* is what there is afterwards of what was asked for; it says nothing of what only reads. All 503
        carry `Retry-After`, and all errors the `operation_id`.

        | fault | at | of | answer | effect | who wants it done |
        |---|---|---|---|---|---|

        """ + FaultTable.rows.map(line).joined() + """

            Sent again, a `POST` makes a second image where the first one was made after all: the operation id that makes
            retries safe is between the service and storage, and the service retries by itself as long as it may.

            """

    private static func line(_ row: FaultRow) -> String {
        let fault = "`\(row.fault)`\(row.isAlways ? ", always" : "")\(row.also.map { " after `\($0)`" } ?? "")"
        return "| \(fault) | \(row.phase?.rawValue ?? "") | \(operations(row)) | \(answer(row)) | \(effect(row)) | "
            + "\(recovery(row)) |\n"
    }

    private static func operations(_ row: FaultRow) -> String {
        switch row.operations {
        case ClientOperation.allCases: "all"
        case ClientOperation.writing: "all that write"
        case ClientOperation.reading: "all that read"
        default: row.operations.map(\.rawValue).joined(separator: ", ")
        }
    }

    private static func answer(_ row: FaultRow) -> String {
        guard case .error(let status, let code, let reason, let storageCode) = row.answer else { return "as usual" }
        return "\(status) `\(code)`" + (reason.map { ", `\($0)`" } ?? "") + (storageCode.map { ", `\($0)`" } ?? "")
    }

    private static func effect(_ row: FaultRow) -> String {
        switch row.effect {
        case .none, .once: row.operations.allSatisfy(ClientOperation.reading.contains) ? "" : row.effect.rawValue
        case .lost: "none, though the answer says so"
        case .past: "the answer is of before the last change"
        }
    }

    private static func recovery(_ row: FaultRow) -> String {
        let writing = row.operations.first(where: ClientOperation.writing.contains)
        let reading = row.operations.first(where: ClientOperation.reading.contains)
        let texts = [writing, reading].compactMap { $0.map { row.recovery(for: $0).rawValue } }
        guard texts.count == 2, texts[0] != texts[1] else { return texts.first ?? "" }
        return "\(texts[0]); reading: \(texts[1])"
    }
}
