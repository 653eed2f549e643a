import HubProtocol
import JSON

/// What the asset API does with requests that few send (docs/protocol.md §15).
enum AssetRequestChecks {
    static let all = [
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
            try check.requireBytes(
                asset.bytes,
                in: read,
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
}
