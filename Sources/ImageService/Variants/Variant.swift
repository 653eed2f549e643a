import ImageFormats
import NIOCore

/// A rendered variant of an image.
package struct Variant: Sendable, Hashable {
    package var bytes: ByteBuffer
    package var format: ImageFormat
}

/// Which variant of which bytes: equal keys are equal pictures.
package struct VariantKey: Sendable, Hashable {
    /// The entity tag of the original's bytes.
    package var original: String
    package var options: RenderOptions
}
