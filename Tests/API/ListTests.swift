import HubProtocol
import JSON
import TestSupport
import Testing

@Suite struct ListAPITests {
    @Test func pagesLeadToOneAnother() async throws {
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run { stack in
            var made: [JSONValue] = []
            for number in 0..<7 {
                let type = number.isMultiple(of: 2) ? "even one" : "odd"
                made.append(try await stack.client.upload(bytes, name: "n\(number)", type: type).json)
            }
            let all = try await stack.client.send("GET", "/api/v2/images")
            #expect(all.json == .array(made))
            #expect(all.headers["x-total-count"] == "7")
            #expect(all.headers["link"] == nil)

            let even = try await Self.collect("/api/v2/images/?type=even+one&limit=1", from: stack)
            #expect(even == made.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element))
            #expect(try await Self.collect("/api/v2/images/?limit=3", from: stack) == made)

            let other = try await stack.client.send("GET", "/api/v2/images/?theme=none")
            #expect(other.status == 200)
            #expect(other.json == [])
            #expect(other.headers["x-total-count"] == "0")

            let past = try await stack.client.send("GET", "/api/v2/images/?skip=100&limit=10")
            #expect(past.json == [])
            #expect(past.headers["x-total-count"] == "7")
            #expect(past.headers["link"]?.contains("rel=\"next\"") == false)
        }
    }

    /// Follows `rel="next"` to the end.
    static func collect(_ path: String, from stack: Stack) async throws -> [JSONValue] {
        var images: [JSONValue] = []
        var next: String? = path
        while let path = next {
            let answer = try await stack.client.send("GET", path)
            images += try #require(answer.json.array)
            next = answer.headers["link"]?.split(separator: ",").first { $0.contains("rel=\"next\"") }
                .flatMap { link in
                    let parts = link.split(whereSeparator: { $0 == "<" || $0 == ">" })
                    return parts.count > 1 ? String(parts[parts.count - 2]) : nil
                }
        }
        return images
    }
}
