import FaultPlan
import HTTPServing
import Hummingbird
import JSON
import ServiceLifecycle

/// `GET /_sim/journal?after=&wait_ms=&limit=&namespace=`: what has happened, and what happens next.
struct JournalController: Sendable {
    let journal: Journal
    /// What a request waits on while nothing happens.
    let clock: any Clock<Duration>

    func addRoutes(to routes: inout RouteTable) {
        routes.get("/_sim/journal", use: read)
    }

    /// With `wait_ms` the answer comes with the next entry after `after`, or when the time is over; a client that goes
    /// away, and a server that stops, end the wait.
    @Sendable private func read(_ request: Request, _ context: ServingContext) async throws -> Response {
        let query = try QueryItems(request)
        let after = try AdminRequest.integer("after", in: 0...Int.max, default: 0, query)
        let waitMs = try AdminRequest.integer("wait_ms", in: 0...AdminLimits.waitMsMax, default: 0, query)
        let limit = try AdminRequest.integer(
            "limit",
            in: 1...AdminLimits.entriesMax,
            default: AdminLimits.entriesDefault,
            query
        )
        let header = try AdminRequest.namespace(request)
        let namespace = try AdminRequest.queriedNamespace(query) ?? (header.isEmpty ? nil : header)
        var page = journal.entries(after: after, limit: limit, namespace: namespace)
        if page.entries.isEmpty, !page.isBeyondEnd, waitMs > 0 {
            let start = page.next
            _ = await Waiting.upTo(milliseconds: waitMs, on: clock) {
                var seen = start
                // An entry of another namespace ends the journal's wait, but not this one.
                while !Task.isCancelled {
                    await journal.waitForEntry(after: seen)
                    let next = journal.entries(after: seen, limit: 1, namespace: namespace)
                    if !next.entries.isEmpty { return true }
                    seen = next.next
                }
                return false
            }
            page = journal.entries(after: after, limit: limit, namespace: namespace)
        }
        var members: [String: JSONValue] = [
            "entries": .array(page.entries.map(\.json)), "next": .integer(Int64(page.next)),
            "dropped": .integer(Int64(page.dropped)), "digest": .string(page.digest),
        ]
        // A number of an earlier start. Who asks again after `next` gets everything of this one, and misses nothing.
        if page.isBeyondEnd { members["restarted"] = true }
        return JSONResponse(.object(members)).response
    }
}
