import CImageCodecs

extension icc_outcome {
    /// Throws what the outcome means; returns if the call went well.
    func check() throws(ImageFault) {
        switch Int(status) {
        case ICC_OK: return
        case ICC_NO_MEMORY: throw .outOfMemory
        case ICC_UNSUPPORTED: throw .unsupported(text)
        default: throw .malformed(text)
        }
    }

    private var text: String {
        withUnsafeBytes(of: reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
