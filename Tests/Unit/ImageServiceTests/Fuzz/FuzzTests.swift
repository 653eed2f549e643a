import FoundationEssentials
import HubProtocol
import ImageFormats
import JSON
import NIOCore
import TestSupport
import Testing

@testable import ImageService

/// Whatever is sent, every answer is one that the contract has, and there is one: no 5xx of our own making, no hang.
///
/// The seeds are fixed, so a failure comes again. What one finds becomes a file in `fixtures/requests`.
@Suite("Requests that nobody would send by mistake", .timeLimit(.minutes(5)))
struct FuzzTests {
    /// Requests of each kind. Some seconds in all.
    private static let rounds = 150
    private static let id = Samples.imageID

    enum Kind: String, CaseIterable, Sendable {
        case form, formHeader, image, rawImage, query, json, conditions, authorization, head
    }

    private static let formWords = [
        "\r\n", "\r\n\r\n", "--", "----x", "\r\n----x\r\n", "\r\n----x--\r\n", "\n", "\0", "\"", ";", "=", "name=",
        "filename=",
        "filename*=UTF-8''%", "Content-Disposition: form-data; name=\"image\"",
        "Content-Type: text/plain; charset=utf-16",
        "Content-Transfer-Encoding: base64\r\n", "\u{FEFF}", "image", "theme",
    ]
    private static let headerWords = [
        "multipart/form-data", "image/png", "application/json", "; ", ";", "boundary=", "boundary=\"", "\"", "----x",
        "=", "/",
        " ", "\t", "\\", "é", "charset=utf-8", "boundary=----x", ",", String(repeating: "b", count: 80),
    ]
    private static let queryWords = [
        "type=", "theme=", "skip=", "limit=", "version=", "width=", "height=", "fit=", "format=", "quality=",
        "enlarge=", "&",
        "&&", "=", "%", "%00", "%ff", "%C3%BC", "+", "-1", "0", "1", "9", "999999999999999999999", "1e3", "0x1",
        "cover",
        "png", "true", "?", "#", "[]", "\u{7F}", "%0d%0a", String(repeating: "a", count: 300),
    ]
    private static let jsonWords = [
        "{", "}", "[", "]", ":", ",", "\"", "\"name\"", "\"theme\":", "null", "true", "-", "1e999", "0.1", "\\u0000",
        "\\ud800",
        "\\", "\u{FEFF}", String(repeating: "[", count: 3000), "\"type\":\"x\"", "/**/", "NaN", "\u{0}",
    ]
    private static let conditionWords = [
        "bytes=", "bytes =", "0-0", "-", "-0", "-1", "5-", "0-,", ",", "9-1", "99999999999999999999-",
        "-99999999999999999999",
        "W/", "\"", "\"x\"", "*", "\"1\"", " ", "items=0-1", "bytes=0-0,2-2", "Sat, 29 Oct 1994 19:43:31 GMT", "\\",
        "é",
    ]
    private static let authorizationWords = [
        "Bearer ", "bearer", "Basic ", " ", "\t", "secret", "reader", ":", "=", ",", "\"", "é",
        String(repeating: "t", count: 9000),
    ]
    private static let headWords = [
        "\r\n", "\n", "\r", ":", " ", "\t", "\0", "HTTP/1.0", "HTTP/2.0", "GET", "Transfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\n", "Content-Length: -1\r\n", "Expect: 100-continue\r\n", "Host: x\r\n", "%", "//", "/../",
        "*",
        "http://x/", "é", String(repeating: "h", count: 20_000), "Connection: upgrade\r\n", "X-Request-ID: \u{7F}\r\n",
    ]

