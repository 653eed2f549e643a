import HubProtocol
import JSON

/// Taking assets: PUT (docs/protocol.md §15).
enum AssetUploadChecks {
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
            try await check.requireKept(asset, "asset.not-kept", "what was put is not there")
        },
        Check(
            "asset.receipt-url",
            "The url in the answer to a PUT leads to the bytes",
            .assets,
            ["AST-PUT-001", "AST-PUT-010", "AST-HTT-005"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            let answer = try await check.put(asset.name, asset.bytes)
            // A body that is no JSON has no url.
            let url = (try? JSONValue(parsing: answer.body))?["url"]?.string
            guard let url, !url.isEmpty else {
                throw CheckFailure("asset.receipt", "the answer to a PUT has no url")
            }
            // As the Image Service follows it.
            let target = URIReference.url(url, from: check.run.storageURL ?? "").description
            guard target.hasPrefix("http://") || target.hasPrefix("https://") else {
                throw CheckFailure(
                    "asset.receipt-url",
                    "the url in the answer to a PUT leads to no URL of HTTP from the base URL",
                    expected: ["url": "…"],
                    actual: ["url": .string(url)]
                )
            }
            let read = try await check.http(AssetRequest("GET", target))
            try check.requireBytes(
                asset.bytes,
                in: read,
                "asset.receipt-url",
                "the url in the answer to a PUT, resolved against the base URL, does not lead to the bytes"
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
            // That a body has to be JSON is another check's.
            func json(_ body: [UInt8]) -> JSONValue { (try? JSONValue(parsing: body)) ?? .null }
            try check.requireEqual(
                json(again.body),
                json(first.body),
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
            try await check.requireMismatch(
                asset.name,
                check.newAsset().bytes,
                reason: "asset.wrong-bytes-accepted",
                "a PUT of other bytes"
            )
            try check.status(
                try await check.get(asset.name),
                404,
                reason: "asset.wrong-bytes-kept",
                "GET after a refused PUT"
            )
            // Right in all but the last byte, and longer than any buffer.
            for isChunked in [false, true] {
                let large = check.newAsset(200_000)
                let wrong = large.bytes.dropLast() + [large.bytes[large.bytes.count - 1] ^ 1]
                let what = "a PUT of 200,000 bytes of which the last is another" + (isChunked ? ", in chunks" : "")
                let answer = try await check.put(large.name, Array(wrong), isChunked: isChunked)
                // Whether bodies in chunks are taken at all is another check's.
                if !isChunked || answer.status < 400 {
                    try check.refused(
                        answer,
                        400,
                        "DIGEST_MISMATCH",
                        reason: "asset.wrong-bytes-accepted",
                        what
                    )
                }
                try check.status(
                    try await check.get(large.name),
                    404,
                    reason: "asset.wrong-bytes-kept",
                    "GET after \(what)"
                )
            }
        },
        Check(
            "asset.digest-mismatch-existing",
            "Bytes that do not have the named digest are refused also where the asset is there",
            .assets,
            ["AST-PUT-003"],
            needs: [.assets]
        ) { check in
            let asset = try await check.storedAsset()
            try await check.requireMismatch(
                asset.name,
                check.newAsset().bytes,
                reason: "asset.wrong-bytes-accepted",
                "a PUT of other bytes over an asset that is there"
            )
            let read = try await check.get(asset.name)
            try check.requireBytes(asset.bytes, in: read, "asset.overwritten", "a refused PUT changed the asset")
        },
        Check(
            "asset.bad-name",
            "A name that is not 64 lower-case hex digits is refused with 400 DIGEST_MISMATCH",
            .assets,
            ["AST-PUT-004"],
            needs: [.assets]
        ) { check in
            let asset = check.newAsset()
            for (name, what) in [
                (asset.name.uppercased(), "in upper case"), (String(asset.name.dropLast()), "of 63 digits"),
                (asset.name + "0", "of 65 digits"), ("picture.png", "that is that of a file"),
                // `$` of many regular expressions lets it pass.
                (asset.name + "%0A", "with a line feed (%0A) after the 64 digits"),
            ] {
                try await check.requireMismatch(
                    name,
                    asset.bytes,
                    reason: "asset.bad-name-accepted",
                    "a PUT under a name \(what)"
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
            let type = "image/x-conformance;version=1"
            let asset = try await check.storedAsset(type: type)
            _ = try await check.put(asset.name, asset.bytes, type: "text/plain")
            let read = try await check.get(asset.name)
            try check.requireText(
                // Where there is white space says nothing.
                read.headers["content-type"]?.filter { $0 != " " },
                at: ["headers", "content-type"],
                type,
                "asset.type-changed",
                "the Content-Type, with its parameters, is not that of the first PUT"
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
            // The service may hear of the end a little later, and keep then what it has.
            for pause in [.zero, check.run.quiet] {
                try await check.run.time.sleep(for: pause)
                try check.status(
                    try await check.get(asset.name),
                    404,
                    reason: "asset.broken-off-kept",
                    "GET after a PUT that was broken off"
                )
            }
            let answer = try await check.put(asset.name, asset.bytes)
            try check.status(answer, 201, reason: "asset.broken-off-kept", "the PUT after one that was broken off")
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
