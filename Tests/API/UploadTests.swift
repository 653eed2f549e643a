import HubProtocol
import TestSupport
import Testing

@Suite struct UploadAPITests {
    struct Sample: Sendable {
        var file: String
        var format: String
        var width: Int64
        var height: Int64
    }

    @Test(arguments: [
        ("png-rgb-8.png", "png"), ("apng.png", "png"), ("jpeg-baseline.jpg", "jpeg"), ("jpeg-progressive.jpg", "jpeg"),
        ("gif-animated.gif", "gif"), ("webp-lossy.webp", "webp"), ("webp-animated.webp", "webp"),
        ("png-trailing-bytes.png", "png"), ("gif-no-trailer.gif", "gif"),
    ])
    func whatGoesInComesOut(file: String, format: String) async throws {
        let bytes = try Fixtures.bytes("images/good/\(file)")
        try await Stack.run { stack in
            let made = try await stack.client.upload(bytes, name: "  \(file)\t", theme: "fan tasy")
            #expect(made.status == 201, "\(made.json)")
            #expect(made.json["content"]?["format"]?.string == format)
            #expect(made.json["content"]?["bytes"]?.integer == Int64(bytes.count))
            #expect(made.json["name"]?.string == file)
            #expect(made.json["metadata"]?["theme"] == "fan tasy")
            #expect(made.json["version"] == 1)
            let location = try #require(made.headers["location"])

            let shown = try await stack.client.send("GET", location)
            #expect(shown.status == 200)
            #expect(shown.json == made.json)
            #expect(shown.headers["etag"] == made.headers["etag"])

            let content = try await stack.client.send("GET", location + "/content")
            #expect(content.status == 200)
            #expect(content.body == bytes)
            #expect(content.headers["content-type"] == "image/\(format)")

            // The URL in the answer is one that a client can use as it stands.
            let url = try #require(made.json["content"]?["url"]?.string)
            let byURL = try await ServiceClient("").send("GET", url)
            #expect(byURL.body == bytes)
            #expect(byURL.headers["cache-control"]?.contains("immutable") == true)
        }
    }

    @Test func manyAtOnceDoNotWaitForOneAnother() async throws {
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run { stack in
            let answers = try await withThrowingTaskGroup(of: ServiceClient.Answer.self) { group in
                for number in 0..<50 { group.addTask { try await stack.client.upload(bytes, name: "n\(number)") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.compactMap { $0.json["id"]?.string }).count == 50)
            let listed = try await stack.client.send("GET", "/api/v2/images/?limit=1000")
            #expect(listed.headers["x-total-count"] == "50")
        }
    }

    @Test func equalBytesAreTwoImages() async throws {
        let bytes = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run { stack in
            let first = try await stack.client.upload(bytes, name: "first")
            let second = try await stack.client.upload(bytes, name: "second")
            let (one, two) = (try #require(first.headers["location"]), try #require(second.headers["location"]))
            #expect(one != two)
            #expect(try await stack.client.send("DELETE", one).status == 204)
            #expect(try await stack.client.send("GET", two + "/content").body == bytes)
        }
    }
}
