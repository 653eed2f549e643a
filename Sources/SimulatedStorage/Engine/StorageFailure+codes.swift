import HubProtocol
import JSON

/// The failures of the engine, each with the words that a caller reads.
extension StorageFailure {
    static let operationConflict = StorageFailure(
        .operationConflict,
        "the operation_id was used before, with another payload"
    )

    static func unknownOperation(_ name: String) -> StorageFailure {
        // The name comes from outside and may be long: only its beginning is shown.
        StorageFailure(.unknownOperation, "there is no operation \(String(name.prefix(64)))")
    }

    static func invalid(_ problems: InvalidFields) -> StorageFailure {
        StorageFailure(.validationError, problems.description, details: problems.details)
    }

    static func imageNotFound(_ id: String) -> StorageFailure {
        StorageFailure(.imageNotFound, "there is no image with this id", details: ["image_id": .string(id)])
    }

    static func versionNotFound(_ version: Int, newest: Int) -> StorageFailure {
        StorageFailure(
            .versionNotFound,
            "the image has \(newest) versions, not \(version)",
            details: ["version": .integer(Int64(version)), "newest": .integer(Int64(newest))]
        )
    }

    static func versionConflict(expected: Int, newest: Int) -> StorageFailure {
        StorageFailure(
            .versionConflict,
            "the newest version is \(newest), not \(expected)",
            details: ["expected_version": .integer(Int64(expected)), "newest": .integer(Int64(newest))]
        )
    }

    static func assetNotFound(_ sha256: String) -> StorageFailure {
        StorageFailure(.assetNotFound, "there is no asset with this name", details: ["sha256": .string(sha256)])
    }

    static func full(_ what: String) -> StorageFailure {
        StorageFailure(.storageFull, "there is no more room for \(what)")
    }

    static let internalError = StorageFailure(.internalError, "storage failed to carry this out")
}
