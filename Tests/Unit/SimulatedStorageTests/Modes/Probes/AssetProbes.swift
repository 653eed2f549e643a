import AsyncHTTPClient
import HubProtocol
import JSON
import NIOCore
import Testing

@testable import SimulatedStorage

private let bytes: [UInt8] = Array("some bytes".utf8)
private let asset = name(of: bytes)

extension ModeProbe {
    static let ofAssets: [ModeProbe] = [
        .bench("put-answers-no-size", { try await $0.put(bytes).json["size"] == nil }),
        .bench("put-of-a-new-asset-is-200", { try await $0.put(bytes).status == 200 }),
        .bench(
            "put-again-is-a-conflict",
            { bench in
                try await bench.put(bytes)
                return try await bench.put(bytes).status == 409
            }
        ),
        .bench(
            "put-again-is-201",
            { bench in
                try await bench.put(bytes)
                return try await bench.put(bytes).status == 201
            }
        ),
        .bench(
            "digests-are-not-verified",
            { bench in
                let put = try await bench.put(bytes, as: assetName("a"))
                return try await bench.get(assetName("a")).bytes == bytes && put.status == 201
            }
        ),
        .bench(
            "digests-are-not-verified-again",
            { bench in
                let first = try await bench.put([1], as: asset)
                #expect(first.status == 400)
                try await bench.put(bytes)
                return try await bench.put([1], as: asset).status == 200
            }
        ),
        .bench(
            "digests-of-large-assets-are-not-verified",
            { bench in
                let small = try await bench.put([1], as: asset)
                #expect(small.status == 400)
                return try await bench.put(Array(repeating: 1, count: 65537), as: asset).status == 201
            }
        ),
        .bench(
            "digests-of-chunks-are-not-verified",
            { bench in
                let whole = try await bench.put([1], as: asset)
                #expect(whole.status == 400)
                return try await bench.putInChunks([1], as: asset).status == 201
            }
        ),
        .bench("upper-case-names-are-taken", { try await $0.put(bytes, as: asset.uppercased()).status == 201 }),
        .bench(
            "too-large-is-500",
            ModeBench.Options(limits: .ofAssets(bytesMax: 4)),
            { bench in
                try await bench.put(bytes).status == 500
            }
        ),
        .bench(
            "no-room-is-500",
            ModeBench.Options(limits: .ofAssets(totalMax: 4)),
            { bench in
                try await bench.put(bytes).status == 500
            }
        ),
        .bench(
            "content-type-of-the-last-put",
            { bench in
                try await bench.put(bytes, type: "image/png")
                try await bench.put(bytes, type: "image/webp")
                return try await bench.get(asset).headers("Content-Type") == "image/webp"
            }
        ),
        .bench(
            "half-an-upload-is-kept",
            { bench in
                try await inSomeTry {
                    await #expect(throws: (any Error).self) { try await bench.putHalf(bytes) }
                    for _ in 0..<20 {
                        if try await bench.get(asset).status == 200 { return true }
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    return false
                }
            }
        ),
        .bench(
            "content-type-is-forgotten",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset).headers("Content-Type") == "application/octet-stream"
            }
        ),
        .bench(
            "head-is-not-allowed",
            { bench in
                try await bench.put(bytes)
                return try await bench.send("HEAD", "/api/v2/assets/\(asset)").status == 405
            }
        ),
        .bench(
            "head-without-length",
            { bench in
                try await bench.put(bytes)
                return try await bench.send("HEAD", "/api/v2/assets/\(asset)").headers("Content-Length")
                    != "\(bytes.count)"
            }
        ),
        .bench(
            "weak-etag",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset).headers("ETag")?.hasPrefix("W/") == true
            }
        ),
        .bench(
            "no-etag",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset).headers("ETag") == nil
            }
        ),
        .bench(
            "if-none-match-is-ignored",
            { bench in
                try await bench.put(bytes)
                let tag = try #require(try await bench.get(asset).headers("ETag"))
                return try await bench.get(asset, [("If-None-Match", tag)]).status == 200
            }
        ),
        .bench(
            "if-none-match-is-one-tag",
            { bench in
                try await bench.put(bytes)
                let tag = try #require(try await bench.get(asset).headers("ETag"))
                let alone = try await bench.get(asset, [("If-None-Match", tag)])
                #expect(alone.status == 304)
                return try await bench.get(asset, [("If-None-Match", "\"other\", \(tag)")]).status == 200
            }
        ),
        .bench(
            "range-is-ignored",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset, [("Range", "bytes=0-3")]).status == 200
            }
        ),
        .bench(
            "range-is-a-byte-short",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset, [("Range", "bytes=0-3")]).bytes.count == 3
            }
        ),
        .bench(
            "range-outside-is-the-whole",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset, [("Range", "bytes=100-")]).status == 200
            }
        ),
        .bench(
            "range-outside-without-code",
            { bench in
                try await bench.put(bytes)
                let answer = try await bench.get(asset, [("Range", "bytes=100-")])
                return answer.status == 416 && answer.bytes.isEmpty
            }
        ),
        .bench(
            "missing-asset-without-code",
            { bench in
                let answer = try await bench.get(asset)
                return answer.status == 404 && answer.code == nil
            }
        ),
        .bench(
            "delete-keeps-the-asset",
            { bench in
                try await bench.put(bytes)
                let deleted = try await bench.delete(asset)
                #expect(deleted.status == 204)
                return try await bench.get(asset).status == 200
            }
        ),
        ModeProbe("delete-removes-what-is-in-use") { client in
            try await client.bench.put(bytes)
            try await client.create(["sha256": .string(asset), "size": 10])
            let deleted = try await client.bench.delete(asset)
            return try await client.bench.get(asset).status == 404 && deleted.status == 204
        },
        ModeProbe("delete-removes-assets-of-older-versions") { client in
            try await client.bench.put(bytes)
            let image = try await client.create(["sha256": .string(asset), "size": 10])
            let kept = try await client.bench.delete(asset)
            #expect(kept.status == 409)
            try await client.ask("create_image_version", .content.with(["image_id": .string(image.id)]))
            return try await client.bench.delete(asset).status == 204
        },
        .bench("delete-of-nothing-is-204", { try await $0.delete(asset).status == 204 }),
        .bench("delete-of-a-bad-name-is-400", { try await $0.delete("none").status == 400 }),
        .bench("no-health", { try await $0.send("GET", "/health").status == 404 }),
        ModeProbe("shared-asset-goes-with-one-image") { client in
            try await client.bench.put(bytes)
            let first = try await client.create(["sha256": .string(asset), "size": 10])
            let second = try await client.create(["sha256": .string(asset), "size": 10])
            try await client.ask("delete_image", ["image_id": .string(first.id)])
            let isGone = try await client.bench.get(asset).status == 404
            try await client.ask("delete_image", ["image_id": .string(second.id)])
            return isGone
        },
        ModeProbe("asset-goes-with-its-last-image") { client in
            try await client.bench.put(bytes)
            let first = try await client.create(["sha256": .string(asset), "size": 10])
            let second = try await client.create(["sha256": .string(asset), "size": 10])
            try await client.ask("delete_image", ["image_id": .string(first.id)])
            let isThere = try await client.bench.get(asset).status == 200
            #expect(isThere)
            try await client.ask("delete_image", ["image_id": .string(second.id)])
            return try await client.bench.get(asset).status == 404
        },
        .bench(
            "token-is-not-checked",
            ModeBench.Options(token: "secret"),
            { bench in
                try await bench.get(asset).status == 404
            }
        ),
        .bench(
            "half-the-token-will-do",
            ModeBench.Options(token: "secret"),
            { bench in
                let wrong = try await bench.get(asset, [("Authorization", "Bearer other")])
                #expect(wrong.status == 401)
                return try await bench.get(asset, [("Authorization", "Bearer sec")]).status == 404
            }
        ),
        .bench(
            "head-needs-no-token",
            ModeBench.Options(token: "secret"),
            { bench in
                let get = try await bench.get(asset)
                #expect(get.status == 401)
                return try await bench.send("HEAD", "/api/v2/assets/\(asset)").status == 404
            }
        ),
        .bench(
            "unknown-headers-are-400",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset, [("X-More", "value")]).status == 400
            }
        ),
        .bench(
            "needs-content-length",
            { try await $0.putInChunks(bytes, as: asset).status == 411 }
        ),
        .bench("errors-as-plain-text", { try await $0.get(asset).headers("Content-Type") == "text/plain" }),
        .bench("unknown-paths-are-200", { try await $0.send("GET", "/api/v2/none").status == 200 }),
        .bench("wrong-method-is-404", { try await $0.send("POST", "/api/v2/assets/\(asset)").status == 404 }),
        .bench("empty-assets-are-taken", { try await $0.put([]).status == 201 }),
        .bench("url-that-leads-nowhere", { try await $0.put(bytes).json["url"]?.string?.hasPrefix("/var/") == true }),
        .bench("url-relative-to-the-request", { try await $0.put(bytes).json["url"]?.string == asset }),
        .bench(
            "puts-at-the-same-time-collide",
            { bench in
                try await inSomeTry {
                    async let first = bench.put(bytes).status
                    async let second = bench.put(bytes).status
                    let statuses = try await [first, second]
                    return statuses.contains(500)
                }
            }
        ),
        .bench(
            "if-range-is-ignored",
            { bench in
                try await bench.put(bytes)
                return try await bench.get(asset, [("Range", "bytes=0-3"), ("If-Range", "\"other\"")]).status == 206
            }
        ),
        .bench("bad-names-are-400", { try await $0.get("none").status == 400 }),
        .bench(
            "get-without-length",
            { bench in
                try await bench.put(bytes)
                let answer = try await bench.get(asset)
                #expect(answer.bytes == bytes)
                return answer.headers("Content-Length") == nil
            }
        ),
        .bench(
            "assets-are-seen-later",
            { bench in
                try await inSomeTry {
                    let fresh = Array("\(ContinuousClock.now)".utf8)
                    try await bench.put(fresh)
                    return try await bench.get(name(of: fresh)).status == 404
                }
            }
        ),
        .bench(
            "assets-of-1-mib-at-most",
            { try await $0.put(Array(repeating: 1, count: (1 << 20) + 1)).status == 413 }
        ),
        .bench(
            "health-needs-the-token",
            ModeBench.Options(token: "secret"),
            { bench in
                try await bench.send("GET", "/health").status == 401
            }
        ),
    ]
}

