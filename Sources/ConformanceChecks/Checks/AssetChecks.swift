import HubProtocol
import JSON

/// The asset API by itself (docs/protocol.md §13).
enum AssetChecks {
    static let all = [
        Check(
            "asset.put",
            "PUT keeps the bytes and answers 201 with url, sha256 and size",
            .assets,
            ["AST-PUT-001", "AST-CON-001"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            let answer = try await check.put(asset.name, asset.bytes)
            try check.status(answer, 201, reason: "asset.put-status", "the PUT of a new asset")
            try receipt(check, answer, asset)
            let read = try await check.get(asset.name)
            try check.require(
                read.status == 200 && read.body == asset.bytes,
                "asset.not-kept",
                "what was put is not there"
            )
        },
        Check(
            "asset.receipt-url",
            "The url in the answer to a PUT leads to the bytes",
            .assets,
            ["AST-PUT-001", "AST-PUT-010"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            let answer = try await check.put(asset.name, asset.bytes)
            // A body that is no JSON has no url.
            let url = (try? JSONValue(parsing: answer.body))?["url"]?.string
            guard let url, !url.isEmpty else {
                throw CheckFailure("asset.receipt", "the answer to a PUT has no url")
            }
            // From the base URL, where it is no absolute one.
            let path = url.hasPrefix("/") || url.hasPrefix("http") ? url : "/" + url
            let read = try await check.http(AssetRequest("GET", path))
            try check.require(
                read.status == 200 && read.body == asset.bytes,
                "asset.receipt-url",
                "the url in the answer to a PUT does not lead to the bytes"
            )
        },
        Check(
            "asset.put-again",
            "A PUT of an asset that is there answers 200 with the same body",
            .assets,
            ["AST-PUT-002"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            let first = try await check.put(asset.name, asset.bytes)
            let again = try await check.put(asset.name, asset.bytes)
            try check.status(again, 200, reason: "asset.put-again-status", "the PUT of an asset that is there")
            try check.require(
                (try? JSONValue(parsing: again.body)) == (try? JSONValue(parsing: first.body)),
                "asset.put-again-body",
                "the PUT of an asset that is there has another body than the first"
            )
        },
        Check(
            "asset.digest-mismatch",
            "Bytes that do not have the named digest are refused with 400 DIGEST_MISMATCH",
            .assets,
            ["AST-PUT-003"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            try check.refused(
                try await check.put(asset.name, check.newAsset().bytes),
                400,
                "DIGEST_MISMATCH",
                reason: "asset.wrong-bytes-accepted",
                "a PUT of other bytes"
            )
            try check.status(
                try await check.get(asset.name),
                404,
                reason: "asset.wrong-bytes-kept",
                "GET after a refused PUT"
            )
        },
        Check(
            "asset.digest-mismatch-existing",
            "Bytes that do not have the named digest are refused also where the asset is there",
            .assets,
            ["AST-PUT-003"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            try check.refused(
                try await check.put(asset.name, check.newAsset().bytes),
                400,
                "DIGEST_MISMATCH",
                reason: "asset.wrong-bytes-accepted",
                "a PUT of other bytes over an asset that is there"
            )
            let read = try await check.get(asset.name)
            try check.require(read.body == asset.bytes, "asset.overwritten", "a refused PUT changed the asset")
        },
        Check(
            "asset.bad-name",
            "A name that is not 64 lower-case hex digits is refused with 400 DIGEST_MISMATCH",
            .assets,
            ["AST-PUT-004"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            for name in [asset.name.uppercased(), String(asset.name.dropLast()), asset.name + "0", "picture.png"] {
                try check.refused(
                    try await check.put(name, asset.bytes),
                    400,
                    "DIGEST_MISMATCH",
                    reason: "asset.bad-name-accepted",
                    "a PUT under a name that is not 64 lower-case hex digits"
                )
            }
        },
        Check(
            "asset.first-type",
            "The Content-Type of the first PUT stays that of the asset",
            .assets,
            ["AST-PUT-007", "AST-GET-001"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset(type: "image/x-conformance")
            _ = try await check.put(asset.name, asset.bytes, type: "text/plain")
            let read = try await check.get(asset.name)
            try check.require(
                read.headers["content-type"] == "image/x-conformance",
                "asset.type-changed",
                "the Content-Type is not that of the first PUT",
                expected: "image/x-conformance",
                actual: read.headers["content-type"].map(JSONValue.string) ?? .null
            )
        },
        Check(
            "asset.broken-off",
            "A PUT that is broken off leaves nothing behind",
            .assets,
            ["AST-PUT-008"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset(200_000)
            check.run.ledger.made(asset: asset.name)
            do throws(AssetTrouble) {
                _ = try await check.attempt(
                    AssetRequest(
                        "PUT",
                        AssetName.path(of: asset.name),
                        headers: ["content-type": "application/octet-stream"],
                        body: asset.bytes,
                        breakOffAfter: 100_000
                    )
                )
            } catch {
                // As it should be: there is nobody left to answer to.
            }
            try check.status(
                try await check.get(asset.name),
                404,
                reason: "asset.broken-off-kept",
                "GET after a PUT that was broken off"
            )
            let answer = try await check.put(asset.name, asset.bytes)
            try check.status(answer, 201, reason: "asset.broken-off-kept", "the PUT after one that was broken off")
        },
        Check(
            "asset.get",
            "GET answers the very bytes with the asset's Content-Type",
            .assets,
            ["AST-GET-001", "AST-GET-010", "AST-CON-001"],
            needs: [.assets]
        ) { check in
            // Every byte there is, and more than one buffer.
            let asset = try await check.storedAsset(300_000, type: "image/png")
            let answer = try await check.get(asset.name)
            try check.status(answer, 200, reason: "asset.get-status", "GET of an asset")
            try check.require(answer.body == asset.bytes, "asset.other-bytes", "GET answers other bytes than were put")
            try check.require(
                answer.headers["content-length"] == "\(asset.bytes.count)",
                "asset.no-length",
                "GET of an asset has no Content-Length, or another than the asset's",
                expected: .string("\(asset.bytes.count)"),
                actual: answer.headers["content-length"].map(JSONValue.string) ?? .null
            )
            try check.require(
                answer.headers["content-type"] == "image/png",
                "asset.type-changed",
                "GET answers another Content-Type than was put",
                expected: "image/png",
                actual: answer.headers["content-type"].map(JSONValue.string) ?? .null
            )
        },
        Check(
            "asset.head",
            "HEAD answers as GET without the bytes",
            .assets,
            ["AST-GET-002"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let get = try await check.get(asset.name)
            let head = try await check.get(asset.name, method: "HEAD")
            try check.status(head, get.status, reason: "asset.head-status", "HEAD of an asset")
            try check.require(head.body.isEmpty, "asset.head-body", "HEAD is answered with a body")
            for name in ["content-length", "content-type", "etag"] {
                try check.require(
                    head.headers[name] == get.headers[name],
                    "asset.head-differs",
                    "HEAD has another \(name) than GET",
                    expected: get.headers[name].map(JSONValue.string),
                    actual: head.headers[name].map(JSONValue.string) ?? .null
                )
            }
        },
        Check("asset.etag", "The answer has a strong ETag", .assets, ["AST-GET-003"], needs: [.assets]) { check in
            let asset = try await check.storedAsset()
            let tag = try await check.get(asset.name).headers["etag"] ?? ""
            try check.require(
                tag.count > 2 && tag.hasPrefix("\"") && tag.hasSuffix("\""),
                "asset.no-strong-etag",
                "GET of an asset has no strong ETag",
                expected: "\"…\"",
                actual: .string(tag)
            )
        },
        Check(
            "asset.not-modified",
            "If-None-Match with the ETag is answered with 304",
            .assets,
            ["AST-GET-004"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            guard let tag = try await check.get(asset.name).headers["etag"] else {
                throw Obstacle("setup.failed", "what the check stands on failed: there is no ETag")
            }
            let same = try await check.get(asset.name, ["if-none-match": tag])
            try check.status(same, 304, reason: "asset.no-304", "GET with If-None-Match of its ETag")
            let other = try await check.get(asset.name, ["if-none-match": "\"something-else\""])
            try check.status(other, 200, reason: "asset.wrong-304", "GET with If-None-Match of another ETag")
        },
        Check(
            "asset.range",
            "A single byte range is answered with 206 and these bytes",
            .assets,
            ["AST-GET-005"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset(1000)
            let count = asset.bytes.count
            for (range, part) in [
                ("bytes=0-9", 0..<10), ("bytes=990-", 990..<count), ("bytes=-5", (count - 5)..<count),
                ("bytes=100-5000", 100..<count),
            ] {
                let answer = try await check.get(asset.name, ["range": range])
                try check.status(answer, 206, reason: "asset.range-status", "GET with a byte range")
                try check.require(
                    answer.body == Array(asset.bytes[part]),
                    "asset.range-bytes",
                    "GET with a byte range answers other bytes"
                )
                let said = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(count)"
                try check.require(
                    answer.headers["content-range"] == said,
                    "asset.range-header",
                    "GET with a byte range has another Content-Range",
                    expected: .string(said),
                    actual: answer.headers["content-range"].map(JSONValue.string) ?? .null
                )
            }
        },
        Check(
            "asset.range-outside",
            "A byte range that lies outside is answered with 416",
            .assets,
            ["AST-GET-005"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let answer = try await check.get(asset.name, ["range": "bytes=100000-100001"])
            try check.status(answer, 416, reason: "asset.range-outside", "GET with a byte range that lies outside")
        },
        Check(
            "asset.missing",
            "An asset that is not there is 404 ASSET_NOT_FOUND",
            .assets,
            ["AST-GET-007", "AST-ERR-001"],
            needs: [.assets]
        ) { check in
            let name = check.newAsset().name
            try check.refused(
                try await check.get(name),
                404,
                "ASSET_NOT_FOUND",
                reason: "asset.missing-found",
                "GET of an asset that is not there"
            )
            let head = try await check.get(name, method: "HEAD")
            try check.status(head, 404, reason: "asset.missing-found", "HEAD of an asset that is not there")
        },
        Check(
            "asset.delete",
            "DELETE answers 204 and removes an asset that no version refers to",
            .assets,
            ["AST-DEL-001"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let answer = try await check.delete(asset.name)
            try check.status(answer, 204, reason: "asset.delete-status", "DELETE of an asset")
            try check.status(
                try await check.get(asset.name),
                404,
                reason: "asset.delete-kept",
                "GET of an asset that was deleted"
            )
        },
        Check(
            "asset.delete-missing",
            "DELETE of an asset that is not there is 404 ASSET_NOT_FOUND",
            .assets,
            ["AST-DEL-003"],
            needs: [.assets]
        ) { check in
            try check.refused(
                try await check.delete(check.newAsset().name),
                404,
                "ASSET_NOT_FOUND",
                reason: "asset.delete-missing",
                "DELETE of an asset that is not there"
            )
        },
        Check("asset.health", "GET /health is 200 while the service works", .assets, ["AST-HEA-001"], needs: [.assets])
        {
            check in
            let answer = try await check.http(AssetRequest("GET", "/health"))
            try check.status(answer, 200, reason: "health.status", "GET /health")
        },
        Check(
            "asset.health-open",
            "GET /health is answered without a token",
            .assets,
            ["AST-SEC-002"],
            needs: [.assets, .token]
        ) { check in
            let answer = try await check.http(AssetRequest("GET", "/health", hasToken: false))
            try check.require(answer.status != 401, "health.token-asked", "GET /health without a token is 401")
        },
        Check("asset.empty", "A PUT without bytes is 400 EMPTY_FILE", .assets, ["AST-PUT-009"], needs: [.assets]) {
            check in
            // The name is right for no bytes.
            try check.refused(
                try await check.put(AssetDigest.of([]), []),
                400,
                "EMPTY_FILE",
                reason: "asset.empty-accepted",
                "a PUT without bytes"
            )
        },
        Check(
            "asset.too-large",
            "A PUT that is too large is 413 FILE_TOO_LARGE",
            .assets,
            ["AST-PUT-005"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            let answer: AssetAnswer
            do throws(AssetTrouble) {
                answer = try await check.attempt(
                    AssetRequest(
                        "PUT",
                        AssetName.path(of: asset.name),
                        headers: ["content-type": "application/octet-stream", "content-length": "1000000000000000"],
                        body: asset.bytes
                    )
                )
            } catch {
                try Task.checkCancellation()
                throw NothingToCheck(message: "a PUT of 10^15 bytes is not answered before they are all sent")
            }
            // No service has so much room either.
            if answer.status == 507 { return }
            try check.refused(answer, 413, "FILE_TOO_LARGE", reason: "asset.too-large", "a PUT of 10^15 bytes")
        },
        Check(
            "asset.large",
            "Assets of up to 20 MiB are accepted",
            .assets,
            ["HUB-LIM-005"],
            needs: [.assets],
            isHeavy: true
        ) { check in
            let start = check.newAsset().bytes
            let bytes = start + [UInt8](repeating: 0x5A, count: 20_971_520 - start.count)
            let answer = try await check.put(AssetDigest.of(bytes), bytes)
            try check.status(answer, 201, reason: "asset.large-refused", "a PUT of 20 MiB")
        },
        Check(
            "asset.chunked",
            "A PUT without Content-Length is taken",
            .assets,
            ["AST-HTT-004"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset(5000)
            check.run.ledger.made(asset: asset.name)
            let answer = try await check.http(
                AssetRequest(
                    "PUT",
                    AssetName.path(of: asset.name),
                    headers: ["content-type": "application/octet-stream", "transfer-encoding": "chunked"],
                    body: asset.bytes
                )
            )
            try check.status(answer, 201, reason: "asset.chunked-refused", "a PUT without Content-Length")
        },
        Check(
            "asset.unknown-headers",
            "Request headers that are not known change nothing",
            .assets,
            ["AST-HTT-003"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let read = try await check.get(
                asset.name,
                ["x-conformance": "unknown", "x-operation-id": "anything", "accept": "text/x-odd", "prefer": "odd=1"]
            )
            try check.require(
                read.status == 200 && read.body == asset.bytes,
                "asset.headers-counted",
                "GET with headers that are not known is answered otherwise"
            )
        },
        Check(
            "asset.unknown-path",
            "A path that is not named is 404",
            .assets,
            ["AST-ERR-002"],
            needs: [.assets]
        ) { check in
            for path in ["/api/v2/conformance", "/api/v2/assets/"] {
                try check.status(
                    try await check.http(AssetRequest("GET", path)),
                    404,
                    reason: "http.path-found",
                    "GET of a path that is not named"
                )
            }
        },
        Check(
            "asset.method",
            "A method that a path does not have is 405 with Allow",
            .assets,
            ["AST-ERR-003"],
            needs: [.assets]
        ) { check in
            let answer = try await check.get(check.newAsset().name, method: "POST")
            try check.status(answer, 405, reason: "http.method", "POST to an asset")
            try check.require(answer.headers["allow"] != nil, "http.no-allow", "405 without Allow")
        },
        Check(
            "asset.bad-name-get",
            "GET of a name that is not 64 lower-case hex digits is 404",
            .assets,
            ["AST-GET-009"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            for name in [
                asset.name.uppercased(), String(asset.name.dropLast()), "picture.png", "..%2F..%2Fetc%2Fpasswd",
            ] {
                try check.status(
                    try await check.get(name),
                    404,
                    reason: "asset.bad-name-found",
                    "GET of a name that is not 64 lower-case hex digits"
                )
            }
        },
        Check(
            "asset.if-range",
            "A range with an If-Range that is not the ETag is answered with 200 and the whole",
            .assets,
            ["AST-GET-008"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let answer = try await check.get(asset.name, ["range": "bytes=0-4", "if-range": "\"something-else\""])
            try check.require(
                answer.status == 200 && answer.body == asset.bytes,
                "asset.if-range",
                "a range with another If-Range is not answered with the whole",
                expected: ["status": 200],
                actual: ["status": .integer(Int64(answer.status))]
            )
        },
        Check(
            "asset.token",
            "Where a token is set, a request without it is 401 UNAUTHORIZED",
            .assets,
            ["AST-SEC-001"],
            needs: [.assets, .token]
        ) { check in
            let asset = try await check.storedAsset()
            let path = AssetName.path(of: asset.name)
            for request in [
                AssetRequest("GET", path, hasToken: false), AssetRequest("DELETE", path, hasToken: false),
                AssetRequest("GET", path, headers: ["authorization": "Bearer wrong"], hasToken: false),
            ] {
                try check.refused(
                    try await check.http(request),
                    401,
                    "UNAUTHORIZED",
                    reason: "token.not-asked",
                    "\(request.method) of an asset without the token"
                )
            }
        },
    ]

    private static func receipt(
        _ check: CheckContext,
        _ answer: AssetAnswer,
        _ asset: (name: String, bytes: [UInt8])
    ) throws {
        // A body that is no JSON is no receipt.
        let json = try? JSONValue(parsing: answer.body)
        let isRight =
            json?["url"]?.string?.isEmpty == false && json?["sha256"]?.string == asset.name
            && json?["size"]?.integer == Int64(asset.bytes.count)
        try check.require(
            isRight,
            "asset.receipt",
            "the answer to a PUT is not url, sha256 and size",
            expected: [
                "sha256": .string(asset.name), "size": .integer(Int64(asset.bytes.count)), "url": json?["url"] ?? "…",
            ],
            actual: json ?? .null
        )
    }
}
