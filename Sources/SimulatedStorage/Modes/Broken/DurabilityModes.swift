import HubProtocol
import Synchronization

extension StorageMode {
    /// Mistakes that a restart brings to light. A restart is another storage on the same core or directory.
    static let ofDurability: [StorageMode] = [
        .broken(
            "operations-are-forgotten-at-restart",
            breaks: "HUB-IDM-008",
            "Remembers operations in memory: after a restart a retry is carried out again.",
            OperationsAreForgottenAtRestart()
        ),
        .broken(
            "last-write-is-lost-at-restart",
            breaks: "HUB-IDM-008",
            "Acknowledges before it writes to disk: after a restart the newest image is gone.",
            LastWriteIsLostAtRestart()
        ),
        .broken(
            "half-an-image-after-restart",
            breaks: "HUB-CON-003",
            "Writes an image in two steps: after a restart the newest one is listed and cannot be read.",
            HalfAnImageAfterRestart()
        ),
        .broken(
            "assets-are-lost-at-restart",
            breaks: "AST-CON-002",
            "Keeps assets in memory until an image refers to them: after a restart the others are gone.",
            AssetsAreLostAtRestart()
        ),
    ]
}

private struct OperationsAreForgottenAtRestart: Conduct {
    func begin(connection number: Int, on core: StorageCore) async throws {
        guard number == 1 else { return }
        let never = Timestamp(millisecondsSinceEpoch: .max)
        var isMore = true
        while isMore {
            isMore = try await core.records.transact(.writing) { reader throws(RecordStoreError) in
                guard try reader.usage().operations > 0 else { return (false, []) }
                return (true, [.forgetOperations(before: never, limit: 1000)])
            }
        }
    }
}

private struct LastWriteIsLostAtRestart: Conduct {
    func begin(connection number: Int, on core: StorageCore) async throws {
        guard number == 1 else { return }
        try await core.records.transact(.writing) { reader throws(RecordStoreError) in
            guard let newest = try reader.newestImage() else { return ((), []) }
            return ((), [.deleteImage(id: newest.id, releasedAt: newest.updatedAt)])
        }
    }
}

private final class HalfAnImageAfterRestart: Conduct {
    private let half = Mutex<String?>(nil)

    func begin(connection number: Int, on core: StorageCore) async throws {
        guard number == 1 else { return }
        let id = try await core.records.transact(.reading) { reader throws(RecordStoreError) in
            (try reader.newestImage()?.id, [])
        }
        half.withLock { $0 = id }
    }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .getImage, let half = half.withLock({ $0 }) else { return try question.decide() }
        return try question.decide(
            reading: ReaderOfImages(present: question.reader) { $0.id.isExactly(half) ? nil : $0 }
        )
    }
}

extension RecordReader {
    /// The image that was created last.
    fileprivate func newestImage() throws(RecordStoreError) -> ImageRecord? {
        let count = try imageCount(matching: ImageFilter())
        return try images(matching: ImageFilter(), skip: max(0, count - 1), limit: 1).last
    }
}

private struct AssetsAreLostAtRestart: Conduct {
    func begin(connection number: Int, on core: StorageCore) async throws {
        guard number == 1 else { return }
        try await core.assets.removeIdle(since: Timestamp(millisecondsSinceEpoch: .max))
    }
}
