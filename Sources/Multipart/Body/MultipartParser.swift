/// A streaming parser of `multipart/form-data` (RFC 7578 on RFC 2046 §5.1).
///
///     var parser = MultipartParser(boundary: try Boundary(of: try MediaType(contentType)))
///     for try await chunk in body {
///         var rest = chunk[...]
///         while let event = try parser.nextEvent(from: &rest) { … }
///     }
///     try parser.finish()
///
/// The body may be cut anywhere. The parser keeps the headers of one part and the length of a match, nothing else, and
/// its work is linear in the body. The bounds are in ``MultipartLimits``.
///
/// What is accepted beyond the letter: a body without parts (what browsers send for an empty form), a preamble
/// and an epilogue, blanks after a boundary, a closing delimiter without CRLF, folded headers. What is refused:
/// LF for CRLF, a body without its closing delimiter, text on a delimiter's line, a part without a name, a repeated
/// header of meaning, any transfer encoding. A nested `multipart/mixed` (deprecated, RFC 7578 §4.3) is not unpacked: it is
/// the content of its part.
///
/// An error is final: all later calls throw it again. The file is long because it is one state machine.
public struct MultipartParser: Sendable {
    private enum State {
        case preamble
        case delimiterLine
        case headers
        case content
        /// `partEnded` was handed out, and `ended` is next.
        case closing
        case epilogue
        case failed(MultipartError)
    }

    private let limits: MultipartLimits
    private var state = State.preamble
    private var scanner: DelimiterScanner
    private var delimiterLine = DelimiterLine()
    private var headerBlock = HeaderBlock()
    private var partsBegun = 0
    /// Octets of the preamble, then of the present part's content, then of the epilogue.
    private var bytesInSection = 0

    /// How often the search for the delimiter looked at an octet; never more than three times the body.
    package var octetsExamined: Int { scanner.octetsExamined }

    /// A parser at the start of a body.
    public init(boundary: Boundary, limits: MultipartLimits = MultipartLimits()) {
        self.limits = limits
        scanner = DelimiterScanner(boundary: boundary)
    }

    /// Takes what makes up the next event off the front of `input`, or all of it where it makes up none (`nil`).
    ///
    /// Call it until it returns `nil`, then with the next piece of the body.
    public mutating func nextEvent(
        from input: inout ArraySlice<UInt8>
    ) throws(MultipartError) -> MultipartEvent? {
        do {
            return try advance(through: &input)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Hands every event in `bytes` to `handler`.
    ///
    /// Throws a ``MultipartError``, or what the handler throws; after the latter the body is given up
    /// (``MultipartError/abandoned``).
    public mutating func feed(
        _ bytes: ArraySlice<UInt8>,
        into handler: (MultipartEvent) throws -> Void
    ) throws {
        var rest = bytes
        while let event = try nextEvent(from: &rest) {
            do {
                try handler(event)
            } catch {
                state = .failed(.abandoned)
                throw error
            }
        }
    }

    /// Says that the body is over; throws unless it was complete.
    public mutating func finish() throws(MultipartError) {
        switch state {
        case .closing, .epilogue: return
        case .preamble: state = .failed(.boundaryNotFound)
        case .delimiterLine: state = .failed(.truncated(.boundaryLine))
        case .headers: state = .failed(.truncated(.headers))
        case .content: state = .failed(.truncated(.content))
        case .failed: break
        }
        if case .failed(let error) = state { throw error }
    }

    private mutating func advance(through input: inout ArraySlice<UInt8>) throws(MultipartError) -> MultipartEvent? {
        while true {
            switch state {
            case .preamble:
                guard let finding = scanner.next(from: &input) else { return nil }
                switch finding {
                case .content(let bytes):
                    try count(bytes.count, against: limits.preambleBytesMax, as: .preambleBytes)
                case .delimiter:
                    beginDelimiterLine()
                case .closeDelimiter:
                    state = .closing
                }
            case .delimiterLine:
                guard try delimiterLine.take(from: &input, limits: limits) else { return nil }
                try beginHeaders()
            case .headers:
                guard try headerBlock.take(from: &input, limits: limits) else { return nil }
                return .partBegan(try beginContent())
            case .content:
                guard let finding = scanner.next(from: &input) else { return nil }
                switch finding {
                case .content(let bytes):
                    try count(bytes.count, against: limits.partBytesMax, as: .partBytes)
                    return .partBytes(bytes)
                case .delimiter:
                    beginDelimiterLine()
                case .closeDelimiter:
                    state = .closing
                }
                return .partEnded
            case .closing:
                state = .epilogue
                bytesInSection = 0
                return .ended
            case .epilogue:
                try count(input.count, against: limits.epilogueBytesMax, as: .epilogueBytes)
                input = input.suffix(0)
                return nil
            case .failed(let error):
                throw error
            }
        }
    }

    private mutating func beginDelimiterLine() {
        delimiterLine = DelimiterLine()
        state = .delimiterLine
    }

    private mutating func beginHeaders() throws(MultipartError) {
        guard partsBegun < limits.partsMax else { throw .limitExceeded(.parts, max: limits.partsMax) }
        partsBegun += 1
        headerBlock = HeaderBlock()
        state = .headers
    }

    private mutating func beginContent() throws(MultipartError) -> PartHeaders {
        let headers = try PartHeaders(headerBlock, limits: limits)
        headerBlock = HeaderBlock()
        scanner.beginAtLineStart()
        bytesInSection = 0
        state = .content
        return headers
    }

    /// Counts octets of the present section, of which there may be `max`.
    private mutating func count(
        _ bytes: Int,
        against max: Int?,
        as limit: MultipartLimits.Name
    ) throws(MultipartError) {
        bytesInSection += bytes
        if let max, bytesInSection > max { throw .limitExceeded(limit, max: max) }
    }
}
