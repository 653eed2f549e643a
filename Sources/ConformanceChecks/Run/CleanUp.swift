import HubProtocol
import JSON

/// Removes what a run made, and looks whether anything is left of it.
struct CleanUp: Sendable {
    let run: RunContext

    /// What is left.
    func run() async -> [String] {
        let context = CheckContext(run: run, checkID: "clean-up")
        defer { context.end() }
        let end = run.time.now() + .milliseconds(Limits.cleanUpMs)
        var failed = 0
        // A service that has stopped answering is not asked for every image in turn.
        func isHopeless() -> Bool { failed >= 3 || run.time.now() >= end }

        for image in run.ledger.images {
            if isHopeless() { break }
            failed += await delete(image, context) ? 0 : 1
        }
        // What was made and not answered for is found by its type, which nobody else's images have.
        for type in run.ledger.types {
            if isHopeless() { break }
            guard let listed = await list(type, context) else {
                failed += 1
                continue
            }
            for image in listed {
                run.ledger.made(image: image)
                _ = await delete(image, context)
            }
        }
        if run.surroundings.transport != nil, run.storageURL != nil {
            for asset in run.ledger.assets {
                if isHopeless() { break }
                // Its answer is looked at below.
                _ = try? await context.attempt(AssetRequest("DELETE", AssetName.path(of: asset)))
            }
        }
        return await leftovers(context, isHopeless: isHopeless)
    }

    private func leftovers(_ context: CheckContext, isHopeless: () -> Bool) async -> [String] {
        var left: [String] = []
        for type in run.ledger.types where !isHopeless() {
            for image in await list(type, context) ?? [] { left.append("image \(image)") }
        }
        if isHopeless() { left += run.ledger.images.map { "image \($0) (perhaps)" } }
        guard run.surroundings.transport != nil, run.storageURL != nil else { return left }
        for asset in run.ledger.assets where !isHopeless() {
            let answer = try? await context.attempt(AssetRequest("HEAD", AssetName.path(of: asset)))
            if answer?.status == 404 { continue }
            left.append("asset \(asset)" + (answer == nil ? " (perhaps)" : ""))
        }
        return left
    }

    /// Whether the image is gone, or the service at least said something.
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
}
