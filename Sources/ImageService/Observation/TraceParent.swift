import HTTPServing
import HTTPTypes

/// The `traceparent` of a request (W3C Trace Context 1 §3.2), which goes on to storage as it came.
///
/// This service records no spans of its own, so it passes the caller's parent on unchanged; a request without one
/// starts a trace, so that the log lines of both sides can be found by one id.
package enum TraceParent {
    /// The request's own, where it is valid, else a fresh one.
    package static func of(_ headers: HTTPFields, random: () -> UInt64 = { max(1, RandomDigits.number()) }) -> String {
        // Several fields of one name are one text here, which is not valid.
        if let given = headers[.traceparent], isValid(given) { return given }
        return "00-\(RandomDigits.hex(random(), random()))-\(RandomDigits.hex(random()))-01"
    }

    /// The 32 hex digits of the trace, for the log.
    package static func traceID(_ traceparent: String) -> String {
        String(decoding: traceparent.utf8.dropFirst(3).prefix(32), as: UTF8.self)
    }

    /// Version 00 in full; of a later version, the part that this one defines (§4.3).
    package static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            // `00-` and 32 digits, `-` and 16, `-` and 2: 55 bytes, after which a later version may have more.
            guard (55...255).contains(bytes.count) else { return false }
            for (index, byte) in bytes.enumerated() {
                switch index {
                case 2, 35, 52: if byte != dash { return false }
                case 0..<55: if !isLowerHex(byte) { return false }
                default: if !(0x21...0x7E).contains(byte) { return false }
                }
            }
            let (isFirst, isInvalid) = (bytes[0..<2].allSatisfy(isZero), bytes[0..<2].allSatisfy { $0 == letterF })
            guard !isInvalid, bytes.count == 55 || !isFirst && bytes[55] == dash else { return false }
            return !bytes[3..<35].allSatisfy(isZero) && !bytes[36..<52].allSatisfy(isZero)
        }
    }

    private static let dash = UInt8(ascii: "-")
    private static let letterF = UInt8(ascii: "f")

    private static func isZero(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "0") }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
