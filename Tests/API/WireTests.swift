import HubProtocol
import ImageService
import TestSupport
import Testing

/// What an HTTP client library would not send, or not let us see.
@Suite struct WireTests {
    static func form(_ image: [UInt8]) -> FormBody {
        var form = FormBody()
        for name in ["type", "subtype", "name", "theme"] { form.add(name, "x") }
        form.add("image", file: "x.png", type: "image/png", bytes: image)
        return form
    }

    static func head(_ form: FormBody, _ fields: String...) -> String {
        (["POST /api/v2/images/ HTTP/1.1", "Host: images.example", "Content-Type: \(form.contentType)"] + fields)
            .joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func aBodyThatIsTooLongIsRefusedBeforeItIsSent() async throws {
        try await Stack.run { stack in
            for expects in [[], ["Expect: 100-continue"]] {
                let answer = try await RawConnection.open(to: stack.client.baseURL) { connection in
                    let fields = ["Content-Length: 1000000000"] + expects
                    try await connection.send(Self.head(FormBody(), fields.joined(separator: "\r\n")))
                    return try await connection.hear(until: "}}")
                }
                #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(answer)")
                #expect(answer.contains(#""code":"FILE_TOO_LARGE""#))
            }
        }
    }

    @Test func whoAsksFirstIsToldToGoOn() async throws {
        let form = Self.form(try Fixtures.bytes("images/good/png-rgb-8.png"))
        try await Stack.run { stack in
            let (first, second) = try await RawConnection.open(to: stack.client.baseURL) { connection in
                let length = "Content-Length: \(form.finished().count)"
                try await connection.send(Self.head(form, length, "Expect: 100-continue"))
                let first = try await connection.hear(until: "\r\n\r\n")
                try await connection.send(form.finished())
                return (first, try await connection.hear(until: "}"))
            }
            #expect(first.hasPrefix("HTTP/1.1 100 "), "\(first)")
            #expect(second.hasPrefix("HTTP/1.1 201 "), "\(second)")
        }
    }

    @Test(arguments: [(1, 201), (100, 201), (100_000, 413)])
    func aBodyMayComeInChunks(padding: Int, status: Int) async throws {
        var settings = ServiceSettings.patient
        settings.uploadBytesMax = 10_000
        let form = Self.form(
            try Fixtures.bytes("images/good/png-rgb-8.png") + [UInt8](repeating: 0, count: padding)
        )
        try await Stack.run(settings) { stack in
            let answer = try await RawConnection.open(to: stack.client.baseURL) { connection in
                try await connection.send(Self.head(form, "Transfer-Encoding: chunked"))
                var rest = form.finished()[...]
                while !rest.isEmpty {
                    let piece = rest.prefix(997)
                    rest = rest.dropFirst(997)
                    let size = String(piece.count, radix: 16)
                    do {
                        try await connection.send(Array("\(size)\r\n".utf8) + piece + [13, 10])
                    } catch {
                        // The service has heard enough and answers; it does not have to listen to the rest.
                        break
                    }
                }
                try? await connection.send("0\r\n\r\n")
                return try await connection.hear(until: "}")
            }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        }
    }

    @Test func whatIsNoHTTPIsToldSo() async throws {
        try await Stack.run { stack in
            let answer = try await RawConnection.open(to: stack.client.baseURL) { connection in
                try await connection.send("THIS IS NOT HTTP\r\n\r\n")
                return try await connection.hear(until: "}}")
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(answer.contains(#""code":"MALFORMED_REQUEST""#))
        }
    }

    /// A client that goes away in the middle leaves nothing behind: what was held for it is free again.
    @Test func whoGoesAwayHoldsNothing() async throws {
        let form = Self.form([UInt8](repeating: 0, count: 100_000))
        try await Stack.run { stack in
            for _ in 0..<5 {
                try await RawConnection.open(to: stack.client.baseURL) { connection in
                    try await connection.send(Self.head(form, "Content-Length: \(form.finished().count)"))
                    try await connection.send(Array(form.finished().prefix(50_000)))
                }
            }
            try await stack.waitUntilHealth { $0.json["metrics"]?["inflight_bytes"] == 0 }
            #expect(try await stack.client.send("GET", "/api/v2/images/").json == [])
        }
    }
}