extension ModeBench {
    fileprivate func delete(_ asset: String) async throws -> Answer {
        try await send("DELETE", "/api/v2/assets/\(asset)")
    }

    /// Puts bytes without saying before how many there are.
    fileprivate func putInChunks(_ bytes: [UInt8], as asset: String) async throws -> Answer {
        let (stream, feed) = AsyncStream.makeStream(of: ByteBuffer.self)
        feed.yield(ByteBuffer(bytes: bytes))
        feed.finish()
        return try await send("PUT", "/api/v2/assets/\(asset)", body: .stream(stream, length: .unknown))
    }

    /// Breaks an upload off after half of it.
    fileprivate func putHalf(_ bytes: [UInt8]) async throws {
        let (stream, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        feed.yield(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
        feed.finish(throwing: BrokenOff())
        _ = try await send(
            "PUT",
            "/api/v2/assets/\(name(of: bytes))",
            headers: [("Content-Type", "image/png")],
            body: .stream(stream, length: .known(Int64(bytes.count)))
        )
    }

    private struct BrokenOff: Error {}
}

extension StorageLimits {
    fileprivate static func ofAssets(bytesMax: Int? = nil, totalMax: Int? = nil) -> StorageLimits {
        var limits = StorageLimits()
        limits.assetBytesMax = bytesMax ?? limits.assetBytesMax
        limits.assetBytesTotalMax = totalMax ?? limits.assetBytesTotalMax
        return limits
    }
}
