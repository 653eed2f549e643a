import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofDiscovery: [ModeProbe] = [
        .bench(
            "no-announcement-at-start",
            { bench in
                let client = try await bench.client()
                try await client.restart()
                return try await client.misses { !$0.announcements.isEmpty }
            }
        ),
        ModeProbe("announced-once") { client in
            try await client.query("*")
            let first = try await client.wait { $0.announcements.first }
            guard first.json["ttl_seconds"] == 3 else { return false }
            // That of the beginning may come after the answer; any further one is a repetition.
            let count = client.announcements.count
            return try await client.misses { $0.announcements.count > count + 1 }
        },
        ModeProbe("queries-are-ignored") { client in
            try await client.untilAnnounced()
            let count = client.announcements.count
            try await client.query("storage_service")
            return try await client.misses { $0.announcements.count > count }
        },
        ModeProbe("queries-for-everybody-are-ignored") { client in
            try await client.untilAnnounced()
            let count = client.announcements.count
            try await client.query("*")
            return try await client.misses { $0.announcements.count > count }
        },
        ModeProbe("no-farewell") { client in
            try await client.untilAnnounced()
            try await client.bench.stopInOrder()
            return try await client.misses { $0.announcements.contains { $0.json["status"] != "up" } }
        },
        ModeProbe("announces-the-path-of-assets") { client in
            try await client.query("*")
            let url = try await client.wait { $0.announcements.first }.json["url"]?.string
            return url?.hasSuffix("/api/v2/assets") == true
        },
        ModeProbe("announcement-without-content-type") { client in
            try await client.announced().message.contentType == nil
        },
        ModeProbe("announcement-without-ttl") { try await $0.announced().json["ttl_seconds"] == nil },
        ModeProbe("announces-what-it-cannot-do") { client in
            let operations = try await client.announced().json["operations"]?.array
            #expect(operations?.contains("list_image_versions") == true)
            return try await client.ask("list_image_versions", ["image_id": "none"]).code == "UNKNOWN_OPERATION"
        },
        ModeProbe("announces-less-than-it-can") { client in
            let operations = try await client.announced().json["operations"]?.array
            let reply = try await client.ask("update_image", ["image_id": "none", "name": "A"])
            #expect(reply.code == "IMAGE_NOT_FOUND")
            return operations?.contains("update_image") == false
        },
        ModeProbe("announced-half-as-often") { client in
            let usual = Int64(SimulatedStorage.Configuration(instanceID: "", version: "").ttlSeconds)
            return try await client.announced().json["ttl_seconds"]?.integer == usual / 2
        },
        ModeProbe("instance-id-of-every-announcement") { client in
            try await client.query("*")
            let ids = try await client.wait { client in
                client.announcements.count > 1 ? client.announcements.map { $0.json["instance_id"] } : nil
            }
            return Set(ids).count > 1
        },
        ModeProbe("announces-protocol-2") { try await $0.announced().json["protocol"] == "2" },
        ModeProbe("instance-id-of-every-connection") { client in
            let before = try await client.announced().json["instance_id"]
            client.cutStorage()
            return try await client.notices { $0.announcements.contains { $0.json["instance_id"] != before } }
        },
        ModeProbe("beats-on-the-first-connection-alone", ModeBench.Options(ttlSeconds: 3)) { client in
            try await client.announced()
            client.cutStorage()
            // One at the beginning, and the next ones by themselves; one may still come from before.
            let count = client.announcements.count
            return try await client.misses { $0.announcements.count > count + 2 }
        },
        ModeProbe("instances-share-a-queue-of-queries") { client in
            try await client.notices { $0.bench.hub.queue("storage_service.queries")?.consumerCount == 2 }
        },
        ModeProbe("stops-at-an-unreadable-query") { client in
            try await client.untilAnnounced()
            let count = client.announcements.count
            try await client.connection.publish(
                HubMessage(body: [0xFF]),
                to: HubAddress(exchange: Topology.defaultExchange, routingKey: Topology.Key.query),
                mandatory: true
            )
            try await client.query("*")
            return try await client.misses { $0.announcements.count > count }
        },
        ModeProbe("answers-queries-for-others") { client in
            try await client.untilAnnounced()
            let count = client.announcements.count
            try await client.query("image_service")
            return try await client.notices { $0.announcements.count > count }
        },
        ModeProbe("announcement-without-operations") { client in
            let json = try await client.announced().json
            return json["operations"] == nil && json["version"] == nil
        },
        ModeProbe("announces-credentials") { client in
            try await client.announced().json["url"]?.string?.contains("storage:secret@") == true
        },
    ]
}

extension ModeClient {
    /// An announcement, asked for.
    @discardableResult
    func announced() async throws -> Heard {
        try await query("*")
        return try await wait { $0.announcements.first }
    }

    /// Starts the storage anew, and waits until it has announced itself for the first time.
    func untilAnnounced() async throws {
        await bench.stop()
        // What came before it has been heard.
        try await connection.publish(
            HubMessage(body: []),
            to: HubAddress(exchange: Topology.defaultExchange, routingKey: "image.marker"),
            mandatory: true
        )
        try await wait { $0.events.first { $0.key == "image.marker" } }
        let count = announcements.count
        try await bench.start()
        try await wait { $0.announcements.count > count ? true : nil }
    }
}
