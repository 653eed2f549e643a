import HubProtocol
import ImageFormats
import NIOCore
import TestSupport
import Testing

@testable import ImageService

@Suite("Rendered variants", .timeLimit(.minutes(5)))
struct VariantRouteTests {
    private static let path = "/api/v2/images/0b6f4f0e-3c55-4a0e-8a52-9d2f6a1f7c10/content"

    /// A storage that has this picture under every name.
    private static func storage(of picture: String) throws -> FakeStorage {
        let bytes = try Fixtures.bytes("images/good/" + picture)
        return FakeStorage(get: { _ throws(StorageTrouble) in ByteBuffer(bytes: bytes) })
    }

    private static func header(_ bytes: [UInt8]) throws -> ImageHeader {
        try HeaderReader.read(bytes.span, limits: ImageLimits())
    }

    @Test func hasTheSizeAndTheFormatThatAreAskedFor() async throws {
        try await withService(try Self.storage(of: "jpeg-444.jpg")) { client in
            let original = try Self.header(try Fixtures.bytes("images/good/jpeg-444.jpg"))
            let answer = try await client.send("GET", Self.path + "?version=1&width=5&format=png")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "image/png")
            #expect(answer.headers["cache-control"] == "public, max-age=31536000, immutable")
            let header = try Self.header(answer.body)
            #expect(header.format == .png)
            #expect(header.width == 5)
            #expect(header.width < original.width)
        }
    }

    @Test(arguments: [
        ("width=0", "width", "greater_than_equal"), ("height=10001", "height", "less_than_equal"),
        ("width=x", "width", "int_parsing"), ("fit=squeeze", "fit", "enum"), ("format=gif", "format", "enum"),
        ("quality=101", "quality", "less_than_equal"), ("enlarge=maybe", "enlarge", "bool_parsing"),
    ])
    func aBadParameterIsNamed(_ query: String, _ name: String, _ type: String) async throws {
        try await withService { client in
            let answer = try await client.send("GET", Self.path + "?" + query)
            #expect(answer.status == 422)
            #expect(answer.json["error"]?["details"]?["errors"]?.array?.first?["loc"] == ["query", .string(name)])
            #expect(answer.json["error"]?["details"]?["errors"]?.array?.first?["type"] == .string(type))
        }
    }

    @Test func hasATagOfItsOwnAndIsRememberedByIt() async throws {
        let storage = try Self.storage(of: "png-rgb-8.png")
        try await withService(storage) { client in
            let original = try await client.send("GET", Self.path)
            let variant = try await client.send("GET", Self.path + "?width=4")
            let other = try await client.send("GET", Self.path + "?width=4&format=webp")
            let tags = [original, variant, other].compactMap { $0.headers["etag"] }
            #expect(Set(tags).count == 3)
            #expect(variant.body != original.body)

            // Neither a client that has it nor one that has not makes storage send the bytes again.
            let fetches = storage.events.count { $0.isGet }
            let known = try await client.send("GET", Self.path + "?width=4", headers: [("If-None-Match", tags[1])])
            #expect(known.status == 304)
            #expect(try await client.send("GET", Self.path + "?width=4").body == variant.body)
            let part = try await client.send("GET", Self.path + "?width=4", headers: [("Range", "bytes=0-7")])
            #expect(part.status == 206)
            #expect(part.body == Array(variant.body.prefix(8)))
            #expect(storage.events.count { $0.isGet } == fetches)
        }
    }

    @Test func ofBytesThatAreNoImageThereIsNone() async throws {
        try await withService { client in
            let answer = try await client.send("GET", Self.path + "?width=4")
            #expect(answer.status == 415)
            #expect(answer.errorCode == "INVALID_FILE_TYPE")
        }
    }

    @Test func withoutMemoryItIsRefusedAndNothingIsHeld() async throws {
        var settings = ServiceSettings()
        settings.inflightBytesMax = 100_000
        try await withService(try Self.storage(of: "png-rgb-8.png"), settings: settings) { client in
            let answer = try await client.send("GET", Self.path + "?width=9000&height=9000&enlarge=true&fit=fill")
            #expect(answer.status == 422)
            #expect(answer.errorCode == "IMAGE_TOO_LARGE")
            let health = try await client.send("GET", "/health")
            #expect(health.json["metrics"]?["inflight_bytes"] == 0)
        }
    }
}

extension FakeStorage.Event {
    fileprivate var isGet: Bool { if case .get = self { true } else { false } }
}
