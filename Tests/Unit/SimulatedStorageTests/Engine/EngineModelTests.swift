import HubProtocol
import JSON
import MessageHub
import SimulatedStorage
import Testing

/// Random operations on the engine and on a model that is right at a glance; every reply must be the same. A store that
/// outlives its process is closed and opened again now and then, and nobody must notice.
@Suite struct EngineModelTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>, StoreUnderTest.allCases)
    func answersAsTheModelDoes(seed: UInt64, on store: StoreUnderTest) async throws {
        var generator = SeededGenerator(seed: seed)
        let bench = EngineBench(on: store)
        var model = StorageModel()
        for name in ["a", "b"] as [Character] {
            try await bench.putAsset(assetName(name), size: 4)
            model.assets[assetName(name)] = 4
        }
        for step in 0..<600 {
            bench.time.advance(milliseconds: Int64.random(in: -1...2, using: &generator))
            // Only operations without a reply need not be remembered beyond the process.
            if Int.random(in: 0..<100, using: &generator) == 0, try bench.reopen() { model.forgetReads() }
            let request = randomRequest(step: step, model: model, using: &generator)
            let decision = try await bench.decide(request)
            let reply = Reply(decision.replyBody(operationID: request.operationID))
            let expected = model.reply(to: request, at: bench.time.now, newID: reply.id)
            guard reply.code == expected.code, reply.data == expected.data else {
                Issue.record("seed \(seed), step \(step): \(request.json) gave \(reply), not \(expected)")
                return
            }
        }
        #expect(try await bench.events().map(\.kind.rawValue) == model.events)
        #expect(
            Set(model.codes).isSuperset(of: [
                "", "VALIDATION_ERROR", "IMAGE_NOT_FOUND", "VERSION_CONFLICT", "ASSET_NOT_FOUND", "OPERATION_CONFLICT",
            ])
        )
    }

    private func randomRequest(
        step: Int,
        model: StorageModel,
        using generator: inout SeededGenerator
    ) -> StorageRequest {
        func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &generator)! }
        // Now and then an id that was used before, mostly with its own payload.
        if step > 10, Int.random(in: 0..<8, using: &generator) == 0 {
            let old = pick(model.requests)
            return Bool.random(using: &generator) || Bool.random(using: &generator)
                ? old
                : StorageRequest(
                    operation: pick(["list_images", "create_image"]),
                    operationID: old.operationID,
                    data: ["x": 1]
                )
        }
        let text = pick(["portrait", "tile", "map"])
        let image: JSONValue = .string(pick(model.images.map(\.id) + ["nobody"]))
        let sha: JSONValue = pick([nil, nil, .string(assetName("a")), .string(assetName("b")), .string(assetName("c"))])
        let content = [String: JSONValue].content.with(["sha256": sha, "size": pick([4, 4, 4, 5])])
        let create = [String: JSONValue].portrait.with(content).with(["type": .string(text)])
        let (operation, data): (String, [String: JSONValue]) = pick([
            ("create_image", create), ("create_image", create),
            ("create_image", create.with(["theme": pick(["fantasy", "space", ""])])),
            ("update_image", ["image_id": image, pick(["name", "type", "subtype", "theme"]): .string(text)]),
            ("update_image", ["image_id": image]),
            ("create_image_version", content.with(["image_id": image, "expected_version": pick([nil, 1, 2])])),
            ("get_image", ["image_id": image, "version": pick([nil, 1, 2, 3])]),
            (
                "list_images",
                [
                    "type": pick([nil, .string(text)]), "theme": pick([nil, "fantasy", "space"]),
                    "skip": pick([nil, 0, 3]), "limit": pick([nil, 5]),
                ]
            ),
            ("list_image_versions", ["image_id": image, "skip": pick([nil, 1]), "limit": pick([nil, 2])]),
            ("delete_image", ["image_id": image]),
        ])
        return StorageRequest(operation: operation, operationID: "op-\(step)", data: data)
    }
}

/// The Storage Service with arrays and plain loops.
struct StorageModel {
    struct Image {
        var id: String
        var fields: [String: JSONValue]
        var versions: [[String: JSONValue]]
        var createdAt: Timestamp
        var updatedAt: Timestamp
    }

    var images: [Image] = []
    var assets: [String: Int64] = [:]
    var events: [String] = []
    var codes: [String] = []
    /// Every request under a new id.
    var requests: [StorageRequest] = []
    private var answers: [String: (request: StorageRequest, answer: Answer, isKept: Bool)] = [:]

    struct Answer: Equatable, CustomStringConvertible {
        var code: String?
        var data: JSONValue = .null
        var description: String { "\(code ?? "") \(String(decoding: data.encoded(), as: UTF8.self))" }
    }

    mutating func reply(to request: StorageRequest, at now: Timestamp, newID: String) -> Answer {
        var answer: Answer
        if let old = answers[request.operationID] {
            if old.request != request {
                answer = Answer(code: "OPERATION_CONFLICT")
            } else {
                answer = old.isKept ? old.answer : carryOut(request, now, newID)
            }
        } else {
            answer = carryOut(request, now, newID)
            requests.append(request)
            let isKept = ["create_image", "update_image", "create_image_version", "delete_image"].contains(
                request.operation
            )
            answers[request.operationID] = (request, answer, isKept)
        }
        codes.append(answer.code ?? "")
        return answer
    }

