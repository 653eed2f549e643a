import HTTPTypes

/// The trace that a request belongs to (W3C Trace Context 1): what goes on to storage, over the hub and over HTTP.
package struct TraceContext: Sendable, Hashable {
    /// §3.2: the trace and the caller's span.
    package var traceparent: String
    /// §3.3: what the systems on the way have added, newest first; `nil` where there is nothing.
    package var tracestate: String?

    package init(traceparent: String, tracestate: String? = nil) {
        self.traceparent = traceparent
        self.tracestate = tracestate
    }

    /// A request's own, where its `traceparent` is valid, else the beginning of a trace.
    ///
    /// §3.3.1.5: what comes without a valid parent has no state.
    package static func of(_ headers: HTTPFields) -> TraceContext {
        let traceparent = TraceParent.of(headers)
        let isTheirs = headers[.traceparent] == traceparent
        return TraceContext(traceparent: traceparent, tracestate: isTheirs ? TraceState.of(headers) : nil)
    }
}

/// The `tracestate` of a request: a list of `key=value`, passed on unread and within bounds (W3C Trace Context 1 §3.3).
package enum TraceState {
    package enum Limits {
        /// Members of the list (§3.3.1.1). With more of them it is no list.
        static let membersMax = 32
        /// Bytes that are passed on; §3.3.1.5 wants 512 at least.
        static let bytesMax = 512
        /// A member that is longer goes first where not all can be passed on (§3.3.1.5).
        static let longMemberBytes = 128
    }

    /// The list of all its fields together, its last members left out where it is too long; `nil` where there is none, or
    /// none that can be read.
    package static func of(_ headers: HTTPFields) -> String? {
        guard headers.contains(.tracestate) else { return nil }
        // §3.3.1: several fields are one list, and empty members mean nothing.
        var members = headers[values: .tracestate].joined(separator: ",").split(separator: ",")
            .map { $0.trimmingPrefix(while: isSpace) }
            .map { member in member.lastIndex { !isSpace($0) }.map { member[...$0] } ?? "" }
            .filter { !$0.isEmpty }
        guard members.count <= Limits.membersMax, members.allSatisfy(isMember) else { return nil }
        if bytes(members) > Limits.bytesMax { members.removeAll { $0.utf8.count > Limits.longMemberBytes } }
        while bytes(members) > Limits.bytesMax { members.removeLast() }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }

    private static func bytes(_ members: [Substring]) -> Int {
        members.reduce(members.count - 1) { $0 + $1.utf8.count }
    }

    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// §3.3.1.3: a key and a value of visible ASCII, in which the value may have spaces; the exact letters of a key are
    /// for those who read it.
    private static func isMember(_ member: Substring) -> Bool {
        let parts = member.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...256).contains(parts[0].utf8.count), (1...256).contains(parts[1].utf8.count) else {
            return false
        }
        return parts[0].utf8.allSatisfy { 0x21...0x7E ~= $0 } && parts[1].utf8.allSatisfy { 0x20...0x7E ~= $0 }
    }
}
