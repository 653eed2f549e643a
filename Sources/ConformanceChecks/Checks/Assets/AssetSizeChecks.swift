import HubProtocol

/// How large an asset may be, and how its size is told (docs/protocol.md §15).
enum AssetSizeChecks {
    static let all = [
        Check("asset.empty", "A PUT without bytes is 400 EMPTY_FILE", .assets, ["AST-PUT-009"], needs: [.assets]) {
            check in
            for (name, what) in [
                (AssetDigest.of([]), "the digest of no bytes"), (check.newAsset().name, "another digest"),
            ] {
                try check.refused(
                    try await check.put(name, []),
                    400,
                    "EMPTY_FILE",
                    reason: "asset.empty-accepted",
                    "a PUT without bytes under \(what)"
                )
            }
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
            let answer = try await check.put(asset.name, asset.bytes, isChunked: true)
            try check.status(answer, 201, reason: "asset.chunked-refused", "a PUT without Content-Length")
        },
    ]
}
