import DurableStorage
import HubProtocol
import JSON
import SimulatedStorage

/// What all lives of the victim said, and whether the store agrees.
struct KillLedger {
    private(set) var operations = 0
    /// Where they were killed.
    private(set) var killedAt: Set<DurableStep> = []
    private(set) var problems: [String] = []
    /// The ids of the events of each operation: there must be one.
    private var events: [String: Set<String>] = [:]
    private var published: Set<String> = []
    /// When the newest event of each image occurred.
    private var newest: [String: String] = [:]
    /// What each image must be now; `null` where it was deleted.
    private var images: [String: JSONValue] = [:]
    private var effects: [String] = []
    private var assets: Set<String> = []

    /// Takes what some lives said, one after the other, and asks the store that they left for all of it.
    mutating func settle(_ victims: [Victim], with bench: DurableBench) async throws {
        var requests: [StorageRequest] = []
        var replies: [String: JSONValue] = [:]
        var touched: Set<String> = []
        for line in victims.flatMap(\.lines) {
            switch line {
            case .request(let json): requests.append(try StorageRequest(parsing: json.encoded()))
            case .reply(let json): replies[json["operation_id"]?.string ?? ""] = json
            case .asset(let name): assets.insert(name)
            case .event(let json): note(json)
            case .killed(let step): killedAt.insert(step)
            }
        }
        for request in requests {
            // Again, as a requester would that has had no reply, or has lost it.
            let reply = await bench.ask(request.operation, request.data, id: request.operationID)
            if let first = replies[request.operationID], first != reply {
                report("\(request.operationID) was answered \(first.text), and now \(reply.text)")
            }
            guard reply["status"] == "success", let data = reply["data"], let id = data["id"]?.string else {
                report("\(request.json.text) was answered \(reply.text)")
                continue
            }
            operations += 1
            effects.append(request.operationID)
            images[id] = request.operation == "delete_image" ? .null : data
            touched.insert(id)
        }
        // Each image belongs to one worker, whose requests are here in their order: the last one tells what it is now.
        for id in touched { try await check(id, bench) }
        for event in try await pendingEvents(bench) { note(event.json, isPublished: false) }
        let live = images.values.count { $0 != .null }
        let usage = try await bench.core.usage()
        if usage.images != live { report("there are \(usage.images) images, not \(live)") }
        if usage.operations != operations { report("\(usage.operations) operations are remembered, not \(operations)") }
        for (operation, ids) in events where ids.count > 1 { report("\(operation) had \(ids.count) events") }
    }

    /// Asks for everything that there ever was.
    mutating func settleAll(with bench: DurableBench) async throws {
        for id in images.keys { try await check(id, bench) }
        for name in assets where try await bench.bytes(of: name).map(assetName) != name { report("\(name) is lost") }
        for operation in effects where events[operation]?.count != 1 { report("\(operation) had no event") }
        for problem in try bench.store.records.integrityProblems() { report(problem) }
    }

    private mutating func check(_ id: String, _ bench: DurableBench) async throws {
        let reply = await bench.ask("get_image", ["image_id": .string(id)])
        let expected = images[id] ?? .null
        let isRight = expected == .null ? reply["error"]?["code"] == "IMAGE_NOT_FOUND" : reply["data"] == expected
        if !isRight { report("\(id) is \(reply.text), not \(expected.text)") }
    }

    private func pendingEvents(_ bench: DurableBench) async throws -> [StorageEvent] {
        try await bench.store.records.transact(.reading) { reader throws(RecordStoreError) in
            (try reader.pendingEvents(limit: .max).map(\.event), [])
        }
    }

    private mutating func note(_ event: JSONValue, isPublished: Bool = true) {
        let operation = event["operation_id"]?.string ?? ""
        let id = event["event_id"]?.string ?? ""
        events[operation, default: []].insert(id)
        // Written in this form, times are in order where their texts are.
        guard isPublished, published.insert(id).inserted, let image = event["data"]?["id"]?.string,
            let time = event["occurred_at"]?.string
        else { return }
        if let last = newest[image], last >= time { report("the events of \(image) were not in order") }
        newest[image] = time
    }

    private mutating func report(_ problem: String) { problems.append(problem) }
}

extension JSONValue {
    fileprivate var text: String { String(decoding: encoded(), as: UTF8.self) }
}