    mutating func forgetReads() { answers = answers.filter(\.value.isKept) }

    private mutating func carryOut(_ request: StorageRequest, _ now: Timestamp, _ newID: String) -> Answer {
        let data = request.data.filter { $0.value != .null }
        // The only invalid values that the test makes.
        if data.values.contains("") { return Answer(code: "VALIDATION_ERROR") }
        let index = images.firstIndex { .string($0.id) == data["image_id"] }
        let content = data.filter { ["url", "format", "width", "height", "size", "sha256"].contains($0.key) }
        switch request.operation {
        case "create_image":
            if let failure = contentFailure(content) { return failure }
            let fields = data.filter { ["type", "subtype", "name", "theme"].contains($0.key) }
            images.append(
                Image(id: newID, fields: fields, versions: [version(content, now)], createdAt: now, updatedAt: now)
            )
            images.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            events.append("image.created")
            return Answer(data: record(images.firstIndex { $0.id == newID }!))
        case "list_images":
            let matching = images.indices.filter { index in
                ["type", "theme"].allSatisfy { data[$0] == nil || data[$0] == images[index].fields[$0] }
            }
            let page = matching.dropFirst(Int(data["skip"]?.integer ?? 0)).prefix(Int(data["limit"]?.integer ?? 100))
            return Answer(data: ["images": .array(page.map { record($0) }), "total": .integer(Int64(matching.count))])
        case "update_image":
            let fields = data.filter { $0.key != "image_id" }
            if fields.isEmpty { return Answer(code: "VALIDATION_ERROR") }
            guard let index else { return Answer(code: "IMAGE_NOT_FOUND") }
            images[index].fields.merge(fields) { _, new in new }
            change(index, now, "image.updated")
            return Answer(data: record(index))
        case "create_image_version":
            guard let index else { return Answer(code: "IMAGE_NOT_FOUND") }
            if let expected = data["expected_version"]?.integer, expected != images[index].versions.count {
                return Answer(code: "VERSION_CONFLICT")
            }
            if let failure = contentFailure(content) { return failure }
            change(index, now, "image.version_created")
            images[index].versions.append(version(content, images[index].updatedAt))
            return Answer(data: record(index))
        case "get_image":
            guard let index else { return Answer(code: "IMAGE_NOT_FOUND") }
            let number = data["version"]?.integer.map { Int($0) }
            if let number, number > images[index].versions.count { return Answer(code: "VERSION_NOT_FOUND") }
            return Answer(data: record(index, version: number))
        case "list_image_versions":
            guard let index else { return Answer(code: "IMAGE_NOT_FOUND") }
            let all = images[index].versions.enumerated().map { number, fields in
                JSONValue.object(fields.merging(["version": .integer(Int64(number + 1))]) { _, new in new })
            }
            return Answer(data: [
                "versions": .array(
                    Array(all.dropFirst(Int(data["skip"]?.integer ?? 0)).prefix(Int(data["limit"]?.integer ?? 100)))
                )
            ])
        case "delete_image":
            guard let index else { return Answer(code: "IMAGE_NOT_FOUND") }
            let id = images.remove(at: index).id
            events.append("image.deleted")
            return Answer(data: ["id": .string(id)])
        default:
            return Answer(code: "UNKNOWN_OPERATION")
        }
    }

    private mutating func change(_ index: Int, _ now: Timestamp, _ event: String) {
        images[index].updatedAt = max(now, images[index].updatedAt.adding(milliseconds: 1))
        events.append(event)
    }

    private func contentFailure(_ content: [String: JSONValue]) -> Answer? {
        guard content["url"] != nil else { return Answer(code: "VALIDATION_ERROR") }
        guard let name = content["sha256"]?.string else { return nil }
        guard let size = assets[name] else { return Answer(code: "ASSET_NOT_FOUND") }
        return content["size"] == .integer(size) ? nil : Answer(code: "VALIDATION_ERROR")
    }

    private func version(_ content: [String: JSONValue], _ time: Timestamp) -> [String: JSONValue] {
        ["sha256": JSONValue.null].merging(content) { _, new in new }
            .merging(["created_at": .string(time.description)]) { _, new in new }
    }

    private func record(_ index: Int, version: Int? = nil) -> JSONValue {
        let image = images[index]
        let number = version ?? image.versions.count
        var fields = image.versions[number - 1].filter { $0.key != "created_at" }
        for name in ["type", "subtype", "name"] { fields[name] = image.fields[name] }
        fields["id"] = .string(image.id)
        fields["version"] = .integer(Int64(number))
        fields["metadata"] = [
            "theme": image.fields["theme"]!, "created_at": .string(image.createdAt.description),
            "updated_at": .string(image.updatedAt.description),
        ]
        return .object(fields)
    }
}
