/// The health of the service (docs/protocol.md §15).
enum AssetHealthChecks {
    static let all = [
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
    ]
}
