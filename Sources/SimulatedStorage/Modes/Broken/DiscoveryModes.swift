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
            "announced-half-as-often",
            breaks: "HUB-DIS-002",
            "Announces itself every two thirds of the `ttl_seconds` that it says.",
            AlteredPublications(.announcement) { publication in
                publication.changeBody { members in
                    members["ttl_seconds"] = .integer(max(1, (members["ttl_seconds"]?.integer ?? 2) / 2))
                }
            }
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
            breaks: "HUB-DIS-020",
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
        .broken(
            "announcement-without-content-type",
            breaks: "HUB-DIS-007",
            "Announces itself without the property `content_type`.",
            AlteredPublications(.announcement) { $0.message.contentType = nil }
        ),
        .broken(
            "announcement-without-ttl",
            breaks: "HUB-DIS-008",
            "Announces itself without `ttl_seconds`.",
            AlteredPublications(.announcement) { $0.changeBody { $0["ttl_seconds"] = nil } }
        ),
        .broken(
            "announces-protocol-2",
            breaks: "HUB-DIS-021",
            "Announces the `protocol` as `2`.",
            AlteredPublications(.announcement) { $0.changeBody { $0["protocol"] = "2" } }
        ),
        .broken(
            "announces-what-it-cannot-do",
            breaks: "HUB-DIS-009",
            "Announces `list_image_versions`, which it does not implement.",
            AlteredDecisions { question throws(RecordStoreError) in
                guard question.operation == .listImageVersions else { return try question.decide() }
                return try question.refuse(.unknownOperation(question.request.operation))
            }
        ),
        .broken(
            "announces-less-than-it-can",
            breaks: "HUB-DIS-009",
            "Leaves `update_image`, which it implements, out of the operations that it announces.",
            AlteredPublications(.announcement) { publication in
                publication.changeBody { members in
                    members["operations"] = .array((members["operations"]?.array ?? []).filter { $0 != "update_image" })
                }
            }
        ),
        .broken(
            "stops-at-an-unreadable-query",
            breaks: "HUB-DIS-012",
            "Its listener dies of a query that is no JSON; no query is answered until a new connection.",
            StopsAtUnreadableQuery()
        ),
        .broken(
            "answers-queries-for-others",
            breaks: "HUB-DIS-013",
            "Answers every query, for whichever service it is.",
            AlteredDeliveries { delivery, _ in
                guard delivery.isQuery else { return delivery }
                var delivery = delivery
                delivery.message.body = ServiceQuery(service: "*").encoded()
                return delivery
            }
        ),
        .broken(
            "announcement-without-operations",
            breaks: "HUB-DIS-019",
            "Announces itself without `version` and `operations`.",
            AlteredPublications(.announcement) { publication in
                publication.changeBody { members in
                    members["version"] = nil
                    members["operations"] = nil
                }
            }
        ),
        .broken(
            "announces-credentials",
            breaks: "HUB-SEC-003",
            "Announces a `url` with the name and the password that it asks for.",
            AlteredPublications(.announcement) { publication in
                publication.changeBody { members in
                    let url = members["url"]?.string
                    members["url"] = url.map { .string($0.replacing("://", with: "://storage:secret@")) }
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

private final class StopsAtUnreadableQuery: Conduct {
    private let isDead = Mutex(false)

    func begin(connection number: Int, on core: StorageCore) async throws { isDead.withLock { $0 = false } }

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        guard delivery.isQuery else { return delivery }
        let isReadable = (try? JSONValue(parsing: delivery.message.body)) != nil
        let isDead = isDead.withLock { isDead in
            if !isReadable { isDead = true }
            return isDead
        }
        return isDead ? nil : delivery
    }
}
