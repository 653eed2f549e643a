import HubProtocol
import JSON

/// Entity tags, conditions and ranges (docs/protocol.md §15; RFC 9110 §8.8, §13, §14).
enum AssetConditionChecks {
    static let all = [
        Check(
            "asset.etag",
            "The answer has a strong ETag",
            .assets,
            ["AST-GET-003", "AST-GET-011"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let tag = try await check.get(asset.name).headers["etag"]
            try check.require(
                isStrong(tag ?? ""),
                "asset.no-strong-etag",
                "GET of an asset has no strong ETag",
                expected: ["headers": ["etag": "\"…\""]],
                actual: ["headers": tag.map { ["etag": .string($0)] } ?? [:]]
            )
            for (headers, status, what) in [
                (["range": "bytes=0-9"], 206, "the answer to a byte range"),
                (["if-none-match": tag ?? ""], 304, "the answer 304 to If-None-Match"),
            ] {
                let answer = try await check.get(asset.name, headers)
                // What is answered otherwise is another check's.
                guard answer.status == status else { continue }
                try check.requireText(
                    answer.headers["etag"],
                    at: ["headers", "etag"],
                    tag ?? "",
                    "asset.etag-differs",
                    "\(what) has no ETag, or another than GET"
                )
            }
        },
        Check(
            "asset.not-modified",
            "If-None-Match with the ETag is answered with 304",
            .assets,
            ["AST-GET-004", "AST-GET-011"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            let tag = try await check.setUpTag(of: asset.name)
            let weak = tag.hasPrefix("W/") ? tag : "W/" + tag
            for (method, condition, what) in [
                ("GET", tag, "its ETag"), ("HEAD", tag, "its ETag"),
                ("GET", "\"something-else\", \(tag)", "a list that has its ETag"),
                ("GET", weak, "its ETag as a weak one"), ("GET", "*", "*"),
            ] {
                try check.status(
                    try await check.get(asset.name, method: method, ["if-none-match": condition]),
                    304,
                    reason: "asset.no-304",
                    "\(method) with If-None-Match of \(what)"
                )
            }
            let other = try await check.get(asset.name, ["if-none-match": "\"something-else\""])
            try check.status(other, 200, reason: "asset.wrong-304", "GET with If-None-Match of another ETag")
        },
        Check(
            "asset.range",
            "A single byte range is answered with 206 and these bytes",
            .assets,
            ["AST-GET-005", "AST-GET-011"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset(1000)
            let count = asset.bytes.count
            for (range, part) in [
                ("bytes=0-9", 0..<10), ("bytes=990-", 990..<count), ("bytes=-5", (count - 5)..<count),
                ("bytes=100-5000", 100..<count), ("bytes=0-0", 0..<1), ("bytes=-5000", 0..<count),
            ] {
                try requirePart(check, try await check.get(asset.name, ["range": range]), part, of: asset.bytes, range)
            }
        },
        Check(
            "asset.range-outside",
            "A byte range that lies outside is refused with 416 RANGE_NOT_SATISFIABLE",
            .assets,
            ["AST-GET-005", "AST-GET-012", "AST-ERR-001"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            for (range, what) in [
                ("bytes=100000-100001", "a byte range that lies outside"),
                ("bytes=\(asset.bytes.count)-", "a byte range that begins where the asset ends"),
                ("bytes=-0", "a byte range of the last 0 bytes"),
            ] {
                try check.refused(
                    try await check.get(asset.name, ["range": range]),
                    416,
                    "RANGE_NOT_SATISFIABLE",
                    reason: "asset.range-outside",
                    "GET with \(what)"
                )
            }
        },
        Check(
            "asset.if-range",
            "If-Range with the ETag lets a range through, and with another gives the whole",
            .assets,
            ["AST-GET-008", "AST-GET-011"],
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
            let tag = try await check.setUpTag(of: asset.name)
            // A weak one never lets a range through (RFC 9110 §13.1.5), and that it is weak is another check's.
            guard isStrong(tag) else { return }
            let part = try await check.get(asset.name, ["range": "bytes=0-4", "if-range": tag])
            try requirePart(check, part, 0..<5, of: asset.bytes, "bytes=0-4 and an If-Range of its ETag")
        },
    ]

    /// A strong entity tag (RFC 9110 §8.8.3) that is not empty.
    private static func isStrong(_ tag: String) -> Bool {
        let bytes = Array(tag.utf8)
        guard bytes.count > 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return false }
        return bytes.dropFirst().dropLast().allSatisfy { $0 == 0x21 || (0x23...0x7E).contains($0) || $0 >= 0x80 }
    }

    private static func requirePart(
        _ check: CheckContext,
        _ answer: AssetAnswer,
        _ part: Range<Int>,
        of bytes: [UInt8],
        _ range: String
    ) throws {
        try check.status(answer, 206, reason: "asset.range-status", "GET with the Range \(range)")
        try check.requireBytes(
            Array(bytes[part]),
            in: answer,
            status: 206,
            "asset.range-bytes",
            "GET with the Range \(range) answers other bytes"
        )
        try check.requireText(
            answer.headers["content-range"],
            at: ["headers", "content-range"],
            "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes.count)",
            "asset.range-header",
            "GET with the Range \(range) has another Content-Range"
        )
    }
}

extension CheckContext {
    /// The `ETag` of an asset, on which a check stands.
    fileprivate func setUpTag(of name: String) async throws -> String {
        guard let tag = try await get(name).headers["etag"] else {
            throw Obstacle("setup.failed", "what the check stands on failed: there is no ETag")
        }
        return tag
    }
}
