import Testing

@Suite struct SameSiteTests {
    @Test(
        arguments: [
            ([("Host", "localhost:1")], 200), ([("Host", "127.0.0.1")], 200), ([("Host", "127.9.9.9:80")], 200),
            ([("Host", "[::1]:8080")], 200), ([("Host", "hub.localhost")], 200),
            ([("Host", "attacker.example")], 403), ([("Host", "127.0.0.1.attacker.example")], 403),
            ([("Host", "10.0.0.1")], 403), ([("Host", "localhost.example")], 403),
            ([("Host", "localhost:7"), ("Origin", "http://localhost:7")], 200),
            ([("Host", "localhost:7"), ("Origin", "http://localhost:8")], 403),
            ([("Host", "localhost:7"), ("Origin", "https://localhost:7")], 403),
            ([("Host", "localhost:7"), ("Origin", "null")], 403),
            ([("Host", "localhost:7"), ("Origin", "http://attacker.example")], 403),
            ([("Host", "localhost:7"), ("Sec-Fetch-Site", "cross-site")], 403),
            ([("Host", "localhost:7"), ("Sec-Fetch-Site", "same-origin")], 200),
            ([("Host", "localhost:7"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")], 200),
        ] as [([(String, String)], Int)]
    )
    func pagesOfOtherSitesAreKeptOut(headers: [(String, String)], status: Int) async throws {
        try await AdminUnderTest.with { admin async throws in
            #expect(try await admin.send("GET", "/_sim/state", headers: headers).status == status)
        }
    }
}
