/// The rest of a delimiter's line: blanks that a gateway may have added (transport padding, RFC 2046 §5.1.1), and CRLF.
///
/// Anything else is refused: whether such a line separates parts is what readers differ on.
struct DelimiterLine: Sendable {
    private var paddingBytes = 0
    private var hasCarriageReturn = false

    /// Takes octets off `input` until the line has ended (`true`) or the input is used up (`false`).
    mutating func take(from input: inout ArraySlice<UInt8>, limits: MultipartLimits) throws(MultipartError) -> Bool {
        while let octet = input.popFirst() {
            if hasCarriageReturn {
                guard octet == .lineFeed else { throw .bareCarriageReturn(.boundaryLine) }
                return true
            }
            switch octet {
            case .carriageReturn:
                hasCarriageReturn = true
            case .lineFeed:
                throw .bareLineFeed(.boundaryLine)
            case .space, .tab:
                paddingBytes += 1
                guard paddingBytes <= limits.headerBytesMax else {
                    throw .limitExceeded(.delimiterPaddingBytes, max: limits.headerBytesMax)
                }
            default:
                throw .textAfterBoundary(octet)
            }
        }
        return false
    }
}
