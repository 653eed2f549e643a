import Crypto
import HubProtocol
import JSON
import NIOCore
import SimulatedStorage

/// Does one thing after the other with images of its own, so that what they must be afterwards is known.
struct Worker {
    private let core: StorageCore
    private let name: String
    private var generator: Generator
    private var images: [String] = []
    private var number = 0

    init(core: StorageCore, seed: UInt64, name: String) {
        self.core = core
        self.name = name
        generator = Generator(state: seed)
    }

    mutating func doSomething() async {
        number += 1
        let image = images.randomElement(using: &generator)
        switch (UInt8.random(in: 0..<9, using: &generator), image) {
        case (0, let image?):
            images.removeAll { $0 == image }
            _ = await ask("delete_image", ["image_id": .string(image)])
        case (1, let image?), (2, let image?):
            _ = await ask("update_image", ["image_id": .string(image), "name": .string("\(name)-\(number)")])
        case (3, let image?):
            let content = await putAsset()
            _ = await ask("create_image_version", content.merging(["image_id": .string(image)]) { _, new in new })
        case (4, _): await passAnAsset()
        default:
            let fields: [String: JSONValue] = [
                "type": .string("type \(number % 3)"), "subtype": "s", "name": .string("\(name)-\(number)"),
                "theme": .string("theme \(number % 2)"),
            ]
            let reply = await ask("create_image", await putAsset().merging(fields) { _, new in new })
            if let id = reply["data"]?["id"]?.string { images.append(id) }
        }
    }

    /// An asset of its own, which nothing ever refers to, comes and goes.
    private func passAnAsset() async {
        let bytes = ByteBuffer(string: "\(name)-\(number)")
        let asset = AssetName.from(digest: SHA256.hash(data: bytes.readableBytesView))
        do {
            try await put(bytes, named: asset)
            try await core.assets.delete(asset)
        } catch {
            say(["failure": .string("\(error)")])
        }
    }

    private func put(_ bytes: ByteBuffer, named name: String) async throws {
        let body = AsyncStream<ByteBuffer> { continuation in
            continuation.yield(bytes)
            continuation.finish()
        }
        let size = bytes.readableBytes
        _ = try await core.assets.put(name, contentType: "image/png", expectedBytes: size, body: body)
    }

    private func ask(_ operation: String, _ data: [String: JSONValue]) async -> JSONValue {
        let id = "\(name)-\(number)"
        let request = StorageRequest(operation: operation, operationID: id, data: data)
        say(["request": request.json])
        let body = await core.carryOut(request).replyBody(operationID: id)
        let reply = (try? JSONValue(parsing: body)) ?? .null
        say(["reply": reply])
        return reply
    }

    /// Puts an asset and gives the content that refers to it. Workers often put the same bytes.
    private mutating func putAsset() async -> [String: JSONValue] {
        let size = Int.random(in: 1...5, using: &generator) * 10_000
        let bytes = ByteBuffer(repeating: UInt8.random(in: 0..<4, using: &generator), count: size)
        let name = AssetName.from(digest: SHA256.hash(data: bytes.readableBytesView))
        do {
            try await put(bytes, named: name)
        } catch {
            say(["failure": .string("\(error)")])
        }
        say(["asset": .string(name)])
        return [
            "url": .string(AssetName.path(of: name)), "format": "png", "width": 1, "height": 1,
            "size": .integer(Int64(size)), "sha256": .string(name),
        ]
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
