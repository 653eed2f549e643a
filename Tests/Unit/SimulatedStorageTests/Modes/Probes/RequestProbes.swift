import JSON
import Testing

@testable import SimulatedStorage

extension ModeProbe {
    static let ofRequests: [ModeProbe] = [
        ModeProbe("needs-content-type") { client in
            try await client.publish("list_images", id: "op") { $0.contentType = nil }
            return try await client.misses { $0.heard.contains { $0.operationID == "op" } }
        },
        ModeProbe("refuses-unknown-headers") { client in
            let reply = try await client.ask("list_images") { $0.headers["x-more"] = .string("value") }
            return reply.code == "VALIDATION_ERROR"
        },
        ModeProbe("operation-ids-must-be-uuids") { client in
            try await client.ask("list_images", id: "operation 7").code == "VALIDATION_ERROR"
        },
        ModeProbe("operation-ids-without-case") { client in
            let first = try await client.ask("create_image", .portrait, id: "aaaa")
            let second = try await client.ask("create_image", .portrait, id: "AAAA")
            #expect(second.operationID == "AAAA")
            return first.id == second.id
        },
        ModeProbe("operation-ids-are-trimmed") { client in
            let first = try await client.ask("create_image", .portrait, id: "aaaa")
            let second = try await client.ask("create_image", .portrait, id: "aaaa ")
            #expect(second.operationID == "aaaa ")
            return first.id == second.id
        },
        ModeProbe("refuses-unknown-fields") { try await $0.create(["more": 1]).code == "VALIDATION_ERROR" },
        ModeProbe("refuses-unknown-envelope-fields") { client in
            let body: JSONValue = ["operation": "list_images", "operation_id": "op", "data": [:], "more": 1]
            try await client.publish(body: body.encoded(), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("null-is-a-value") { client in
            try await client.ask("list_images", ["type": nil]).code == "VALIDATION_ERROR"
        },
        ModeProbe("null-is-another-version") { client in
            let id = JSONValue.string(try await client.create().id)
            let request: [String: JSONValue] = .content.with(["image_id": id, "expected_version": .null])
            return try await client.ask("create_image_version", request).code == "VERSION_CONFLICT"
        },
        ModeProbe("data-must-be-there") { client in
            let body: JSONValue = ["operation": "list_images", "operation_id": "op"]
            try await client.publish(body: body.encoded(), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("whole-numbers-without-fraction") { client in
            let body = #"{"operation":"list_images","operation_id":"op","data":{"limit":10.0}}"#
            try await client.publish(body: Array(body.utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("page-bounds-without-fraction") { client in
            let body = #"{"operation":"list_images","operation_id":"op","data":{"limit":10.0}}"#
            try await client.publish(body: Array(body.utf8), id: "op")
            return try await client.wait { $0.heard.first(where: \.isMine) }.code == "VALIDATION_ERROR"
        },
        ModeProbe("bodies-of-64-kib-at-most") { client in
            let padding = JSONValue.string(String(repeating: "x", count: 70_000))
            return try await client.ask("list_images", ["padding": padding]).code == "VALIDATION_ERROR"
        },
    ]
}
