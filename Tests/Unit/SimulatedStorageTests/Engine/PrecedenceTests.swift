import HubProtocol
import JSON
import SimulatedStorage
import Testing

/// Which of several mistakes is told: conflict, unknown operation, validation, image, version, asset (contract §7).
@Suite struct PrecedenceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let code: String
        let operation: String
        let data: [String: JSONValue]
        let operationID: String?
        var testDescription: String { "\(code) \(operation) \(operationID ?? "")" }

        init(_ code: String, _ operation: String, _ data: [String: JSONValue], as operationID: String? = nil) {
            self.code = code
            self.operation = operation
            self.data = data
            self.operationID = operationID
        }
    }

    static let noAsset: [String: JSONValue] = ["sha256": .string(assetName("f"))]

    @Test(
        arguments: [
            // A used id beats everything: unknown operation, validation, image.
            Row("OPERATION_CONFLICT", "rotate_image", [:], as: "used"),
            Row("OPERATION_CONFLICT", "create_image", [:], as: "used"),
            Row("OPERATION_CONFLICT", "get_image", ["image_id": "nobody"], as: "used"),
            // An unknown operation is not validated.
            Row("UNKNOWN_OPERATION", "rotate_image", [:]),
            Row("UNKNOWN_OPERATION", "Create_Image", .portrait),
            // Validation beats image, version and asset.
            Row("VALIDATION_ERROR", "get_image", ["image_id": "nobody", "version": 0]),
            Row("VALIDATION_ERROR", "update_image", ["image_id": "nobody"]),
            Row("VALIDATION_ERROR", "create_image_version", content(["image_id": "nobody", "width": 0]).with(noAsset)),
            Row("VALIDATION_ERROR", "create_image", .portrait.with(["name": " "]).with(noAsset)),
            // Image beats version and asset.
            Row("IMAGE_NOT_FOUND", "get_image", ["image_id": "nobody", "version": 9]),
            Row(
                "IMAGE_NOT_FOUND",
                "create_image_version",
                content(["image_id": "nobody", "expected_version": 9]).with(noAsset)
            ),
            Row("IMAGE_NOT_FOUND", "delete_image", ["image_id": "no uuid ✓"]),
            // Version beats asset.
            Row(
                "VERSION_CONFLICT",
                "create_image_version",
                content(["image_id": "id-1", "expected_version": 9]).with(noAsset)
            ),
            Row(
                "ASSET_NOT_FOUND",
                "create_image_version",
                content(["image_id": "id-1", "expected_version": 1]).with(noAsset)
            ),
        ],
        StoreUnderTest.allCases
    )
    func tellsTheFirst(_ row: Row, on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        _ = try await bench.ask("create_image", .portrait, as: "used")
        let reply = try await bench.ask(row.operation, row.data, as: row.operationID)
        #expect(reply.code == row.code)
        #expect(reply.json["operation_id"] != nil)
        #expect(reply.json["error"]?["message"]?.string?.isEmpty == false)
        #expect(reply.details.object != nil)
        // None of them left an effect.
        #expect(try await bench.ask("get_image", ["image_id": "id-1"]).version == 1)
        #expect(try await bench.ask("list_images").data["total"] == 1)
        #expect(try await bench.events().count == 1)
    }

    private static func content(_ data: [String: JSONValue]) -> [String: JSONValue] {
        [String: JSONValue].content.with(data)
    }

    @Test func everyWrongFieldIsToldAtOnce() async throws {
        let reply = try await EngineBench().ask("create_image", .portrait.with(["name": 1, "width": 0]))
        #expect(
            reply.details == [
                "errors": [
                    ["field": "data.name", "message": "must be a string, not number"],
                    ["field": "data.width", "message": "must be at least 1, not 0"],
                ]
            ]
        )
    }
}
