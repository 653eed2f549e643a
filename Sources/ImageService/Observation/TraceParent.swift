import HTTPServing
import HTTPTypes

/// The `traceparent` of a request (W3C Trace Context 1 §3.2), which goes on to storage as it came.
///
/// This service records no spans of its own, so it passes the caller's parent on unchanged; a request without one
/// starts a trace, so that the log lines of both sides can be found by one id.
package enum TraceParent {
    /// The request's own, where it is valid, else a fresh one.
    package static func of(_ headers: HTTPFields, random: () -> UInt64 = { max(1, RandomDigits.number()) }) -> String {
        let given = headers[values: .traceparent]
        if given.count == 1, isValid(given[0]) { return given[0] }
        return "00-\(RandomDigits.hex(random(), random()))-\(RandomDigits.hex(random()))-01"
    }

    /// The 32 hex digits of the trace, for the log.
    package static func traceID(_ traceparent: String) -> String { String(traceparent.dropFirst(3).prefix(32)) }

    /// Version 00 in full; of a later version, the part that this one defines (§4.3).
    package static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 255, parts.count >= 4,
            zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.utf8.count == $1 && $0.utf8.allSatisfy(isLowerHex) }),
            parts[0] != "ff", parts[0] != "00" || parts.count == 4
        else { return false }
        return parts[1].contains { $0 != "0" } && parts[2].contains { $0 != "0" }
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
