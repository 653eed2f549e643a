import HubProtocol
import JSON
import SimulatedStorage
import Testing

/// The contract's table (§3), operation by operation, as transcripts.
@Suite struct StorageEngineTests {
    @Test(arguments: StoreUnderTest.allCases)
    func createImageAnswersTheWholeRecordAndTellsOfIt(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let request = StorageRequest(operation: "create_image", operationID: "op", data: .portrait)
        let decision = try await bench.decide(request)
        let content = ImageContent(
            url: "https://images.example/1.png",
            format: "png",
            width: 512,
            height: 512,
            size: 1024,
            sha256: nil
        )
        let record = ImageRecord(
            id: "id-1",
            type: "portrait",
            subtype: "character",
            name: "Portrait Name",
            theme: "fantasy",
            content: content,
            version: 1,
            createdAt: HandTime.start,
            updatedAt: HandTime.start
        )
        let event = StorageEvent(
            kind: .created,
            eventID: "id-2",
            occurredAt: HandTime.start,
            operationID: "op",
            record: record
        )
        #expect(
            decision
                == Decision(
                    .outcome(.record(record)),
                    changes: [
                        .insertImage(record), .publish(event),
                        .remember(
                            RememberedOperation(
                                operationID: "op",
                                fingerprint: OperationFingerprint(of: request),
                                reply: decision.replyBody(operationID: "op"),
                                time: HandTime.start
                            )
                        ),
                    ]
                )
        )
        let reply = Reply(decision.replyBody(operationID: "op"))
        #expect(
            reply.json == [
                "operation_id": "op", "status": "success",
                "data": [
                    "id": "id-1", "type": "portrait", "subtype": "character", "name": "Portrait Name",
                    "url": "https://images.example/1.png", "format": "png", "width": 512, "height": 512, "size": 1024,
                    "sha256": nil, "version": 1,
                    "metadata": [
                        "theme": "fantasy", "created_at": "2026-01-02T03:04:05.678Z",
                        "updated_at": "2026-01-02T03:04:05.678Z",
                    ],
                ],
            ]
        )
        #expect(try await bench.ask("get_image", ["image_id": "id-1"]).data == reply.data)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func textsAreKeptVerbatim(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let name = "  e\u{301}\u{a0}"
        let created = try await bench.ask("create_image", .portrait.with(["name": .string(name), "url": "a b"]))
        #expect(created.data["name"] == .string(name))
        #expect(try await bench.ask("get_image", ["image_id": .string(created.id)]).data["url"] == "a b")
    }

    @Test(arguments: StoreUnderTest.allCases)
    func updateImageChangesOnlyWhatIsGiven(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        bench.time.advance(milliseconds: 1000)
        let updated = try await bench.ask(
            "update_image",
            ["image_id": .string(created.id), "name": "New", "theme": nil]
        )
        #expect(updated.data["name"] == "New")
        #expect(updated.data["type"] == "portrait")
        #expect(updated.data["metadata"]?["theme"] == "fantasy")
        #expect(updated.data["metadata"]?["created_at"] == "2026-01-02T03:04:05.678Z")
        #expect(updated.data["metadata"]?["updated_at"] == "2026-01-02T03:04:06.678Z")
        #expect(updated.version == 1)
        #expect(try await bench.events().map(\.kind) == [.created, .updated])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func updateWithEqualValuesIsAnUpdateLikeAnyOther(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        let updated = try await bench.ask(
            "update_image",
            ["image_id": .string(created.id), "name": "Portrait Name"]
        )
        #expect(updated.data["metadata"]?["updated_at"] == "2026-01-02T03:04:05.679Z")
        #expect(try await bench.events().last?.kind == .updated)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func updatedAtStrictlyIncreasesWhateverTheClockDoes(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        var last = HandTime.start
        for step: Int64 in [0, -5000, 0, 3, 0, -1, 10_000, 0] {
            bench.time.advance(milliseconds: step)
            let update = step.isMultiple(of: 2)
            let reply =
                try await update
                ? bench.ask("update_image", ["image_id": .string(created.id), "name": "n"])
                : bench.ask("create_image_version", .content.with(["image_id": .string(created.id)]))
            let text = try #require(reply.data["metadata"]?["updated_at"]?.string)
            let time = try #require(Timestamp(text))
            #expect(time > last)
            last = time
        }
        let occurred = try await bench.events().map(\.occurredAt)
        #expect(zip(occurred, occurred.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test(arguments: StoreUnderTest.allCases)
    func versionsAscendAndKeepTheirContent(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        let image: [String: JSONValue] = ["image_id": .string(created.id)]
        for number: Int64 in 2...5 {
            bench.time.advance(milliseconds: 10)
            let reply = try await bench.ask(
                "create_image_version",
                .content.with(image).with(["size": .integer(number)])
            )
            #expect(reply.version == number)
            #expect(reply.data["size"] == .integer(number))
        }
        let versions = try await bench.ask("list_image_versions", image).data["versions"]?.array ?? []
        #expect(versions.map { $0["version"] } == [1, 2, 3, 4, 5])
        #expect(versions.map { $0["size"] } == [1024, 2, 3, 4, 5])
        #expect(versions[0]["created_at"] == created.data["metadata"]?["created_at"])
        #expect(versions[4]["created_at"] == "2026-01-02T03:04:05.718Z")
        let page = try await bench.ask("list_image_versions", image.with(["skip": 1, "limit": 2])).data["versions"]
        #expect(page?.array?.map { $0["version"] } == [2, 3])
        #expect(try await bench.ask("list_image_versions", image.with(["skip": 9])).data["versions"] == [])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func getImageWithVersionHasThatContentAndThePresentMetadata(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        let image: [String: JSONValue] = ["image_id": .string(created.id)]
        _ = try await bench.ask("create_image_version", .content.with(image))
        let updated = try await bench.ask("update_image", image.with(["name": "New"]))
        let first = try await bench.ask("get_image", image.with(["version": 1]))
        #expect(first.version == 1)
        #expect(first.data["url"] == "https://images.example/1.png")
        #expect(first.data["name"] == "New")
        #expect(first.data["metadata"] == updated.data["metadata"])
        #expect(try await bench.ask("get_image", image.with(["version": 2])).data == updated.data)
        let missing = try await bench.ask("get_image", image.with(["version": 3]))
        #expect(missing.code == "VERSION_NOT_FOUND")
        #expect(missing.details == ["version": 3, "newest": 2])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func expectedVersionGuardsAgainstALostRace(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        let data = [String: JSONValue].content.with(["image_id": .string(created.id), "expected_version": 1])
        #expect(try await bench.ask("create_image_version", data).version == 2)
        let lost = try await bench.ask("create_image_version", data)
        #expect(lost.code == "VERSION_CONFLICT")
        #expect(lost.details == ["expected_version": 1, "newest": 2])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func deleteImageTakesEverythingAndTellsTheLastRecord(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        let created = try await bench.ask("create_image", .portrait)
        let image: [String: JSONValue] = ["image_id": .string(created.id)]
        let last = try await bench.ask("create_image_version", .content.with(image))
        #expect(try await bench.ask("delete_image", image).data == ["id": .string(created.id)])
        for operation in ["get_image", "list_image_versions", "delete_image"] {
            #expect(try await bench.ask(operation, image).code == "IMAGE_NOT_FOUND")
        }
        #expect(try await bench.ask("update_image", image.with(["name": "n"])).code == "IMAGE_NOT_FOUND")
        #expect(try await bench.ask("create_image_version", .content.with(image)).code == "IMAGE_NOT_FOUND")
        #expect(try await bench.ask("list_images").data == ["images": [], "total": 0])
        let event = try #require(try await bench.events().last)
        #expect(event.kind == .deleted)
        #expect(event.record.json == last.data)
        let usage = try await bench.usage()
        #expect(usage.images == 0 && usage.versions == 0)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func listImagesGoesByTimeThenID(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        // Three at one time, whose ids are made in falling order, then one before them by a clock that went back.
        let letters = ["c", "b", "a", "0"]
        for letter in letters {
            if letter == "0" { bench.time.advance(milliseconds: -1) }
            let data = [String: JSONValue].portrait.with(["type": .string(letter == "b" ? "tile" : "portrait")])
            let request = StorageRequest(operation: "create_image", operationID: "op-\(letter)", data: data)
            let now = bench.time.now
            let engine = bench.engine
            _ = try await bench.store.transact(.writing) { reader throws(RecordStoreError) in
                let decision = try engine.decide(request, at: now, ids: IDSource { letter }, reading: reader)
                return (decision, decision.changes)
            }
        }
        func ids(_ data: [String: JSONValue]) async throws -> [String?] {
            let page = try await bench.ask("list_images", data).data
            return (page["images"]?.array ?? []).map { $0["id"]?.string } + [page["total"]?.integer.map { "\($0)" }]
        }
        #expect(try await ids([:]) == ["0", "a", "b", "c", "4"])
        #expect(try await ids(["skip": 1, "limit": 2]) == ["a", "b", "4"])
        #expect(try await ids(["skip": 4]) == ["4"])
        #expect(try await ids(["skip": .integer(.max)]) == ["4"])
        #expect(try await ids(["type": "portrait"]) == ["0", "a", "c", "3"])
        #expect(try await ids(["type": "tile", "theme": "fantasy"]) == ["b", "1"])
        #expect(try await ids(["type": "tile", "theme": "other"]) == ["0"])
        #expect(try await ids(["type": "Portrait"]) == ["0"])
        _ = try await bench.ask("update_image", ["image_id": "b", "type": "portrait"])
        #expect(try await ids(["type": "tile"]) == ["0"])
        #expect(try await ids(["type": "portrait"]) == ["0", "a", "b", "c", "4"])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func filtersAreExactToTheScalar(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        _ = try await bench.ask("create_image", .portrait.with(["type": "caf\u{e9}"]))
        #expect(try await bench.ask("list_images", ["type": "caf\u{e9}"]).data["total"] == 1)
        #expect(try await bench.ask("list_images", ["type": "cafe\u{301}"]).data["total"] == 0)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func withoutLimitAPageHasAHundred(on store: StoreUnderTest) async throws {
        let bench = EngineBench(on: store)
        for _ in 0..<101 { _ = try await bench.ask("create_image", .portrait) }
        let page = try await bench.ask("list_images").data
        #expect(page["images"]?.array?.count == 100)
        #expect(page["total"] == 101)
    }
}
