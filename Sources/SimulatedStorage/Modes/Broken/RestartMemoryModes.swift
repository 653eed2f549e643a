import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import JSON
import Synchronization

extension StorageMode {
    /// Mistakes in what is written down for the next life, of things that themselves survive.
    static let ofMemoryAtRestart: [StorageMode] = [
        .broken(
            "older-versions-are-lost-at-restart",
            breaks: "HUB-IDM-008",
            "Writes down the newest content of each image: after a restart the older versions have lost theirs.",
            OlderVersionsAreLostAtRestart()
        ),
        .broken(
            "content-types-are-lost-at-restart",
            breaks: "AST-PUT-007",
            "Keeps the `Content-Type` of assets in memory: after a restart all are `application/octet-stream`.",
            ContentTypesAreLostAtRestart()
        ),
        .broken(
            "errors-are-forgotten-at-restart",
            breaks: "HUB-IDM-002",
            "Writes down successes only: after a restart what was refused may succeed under the same id.",
            MemoryAfterRestart { remembered, _ in
                let reply = remembered.reply.flatMap { try? JSONValue(parsing: $0) }
                return reply?["status"] == "error" ? nil : remembered
            }
        ),
        .broken(
            "payloads-are-forgotten-at-restart",
            breaks: "HUB-IDM-003",
            "Writes down replies and not what was asked: after a restart another payload gets the reply to the first.",
            MemoryAfterRestart { remembered, asked in
                var remembered = remembered
                remembered.fingerprint = asked
                return remembered
            }
        ),
    ]
}

private final class OlderVersionsAreLostAtRestart: Conduct {
    /// The newest version of each image at the start.
    private let newest = Mutex<[String: Int]>([:])

    func begin(connection number: Int, on core: StorageCore) async throws {
        guard number == 1 else { return }
        let images = try await core.records.transact(.reading) { reader throws(RecordStoreError) in
            (try reader.images(matching: ImageFilter(), skip: 0, limit: 10_000), [])
        }
        newest.withLock { newest in for image in images { newest[image.id] = image.version } }
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        let newest = newest.withLock { $0 }
        return try question.decide(reading: ReaderWithoutOlderVersions(present: question.reader, newest: newest))
    }
}

private struct ReaderWithoutOlderVersions: PassingReader {
    let present: any RecordReader
    let newest: [String: Int]

    func version(_ number: Int, of imageID: String) throws(RecordStoreError) -> ImageVersion? {
        try present.version(number, of: imageID).map { lost($0, of: imageID) }
    }

    func versions(of imageID: String, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageVersion] {
        try present.versions(of: imageID, skip: skip, limit: limit).map { lost($0, of: imageID) }
    }

    private func lost(_ version: ImageVersion, of imageID: String) -> ImageVersion {
        guard let newest = newest[imageID], version.version < newest else { return version }
        var version = version
        version.content.url = "lost"
        version.content.sha256 = nil
        return version
    }
}

private final class ContentTypesAreLostAtRestart: Conduct {
    /// Assets of this life.
    private let assets = RecentNotes<Bool>()

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        var response = try await faultless(exchange)
        guard exchange.isAboutAsset, response.status.kind == .successful else { return response }
        if exchange.isPut, response.status == .created { assets.note(true, for: exchange.name) }
        if exchange.isRead, assets[exchange.name] == nil {
            response.headers[.contentType] = "application/octet-stream"
        }
        return response
    }
}

/// Operations that were carried out before the first one of this life are remembered otherwise.
private final class MemoryAfterRestart: Conduct {
    typealias Change =
        @Sendable (RememberedOperation, _ asked: OperationFingerprint) -> RememberedOperation?

    private let beginning = Mutex<Timestamp?>(nil)
    private let change: Change

    init(_ change: @escaping Change) { self.change = change }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        let beginning = beginning.withLock { beginning in
            beginning = beginning ?? question.now
            return beginning ?? question.now
        }
        guard let known = try question.reader.operation(question.request.operationID), known.time < beginning else {
            return try question.decide()
        }
        let remembered = change(known, OperationFingerprint(of: question.request))
        var decision = try question.decide(reading: ReaderOfMemory(present: question.reader) { _ in remembered })
        // It is in the store, though it is not known.
        if remembered == nil { decision.forget() }
        return decision
    }
}
