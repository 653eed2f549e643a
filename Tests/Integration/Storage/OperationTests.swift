import HubProtocol
import Logging
import MessageHub
import TestSupport
import Testing

/// What an image service asks and what storage answers, over a hub.
@Suite("Storage operations over a hub", .timeLimit(.minutes(5)))
struct OperationTests {
    @Test(arguments: HubUnderTest.all)
    func anImageIsCreatedReadChangedListedAndDeleted(on hub: HubUnderTest) async throws {
        try await StorageBench.run(on: hub) { bench in
            let created = try ImageRecord(try await bench.data(StorageBench.image(named: "a")))
            #expect(created.version == 1)
            #expect(created.createdAt == created.updatedAt)
            let read = try ImageRecord(try await bench.data(.getImage(GetImage(imageID: created.id))))
            #expect(read == created)

            let change = UpdateImage(imageID: created.id, name: "b")
            let changed = try ImageRecord(try await bench.data(.updateImage(change)))
            #expect(changed.name == "b")
            #expect(changed.updatedAt > created.updatedAt)

            var content = created.content
            content.url = "/elsewhere"
            let next = CreateImageVersion(imageID: created.id, content: content, expectedVersion: 1)
            #expect(try ImageRecord(try await bench.data(.createImageVersion(next))).version == 2)
            #expect(try await bench.code(.createImageVersion(next)) == .versionConflict)
            let versions = try VersionPage(
                try await bench.data(.listImageVersions(ListImageVersions(imageID: created.id)))
            )
            #expect(versions.versions.map(\.version) == [1, 2])

            let page = try ImagePage(try await bench.data(.listImages(ListImages(type: "portrait"))))
            #expect(page.images.map(\.id) == [created.id])
            #expect(page.total == 1)

            let deleted = try DeletedImage(try await bench.data(.deleteImage(DeleteImage(imageID: created.id))))
            #expect(deleted.id == created.id)
            #expect(try await bench.code(.getImage(GetImage(imageID: created.id))) == .imageNotFound)
        }
    }

    @Test(arguments: HubUnderTest.all)
    func theSameOperationAgainHasNoSecondEffect(on hub: HubUnderTest) async throws {
        try await StorageBench.run(on: hub) { bench in
            let first = try await bench.data(StorageBench.image(named: "once"), id: "operation-1")
            let second = try await bench.data(StorageBench.image(named: "once"), id: "operation-1")
            #expect(first == second)
            #expect(try await bench.code(StorageBench.image(named: "other"), id: "operation-1") == .operationConflict)
            #expect(try ImagePage(try await bench.data(.listImages(ListImages()))).total == 1)
        }
    }

    @Test(arguments: HubUnderTest.all)
    func manyRequestsAreUnderWayOnOneConnection(on hub: HubUnderTest) async throws {
        try await StorageBench.run(on: hub) { bench in
            let names = (0..<200).map { "image \($0)" }
            let answered = try await withThrowingTaskGroup(of: String.self, returning: Set<String>.self) { group in
                for name in names {
                    group.addTask { try ImageRecord(try await bench.data(StorageBench.image(named: name))).name }
                }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
            #expect(answered == Set(names))
            #expect(bench.requester.counters.retries == 0)
        }
    }

    /// The hub returns what no queue takes, so that nobody waits for a storage side that was never there.
    @Test(arguments: HubUnderTest.all)
    func withoutAStorageSideTheAnswerComesAtOnce(on hub: HubUnderTest) async throws {
        try await StorageBench.run(on: hub) { bench in
            let nowhere = Requester(
                topology: Topology(exchange: uniqueName("exchange"), queue: "unused"),
                time: .system,
                logger: .silent
            )
            let link = HubLink(hub: bench.hub, participants: [nowhere], time: .system, seed: 3, logger: .silent)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await link.run() }
                let error = await #expect(throws: RequesterError.self) {
                    try await nowhere.request(
                        .listImages(ListImages()),
                        operationID: "1",
                        timeout: .seconds(3600)
                    )
                }
                guard case .unavailable = error else {
                    Issue.record("expected unavailable, not \(String(describing: error))")
                    return group.cancelAll()
                }
                group.cancelAll()
            }
        }
    }
}
