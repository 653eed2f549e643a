import HubProtocol
import JSON
import MessageHub
import Synchronization

extension StorageMode {
    /// Mistakes in being one of several instances.
    static let ofInstances: [StorageMode] = [
        .broken(
            "instance-id-of-every-announcement",
            breaks: "HUB-DIS-010",
            "Makes a new `instance_id` for every announcement.",
            InstanceIDOfEveryAnnouncement()
        ),
        .broken(
            "instance-id-of-every-connection",
            breaks: "HUB-DIS-010",
            "Makes a new `instance_id` whenever it connects.",
            InstanceIDOfEveryConnection()
        ),
        .broken(
            "instances-share-a-queue-of-queries",
            breaks: "HUB-DIS-011",
            "Hears queries on a queue with a name, which its other instances consume too: one of them hears each.",
            SharedQueueOfQueries()
        ),
        .broken(
            "beats-on-the-first-connection-alone",
            breaks: "HUB-DIS-002",
            "Its timer ends with the first connection: on later ones it announces itself at the start and when asked.",
            BeatsOnFirstConnectionAlone()
        ),
    ]
}

private struct InstanceIDOfEveryAnnouncement: Conduct {
    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .announcement {
            let id = line.ids.next()
            publication.changeBody { $0["instance_id"] = .string(id) }
        }
        try await line.publish(publication)
    }
}

private final class InstanceIDOfEveryConnection: Conduct {
    private let id = Mutex<String?>(nil)

    func begin(connection number: Int, on core: StorageCore) async throws { id.withLock { $0 = nil } }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        var publication = publication
        if publication.kind == .announcement {
            let id = id.withLock { id in
                let known = id ?? line.ids.next()
                id = known
                return known
            }
            publication.changeBody { $0["instance_id"] = .string(id) }
        }
        try await line.publish(publication)
    }
}

/// Another instance is there, as far as the queue is concerned: it takes its part of the queries and answers none.
private struct SharedQueueOfQueries: Conduct {
    private static let shared = QueueDeclaration(name: "storage_service.queries", isAutoDelete: true)

    func ownQueue(_ declaration: QueueDeclaration) -> QueueDeclaration { Self.shared }

    func accompany(_ line: Line) async throws {
        let queue = try await line.connection.declareQueue(Self.shared)
        for await delivery in try await line.connection.consume(queue: queue.name, prefetch: 1) {
            await line.drop(delivery)
        }
        try Task.checkCancellation()
    }
}

private final class BeatsOnFirstConnectionAlone: Conduct {
    private struct State {
        var number = 0
        var isDue = false
    }

    private let state = Mutex(State())

    func begin(connection number: Int, on core: StorageCore) async throws {
        state.withLock { $0 = State(number: number, isDue: true) }
    }

    func receive(_ delivery: HubDelivery, on line: Line) async -> HubDelivery? {
        if delivery.isQuery { state.withLock { $0.isDue = true } }
        return delivery
    }

    func publish(_ publication: Publication, on line: Line) async throws(HubError) {
        guard publication.kind == .announcement, publication.json?["status"] == "up" else {
            return try await line.publish(publication)
        }
        let isDue = state.withLock { state in
            defer { state.isDue = false }
            return state.isDue || state.number == 1
        }
        if isDue { try await line.publish(publication) }
    }
}
