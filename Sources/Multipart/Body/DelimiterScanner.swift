/// Finds the delimiter `CRLF "--" boundary` in octets that come in pieces, and hands on all that is not part of it.
///
/// **Linear.** A boundary has no CR, so the delimiter has one only as its first octet, and no proper prefix of it is
/// also a suffix. Where a match breaks off, nothing of what matched can begin another one: the search goes on at the
/// octet that broke it. Every octet is looked at no more than three times (``octetsExamined`` counts).
///
/// **No copies.** What is handed on is a slice of the input. Where a piece ends within a match, nothing is stored but
/// the length of the match, for what is held back is by definition a prefix of the delimiter; if the match breaks
/// off later, the slice is one of the delimiter itself.
///
/// **What is a delimiter.** It must be followed by a blank, CR, LF (the rest of its line is then for
/// ``DelimiterLine`` to judge) or `--` (which closes the body, whatever follows). Before anything else, as in a line
/// `--boundaryX`, it is content.
struct DelimiterScanner: Sendable {
    /// What comes next in the input.
    enum Finding: Equatable {
        /// Octets that belong to no delimiter; never empty.
        case content(ArraySlice<UInt8>)
        /// A delimiter, up to the last character of the boundary; the rest of its line is next in the input.
        case delimiter
        /// A closing delimiter, its two dashes included.
        case closeDelimiter
    }

    /// `CRLF "--" boundary "--"`.
    private let closePattern: [UInt8]
    /// The length of `closePattern` without the last two dashes.
    private let delimiterLength: Int
    /// How much of `closePattern` was seen and is held back.
    private var matched = 0
    /// Where in `closePattern` the held-back octets begin: 2 where the CRLF was not in the content.
    private var heldFrom = 0
    /// How often an octet was looked at, for the tests of linearity.
    private(set) var octetsExamined = 0

    init(boundary: Boundary) {
        closePattern = [.carriageReturn, .lineFeed, .dash, .dash] + boundary.octets + [.dash, .dash]
        delimiterLength = closePattern.count - 2
        beginAtLineStart()
    }

    /// Begins anew at a point that counts as the start of a line, though its CRLF is not to be handed on: the start of
    /// the body, and of a content, since an empty one may share its CRLF with the end of the headers (RFC 2046 §5.1.1,
    /// `body-part`).
    mutating func beginAtLineStart() {
        matched = 2
        heldFrom = 2
    }

    /// The next finding, taken off `input`; `nil` where the input is used up.
    mutating func next(from input: inout ArraySlice<UInt8>) -> Finding? {
        while !input.isEmpty {
            if matched == 0 {
                let length = contentPrefixLength(of: input)
                if length > 0 {
                    let content = input.prefix(length)
                    input = input.dropFirst(length)
                    return .content(content)
                }
            }
            switch advanceMatch(in: &input) {
            case .reached(let finding): return finding
            case .broke(let held) where held.isEmpty: continue
            case .broke(let held): return .content(held)
            case .inputUsedUp: return nil
            }
        }
        return nil
    }

    private enum Match {
        case reached(Finding)
        case broke(held: ArraySlice<UInt8>)
        case inputUsedUp
    }

    /// Goes on with a match octet by octet, across pieces.
    private mutating func advanceMatch(in input: inout ArraySlice<UInt8>) -> Match {
        while let octet = input.first {
            octetsExamined += 1
            if matched == delimiterLength, octet.isBlank || octet == .carriageReturn || octet == .lineFeed {
                reset()
                return .reached(.delimiter)
            }
            guard octet == closePattern[matched] else {
                let held = closePattern[heldFrom..<matched]
                reset()
                return .broke(held: held)
            }
            input.removeFirst()
            matched += 1
            if matched == closePattern.count {
                reset()
                return .reached(.closeDelimiter)
            }
        }
        return .inputUsedUp
    }

    private mutating func reset() {
        matched = 0
        heldFrom = 0
    }

    /// How many octets at the start of `input` are certainly content: up to a whole delimiter, or one that the input's
    /// end cuts off.
    private mutating func contentPrefixLength(of input: ArraySlice<UInt8>) -> Int {
        let octets = input.span
        var index = 0
        while true {
            let next = Self.nextCarriageReturn(in: octets, from: index)
            octetsExamined += next - index
            index = next
            guard index < octets.count else { return index }
            octetsExamined += 1
            var length = 1
            while length < delimiterLength, index + length < octets.count,
                octets[index + length] == closePattern[length]
            {
                length += 1
            }
            octetsExamined += length - 1
            if length == delimiterLength || index + length == octets.count { return index }
            index += length
        }
    }

    /// Where the next CR is, or the end. Eight octets at a time: of an image every octet passes here, and one by one they
    /// would take a tenth of what decoding them takes.
    private static func nextCarriageReturn(in octets: Span<UInt8>, from start: Int) -> Int {
        let (ones, highBits) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        let bytes = octets.bytes
        var index = start
        while octets.count - index >= 8 {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) ^ ones &* 0x0D
            // Not zero where one of the eight is: a borrow comes only from an octet that is zero.
            if (word &- ones) & ~word & highBits != 0 { break }
            index += 8
        }
        while index < octets.count, octets[index] != .carriageReturn { index += 1 }
        return index
    }
}
