import HubProtocol
import TestSupport
import Testing

/// Versions, labels and deletion, and what `If-Match` makes of them.
@Suite struct ChangeAPITests {
    static func new(_ stack: Stack) async throws -> (path: String, answer: ServiceClient.Answer) {
        let answer = try await stack.client.upload(try Fixtures.bytes("images/good/png-rgb-8.png"), name: "n")
        return (try #require(answer.headers["location"]), answer)
    }

    @Test func versionsKeepTheirBytes() async throws {
        let (png, gif) = (
            try Fixtures.bytes("images/good/png-rgb-8.png"), try Fixtures.bytes("images/good/gif-animated.gif")
        )
        try await Stack.run { stack in
            let (path, made) = try await Self.new(stack)
            let next = try await stack.client.send(
                "PUT",
                path + "/content",
                headers: [("Content-Type", "image/anything"), ("If-Match", "\"1\"")],
                body: gif
            )
            #expect(next.status == 201, "\(next.json)")
            #expect(next.json["version"] == 2)
            #expect(next.json["content"]?["format"] == "gif")
            #expect(next.json["name"] == made.json["name"])
            #expect(next.headers["location"] == path + "/content?version=2")
            #expect(next.headers["etag"] != made.headers["etag"])

            #expect(try await stack.client.send("GET", path + "/content?version=1").body == png)
            #expect(try await stack.client.send("GET", path + "/content?version=2").body == gif)
            #expect(try await stack.client.send("GET", path + "/content").body == gif)

            let versions = try await stack.client.send("GET", path + "/versions")
            #expect(versions.status == 200)
            #expect(versions.json.array?.compactMap { $0["version"]?.integer } == [1, 2])
            #expect(versions.json.array?.first?["content"] == made.json["content"])
            #expect(versions.json.array?.last?["content"] == next.json["content"])

            // Somebody who still holds the first version is told so, and nothing changes.
            for tag in ["\"1\"", try #require(made.headers["etag"])] {
                let late = try await stack.client.send(
                    "PUT",
                    path + "/content",
                    headers: [("Content-Type", "image/png"), ("If-Match", tag)],
                    body: png
                )
                #expect(late.status == 412)
            }
            #expect(try await stack.client.send("GET", path).json["version"] == 2)
        }
    }

    @Test func oneOfManyAtOnceWins() async throws {
        let png = try Fixtures.bytes("images/good/png-rgb-8.png")
        try await Stack.run { stack in
            let (path, _) = try await Self.new(stack)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await stack.client.send(
                            "PUT",
                            path + "/content",
                            headers: [("Content-Type", "image/png"), ("If-Match", "\"1\"")],
                            body: png
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201] + Array(repeating: 412, count: 9))
            #expect(try await stack.client.send("GET", path + "/versions").json.array?.count == 2)
        }
    }

    @Test func labelsChange() async throws {
        try await Stack.run { stack in
            let (path, made) = try await Self.new(stack)
            let json = [("Content-Type", "application/json")]
            let changed = try await stack.client.send(
                "PATCH",
                path,
                headers: json + [("If-Match", try #require(made.headers["etag"]))],
                body: Array(#"{"name":" new ","theme":"space","id":"ignored"}"#.utf8)
            )
            #expect(changed.status == 200, "\(changed.json)")
            #expect(changed.json["name"] == "new")
            #expect(changed.json["metadata"]?["theme"] == "space")
            #expect(changed.json["type"] == made.json["type"])
            #expect(changed.json["version"] == 1)
            #expect(changed.json["id"] == made.json["id"])
            #expect(changed.headers["etag"] != made.headers["etag"])
            #expect(try await stack.client.send("GET", path).json == changed.json)

            let late = try await stack.client.send(
                "PATCH",
                path,
                headers: json + [("If-Match", try #require(made.headers["etag"]))],
                body: Array(#"{"name":"later"}"#.utf8)
            )
            #expect(late.status == 412)
            #expect(try await stack.client.send("GET", path).json == changed.json)
        }
    }

    @Test func whatIsDeletedIsGone() async throws {
        try await Stack.run { stack in
            let (path, made) = try await Self.new(stack)
            let wrong = try await stack.client.send("DELETE", path, headers: [("If-Match", "\"9\"")])
            #expect(wrong.status == 412)
            let tag = try #require(made.headers["etag"])
            let gone = try await stack.client.send("DELETE", path, headers: [("If-Match", tag)])
            #expect(gone.status == 204)
            #expect(gone.body.isEmpty)
            for path in [path, path + "/content", path + "/versions"] {
                #expect(try await stack.client.send("GET", path).errorCode == "IMAGE_NOT_FOUND")
            }
            #expect(try await stack.client.send("DELETE", path).status == 404)
            #expect(try await stack.client.send("GET", "/api/v2/images/").json == [])
        }
    }

    struct Condition: Sendable {
        var method = "GET"
        var headers: [(String, String)]
        var status: Int
        var bytes: Range<Int>?
    }

    /// Conditions and ranges on content; `TAG` stands for its entity tag.
    @Test func contentAnswersConditions() async throws {
        let png = try Fixtures.bytes("images/good/png-rgb-8.png")
        let rows = [
            Condition(headers: [], status: 200, bytes: 0..<png.count),
            Condition(method: "HEAD", headers: [], status: 200, bytes: nil),
            Condition(headers: [("If-None-Match", "TAG")], status: 304, bytes: nil),
            Condition(headers: [("If-None-Match", "\"x\", W/TAG")], status: 304, bytes: nil),
            Condition(headers: [("If-None-Match", "*")], status: 304, bytes: nil),
            Condition(headers: [("If-None-Match", "\"x\"")], status: 200, bytes: 0..<png.count),
            Condition(headers: [("Range", "bytes=0-0")], status: 206, bytes: 0..<1),
            Condition(headers: [("Range", "bytes=-10")], status: 206, bytes: (png.count - 10)..<png.count),
            Condition(headers: [("Range", "bytes=10-")], status: 206, bytes: 10..<png.count),
            Condition(headers: [("Range", "bytes=5-9"), ("If-Range", "TAG")], status: 206, bytes: 5..<10),
            Condition(headers: [("Range", "bytes=5-9"), ("If-Range", "\"x\"")], status: 200, bytes: 0..<png.count),
            Condition(headers: [("Range", "lines=1-2")], status: 200, bytes: 0..<png.count),
            Condition(method: "HEAD", headers: [("Range", "bytes=0-0")], status: 200, bytes: nil),
        ]
        try await Stack.run { stack in
            let (path, made) = try await Self.new(stack)
            let tag = "\"\(try #require(made.json["content"]?["sha256"]?.string))\""
            for row in rows {
                let answer = try await stack.client.send(
                    row.method,
                    path + "/content",
                    headers: row.headers.map { ($0, $1.replacing("TAG", with: tag)) }
                )
                #expect(answer.status == row.status, "\(row)")
                #expect(answer.body == (row.bytes.map { Array(png[$0]) } ?? []), "\(row)")
                #expect(answer.headers["etag"] == tag, "\(row)")
                if row.method == "HEAD" { #expect(answer.headers["content-length"] == "\(png.count)") }
            }
        }
    }
}
