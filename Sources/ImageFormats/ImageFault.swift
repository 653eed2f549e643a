/// What the parser of one format found wrong; ``HeaderReader`` and ``ImageValidator`` turn it into an
/// ``ImageRejection``.
enum ImageFault: Error, Hashable {
    /// The file ends inside something that it announced.
    case truncated
    /// The structure contradicts itself or the format, or the content does not decode.
    case malformed(String)
    /// A legal variant that nothing here decodes; the text completes "This is …".
    case unsupported(String)
    /// Over the pixel limit.
    case tooLarge(width: Int, height: Int, frames: Int)
    /// Over the frame limit.
    case tooManyFrames
    /// Decoding needs more memory than the header let expect, or than there is.
    case outOfMemory

    /// The rejection of an image in this format by these limits.
    func rejection(of format: ImageFormat, _ limits: ImageLimits) -> ImageRejection {
        switch self {
        case .truncated: .corrupt(format: format, reason: "the file is truncated")
        case .malformed(let reason): .corrupt(format: format, reason: reason)
        case .unsupported(let variant): .invalidFileType(found: variant, allowed: limits.formats.sorted())
        case .tooLarge(let width, let height, let frames):
            .tooLarge(width: width, height: height, frames: frames, pixelsMax: limits.pixelsMax)
        case .tooManyFrames: .tooManyFrames(framesMax: limits.framesMax)
        case .outOfMemory:
            .memoryExceeded(neededBytes: limits.memoryMaxBytes, memoryMaxBytes: limits.memoryMaxBytes)
        }
    }
}
