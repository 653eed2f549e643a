/// What a ``MultipartParser`` finds in a body, in the order
/// `(partBegan partBytes* partEnded)* ended`.
public enum MultipartEvent: Sendable, Equatable {
    /// The headers of a part are complete; its content follows.
    case partBegan(PartHeaders)
    /// Some more content of the part: never empty, and a slice of what was fed or of the parser's own delimiter, not a
    /// copy. How the content is cut depends on how the body was fed; only what the slices add up to has a meaning.
    case partBytes(ArraySlice<UInt8>)
    /// The part is complete.
    case partEnded
    /// The closing delimiter was there. What follows is ignored within ``MultipartLimits/epilogueBytesMax``.
    case ended
}
