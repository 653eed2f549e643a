import FaultPlan
import HubProtocol
import JSON
import MessageHub
import Testing

@testable import SimulatedStorage

@Suite("Fault: StaleRead", .timeLimit(.minutes(5)))
struct StaleReadTests {
    @Test(arguments: StoreUnderTest.allCases)
    func theAnswerIsThatOfBefore(on store: StoreUnderTest) async throws {
        try await FaultBench.run("*:stale_read", store: store) { bench, connection in
            connection.deliver("create_image", .portrait, id: "create")
            try await connection.waitForAcknowledged()
            let image: [String: JSONValue] = ["image_id": .string(try #require(connection.replies.last?.id))]
            var count = 1
            func ask(_ operation: String, _ data: [String: JSONValue] = [:]) async throws -> Reply {
                count += 1
                connection.deliver(operation, data, id: "op-\(count)")
                try await connection.waitForAcknowledged(count)
                return try #require(connection.replies.last)
            }
            #expect(try await ask("get_image", image).code == "IMAGE_NOT_FOUND")
            #expect(try await ask("list_images").data["total"] == 0)
            #expect(try await ask("list_images").data["images"] == [])
            _ = try await ask("update_image", image.with(["name": "New", "theme": "other"]))
            #expect(try await ask("get_image", image).data["name"] == "Portrait Name")
            #expect(try await ask("list_images", ["theme": "fantasy"]).data["total"] == 1)
            #expect(try await ask("list_images", ["theme": "other"]).data["images"] == [])
            _ = try await ask("create_image_version", .content.with(image))
            #expect(try await ask("get_image", image).version == 1)
            #expect(try await ask("list_image_versions", image).data["versions"]?.array?.count == 1)
            _ = try await ask("delete_image", image)
            #expect(try await ask("get_image", image).version == 2)
            #expect(try await ask("list_images").data["images"]?.array?.count == 1)
        }
    }

    /// Whatever the page, it is the page of the list as it was.
    @Test func everyPageIsOneOfThePast() async throws {
        for changed in 0..<5 {
            func record(_ number: Int, name: String) -> ImageRecord {
                ImageRecord(
                    id: "id-\(number)",
                    type: "t",
                    subtype: "s",
                    name: name,
                    theme: "x",
                    content: ImageContent(url: "u", format: "png", width: 1, height: 1, size: 1, sha256: nil),
                    version: 1,
                    createdAt: HandTime.start.adding(milliseconds: Int64(number)),
                    updatedAt: HandTime.start
                )
            }
            for isThere in [(true, true), (false, true), (true, false)] {
                let now = (0..<5).filter { $0 != changed || isThere.0 }.map { record($0, name: "now") }
                let then = (0..<5).filter { $0 != changed || isThere.1 }
                    .map { record($0, name: $0 == changed ? "then" : "now") }
                let store = MemoryRecordStore()
                try await store.transact(.writing) { _ throws(RecordStoreError) in ((), now.map { .insertImage($0) }) }
                let past = ImagePast(
                    imageID: "id-\(changed)",
                    record: isThere.1 ? record(changed, name: "then") : nil,
                    versions: []
                )
                for skip in 0..<7 {
                    for limit in 1..<7 {
                        let page = try await store.transact(.reading) { reader throws(RecordStoreError) in
                            let stale = StaleReader(present: reader, past: past)
                            return (try stale.images(matching: ImageFilter(), skip: skip, limit: limit), [])
                        }
                        #expect(
                            page == Array(then.dropFirst(skip).prefix(limit)),
                            "\(changed) \(isThere) \(skip) \(limit)"
                        )
                    }
                }
            }
        }
    }
}
