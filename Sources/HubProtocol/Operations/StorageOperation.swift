import JSON

/// One operation with its data, checked: what an Image Service asks of storage.
///
///     let ask = StorageOperation.getImage(.init(imageID: id, version: nil))
///     ask.name   // .getImage
///     ask.data   // {"image_id": …}
public enum StorageOperation: Sendable, Hashable {
    case createImage(CreateImage)
    case getImage(GetImage)
    case listImages(ListImages)
    case updateImage(UpdateImage)
    case createImageVersion(CreateImageVersion)
    case listImageVersions(ListImageVersions)
    case deleteImage(DeleteImage)

    /// Reads the `data` of a request for `name`. Throws every rule of the protocol that it breaks, at once.
    public init(_ name: OperationName, data: [String: JSONValue]) throws(InvalidFields) {
        var fields = FieldReader(data, path: "data.")
        switch name {
        case .createImage: self = .createImage(CreateImage(reading: &fields))
        case .getImage: self = .getImage(GetImage(reading: &fields))
        case .listImages: self = .listImages(ListImages(reading: &fields))
        case .updateImage: self = .updateImage(UpdateImage(reading: &fields))
        case .createImageVersion: self = .createImageVersion(CreateImageVersion(reading: &fields))
        case .listImageVersions: self = .listImageVersions(ListImageVersions(reading: &fields))
        case .deleteImage: self = .deleteImage(DeleteImage(reading: &fields))
        }
        try fields.finish()
    }

    public var name: OperationName {
        switch self {
        case .createImage: .createImage
        case .getImage: .getImage
        case .listImages: .listImages
        case .updateImage: .updateImage
        case .createImageVersion: .createImageVersion
        case .listImageVersions: .listImageVersions
        case .deleteImage: .deleteImage
        }
    }

    /// The `data` of the request. Absent values are left out, not written as `null`.
    public var data: [String: JSONValue] {
        switch self {
        case .createImage(let request): request.data
        case .getImage(let request): request.data
        case .listImages(let request): request.data
        case .updateImage(let request): request.data
        case .createImageVersion(let request): request.data
        case .listImageVersions(let request): request.data
        case .deleteImage(let request): request.data
        }
    }

    /// The image that the operation is about, where it names one.
    public var imageID: String? {
        switch self {
        case .createImage, .listImages: nil
        case .getImage(let request): request.imageID
        case .updateImage(let request): request.imageID
        case .createImageVersion(let request): request.imageID
        case .listImageVersions(let request): request.imageID
        case .deleteImage(let request): request.imageID
        }
    }
}
