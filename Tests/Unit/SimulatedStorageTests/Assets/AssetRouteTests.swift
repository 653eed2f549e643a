import HubProtocol
import JSON
import SimulatedStorage
import Testing

/// The asset API (contract §4, §7) over a real socket.
@Suite(.timeLimit(.minutes(5))) struct AssetRouteTests {
    static let bytes = Array("the bytes of an image".utf8)
    var sha: String { name(of: Self.bytes) }

    @Test func putGetHeadDelete() async throws {
        try await AssetBench.run { bench in
            let path = "/api/v2/assets/\(sha)"
            #expect(try await bench.get(sha).code == "ASSET_NOT_FOUND")
            let created = try await bench.put(Self.bytes)
            #expect(created.status == 201)
            #expect(created.json == ["url": .string(path), "sha256": .string(sha), "size": 21])
            #expect(created.headers("Location") == path)

            let got = try await bench.get(sha)
            #expect(got.status == 200)
            #expect(got.bytes == Self.bytes)
            #expect(got.headers("Content-Type") == "image/png")
            #expect(got.headers("ETag") == "\"\(sha)\"")
            #expect(got.headers("X-Content-Type-Options") == "nosniff")
            #expect(got.headers("Cache-Control")?.contains("immutable") == true)
            let head = try await bench.send("HEAD", path)
            #expect(head.status == 200)
            #expect(head.headers("Content-Length") == "21")
            #expect(head.headers("ETag") == "\"\(sha)\"")
            #expect(head.bytes.isEmpty)

            #expect(try await bench.send("DELETE", path).status == 204)
            let gone = try await bench.get(sha)
            #expect(gone.status == 404)
            #expect(gone.code == "ASSET_NOT_FOUND")
            let again = try await bench.send("DELETE", path)
            #expect(again.status == 404)
            #expect(again.code == "ASSET_NOT_FOUND")
            // What was deleted can be put anew.
            #expect(try await bench.put(Self.bytes).status == 201)
        }
    }

    @Test(arguments: [false, true])
    func puttingAgainChangesNothing(chunked: Bool) async throws {
        try await AssetBench.run { bench in
            #expect(try await bench.put(Self.bytes, chunked: chunked).status == 201)
            let again = try await bench.put(Self.bytes, type: "text/plain", chunked: chunked)
            #expect(again.status == 200)
            #expect(again.json["size"] == 21)
            #expect(try await bench.get(sha).headers("Content-Type") == "image/png")
            // Still verified, although the bytes are there.
            let wrong = try await bench.send("PUT", "/api/v2/assets/\(sha)", body: .bytes([1, 2]))
            #expect(wrong.status == 400)
            #expect(wrong.code == "DIGEST_MISMATCH")
            #expect(try await bench.send("PUT", "/api/v2/assets/\(sha)", body: .bytes([UInt8]())).code == "EMPTY_FILE")
            #expect(try await bench.get(sha).bytes == Self.bytes)
        }
    }

    @Test func withoutATypeItIsBytes() async throws {
        try await AssetBench.run { bench in
            try await bench.put(Self.bytes, type: nil)
            #expect(try await bench.get(sha).headers("Content-Type") == "application/octet-stream")
        }
    }

    struct Refused: Sendable {
        let name: String
        let body: [UInt8]
        let status: Int
        let code: String
    }

    @Test(
        arguments: [
            Refused(name: name(of: [1]), body: [2], status: 400, code: "DIGEST_MISMATCH"),
            Refused(name: name(of: [1]).uppercased(), body: [1], status: 400, code: "DIGEST_MISMATCH"),
            Refused(name: "abc", body: [1], status: 400, code: "DIGEST_MISMATCH"),
            Refused(name: name(of: []), body: [], status: 400, code: "EMPTY_FILE"),
            Refused(
                name: name(of: .init(repeating: 7, count: 101)),
                body: .init(repeating: 7, count: 101),
                status: 413,
                code: "FILE_TOO_LARGE"
            ),
        ],
        [false, true]
    )
    func refuses(_ row: Refused, chunked: Bool) async throws {
        var limits = StorageLimits()
        limits.assetBytesMax = 100
        try await AssetBench.run(limits: limits) { bench in
            let path = "/api/v2/assets/\(row.name)"
            let body = row.body
            let stream = AsyncStream<[UInt8]> { continuation in
                continuation.yield(body)
                continuation.finish()
            }
            let answer = try await bench.send(
                "PUT",
                path,
                body: chunked ? .stream(stream.map { .init(bytes: $0) }, length: .unknown) : .bytes(body)
            )
            #expect(answer.status == row.status)
            #expect(answer.code == row.code)
            #expect(try await bench.get(row.name).status == 404)
            #expect(try await bench.storage.core.usage().assets == 0)
        }
    }

    @Test func fullIs507AndGivesItsRoomBack() async throws {
        var limits = StorageLimits()
        limits.assetBytesTotalMax = 100
        try await AssetBench.run(limits: limits) { bench in
            let large = [UInt8](repeating: 1, count: 90)
            let other = [UInt8](repeating: 2, count: 20)
            #expect(try await bench.put(large).status == 201)
            for chunked in [false, true] {
                let full = try await bench.put(other, chunked: chunked)
                #expect(full.status == 507)
                #expect(full.code == "STORAGE_FULL")
            }
            // What is there already needs no room.
            #expect(try await bench.put(large).status == 200)
            // Refused bytes take none either.
            _ = try await bench.send("PUT", "/api/v2/assets/\(name(of: [9]))", body: .bytes([1, 2, 3]))
            #expect(try await bench.put(Array(repeating: 3, count: 10)).status == 201)
            _ = try await bench.send("DELETE", "/api/v2/assets/\(name(of: large))")
            #expect(try await bench.put(other).status == 201)
        }
    }

    struct Ranged: Sendable {
        let range: String
        var ifRange: String?
        let status: Int
        let text: String
        let contentRange: String?
    }

    @Test(arguments: [
        Ranged(range: "bytes=4-8", status: 206, text: "bytes", contentRange: "bytes 4-8/21"),
        Ranged(range: "bytes=-5", status: 206, text: "image", contentRange: "bytes 16-20/21"),
        Ranged(range: "bytes=16-", status: 206, text: "image", contentRange: "bytes 16-20/21"),
        Ranged(range: "bytes=0-0,2-3", status: 200, text: "the bytes of an image", contentRange: nil),
        Ranged(range: "bytes=4-8", ifRange: "\"other\"", status: 200, text: "the bytes of an image", contentRange: nil),
        Ranged(
            range: "bytes=4-8",
            ifRange: "\"\(name(of: bytes))\"",
            status: 206,
            text: "bytes",
            contentRange: "bytes 4-8/21"
        ),
        Ranged(range: "bytes=21-", status: 416, text: "", contentRange: "bytes */21"),
    ])
    func servesRanges(_ row: Ranged) async throws {
        try await AssetBench.run { bench in
            try await bench.put(Self.bytes)
            let answer = try await bench.get(
                sha,
                headers: [("Range", row.range)] + (row.ifRange.map { [("If-Range", $0)] } ?? [])
            )
            #expect(answer.status == row.status)
            #expect(answer.headers("Content-Range") == row.contentRange)
            if row.status == 416 {
                #expect(answer.code == "RANGE_NOT_SATISFIABLE")
            } else {
                #expect(String(decoding: answer.bytes, as: UTF8.self) == row.text)
            }
        }
    }

    @Test func ifNoneMatchIs304() async throws {
        try await AssetBench.run { bench in
            try await bench.put(Self.bytes)
            let answer = try await bench.get(sha, headers: [("If-None-Match", "\"\(sha)\"")])
            #expect(answer.status == 304)
            #expect(answer.bytes.isEmpty)
        }
    }

    @Test func anAssetInUseIsNotDeleted() async throws {
        try await AssetBench.run { bench in
            try await bench.put(Self.bytes)
            let data = [String: JSONValue].portrait.with(["sha256": .string(sha), "size": 21])
            let record = await bench.ask("create_image", data, id: "create")
            #expect(record.code == nil)
            let refused = try await bench.send("DELETE", "/api/v2/assets/\(sha)")
            #expect(refused.status == 409)
            #expect(refused.code == "ASSET_IN_USE")
            _ = await bench.ask("delete_image", ["image_id": .string(record.id)], id: "delete")
            #expect(try await bench.send("DELETE", "/api/v2/assets/\(sha)").status == 204)
        }
    }

    @Test func theTokenIsAskedForWhereThereIsOne() async throws {
        try await AssetBench.run(token: "s3cret") { bench in
            for header in [nil, "Bearer wrong1", "Bearer s3cre", "Basic s3cret", "Bearer", "s3cret"] {
                for method in ["GET", "PUT", "DELETE"] {
                    let answer = try await bench.send(
                        method,
                        "/api/v2/assets/\(sha)",
                        headers: header.map { [("Authorization", $0)] } ?? []
                    )
                    #expect(answer.status == 401, "\(method) \(header ?? "")")
                    #expect(answer.code == "UNAUTHORIZED")
                    #expect(answer.headers("WWW-Authenticate") == "Bearer")
                }
            }
            let allowed = [("Authorization", "bearer s3cret")]
            #expect(
                try await bench.send("PUT", "/api/v2/assets/\(sha)", headers: allowed, body: .bytes(Self.bytes)).status
                    == 201
            )
            #expect(try await bench.get(sha, headers: allowed).bytes == Self.bytes)
            #expect(try await bench.send("GET", "/health").status == 200)
        }
    }

    @Test func healthTellsWhetherRequestsAreConsumed() async throws {
        try await AssetBench.run { bench in
            let connection = ScriptedConnection()
            #expect(try await bench.send("GET", "/health").status == 200)
            let notReady = try await bench.send("GET", "/health/ready")
            #expect(notReady.status == 503)
            #expect(notReady.json["status"] == "degraded")
            #expect(notReady.json["instance_id"] == "instance")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await bench.storage.responder.run(on: connection) }
                try await connection.wait { $0.actions.count == 4 }
                while !bench.storage.responder.isConsuming { await Task.yield() }
                #expect(try await bench.send("GET", "/health/ready").status == 200)
                #expect(try await bench.send("GET", "/health").json["status"] == "healthy")
                connection.endDeliveries()
            }
            #expect(try await bench.send("GET", "/health/live").status == 200)
        }
    }

    @Test func unknownPathsAndMethodsHaveTheOneErrorShape() async throws {
        try await AssetBench.run { bench in
            #expect(try await bench.send("GET", "/nothing").code == "NOT_FOUND")
            let wrong = try await bench.send("POST", "/api/v2/assets/\(sha)")
            #expect(wrong.status == 405)
            #expect(wrong.headers("Allow")?.contains("PUT") == true)
            #expect(wrong.code == "METHOD_NOT_ALLOWED")
        }
    }

    @Test func announcesItself() async throws {
        try await AssetBench.run { bench in
            let announcement = bench.storage.announcement(.up)
            #expect(announcement.service == "storage_service")
            #expect(announcement.instanceID == "instance")
            #expect(announcement.version == "1.2.3")
            #expect(announcement.url == bench.url)
            #expect(announcement.operations == OperationName.allCases.map(\.rawValue))
            #expect(bench.storage.announcement(.draining).status == .draining)
        }
    }
}
