import HubProtocol

/// What an operation came to, before it is written as a reply.
public enum Outcome: Sendable, Hashable {
    case record(ImageRecord)
    case images(ImagePage)
    case versions(VersionPage)
    case deleted(DeletedImage)
    case failed(StorageFailure)

    /// The reply to the request with this id.
    public func reply(to operationID: String) -> StorageReply {
        let outcome: StorageReply.Outcome =
            switch self {
            case .record(let record): .success(record.json)
            case .images(let page): .success(page.json)
            case .versions(let page): .success(page.json)
            case .deleted(let deleted): .success(deleted.json)
            case .failed(let failure): .failure(failure)
            }
        return StorageReply(operationID: operationID, outcome: outcome)
    }

    var failure: StorageFailure? {
        guard case .failed(let failure) = self else { return nil }
        return failure
    }
}
