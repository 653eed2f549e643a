import HubProtocol
import JSON

/// Serving assets: GET and HEAD (docs/protocol.md §15).
enum AssetDownloadChecks {
    static let all = [
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
            try check.requireBytes(
                asset.bytes,
                in: answer,
                "asset.other-bytes",
                "GET answers other bytes than were put"
            )
            try check.requireText(
                answer.headers["content-length"],
                at: ["headers", "content-length"],
                "\(asset.bytes.count)",
                "asset.no-length",
                "GET of an asset has no Content-Length, or another than the asset's"
            )
            try check.requireText(
                answer.headers["content-type"],
                at: ["headers", "content-type"],
                "image/png",
                "asset.type-changed",
                "GET answers another Content-Type than was put"
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
                    expected: ["headers": .object([name: get.headers[name].map(JSONValue.string) ?? .null])],
                    actual: ["headers": .object([name: head.headers[name].map(JSONValue.string) ?? .null])]
                )
            }
        },
        Check("asset.etag", "The answer has a strong ETag", .assets, ["AST-GET-003"], needs: [.assets]) { check in
            let asset = try await check.storedAsset()
            let tag = try await check.get(asset.name).headers["etag"]
            try check.require(
                (tag ?? "").count > 2 && tag?.hasPrefix("\"") == true && tag?.hasSuffix("\"") == true,
                "asset.no-strong-etag",
                "GET of an asset has no strong ETag",
                expected: ["headers": ["etag": "\"…\""]],
                actual: ["headers": tag.map { ["etag": .string($0)] } ?? [:]]
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
                try check.requireBytes(
                    Array(asset.bytes[part]),
                    in: answer,
                    status: 206,
                    "asset.range-bytes",
                    "GET with a byte range answers other bytes"
                )
                try check.requireText(
                    answer.headers["content-range"],
                    at: ["headers", "content-range"],
                    "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(count)",
                    "asset.range-header",
                    "GET with a byte range has another Content-Range"
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
    ]
}
