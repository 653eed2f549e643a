/// The codes of an error reply (contract §3).
public enum StorageErrorCode: String, Sendable, Hashable, CaseIterable {
    case validationError = "VALIDATION_ERROR"
    case imageNotFound = "IMAGE_NOT_FOUND"
    case versionNotFound = "VERSION_NOT_FOUND"
    case versionConflict = "VERSION_CONFLICT"
    case assetNotFound = "ASSET_NOT_FOUND"
    case unknownOperation = "UNKNOWN_OPERATION"
    case operationConflict = "OPERATION_CONFLICT"
    case storageFull = "STORAGE_FULL"
    case internalError = "INTERNAL_ERROR"

    /// Whether the reply may be given again for the same operation id: a passing failure is not remembered (contract §7).
    public var isRemembered: Bool {
        switch self {
        case .internalError, .storageFull: false
        case .validationError, .imageNotFound, .versionNotFound, .versionConflict, .assetNotFound, .unknownOperation,
            .operationConflict:
            true
        }
    }
}
