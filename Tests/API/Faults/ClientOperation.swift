/// What a client of the Image Service can ask for that reaches storage.
enum ClientOperation: String, CaseIterable, Sendable {
    case create = "POST"
    case show = "GET"
    case list = "GET list"
    case change = "PATCH"
    case delete = "DELETE"
    case replace = "PUT content"
    case content = "GET content"
    case versions = "GET versions"

    /// The operation on the hub.
    var storageOperation: String {
        switch self {
        case .create: "create_image"
        case .show, .content: "get_image"
        case .list: "list_images"
        case .change: "update_image"
        case .delete: "delete_image"
        case .replace: "create_image_version"
        case .versions: "list_image_versions"
        }
    }

    /// What it does on the asset API; nil: nothing.
    var assetRoute: String? {
        switch self {
        case .create, .replace: "PUT"
        case .content: "GET"
        case .show, .list, .change, .delete, .versions: nil
        }
    }

    /// The status where all goes well.
    var usualStatus: Int {
        switch self {
        case .create, .replace: 201
        case .show, .list, .change, .content, .versions: 200
        case .delete: 204
        }
    }

    static let reading: [ClientOperation] = [.show, .list, .content, .versions]
    static let writing: [ClientOperation] = [.create, .change, .delete, .replace]
    /// Those that bring bytes.
    static let uploading: [ClientOperation] = [.create, .replace]
}
