import HubProtocol
import JSON
import Synchronization

/// Removes what a run made, and looks whether anything is left of it.
///
/// What was not looked at, because the service does not answer or the time is over, counts as left: perhaps it is.
struct CleanUp: Sendable {
    /// How long one way of asking goes on, and how often without an answer: a service that does not answer a `DELETE` is
    /// not asked for every asset in turn, and may answer a `HEAD` all the same.
    private final class Patience: Sendable {
        private let failures = Mutex(0)
        private let end: Duration
        private let run: RunContext

        init(_ run: RunContext, until end: Duration) {
            self.run = run
            self.end = end
        }

        var isOver: Bool { failures.withLock { $0 >= 3 } || run.time.now() >= end }

        func note(isAnswered: Bool) { if !isAnswered { failures.withLock { $0 += 1 } } }
    }

    private let run: RunContext
    private let end: Duration

    init(run: RunContext) {
        self.run = run
        let requests = run.ledger.images.count + 2 * run.ledger.types.count
        end = run.time.now() + .milliseconds(Limits.cleanUpMs) + run.pace.roundTrip * (2 * requests)
    }

    private var hasAssets: Bool { run.surroundings.transport != nil && run.storageURL != nil }

    /// What is left.
    func run() async -> [String] {
        await forEach(run.ledger.images) { image, context in await delete(image, context) }
        // What was made and not answered for is found by its type, which nobody else's images have.
        if run.knows("list_images") {
            await forEach(run.ledger.types) { type, context in
                guard let listed = await list(type, context) else { return false }
                for image in listed {
                    run.ledger.made(image: image)
                    guard await delete(image, context) else { return false }
                }
                return true
            }
        }
        if hasAssets {
            await forEach(run.ledger.assets) { asset, context in
                guard let status = await send("DELETE", asset, context) else { return false }
                if status == 204 { run.ledger.removed(asset: asset) }
                return true
            }
        }
        return await leftovers()
    }

    private func leftovers() async -> [String] {
        let left = Found()
        await lookForImages(left)
        guard hasAssets else { return left.all }
        let seen = Found()
        await forEach(run.ledger.sentAssets) { asset, context in
            guard let status = await send("HEAD", asset, context) else { return false }
            seen.add(asset)
            if status != 404 { left.add("asset \(asset)") }
            return true
        }
        // One that was removed is gone, whoever answers.
        for asset in run.ledger.assets where !seen.has(asset) { left.add("asset \(asset) (perhaps)") }
        return left.all
    }

    private func lookForImages(_ left: Found) async {
        let seen = Found()
        if run.knows("list_images") {
            let types = run.ledger.types
            let listed = Found()
            await forEach(types) { type, context in
                guard let images = await list(type, context) else { return false }
                for image in images {
                    left.add("image \(image)")
                    seen.add(image)
                }
                listed.add(type)
                return true
            }
            // What was made and not answered for could be of any of them.
            if !types.allSatisfy(listed.has) { left.add("images of the types conformance-\(run.runID)-… (perhaps)") }
        }
        await forEach(run.ledger.images.filter { !seen.has($0) }) { image, context in
            let question = Question("get_image", context.newID(), ["image_id": .string(image)])
            guard let reply = try? await context.ask(question) else { return false }
            seen.add(image)
            if reply.code != "IMAGE_NOT_FOUND" { left.add("image \(image)") }
            return true
        }
        for image in run.ledger.images where !seen.has(image) { left.add("image \(image) (perhaps)") }
    }

    private final class Found: Sendable {
        private let names = Mutex<Set<String>>([])

        func add(_ name: String) { names.withLock { _ = $0.insert(name) } }
        func has(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
        var all: [String] { names.withLock { $0.sorted() } }
    }

    private final class Waiting: Sendable {
        private let names: Mutex<ArraySlice<String>>

        init(_ names: [String]) { self.names = Mutex(names[...]) }

        func next() -> String? { names.withLock { $0.popFirst() } }
    }

    /// Does something for each, several at a time, as long as the patience lasts.
    /// - Parameter body: whether the service answered.
    private func forEach(
        _ names: [String],
        _ body: @escaping @Sendable (String, CheckContext) async -> Bool
    ) async {
        let waiting = Waiting(names)
        let patience = Patience(run, until: end)
        let workers = run.pace.checksAtATime(run.options.checksAtATime, timeout: .milliseconds(run.options.timeoutMs))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<min(names.count, workers) {
                group.addTask {
                    // A reply queue of its own for each worker.
                    let context = CheckContext(run: run, checkID: "clean-up")
                    defer { context.end() }
                    while !patience.isOver, let name = waiting.next() {
                        patience.note(isAnswered: await body(name, context))
                    }
                }
            }
        }
    }

    /// Whether the service said anything.
    private func delete(_ image: String, _ context: CheckContext) async -> Bool {
        let question = Question("delete_image", context.newID(), ["image_id": .string(image)])
        guard let reply = try? await context.ask(question) else { return false }
        if reply.isSuccess || reply.code == "IMAGE_NOT_FOUND" { run.ledger.deleted(image: image) }
        return true
    }

    private func list(_ type: String, _ context: CheckContext) async -> [String]? {
        let question = Question("list_images", context.newID(), ["type": .string(type), "limit": 1000])
        guard let reply = try? await context.ask(question), reply.isSuccess else { return nil }
        // A service whose filter does not work lists what is not ours: that stays.
        return (reply.data["images"]?.array ?? []).filter { $0["type"]?.string == type }.compactMap { $0["id"]?.string }
    }

    private func send(_ method: String, _ asset: String, _ context: CheckContext) async -> Int? {
        try? await context.attempt(AssetRequest(method, AssetName.path(of: asset))).status
    }
}
