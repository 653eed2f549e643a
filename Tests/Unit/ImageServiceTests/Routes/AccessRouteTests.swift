import HubProtocol
import ImageService
import TestSupport
import Testing

/// Who gets in, and how the service says how it is.
@Suite struct AccessRouteTests {
    static func settings() throws -> ServiceSettings {
        var settings = ServiceSettings()
        settings.tokens = try APITokens(parsing: "r:reading:read,w:writing:write")
        settings.corsOrigins = try CORSOrigins(parsing: "https://pages.example")
        return settings
    }

    struct Row: Sendable {
        var method: String
        var path = ImageRouteTests.image
        var authorization: String?
        var status: Int
        var code: String? = nil
    }

    @Test(arguments: [
        Row(method: "GET", authorization: nil, status: 401, code: "UNAUTHORIZED"),
        Row(method: "GET", authorization: "Bearer", status: 401, code: "UNAUTHORIZED"),
        Row(method: "GET", authorization: "Bearer nobody", status: 401, code: "UNAUTHORIZED"),
        Row(method: "GET", authorization: "Basic reading", status: 401, code: "UNAUTHORIZED"),
        Row(method: "GET", authorization: "Bearer reading writing", status: 401, code: "UNAUTHORIZED"),
        Row(method: "GET", authorization: "Bearer reading", status: 200),
        Row(method: "GET", authorization: "bearer  writing", status: 200),
        Row(method: "DELETE", authorization: "Bearer reading", status: 403, code: "FORBIDDEN"),
        Row(method: "DELETE", authorization: "Bearer writing", status: 204),
        Row(method: "GET", path: "/%61pi/v2/images/", authorization: nil, status: 401, code: "UNAUTHORIZED"),
        // Rights before anything else about the request.
        Row(method: "POST", path: "/api/v2/images/", authorization: nil, status: 401, code: "UNAUTHORIZED"),
        Row(method: "POST", path: "/api/v2/images/", authorization: "Bearer reading", status: 403, code: "FORBIDDEN"),
        Row(method: "GET", path: "/api/v2/images/x", authorization: nil, status: 401, code: "UNAUTHORIZED"),
        Row(method: "GET", path: "/health", authorization: nil, status: 200),
        Row(method: "OPTIONS", authorization: nil, status: 204),
    ])
    func tokensOpenDoors(_ row: Row) async throws {
        let answer = try await withService(settings: try Self.settings()) { client in
            try await client.send(
                row.method,
                row.path,
                headers: row.authorization.map { [("Authorization", $0)] } ?? []
            )
        }
        #expect(answer.status == row.status, "\(answer.json)")
        #expect(answer.errorCode == row.code)
        if row.status == 401 { #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true) }
    }

    @Test func pagesOfAllowedOriginsMayReadErrorsToo() async throws {
        let answers = try await withService(settings: try Self.settings()) { client in
            [
                try await client.send("GET", ImageRouteTests.image, headers: [("Origin", "https://pages.example")]),
                try await client.send("GET", ImageRouteTests.image, headers: [("Origin", "https://other.example")]),
                try await client.send(
                    "OPTIONS",
                    ImageRouteTests.image,
                    headers: [("Origin", "https://pages.example"), ("Access-Control-Request-Method", "DELETE")]
                ),
            ]
        }
        #expect(answers[0].status == 401)
        #expect(answers[0].headers["access-control-allow-origin"] == "https://pages.example")
        for name in ["ETag", "Accept-Ranges", "Content-Range"] {
            #expect(answers[0].headers["access-control-expose-headers"]?.contains(name) == true)
        }
        #expect(answers[1].headers["access-control-allow-origin"] == nil)
        #expect(answers[1].headers["vary"] == "Origin")
        #expect(answers[2].status == 204)
        #expect(answers[2].headers["access-control-allow-methods"]?.contains("DELETE") == true)
        #expect(answers[2].headers["access-control-allow-headers"]?.contains("Authorization") == true)
    }

    @Test(arguments: [
        ("*", true), ("https://a.example, http://b.example:8080", true), ("HTTPS://A.example", true), ("", false),
        (",", false), ("a.example", false), ("https://a.example/path", false), ("null", false),
    ])
    func originsAreReadStrictly(text: String, isGood: Bool) {
        #expect(((try? CORSOrigins(parsing: text)) != nil) == isGood)
    }

    struct Health: Sendable {
        var hub: HealthReport.HubState
        var announced: StorageSigns.Announced
        var health: Int
        var status: String
        var ready: Int
    }

    @Test(arguments: [
        Health(hub: .connected, announced: .up, health: 200, status: "healthy", ready: 200),
        Health(hub: .connected, announced: .nothing, health: 200, status: "degraded", ready: 503),
        Health(hub: .connected, announced: .draining, health: 200, status: "degraded", ready: 503),
        Health(hub: .disconnected, announced: .up, health: 503, status: "unhealthy", ready: 503),
    ])
    func healthTellsTheTruth(_ row: Health) async throws {
        let answers = try await withService(hubState: row.hub, announced: row.announced) { client in
            [
                try await client.send("GET", "/health"), try await client.send("GET", "/health/ready"),
                try await client.send("GET", "/health/live"),
            ]
        }
        #expect(answers[0].status == row.health)
        #expect(answers[0].json["status"]?.string == row.status)
        #expect(answers[0].json["version"] == "1.2.3")
        #expect(answers[0].json["dependencies"]?["message_hub"]?.string == row.hub.rawValue)
        #expect(answers[0].json["metrics"]?.object != nil)
        #expect(answers[1].status == row.ready)
        #expect(answers[2].status == 200)
    }

    @Test func requestsKeepTheirIDs() async throws {
        let answers = try await withService { client in
            [
                try await client.send("GET", "/nowhere", headers: [("X-Request-ID", "mine")]),
                try await client.send("GET", "/nowhere"),
            ]
        }
        #expect(answers[0].headers["x-request-id"] == "mine")
        #expect(answers[1].headers["x-request-id"]?.isEmpty == false)
    }
}
