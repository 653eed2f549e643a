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
            "A path that is not named is 404, with an error in JSON as any other",
            .assets,
            ["AST-ERR-001", "AST-ERR-002"],
            needs: [.assets]
        ) { check in
            for path in ["/api/v2/conformance", "/api/v2/assets/"] {
                let answer = try await check.http(AssetRequest("GET", path))
                try check.status(answer, 404, reason: "http.path-found", "GET of a path that is not named")
                try check.requireError(answer, "GET of a path that is not named")
            }
            // With which status is another check's.
            let posted = try await check.get(check.newAsset().name, method: "POST")
            if posted.status >= 400 { try check.requireError(posted, "POST to an asset") }
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
            "asset.token",
            "Where a token is set, a request without it is 401 UNAUTHORIZED",
            .assets,
            ["AST-SEC-001"],
            needs: [.assets, .token]
        ) { check in
            let asset = try await check.storedAsset()
            for (method, authorization, what) in tokens(check.run.surroundings.token ?? "") {
                let request = AssetRequest(
                    method,
                    AssetName.path(of: asset.name),
                    headers: authorization.map { ["authorization": $0] } ?? [:],
                    body: method == "PUT" ? asset.bytes : nil,
                    hasToken: false
                )
                let answer = try await check.http(request)
                try check.status(answer, 401, reason: "token.not-asked", "\(method) of an asset with \(what)")
                // HEAD has no body to say more in.
                guard method != "HEAD" else { continue }
                try check.refused(
                    answer,
                    401,
                    "UNAUTHORIZED",
                    reason: "token.not-asked",
                    "\(method) of an asset with \(what)"
                )
            }
        },
    ]

    /// What is not the token: a method, the field `Authorization`, and what it is in words.
    private static func tokens(_ token: String) -> [(String, String?, String)] {
        [
            ("GET", nil, "no token"), ("HEAD", nil, "no token"), ("PUT", nil, "no token"), ("DELETE", nil, "no token"),
            ("GET", "Bearer wrong", "another token"),
            ("GET", "Bearer \(token.dropLast())", "the token without its last character"),
            ("GET", "Bearer \(token)x", "the token and a character more"),
            ("GET", token, "the token without the word Bearer"),
        ]
    }
}
