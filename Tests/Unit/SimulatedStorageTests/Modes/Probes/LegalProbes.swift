import HubProtocol
import HubSim
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let legal: [ModeProbe] = [
        ModeProbe("extra-fields") { client in
            let reply = try await client.create()
            return reply.json["x_more"] != nil && reply.data["x_more"] != nil
                && reply.data["metadata"]?["x_more"] != nil
        },
        ModeProbe("slow-within-the-deadline") { client in
            let start = ContinuousClock.now
            try await client.ask("list_images")
            // A busy machine is slow as well: only that it is no faster can be told.
            return client.bench.mode != nil && ContinuousClock.now - start >= .milliseconds(60)
        },
        ModeProbe("other-wording") { client in
            let reply = try await client.ask("delete_image", ["image_id": "none"])
            return reply.json["error"]?["message"]?.string?.hasPrefix("Das") == true && reply.code == "IMAGE_NOT_FOUND"
        },
        ModeProbe("new-versions-need-an-asset") { client in
            let id = JSONValue.string(try await client.create().id)
            let reply = try await client.ask("create_image_version", .content.with(["image_id": id]))
            return reply.code == "VALIDATION_ERROR"
        },
        ModeProbe("no-details") { client in
            try await client.ask("delete_image", ["image_id": "none"]).json["error"]?["details"] == nil
        },
        ModeProbe("details-of-its-own") { client in
            try await client.ask("delete_image", ["image_id": "none"]).json["error"]?["details"]?["hint"] != nil
        },
        ModeProbe("replies-out-of-order") { client in
            try await inSomeTry {
                // Without a mode they come in the order in which they were decided, which need not be that of asking:
                // so what is told is that every second one is late.
                let start = ContinuousClock.now
                try await client.ask("list_images")
                try await client.ask("list_images")
                return client.bench.mode != nil && ContinuousClock.now - start >= .milliseconds(60)
            }
        },
        ModeProbe("extra-headers-and-properties") { client in
            let message = try await client.ask("list_images").message
            return message.headers["x-node"] != nil && message.headers["event_type"] != nil
        },
        ModeProbe("transient-replies") { client in
            let message = try await client.ask("list_images").message
            return !message.isPersistent && message.messageID == nil
        },
        ModeProbe("json-with-white-space") { client in
            let message = try await client.create().message
            return String(decoding: message.body, as: UTF8.self).contains("\t")
        },
        ModeProbe("json-with-escapes") { client in
            let reply = try await client.create(["name": "Ü 🙁\""])
            #expect(reply.data["name"] == "Ü 🙁\"")
            return String(decoding: reply.message.body, as: UTF8.self).contains(#"\u00DC\u0020\uD83D\uDE41\u0022"#)
        },
        ModeProbe("json-keys-in-another-order") { client in
            let text = String(decoding: try await client.create().message.body, as: UTF8.self)
            return text.hasPrefix(#"{"status""#)
        },
        ModeProbe("numbers-with-a-fraction") { client in
            let reply = try await client.create()
            #expect(reply.data["width"] == 512)
            return String(decoding: reply.message.body, as: UTF8.self).contains(#""width":512.0"#)
        },
        ModeProbe("numbers-with-an-exponent") { client in
            let reply = try await client.create()
            #expect(reply.data["width"] == 512)
            return String(decoding: reply.message.body, as: UTF8.self).contains(#""width":512e0"#)
        },
        ModeProbe("ids-of-another-version") { client in
            let id = try await client.create().id
            let got = try await client.ask("get_image", ["image_id": .string(id)])
            #expect(got.isSuccess && id.looksLikeUUID)
            return id.dropFirst(14).first == "7"
        },
        ModeProbe("clock-that-is-ahead") { client in
            let before = TimeSource.system.timestamp().adding(milliseconds: 3_000_000)
            guard let time = Timestamp(try await client.create().updatedAt) else { return false }
            return time > before
        },
        ModeProbe("events-twice") { client in
            try await client.create()
            return try await client.notices { client in
                client.events.count == 2 && Set(client.events.map { $0.json["event_id"] }).count == 1
            }
        },
        ModeProbe("late-events") { client in
            let start = ContinuousClock.now
            try await client.create()
            try await client.wait { $0.events.first }
            return client.bench.mode != nil && ContinuousClock.now - start >= .milliseconds(150)
        },
        ModeProbe("few-requests-at-a-time") { client in
            client.requests?.consumers.map(\.prefetchMax) == [4]
        },
        ModeProbe("announces-often") { client in
            try await client.untilAnnounced()
            return try await client.notices { $0.announcements.count >= 3 }
        },
        ModeProbe(
            "goes-down-without-draining",
            ModeBench.Options(faults: "create_image,at=before_reply:delay:2s"),
            { client in
                try await client.untilAnnounced()
                // Who has nothing left to do when it is told to stop may be down before it could say that it drains.
                try await client.publish("create_image", .portrait, id: "op")
                try await client.wait { $0.events.first { $0.operationID == "op" } }
                try await client.bench.stopInOrder()
                try await client.wait { $0.announcements.first { $0.json["status"] == "down" } }
                return !client.announcements.contains { $0.json["status"] == "draining" }
            }
        ),
        .bench(
            "absolute-urls-of-assets",
            { bench in
                let bytes: [UInt8] = [1, 2, 3]
                let url = try await bench.put(bytes).json["url"]?.string
                let again = try await bench.put(bytes).json["url"]?.string
                #expect(url == again)
                let base = try await bench.storage.boundURL()
                return url == base + "/api/v2/assets/" + name(of: bytes)
            }
        ),
        .bench(
            "other-entity-tags",
            { bench in
                let bytes: [UInt8] = [1, 2, 3]
                try await bench.put(bytes)
                let tag = try #require(try await bench.get(name(of: bytes)).headers("ETag"))
                let again = try await bench.get(name(of: bytes), [("If-None-Match", tag)])
                #expect(again.status == 304)
                return tag == "\"rev-1.\(name(of: bytes))\""
            }
        ),
    ]
}
