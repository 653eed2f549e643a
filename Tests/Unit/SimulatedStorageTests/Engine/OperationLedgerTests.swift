import HubProtocol
import JSON
import SimulatedStorage
import Testing

/// The same operation id again (contract §3, §7).
@Suite struct OperationLedgerTests {
    @Test(arguments: StoreUnderTest.allCases)
    func everyOperationWithAnEffectAnswersTheSameAgain(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let rows: [(String, [String: JSONValue])] = [
            ("create_image", .portrait),
            ("update_image", ["image_id": "id-1", "name": "New"]),
            ("create_image_version", .content.with(["image_id": "id-1", "expected_version": 1])),
            ("delete_image", ["image_id": "id-1"]),
        ]
        for (number, row) in rows.enumerated() {
            let first = try await bench.body(row.0, row.1, as: "same-\(number)")
            let events = try await bench.events().count
            bench.time.advance(milliseconds: 5000)
            for _ in 0..<3 {
                #expect(try await bench.body(row.0, row.1, as: "same-\(number)") == first, "\(row.0)")
            }
            #expect(try await bench.events().count == events, "\(row.0)")
        }
        // Again after the image is gone: still as it was answered first.
        #expect(try await bench.ask("create_image", .portrait, as: "same-0").id == "id-1")
        #expect(try await bench.ask("list_images").data["total"] == 0)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func errorsAreRememberedAlthoughTheWorldHasChanged(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let content: [String: JSONValue] = ["sha256": .string(assetName("a")), "size": 4]
        #expect(try await bench.ask("create_image", .portrait.with(content), as: "early").code == "ASSET_NOT_FOUND")
        #expect(try await bench.ask("delete_image", ["image_id": "id-1"], as: "none").code == "IMAGE_NOT_FOUND")
        #expect(try await bench.ask("create_image", [:], as: "bad").code == "VALIDATION_ERROR")
        try await bench.putAsset(assetName("a"), size: 4)
        #expect(try await bench.ask("create_image", .portrait.with(content)).id == "id-1")
        #expect(try await bench.ask("create_image", .portrait.with(content), as: "early").code == "ASSET_NOT_FOUND")
        #expect(try await bench.ask("delete_image", ["image_id": "id-1"], as: "none").code == "IMAGE_NOT_FOUND")
        #expect(try await bench.ask("create_image", [:], as: "bad").code == "VALIDATION_ERROR")
        #expect(try await bench.ask("list_images").data["total"] == 1)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func readsAreCarriedOutAgain(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        #expect(try await bench.ask("list_images", as: "read").data["total"] == 0)
        _ = try await bench.ask("create_image", .portrait)
        #expect(try await bench.ask("list_images", as: "read").data["total"] == 1)
    }

    struct Conflict: Sendable, CustomTestStringConvertible {
        let operation: String
        let data: [String: JSONValue]
        let isConflict: Bool
        let testDescription: String

        init(_ what: String, _ operation: String, _ data: [String: JSONValue], isConflict: Bool) {
            testDescription = what
            self.operation = operation
            self.data = data
            self.isConflict = isConflict
        }
    }

