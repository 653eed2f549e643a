import HubProtocol
import JSON
import Synchronization

/// Removes what a run made, and looks whether anything is left of it.
struct CleanUp: Sendable {
    /// How long it goes on, and how often without an answer: a service that has stopped answering is not asked for every
    /// image in turn.
    private final class Patience: Sendable {
        private let failures = Mutex(0)
        private let end: Duration
        private let run: RunContext

        init(_ run: RunContext) {
            self.run = run
            end = run.time.now() + .milliseconds(Limits.cleanUpMs)
        }

        var isOver: Bool { failures.withLock { $0 >= 3 } || run.time.now() >= end }

        func note(isAnswered: Bool) { if !isAnswered { failures.withLock { $0 += 1 } } }
    }

    private let run: RunContext
    private let patience: Patience

    init(run: RunContext) {
        self.run = run
        patience = Patience(run)
    }

    private var hasAssets: Bool { run.surroundings.transport != nil && run.storageURL != nil }

    /// What is left.
    func run() async -> [String] {
        await forEach(run.ledger.images) { image, context in await delete(image, context) }
        // What was made and not answered for is found by its type, which nobody else's images have.
        await forEach(run.ledger.types) { type, context in
            guard let listed = await list(type, context) else { return false }
            for image in listed {
                run.ledger.made(image: image)
                guard await delete(image, context) else { return false }
            }
            return true
        }
        if hasAssets {
            await forEach(run.ledger.assets) { asset, context in
                await send("DELETE", asset, context) != nil
            }
        }
        return await leftovers()
    }

    private func leftovers() async -> [String] {
        let left = Found()
        await forEach(run.ledger.types) { type, context in
            guard let listed = await list(type, context) else { return false }
            for image in listed { left.add("image \(image)") }
            return true
        }
        if patience.isOver { for image in run.ledger.images { left.add("image \(image) (perhaps)") } }
        guard hasAssets else { return left.all }
        await forEach(run.ledger.assets) { asset, context in
            let status = await send("HEAD", asset, context)
            if status != 404 { left.add("asset \(asset)" + (status == nil ? " (perhaps)" : "")) }
            return status != nil
        }
        return left.all
    }

    private final class Found: Sendable {
        private let names = Mutex<Set<String>>([])

        func add(_ name: String) { names.withLock { _ = $0.insert(name) } }
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
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<min(names.count, run.options.checksAtATime) {
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
