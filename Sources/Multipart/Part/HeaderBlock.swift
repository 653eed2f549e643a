/// Collects the header lines of one part up to the empty line that ends them, at whatever pieces they come in.
///
/// Lines are joined where they are folded: a line that begins with a blank continues the one before it
/// (RFC 5322 §2.2.3). Control characters and line ends other than CRLF are refused on the spot.
struct HeaderBlock: Sendable {
    private var octets: [UInt8] = []
    /// Where each field begins in `octets`.
    private var starts: [Int] = []
    /// All octets taken, line ends included: what ``MultipartLimits/headerBytesMax`` counts.
    private var bytesTaken = 0
    private var isAtLineStart = true
    private var hasCarriageReturn = false

    /// The fields, unfolded, without their line ends.
    var fields: [ArraySlice<UInt8>] {
        starts.indices.map { index in
            octets[starts[index]..<(index + 1 < starts.count ? starts[index + 1] : octets.count)]
        }
    }

    /// Takes octets off `input` until the block is complete (`true`) or the input is used up (`false`).
    mutating func take(from input: inout ArraySlice<UInt8>, limits: MultipartLimits) throws(MultipartError) -> Bool {
        while let octet = input.popFirst() {
            bytesTaken += 1
            if bytesTaken > limits.headerBytesMax { throw .limitExceeded(.headerBytes, max: limits.headerBytesMax) }
            if try take(octet, headersMax: limits.headersMax) { return true }
        }
        return false
    }

    /// Takes one octet; `true` where it ends the empty line.
    private mutating func take(_ octet: UInt8, headersMax: Int) throws(MultipartError) -> Bool {
        if hasCarriageReturn {
            guard octet == .lineFeed else { throw .bareCarriageReturn(.headers) }
            hasCarriageReturn = false
            let isEmptyLine = isAtLineStart
            isAtLineStart = true
            return isEmptyLine
        }
        if octet == .carriageReturn {
            hasCarriageReturn = true
            return false
        }
        if octet == .lineFeed { throw .bareLineFeed(.headers) }
        if octet.isForbiddenInHeader { throw .controlCharacterInHeader(octet) }
        if isAtLineStart {
            isAtLineStart = false
            try beginLine(with: octet, headersMax: headersMax)
        }
        octets.append(octet)
        return false
    }

    /// A line begins a field, or continues one if it begins with a blank.
    private mutating func beginLine(with octet: UInt8, headersMax: Int) throws(MultipartError) {
        if octet.isBlank {
            guard !starts.isEmpty else { throw .malformedHeaderLine(Excerpt(of: [octet])) }
            return
        }
        if starts.count == headersMax { throw .limitExceeded(.headers, max: headersMax) }
        starts.append(octets.count)
    }
}