    @Test(
        arguments: [
            Conflict("the same", "create_image", .portrait, isConflict: false),
            Conflict("a number spelled otherwise", "create_image", .portrait.with(["width": 512.0]), isConflict: false),
            Conflict("another operation", "update_image", .portrait, isConflict: true),
            Conflict("another value", "create_image", .portrait.with(["name": "Other"]), isConflict: true),
            Conflict(
                "another spelling of a text",
                "create_image",
                .portrait.with(["name": "portrait Name"]),
                isConflict: true
            ),
            Conflict("one more field", "create_image", .portrait.with(["unknown": 1]), isConflict: true),
            Conflict("a null more", "create_image", .portrait.with(["sha256": nil]), isConflict: true),
            Conflict("one field less", "create_image", .portrait.filter { $0.key != "theme" }, isConflict: true),
        ],
        StoreUnderTest.allCases
    )
    func anotherPayloadIsAConflict(_ row: Conflict, on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let first = try await bench.body("create_image", .portrait, as: "same")
        let second = try await bench.body(row.operation, row.data, as: "same")
        #expect(Reply(second).code == (row.isConflict ? "OPERATION_CONFLICT" : nil))
        if !row.isConflict { #expect(second == first) }
        // A conflict is not remembered in the first one's place.
        #expect(try await bench.body("create_image", .portrait, as: "same") == first)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aReadAndAnUnknownOperationTakeTheirIDToo(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        _ = try await bench.ask("list_images", as: "read")
        #expect(try await bench.ask("create_image", .portrait, as: "read").code == "OPERATION_CONFLICT")
        _ = try await bench.ask("rotate_image", as: "odd")
        #expect(try await bench.ask("rotate_image", as: "odd").code == "UNKNOWN_OPERATION")
        #expect(try await bench.ask("create_image", .portrait, as: "odd").code == "OPERATION_CONFLICT")
    }

    @Test(arguments: StoreUnderTest.allCases)
    func idsAreExact(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        _ = try await bench.ask("create_image", .portrait, as: "\u{e9}")
        _ = try await bench.ask("create_image", .portrait, as: "e\u{301}")
        _ = try await bench.ask("create_image", .portrait, as: "E\u{301}")
        #expect(try await bench.ask("list_images").data["total"] == 3)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func isKeptForADayAndThenForgottenWhenRoomIsNeeded(on store: StoreUnderTest) async throws {
        var limits = StorageLimits()
        limits.rememberedOperationsMax = 2
        let bench = EngineBench(limits: limits, on: store)
        _ = try await bench.ask("create_image", .portrait, as: "one")
        bench.time.advance(milliseconds: 1000)
        _ = try await bench.ask("create_image", .portrait, as: "two")
        // Full: the day of neither is over. Nothing is done and nothing is forgotten.
        #expect(try await bench.ask("create_image", .portrait, as: "three").code == "STORAGE_FULL")
        #expect(try await bench.ask("delete_image", ["image_id": "nobody"]).code == "STORAGE_FULL")
        #expect(try await bench.ask("create_image", .portrait, as: "one").id == "id-1")
        #expect(try await bench.ask("list_images").data["total"] == 2)
        bench.time.advance(milliseconds: 24 * 3_600_000 - 1000)
        #expect(try await bench.ask("create_image", .portrait, as: "three").code == "STORAGE_FULL")
        bench.time.advance(milliseconds: 1)
        // The first one's day is over, the second one's is not.
        #expect(try await bench.ask("create_image", .portrait, as: "three").code == nil)
        #expect(try await bench.ask("create_image", .portrait, as: "two").id != bench.ask("list_images").id)
        #expect(try await bench.usage().operations == 2)
        #expect(try await bench.ask("list_images").data["total"] == 3)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func passingFailuresAreNotRemembered(on store: StoreUnderTest) async throws {
        var limits = StorageLimits()
        limits.versionsMax = 1
        let bench = EngineBench(limits: limits, on: store)
        let created = try await bench.ask("create_image", .portrait)
        #expect(try await bench.ask("create_image", .portrait, as: "again").code == "STORAGE_FULL")
        #expect(
            try await bench.ask("create_image_version", .content.with(["image_id": .string(created.id)])).code
                == "STORAGE_FULL"
        )
        // What adds no version still works.
        #expect(try await bench.ask("update_image", ["image_id": .string(created.id), "name": "n"]).code == nil)
        #expect(try await bench.ask("delete_image", ["image_id": .string(created.id)]).code == nil)
        #expect(try await bench.ask("create_image", .portrait, as: "again").code == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func tooManyPendingEventsStopEffectsOnly(on store: StoreUnderTest) async throws {
        var limits = StorageLimits()
        limits.pendingEventsMax = 1
        let bench = EngineBench(limits: limits, on: store)
        let created = try await bench.ask("create_image", .portrait)
        #expect(try await bench.ask("delete_image", ["image_id": .string(created.id)]).code == "STORAGE_FULL")
        #expect(try await bench.ask("delete_image", ["image_id": "nobody"]).code == "IMAGE_NOT_FOUND")
        #expect(try await bench.ask("get_image", ["image_id": .string(created.id)]).code == nil)
        try await bench.store.transact(.writing) { reader throws(RecordStoreError) in
            ((), [.forgetEvents(sequences: Set(try reader.pendingEvents(limit: 9).map(\.sequence)))])
        }
        #expect(try await bench.ask("delete_image", ["image_id": .string(created.id)]).code == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func onlySoManyReadsAreNoted(on store: StoreUnderTest) async throws {
        var limits = StorageLimits()
        limits.notedOperationsMax = 2
        let bench = EngineBench(limits: limits, on: store)
        for id in ["a", "b", "c"] {
            _ = try await bench.ask("list_images", as: id)
            bench.time.advance(milliseconds: 1)
        }
        #expect(try await bench.ask("create_image", .portrait, as: "c").code == "OPERATION_CONFLICT")
        #expect(try await bench.ask("create_image", .portrait, as: "a").code == nil)
    }
}
