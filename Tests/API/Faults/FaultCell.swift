import Foundation
import JSON
import TestSupport
import Testing

/// One cell of the table: a fault strikes one operation, and everything is looked at that it may touch.
struct FaultCell: Sendable {
    let row: FaultRow
    let operation: ClientOperation
    let stack: FaultStack
    /// Different in every cell of a stack.
    let number: Int

    private var client: ServiceClient { stack.client }
    private var place: Comment { "\(row.testDescription) × \(operation.rawValue)" }
    private var bytes: [UInt8] { DistinctImage.png("first \(number)") }
    private var nextBytes: [UInt8] { DistinctImage.png("second \(number)") }
    private var theme: String { "theme \(number)" }

    /// Plays the cell. Returns the image that is there afterwards, if one is, as the service tells it.
    func play() async throws -> String? {
        let id = operation == .create ? "" : try await upload()
        let (answer, neverFired) = try await stack.struck(
            by: row.plan(for: operation),
            needsTime: row.needsTime,
            leavesTheHub: row.leavesTheHub
        ) {
            if row.effect == .past { try await changeBefore(id) }
            return try await ask(id)
        }
        #expect(neverFired == [], "\(place): armed, and never fired")
        expectAnswer(answer, id: id)
        try await stack.settle(after: row.needsTime ? .seconds(1100) : FaultStack.pastTimeout)
        return try await look(id)
    }

    /// What the operation asks for.
    private func ask(_ id: String) async throws -> ServiceClient.Answer {
        let image = "/api/v2/images/\(id)"
        switch operation {
        case .create: return try await client.upload(bytes, name: "first", theme: theme)
        case .show: return try await client.send("GET", image)
        case .list: return try await client.send("GET", "/api/v2/images/?theme=theme%20\(number)")
        case .change: return try await change(id)
        case .delete: return try await client.send("DELETE", image)
        case .replace: return try await replace(id)
        case .content: return try await client.send("GET", image + "/content")
        case .versions: return try await client.send("GET", image + "/versions")
        }
    }

    private func upload() async throws -> String {
        let answer = try await client.upload(bytes, name: "first", theme: theme)
        #expect(answer.status == 201, place)
        return try #require(answer.json["id"]?.string)
    }

    private func change(_ id: String) async throws -> ServiceClient.Answer {
        try await client.send(
            "PATCH",
            "/api/v2/images/\(id)",
            headers: [("Content-Type", "application/json")],
            body: Array(#"{"name":"second"}"#.utf8)
        )
    }

    private func replace(_ id: String) async throws -> ServiceClient.Answer {
        try await client.send(
            "PUT",
            "/api/v2/images/\(id)/content",
            headers: [("Content-Type", "image/png")],
            body: nextBytes
        )
    }

    /// A change of what the operation then reads.
    private func changeBefore(_ id: String) async throws {
        switch operation {
        case .versions, .content: #expect(try await replace(id).status == 201, place)
        case .show, .list: #expect(try await change(id).status == 200, place)
        case .create, .change, .delete, .replace: Issue.record("\(place): reads nothing")
        }
    }

    private func expectAnswer(_ answer: ServiceClient.Answer, id: String) {
        guard case .error(let status, let code, let reason, let storageCode) = row.answer else {
            return expectUsual(answer, id: id)
        }
        #expect(answer.status == status, "\(place): \(answer.json)")
        #expect(answer.errorCode == code, place)
        let details = answer.json["error"]?["details"]
        #expect(details?["reason"]?.string == reason, place)
        #expect(details?["storage_code"]?.string == storageCode, place)
        #expect(details?["operation_id"]?.string?.utf8.count == 36, place)
        #expect((answer.headers["retry-after"] != nil) == (status == 503), place)
    }

    private func expectUsual(_ answer: ServiceClient.Answer, id: String) {
        #expect(answer.status == operation.usualStatus, "\(place): \(answer.json)")
        switch operation {
        case .create: #expect(answer.json["name"] == "first" && answer.json["version"] == 1, place)
        case .show: #expect(answer.json["name"] == "first" && answer.json["id"]?.string == id, place)
        case .list: #expect(answer.json.array?.map { $0["name"] } == ["first"], place)
        case .change: #expect(answer.json["name"] == "second" && answer.json["id"]?.string == id, place)
        case .delete: #expect(answer.body.isEmpty, place)
        case .replace: #expect(answer.json["version"] == 2 && answer.json["id"]?.string == id, place)
        case .content: #expect(answer.body == bytes, place)
        case .versions: #expect(answer.json.array?.count == 1, place)
        }
    }

    // MARK: Afterwards

    /// Looks at what there is now, without any fault; then sends again what has not happened. Returns the image that is
    /// there at the end.
    private func look(_ id: String) async throws -> String? {
        let happened = row.effect == .once && ClientOperation.writing.contains(operation)
        let image = try await client.send("GET", "/api/v2/images/\(id)")
        switch operation {
        case .create:
            let listed = try await client.send("GET", "/api/v2/images/?theme=theme%20\(number)")
            #expect(listed.json.array?.count == (happened ? 1 : 0), place)
        case .change: #expect(image.json["name"] == (happened ? "second" : "first"), place)
        case .delete: #expect(image.status == (happened ? 404 : 200), place)
        case .replace: #expect(image.json["version"] == (happened ? 2 : 1), place)
        case .show, .list, .content, .versions: #expect(image.status == 200, place)
        }
        expectOneEffectEach()
        return happened ? try await present(id) : try await sendAgain(id)
    }

    /// What did not happen, and what only reads, goes well as soon as storage does.
    private func sendAgain(_ id: String) async throws -> String? {
        let again = try await ask(id)
        #expect(again.status == operation.usualStatus, place)
        switch operation {
        case .create: return again.json["id"]?.string
        case .delete: return nil
        case .show, .list, .change, .replace, .content, .versions: return id
        }
    }

    /// The image that is there where the operation has happened.
    private func present(_ id: String) async throws -> String? {
        switch operation {
        case .create:
            let listed = try await client.send("GET", "/api/v2/images/?theme=theme%20\(number)")
            return listed.json.array?.first?["id"]?.string
        case .delete: return nil
        case .show, .list, .change, .replace, .content, .versions: return id
        }
    }

    /// The journal knows every effect: no operation has two.
    private func expectOneEffectEach() {
        let effects = stack.storage.journal.entries(after: 0).entries
            .filter { $0.event == .effect }.compactMap { $0.details["operation_id"]?.string }
        #expect(Set(effects).count == effects.count, "\(place): an operation was carried out twice")
    }
}

extension FaultRow {
    /// Whether a deadline has to pass before the client is answered.
    var needsTime: Bool { answer == .timeout || fault.contains("1000s") }

    /// Whether nobody consumes storage's queue for longer than anybody waits.
    var leavesTheHub: Bool { needsTime && ["crash", "disconnect"].contains(kind) }
}
