import HTTPServing
import HubProtocol

/// The entity tag of an image's bytes: their digest, so that equal bytes have equal tags wherever they are.
package enum ContentTag {
    /// A record without a digest (the guide's own payload) has the image and its version instead: bytes of a version
    /// never change.
    package static func of(_ record: ImageRecord) -> EntityTag {
        if let sha256 = record.content.sha256 { return EntityTag(sha256) }
        return EntityTag("\(ImagePaths.encoded(record.id))-\(record.version)")
    }
}