    private static func request(_ method: String, _ target: String, _ fields: [String], body: [UInt8] = []) -> [UInt8] {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: x", "Connection: close"] + fields
        let length = body.isEmpty ? [] : ["Content-Length: \(body.count)"]
        return Array(((lines + length).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    private static func form(_ image: [UInt8]) -> [UInt8] {
        var form = FormBody(boundary: "----x")
        for name in ["type", "subtype", "name", "theme"] { form.add(name, "v") }
        form.add("image", file: "x.png", type: "image/png", bytes: image)
        return form.finished()
    }

    private static let images: [[UInt8]] = {
        let folder = Fixtures.folder.appending(path: "images/good").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { try? Fixtures.bytes("images/good/\($0)") }.filter { $0.count < 4000 }
    }()

    private static func input(_ kind: Kind, _ source: inout FuzzSource) -> [UInt8] {
        let image = source.oneOf(images)
        let upload = ["Content-Type: multipart/form-data; boundary=----x"]
        let path = "/api/v2/images/\(id)"
        switch kind {
        case .form:
            return request("POST", "/api/v2/images/", upload, body: source.damaged(form(image), words: formWords))
        case .formHeader:
            let type = source.text(of: headerWords, count: 1...6)
            let method = source.oneOf(["POST", "PUT", "PATCH"])
            let target = method == "POST" ? "/api/v2/images" : method == "PUT" ? path + "/content" : path
            return request(method, target, ["Content-Type: \(type)"], body: form(image))
        case .image:
            let damaged = source.damaged(
                image,
                words: ["IDAT", "IEND", "\u{FF}", "\0\0\0\0", "RIFF", "VP8X", "ANMF", "iloc"]
            )
            return request("POST", "/api/v2/images/", upload, body: form(damaged))
        case .rawImage:
            let damaged = source.damaged(image, words: ["\0", "fdAT", "acTL", "!\u{F9}", "EXIF"])
            return request("PUT", path + "/content", ["Content-Type: image/x"], body: damaged)
        case .query:
            let target = source.oneOf(["/api/v2/images/", path + "/content", path + "/versions", path])
            let query = source.text(of: queryWords, count: 1...8)
            return request(source.oneOf(["GET", "HEAD"]), target + "?" + query, [])
        case .json:
            let body = source.damaged(Array(#"{"name":"n","type":"t","theme":"ü"}"#.utf8), words: jsonWords)
            return request("PATCH", path, ["Content-Type: application/json"], body: body)
        case .conditions:
            let fields = ["Range", "If-Range", "If-None-Match", "If-Match", "traceparent", "tracestate"].map {
                "\($0): \(source.text(of: conditionWords))"
            }
            let method = source.oneOf(["GET", "HEAD", "DELETE"])
            return request(method, method == "DELETE" ? path : path + "/content", fields)
        case .authorization:
            let value = source.text(of: authorizationWords)
            return request(
                "GET",
                path,
                ["Authorization: \(value)"] + (source.number(in: 0...3) == 0 ? ["Authorization: x"] : [])
            )
        case .head:
            return source.damaged(request("GET", path, ["Accept: */*"]), words: headWords)
        }
    }

    private static var settings: ServiceSettings {
        get throws {
            var settings = ServiceSettings()
            settings.imageFormats = Set(ImageFormat.allCases)
            settings.imagePixelsMax = 1_000_000
            return settings
        }
    }

    private static func check(_ answer: FuzzClient.Answer, to request: [UInt8], _ kind: Kind) {
        let input = "\(kind): \(Data(request.prefix(3000)).base64EncodedString())"
        guard let status = answer.status else {
            // A header that never ends, or that promises a body which does not come, is left without an answer.
            #expect(kind == .head, "no answer to \(input)")
            return
        }
        let isHead = request.starts(with: Array("HEAD".utf8))
        let json = (try? JSONValue(parsing: Array(answer.body.utf8))) ?? .null
        if status >= 500, !isHead {
            #expect(json["error"]?["code"] == "OVERLOADED" && status == 503, "\(status) \(answer.body) to \(input)")
        }
        #expect(status < 500 || status == 503, "\(status) to \(input)")
        if status >= 400, !isHead {
            #expect(json["error"]?["code"]?.string?.isEmpty == false, "\(status) \(answer.body) to \(input)")
        }
        #expect(answer.head.lowercased().contains("\r\nx-request-id: "), "no id: \(input)")
    }

    @Test(arguments: Kind.allCases)
    func everyInputGetsAnAnswerOfTheContract(_ kind: Kind) async throws {
        var settings = try Self.settings
        if kind == .authorization { settings.tokens = try APITokens(parsing: "reader:secret:read") }
        try await withService(settings: settings) { client in
            // Several at once, so that time is not spent waiting.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    group.addTask {
                        var source = FuzzSource(seed: UInt64(lane) * 1000 + UInt64(kind.rawValue.count))
                        for _ in 0..<Self.rounds / 4 {
                            let request = Self.input(kind, &source)
                            let answer = try await FuzzClient.exchange(request, with: client.baseURL)
                            Self.check(answer, to: request, kind)
                        }
                    }
                }
                try await group.waitForAll()
            }
            // And it still works.
            #expect(try await client.send("GET", "/health/live").status == 200)
        }
    }

    /// What was found before, by its name: `<status>-<what it is>.http`.
    @Test func whatWasFoundIsAnsweredRightly() async throws {
        let folder = Fixtures.folder.appending(path: "requests").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".http") }
            .sorted()
        #expect(!names.isEmpty)
        let settings = try Self.settings
        try await withService(settings: settings) { client in
            for name in names {
                let request = try Fixtures.bytes("requests/\(name)")
                let answer = try await FuzzClient.exchange(request, with: client.baseURL)
                #expect(answer.status == Int(name.prefix(3)), "\(name): \(answer.body)")
                Self.check(answer, to: request, .head)
            }
        }
    }
}
