import FaultPlan
import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofEvents: [ModeProbe] = [
        ModeProbe("no-event-for-updates") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("update_image", ["image_id": id, "name": "Other"])
            return try await client.misses { $0.events.contains { $0.key == "image.updated" } }
        },
        ModeProbe("no-event-for-equal-updates") { client in
            let image = try await client.create()
            let name = try #require(image.data["name"])
            let before = image.updatedAt
            let reply = try await client.ask("update_image", ["image_id": .string(image.id), "name": name])
            #expect(reply.updatedAt > before)
            return try await client.misses { $0.events.contains { $0.key == "image.updated" } }
        },
        ModeProbe("refused-event-is-lost") { client in
            client.refusesNext(FaultMatch(routingKey: "image.*"))
            try await client.create()
            return try await client.misses { !$0.events.isEmpty }
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
        ModeProbe("content-type-of-created-alone") { client in
            let id = JSONValue.string(try await client.create().id)
            try await client.ask("delete_image", ["image_id": id])
            let created = try await client.wait { $0.events.first { $0.key == "image.created" } }
            #expect(created.message.contentType != nil)
            let deleted = try await client.wait { $0.events.first { $0.key == "image.deleted" } }
            return deleted.message.contentType == nil
        },
        ModeProbe("deleted-event-has-the-first-version") { client in
            let id = try await client.createTwoVersions()
            try await client.ask("delete_image", ["image_id": id])
            return try await client.wait { $0.events.first { $0.key == "image.deleted" } }.version == 1
        },
        ModeProbe("updated-event-has-the-first-version") { client in
            let id = try await client.createTwoVersions()
            let reply = try await client.ask("update_image", ["image_id": id, "name": "Other"])
            #expect(reply.version == 2)
            return try await client.wait { $0.events.first { $0.key == "image.updated" } }.version == 1
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
        ModeProbe("occurred-in-1970") { client in
            try await client.create()
            return try await client.wait { $0.events.first }.json["occurred_at"] == "1970-01-01T00:00:00.000Z"
        },
        ModeProbe("transient-events") { client in
            try await client.create()
            let message = try await client.wait { $0.events.first }.message
            return !message.isPersistent && message.type == nil
        },
    ]
}
