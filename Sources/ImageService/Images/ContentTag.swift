import HTTPServing
import HubProtocol
import ImageFormats

/// The entity tag of an image's bytes: their digest, so that equal bytes have equal tags wherever they are.
package enum ContentTag {
    /// A record without a digest (the guide's own payload) has the image and its version instead: bytes of a version
    /// never change.
    ///
    /// A variant has its options besides: the same bytes rendered the same way are the same bytes again.
    package static func of(_ record: ImageRecord, as variant: RenderOptions? = nil) -> EntityTag {
        let original = record.content.sha256 ?? "\(ImagePaths.encoded(record.id))-\(record.version)"
        return EntityTag(variant.map { "\(original)-\($0.tag)" } ?? original)
    }
}
