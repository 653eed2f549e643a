import HubProtocol
import JSON
import Testing

/// Every message of `fixtures/messages`, read and written.
@Suite struct MessageFixtureTests {
    @Test func everyKindAndVariantIsThere() {
        let requests = MessageFixture.valid.filter { $0.kind == "request" }
        let replies = MessageFixture.valid.filter { $0.kind == "reply" }
        for name in OperationName.allCases {
            #expect(requests.contains { $0.message["operation"] == .string(name.rawValue) }, "\(name)")
            #expect(replies.contains { $0.operation == name }, "\(name)")
        }
        for code in StorageErrorCode.allCases {
            #expect(replies.contains { $0.message["error"]?["code"] == .string(code.rawValue) }, "\(code)")
        }
        for kind in StorageEvent.Kind.allCases {
            #expect(MessageFixture.valid.contains { $0.message["event"] == .string(kind.rawValue) }, "\(kind)")
        }
        #expect(Set(MessageFixture.all.map(\.kind)) == ["request", "reply", "event", "announcement", "query"])
    }

    @Test(arguments: MessageFixture.valid)
    func isReadAndWritten(_ fixture: MessageFixture) throws {
        let written = try rewritten(fixture)
        #expect(written == fixture.canonical)
        // What we write is read the same again.
        #expect(try JSONValue(parsing: written.encoded()) == fixture.canonical)
    }

    @Test(arguments: MessageFixture.invalid)
    func isRefusedWithThePathsOfItsProblems(_ fixture: MessageFixture) throws {
        do {
            let written = try rewritten(fixture)
            Issue.record("It was taken for \(written)")
        } catch let error as MalformedRequest {
            #expect(error.problems.problems.map(\.path) == fixture.problems)
            #expect(error.operationID == fixture.operationID)
        } catch let error as MalformedReply {
            #expect(error.problems.problems.map(\.path) == fixture.problems)
            #expect(error.operationID == fixture.operationID)
        } catch let error as InvalidFields {
            #expect(error.problems.map(\.path) == fixture.problems)
            #expect(error.problems.allSatisfy { !$0.message.isEmpty })
        }
    }

    /// The message, read to the type that it is and written again.
    private func rewritten(_ fixture: MessageFixture) throws -> JSONValue {
        switch fixture.kind {
        case "request":
            var request = try StorageRequest(parsing: fixture.body)
            #expect(request.encoded() == request.json.encoded())
            guard let name = OperationName(rawValue: request.operation) else { return request.json }
            let operation = try StorageOperation(name, data: request.data)
            #expect(operation.name == name)
            #expect(operation.imageID == request.data["image_id"]?.string)
            request = StorageRequest(operation, operationID: request.operationID)
            return request.json
        case "reply":
            var reply = try StorageReply(parsing: fixture.body)
            if case .success(let data) = reply.outcome, let operation = fixture.operation {
                reply.outcome = .success(try rewritten(data, of: operation))
            }
            return reply.json
        case "event": return try StorageEvent(fixture.message).json
        case "announcement": return try ServiceAnnouncement(fixture.message).json
        case "query": return try ServiceQuery(fixture.message).json
        default: throw UnknownKind(kind: fixture.kind)
        }
    }

    private func rewritten(_ data: JSONValue, of operation: OperationName) throws -> JSONValue {
        switch operation {
        case .createImage, .getImage, .updateImage, .createImageVersion: try ImageRecord(data).json
        case .listImages: try ImagePage(data).json
        case .listImageVersions: try VersionPage(data).json
        case .deleteImage: try DeletedImage(data).json
        }
    }

    private struct UnknownKind: Error { let kind: String }
}
