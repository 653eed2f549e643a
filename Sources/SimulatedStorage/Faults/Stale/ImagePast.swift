import HubProtocol
import Octets

/// An image as it was before the last effect on it.
struct ImagePast: Sendable, Equatable {
    let imageID: String
    /// nil: it was not there yet.
    let record: ImageRecord?
    /// Ascending, at most `ProtocolLimits.pageLimitMax` of the first.
    let versions: [ImageVersion]

    init(imageID: String, record: ImageRecord?, versions: [ImageVersion]) {
        self.imageID = imageID
        self.record = record
        self.versions = versions
    }

    /// What the image was like before these changes, of which one is about an image; nil where none is.
    /// - Parameter reader: the state before them.
    init?(before changes: [Change], reading reader: any RecordReader) throws(RecordStoreError) {
        guard let id = changes.lazy.compactMap(\.imageID).first else { return nil }
        imageID = id
        record = try reader.image(id)
        versions = record == nil ? [] : try reader.versions(of: id, skip: 0, limit: ProtocolLimits.pageLimitMax)
    }
}

extension Change {
    /// The image that it changes.
    fileprivate var imageID: String? {
        switch self {
        case .insertImage(let record), .updateImage(let record), .addVersion(let record): record.id
        case .deleteImage(let id, _): id
        case .insertAsset, .touchAsset, .removeAsset, .remember, .forgetOperations, .publish, .forgetEvents: nil
        }
    }
}

/// The pasts of the images that have changed lately, as long as a rule may ask for them.
struct ImagePasts: Sendable {
    /// Images whose past is known. One more: the one that changed longest ago is forgotten.
    static let countMax = 1000

    private var byImage: [ExactText: ImagePast] = [:]
    /// By the time of their last change, oldest first.
    private var order: [ExactText] = []

    /// The past of this image; of the image that changed last where nil.
    subscript(imageID: String?) -> ImagePast? {
        guard let key = imageID.map(ExactText.init) ?? order.last else { return nil }
        return byImage[key]
    }

    mutating func note(_ past: ImagePast) {
        let key = ExactText(past.imageID)
        if byImage.updateValue(past, forKey: key) != nil { order.removeAll { $0 == key } }
        order.append(key)
        if order.count > Self.countMax { byImage[order.removeFirst()] = nil }
    }
}
