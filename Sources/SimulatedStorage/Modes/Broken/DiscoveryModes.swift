import HubProtocol
import JSON
import MessageHub
import Synchronization

extension StorageMode {
    /// Mistakes in how a storage announces itself.
    static let ofDiscovery: [StorageMode] = [
        .broken(
            "no-announcement-at-start",
            breaks: "HUB-DIS-001",
            "Waits to be asked before it announces itself.",
            NoAnnouncementAtStart()
        ),
        .broken(
            "announced-once",
            breaks: "HUB-DIS-002",
            "Announces itself at the start with a `ttl_seconds` of 3, and never again unless asked.",
            AnnouncedOnce()
        ),
        .broken(
            "queries-are-ignored",
            breaks: "HUB-DIS-003",
            "Does not listen to `discovery.query`.",
            AlteredTopology(key: { $0 == Topology.Key.query ? nil : $0 })
        ),
        .broken(
            "queries-for-everybody-are-ignored",
            breaks: "HUB-DIS-003",
            "Answers a `discovery.query` for `storage_service` and none for `*`.",
            AlteredDeliveries { delivery, line in
                let body = try? JSONValue(parsing: delivery.message.body)
                guard delivery.isQuery, body?["service"] == "*" else { return delivery }
                await line.drop(delivery)
                return nil
            }
        ),
        .broken(
            "no-farewell",
            breaks: "HUB-DIS-004",
            "Stops without a word: requesters learn it from the TTL.",
            AlteredPublications(only: .announcement, where: { $0.json?["status"] == "up" })
        ),
        .broken(
            "announces-the-path-of-assets",
            breaks: "HUB-DIS-005",
            "Announces the URL of the assets, with `/api/v2/assets`, and not the base URL of the API.",
            AlteredPublications(.announcement) { publication in
                publication.changeBody { members in
                    members["url"] = members["url"]?.string.map { .string($0 + "/api/v2/assets") }
                }
            }
        ),
    ]
}

private final class NoAnnouncementAtStart: Conduct {
    private let isFirst = Mutex(true)

    func begin(connection number: Int, on core: StorageCore) async throws { isFirst.withLock { $0 = true } }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .announcement else { return try await line.publish(publication) }
        let wasFirst = isFirst.withLock { isFirst in
            defer { isFirst = false }
            return isFirst
        }
        if !wasFirst { try await line.publish(publication) }
    }
}

private final class AnnouncedOnce: Conduct {
    private struct State {
        var isFirst = true
        var isAsked = false
    }

    private let state = Mutex(State())

    func begin(connection number: Int, on core: StorageCore) async throws { state.withLock { $0 = State() } }

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        if delivery.isQuery { state.withLock { $0.isAsked = true } }
        return delivery
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .announcement else { return try await line.publish(publication) }
        let isDue = state.withLock { state in
            defer { (state.isFirst, state.isAsked) = (false, false) }
            return state.isFirst || state.isAsked
        }
        var publication = publication
        publication.changeBody { $0["ttl_seconds"] = 3 }
        // A farewell is no repetition.
        if isDue || publication.json?["status"] != "up" { try await line.publish(publication) }
    }
}
