import HubProtocol
import MessageHub

/// How the latest requests to storage went, apart for what can fail by itself: a storage that cannot write any more may
/// read as ever.
package struct StorageOutcomes: Sendable {
    /// Over the hub.
    package let operations: RequestOutcomes
    /// Bytes to the asset API, and from it.
    package let assetWrites: RequestOutcomes
    package let assetReads: RequestOutcomes

    package init(time: TimeSource) {
        operations = RequestOutcomes(time: time)
        assetWrites = RequestOutcomes(time: time)
        assetReads = RequestOutcomes(time: time)
    }

    package var isFailing: Bool { operations.isFailing || assetWrites.isFailing || assetReads.isFailing }
}

extension RequestOutcomes.Outcome {
    /// What it says of storage's hub side that an operation failed.
    init(ofOperation trouble: StorageTrouble) {
        self =
            switch trouble {
            case .rejected: .answered
            case .invalidResponse, .unavailable, .timedOut: .failed
            case .overloaded, .cancelled: .untold
            }
    }

    /// What it says of the asset API that a request for one asset failed.
    init(ofAssetRequest trouble: StorageTrouble) {
        self =
            switch trouble {
            case .rejected(let code, _): Self(assetCode: code)
            case .unavailable, .timedOut: .failed
            // It may be a damage of this asset alone, or come of somebody who answers in storage's place.
            case .invalidResponse: .doubtful
            case .overloaded, .cancelled: .untold
            }
    }

    /// Codes that say no to one asset (contract §4, §7). No room is a refusal as well: what is there can be read, and a
    /// service that is not ready would get no requests to read it.
    private static let refusals: Set<String> = [
        "ASSET_NOT_FOUND", "ASSET_IN_USE", "DIGEST_MISMATCH", "EMPTY_FILE", "FILE_TOO_LARGE", "RANGE_NOT_SATISFIABLE",
        "STORAGE_FULL", "UNAUTHORIZED", "VALIDATION_ERROR",
    ]

    private init(assetCode code: String) {
        if Self.refusals.contains(code) || code.hasPrefix("HTTP_4") {
            self = .answered
        } else if code == StorageErrorCode.internalError.rawValue || code.hasPrefix("HTTP_5") {
            self = .failed
        } else {
            // A code of storage's own.
            self = .doubtful
        }
    }
}
