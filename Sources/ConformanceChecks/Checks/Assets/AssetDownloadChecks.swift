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
