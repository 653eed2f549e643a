import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofIdempotence: [ModeProbe] = [
        ModeProbe("repeats-are-carried-out-again") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            let second = try await client.ask("create_image", .portrait, id: "op")
            let other = try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            #expect(other.code == "OPERATION_CONFLICT")
            return first.id != second.id
        },
        ModeProbe("repeats-are-conflicts") { client in
            try await client.ask("create_image", .portrait, id: "op")
            return try await client.ask("create_image", .portrait, id: "op").code == "OPERATION_CONFLICT"
        },
        ModeProbe("errors-are-forgotten") { client in
            let bytes: [UInt8] = [1, 2, 3]
            let request: [String: JSONValue] = .portrait.with(["sha256": .string(name(of: bytes)), "size": 3])
            let first = try await client.ask("create_image", request, id: "op")
            #expect(first.code == "ASSET_NOT_FOUND")
            try await client.bench.put(bytes)
            return try await client.ask("create_image", request, id: "op").isSuccess
        },
        ModeProbe("conflicts-are-not-seen") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            let second = try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            return second.id == first.id
        },
        ModeProbe("payloads-compared-as-text") { client in
            try await client.ask("delete_image", ["image_id": "none", "more": 1], id: "op")
            let again = #"{"operation":"delete_image","operation_id":"op","data":{"more":1.0,"image_id":"none"}}"#
            try await client.publish(body: Array(again.utf8), id: "op")
            let replies = try await client.wait { client in
                let replies = client.heard.filter(\.isMine)
                return replies.count == 2 ? replies : nil
            }
            return replies[1].code == "OPERATION_CONFLICT"
        },
        ModeProbe("ignores-repeats-under-way") { client in
            try await inSomeTry {
                let id = client.freshID()
                try await client.publish("create_image", .portrait, id: id)
                try await client.publish("create_image", .portrait, id: id)
                return try await client.misses { $0.heard.count { $0.isMine && $0.operationID == id } == 2 }
            }
        },
        ModeProbe(
            "no-room-is-remembered",
            ModeBench.Options(limits: StorageLimits.ofOneVersion),
            { client in
                let id = JSONValue.string(try await client.create().id)
                let full = try await client.ask("create_image", .portrait, id: "op")
                #expect(full.code == "STORAGE_FULL")
                try await client.ask("delete_image", ["image_id": id])
                return try await client.ask("create_image", .portrait, id: "op").code == "STORAGE_FULL"
            }
        ),
        ModeProbe("conflict-is-remembered") { client in
            try await client.ask("create_image", .portrait, id: "op")
            try await client.ask("create_image", .portrait.with(["name": "B"]), id: "op")
            return try await client.ask("create_image", .portrait, id: "op").code == "OPERATION_CONFLICT"
        },
        ModeProbe("repeats-are-read-again") { client in
            let image = try await client.ask("create_image", .portrait, id: "op")
            try await client.ask("delete_image", ["image_id": .string(image.id)])
            return try await client.ask("create_image", .portrait, id: "op").code == "IMAGE_NOT_FOUND"
        },
    ]

    static let ofConsistency: [ModeProbe] = [
        ModeProbe("codes-in-lower-case") { client in
            try await client.ask("delete_image", ["image_id": "none"]).code == "image_not_found"
        },
        ModeProbe("image-before-validation") { client in
            try await client.ask("update_image", ["image_id": "none", "name": 7]).code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("validation-before-conflict") { client in
            try await client.ask("create_image", .portrait, id: "op")
            return try await client.ask("create_image", [:], id: "op").code == "VALIDATION_ERROR"
        },
        ModeProbe("lists-lag-behind") { client in
            try await inSomeTry {
                let id = try await client.create().id
                return try await client.listed(["limit": 1000]).contains(id) == false
            }
        },
        ModeProbe("reads-from-a-cache") { client in
            let id = JSONValue.string(try await client.create().id)
            return try await inSomeTry {
                try await client.ask("get_image", ["image_id": id])
                let updated = try await client.ask("update_image", ["image_id": id, "name": "Other"])
                return try await client.ask("get_image", ["image_id": id]).updatedAt != updated.updatedAt
            }
        },
        ModeProbe("conflict-after-the-effect") { client in
            let id = JSONValue.string(try await client.create().id)
            let request: [String: JSONValue] = .content.with(["image_id": id, "expected_version": 7])
            let conflict = try await client.ask("create_image_version", request)
            #expect(conflict.code == "VERSION_CONFLICT")
            return try await client.ask("get_image", ["image_id": id]).version == 2
        },
        ModeProbe("stops-at-an-unreadable-body") { client in
            try await client.publish(body: [0xFF], id: "bad") { $0.replyTo = nil }
            try await client.publish("list_images", id: "op")
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("does-not-come-back", ModeBench.Options(faults: "get_image:disconnect:1ms:x1")) { client in
            try await client.publish("get_image", ["image_id": "none"], id: "op")
            try await client.bench.until { client.bench.mode == nil || !client.bench.storage.responder.isConsuming }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("updates-are-lost") { client in
            try await inSomeTry {
                let id = JSONValue.string(try await client.create().id)
                let ids = [client.freshID(), client.freshID()]
                try await client.publish("update_image", ["image_id": id, "name": "Other"], id: ids[0])
                try await client.publish("update_image", ["image_id": id, "theme": "other"], id: ids[1])
                try await client.wait { client in
                    client.heard.count { $0.isMine && ids.contains($0.operationID ?? "") } == 2 ? true : nil
                }
                return try await client.ask("get_image", ["image_id": id]).data["name"] != "Other"
            }
        },
        ModeProbe("one-request-at-a-time") { client in
            client.requests?.consumers.map(\.prefetchMax) == [1]
        },
        ModeProbe(
            "no-room-is-an-internal-error",
            ModeBench.Options(limits: StorageLimits.ofOneVersion),
            { client in
                try await client.create()
                return try await client.create().code == "INTERNAL_ERROR"
            }
        ),
        ModeProbe(
            "leaves-in-the-middle",
            ModeBench.Options(faults: "create_image,at=before_reply:delay:3s"),
            { client in
                // Only who has announced itself says that it drains.
                try await client.untilAnnounced()
                try await client.publish("create_image", .portrait, id: "op")
                // What has an effect has been taken; a request that was delivered need not have been.
                try await client.wait { $0.events.first { $0.operationID == "op" } }
                try await client.bench.stopInOrder()
                let isAnswered = try await !client.misses { $0.heard.contains { $0.isMine && $0.operationID == "op" } }
                return !isAnswered && client.requests?.acknowledgedCount == 1
            }
        ),
    ]

    static let ofEvents: [ModeProbe] = [
        ModeProbe("no-event-for-updates") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("update_image", ["image_id": id, "name": "Other"])
            return try await client.misses { $0.events.contains { $0.key == "image.updated" } }
        },
        ModeProbe("event-before-effect") { client in
            try await inSomeTry {
                let id = client.freshID()
                let before = client.heard.count(where: \.isMine)
                try await client.publish("create_image", .portrait, id: id)
                let event = try await client.wait { $0.events.first { $0.operationID == id } }
                let got = client.freshID()
                try await client.publish("get_image", ["image_id": .string(event.id)], id: got)
                let reply = try await client.wait { $0.heard.first { $0.isMine && $0.operationID == got } }
                // Once it is answered, it is there for everybody.
                try await client.wait { $0.heard.count(where: \.isMine) == before + 2 ? true : nil }
                let after = try await client.ask("get_image", ["image_id": .string(event.id)])
                #expect(after.isSuccess)
                return reply.code == "IMAGE_NOT_FOUND"
            }
        },
        ModeProbe("every-second-event-is-lost") { client in
            _ = try await client.createThree()
            return try await client.misses { $0.events.count == 3 }
        },
        ModeProbe("events-out-of-order") { client in
            try await inSomeTry {
                let id = JSONValue.string(try await client.create().id)
                for _ in 0..<3 { try await client.ask("update_image", ["image_id": id, "name": "Other"]) }
                let events = try await client.wait { client in
                    let events = client.events.filter { $0.data["id"] == id }
                    return events.count == 4 ? events : nil
                }
                let times = events.map(\.updatedAt)
                return times != times.sorted()
            }
        },
        ModeProbe("deleted-event-has-the-id-alone") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("delete_image", ["image_id": id])
            let event = try await client.wait { $0.events.first { $0.key == "image.deleted" } }
            return event.data == ["id": id]
        },
        ModeProbe("event-without-content-type") { client in
            try await client.create()
            return try await client.wait { $0.events.first }.message.contentType == nil
        },
        ModeProbe("event-id-of-every-publish") { client in
            try await client.create()
            return try await client.notices { Set($0.events.map { $0.json["event_id"] }).count == 2 }
        },
        ModeProbe("events-for-failures") { client in
            try await client.ask("delete_image", ["image_id": "none"], id: "op")
            return try await client.notices { $0.events.contains { $0.operationID == "op" } }
        },
        ModeProbe("events-by-another-key") { client in
            let id = try await client.create().id
            return try await client.misses { $0.events.contains { $0.id == id } }
        },
        ModeProbe("event-id-of-the-image") { client in
            try await client.create()
            let event = try await client.wait { $0.events.first }
            return event.json["event_id"]?.string == event.id
        },
        ModeProbe("event-without-operation-id") { client in
            try await client.create()
            return try await client.wait { $0.events.first }.operationID == nil
        },
        ModeProbe("event-with-half-a-record") { client in
            try await client.create()
            return try await client.wait { $0.events.first }.data.object?.count == 3
        },
        ModeProbe("occurred-at-in-seconds") { client in
            try await client.create()
            return try await client.wait { $0.events.first }.json["occurred_at"]?.integer != nil
        },
        ModeProbe("transient-events") { client in
            try await client.create()
            let message = try await client.wait { $0.events.first }.message
            return !message.isPersistent && message.type == nil
        },
    ]

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
            try await client.announced().json["operations"]?.array?.contains("restore_image") == true
        },
        ModeProbe("instance-id-of-every-announcement") { client in
            try await client.query("*")
            let ids = try await client.wait { client in
                client.announcements.count > 1 ? client.announcements.map { $0.json["instance_id"] } : nil
            }
            return Set(ids).count > 1
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

    static let ofDurability: [ModeProbe] = [
        ModeProbe("operations-are-forgotten-at-restart") { client in
            let first = try await client.ask("create_image", .portrait, id: "op")
            try await client.restart()
            return try await client.ask("create_image", .portrait, id: "op").id != first.id
        },
        ModeProbe("last-write-is-lost-at-restart") { client in
            let ids = try await client.createThree()
            try await client.restart()
            return try await client.listed() == Array(ids.dropLast())
        },
        ModeProbe("half-an-image-after-restart") { client in
            let ids = try await client.createThree()
            try await client.restart()
            let newest = try await client.ask("get_image", ["image_id": .string(ids[2])])
            return try await client.listed() == ids && newest.code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("assets-are-lost-at-restart") { client in
            let bytes: [UInt8] = [1, 2, 3]
            try await client.bench.put(bytes)
            try await client.restart()
            return try await client.bench.get(name(of: bytes)).status == 404
        },
    ]
}

extension StorageLimits {
    /// Room for one version of one image.
    static var ofOneVersion: StorageLimits {
        var limits = StorageLimits()
        limits.versionsMax = 1
        return limits
    }
}

extension ModeClient {
    /// An announcement, asked for.
    func announced() async throws -> Heard {
        try await query("*")
        return try await wait { $0.announcements.first }
    }

    /// Ends the storage, and starts another on the same store.
    func restart() async throws {
        await bench.stop()
        try await bench.start()
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
