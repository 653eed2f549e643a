/// The operations of the hub protocol (contract §3), by the name in a request's `operation`.
public enum OperationName: String, Sendable, Hashable, CaseIterable {
    case createImage = "create_image"
    case getImage = "get_image"
    case listImages = "list_images"
    case updateImage = "update_image"
    case createImageVersion = "create_image_version"
    case listImageVersions = "list_image_versions"
    case deleteImage = "delete_image"

    /// Whether it changes something. Such an operation is carried out once per `operation_id`, and the same reply is
    /// given again for at least 24 hours; one that only reads may be carried out again.
    public var hasEffect: Bool {
        switch self {
        case .createImage, .updateImage, .createImageVersion, .deleteImage: true
        case .getImage, .listImages, .listImageVersions: false
        }
    }
}
