/// The path of a request, split and percent-decoded once.
///
/// Segments are split before they are decoded, so `%2F` is a character of a segment and never a separator. Nothing is
/// normalised: a path with an empty segment, `.` or `..` (encoded or not) is nobody's path.
struct RequestPath: Sendable, Equatable {
    let segments: [String]
    let hasTrailingSlash: Bool

    /// Why a path has no segments.
    enum Problem: Error, Equatable {
        /// It is not percent-encoded UTF-8: the request is malformed.
        case malformed
        /// It is well-formed and cannot name anything.
        case unroutable
    }

    /// Reads the target of a request, `/a/b?x=y`; the query is left out.
    init(target: some StringProtocol) throws(Problem) {
        // Bytes and not characters, of which looking for the ends alone would cost more than the rest.
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        guard path.first == UInt8(ascii: "/") else { throw .malformed }
        guard !path.contains(UInt8(ascii: "#")) else { throw .malformed }
        var parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        hasTrailingSlash = parts.last?.isEmpty == true && parts.count > 1
        if parts.last?.isEmpty == true { parts.removeLast() }
        var segments: [String] = []
        segments.reserveCapacity(parts.count)
        var isRoutable = true
        for part in parts {
            guard let segment = PercentDecoding.decode(part) else { throw .malformed }
            isRoutable = isRoutable && !segment.isEmpty && segment != "." && segment != ".."
            segments.append(segment)
        }
        guard isRoutable else { throw .unroutable }
        self.segments = segments
    }
}
