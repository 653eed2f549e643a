import AsyncHTTPClient
import Foundation
import HubProtocol
import JSON
import NIOCore

/// A client of the Image Service's HTTP API as a user would write it: plain HTTP, nothing of the service's own code.
public struct ServiceClient: Sendable {
    /// Such as `http://127.0.0.1:8000`.
    public let baseURL: String
    /// The longest that an answer may take before the test fails.
    public var patience: TimeAmount

    public init(_ baseURL: String, patience: TimeAmount = .seconds(120)) {
        self.baseURL = baseURL
        self.patience = patience
    }

    /// An answer, read whole.
    public struct Answer: Sendable {
        public let status: Int
        public let headers: [String: String]
        public let body: [UInt8]

        /// The body as JSON; `null` where it is none.
        public var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        /// `error.code` of an error answer.
        public var errorCode: String? { json["error"]?["code"]?.string }
    }

    /// Sends any request. Header names in the answer are in lower case.
    public func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: patience)
        let buffer = try await response.body.collect(upTo: 64 << 20)
        var answered: [String: String] = [:]
        for (name, value) in response.headers { answered[name.lowercased()] = value }
        return Answer(status: Int(response.status.code), headers: answered, body: Array(buffer.readableBytesView))
    }

    /// Uploads an image with the form that the contract names.
    public func upload(
        _ image: [UInt8],
        name: String,
        type: String = "portrait",
        subtype: String = "character",
        theme: String = "fantasy"
    ) async throws -> Answer {
        var form = FormBody()
        for (key, value) in [("type", type), ("subtype", subtype), ("name", name), ("theme", theme)] {
            form.add(key, value)
        }
        form.add("image", file: "image.png", type: "image/png", bytes: image)
        return try await send(
            "POST",
            "/api/v2/images/",
            headers: [("Content-Type", form.contentType)],
            body: form.finished()
        )
    }

    /// Asks until the service says that it is ready; throws when it does not within `patience`.
    public func waitUntilReady() async throws {
        let limit = ContinuousClock.now + .nanoseconds(patience.nanoseconds)
        var last = "no answer"
        while ContinuousClock.now < limit {
            if let answer = try? await send("GET", "/health/ready") {
                if answer.status == 200 { return }
                last = String(decoding: answer.body, as: UTF8.self)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProgramError("the service did not get ready; the last answer was: \(last)")
    }
}

/// A multipart/form-data body (RFC 7578), built by hand so that a test says exactly what is sent.
public struct FormBody: Sendable {
    public let boundary: String
    private var bytes: [UInt8] = []

    public init(boundary: String = "----test-boundary-7MA4YWxkTrZu0gW") { self.boundary = boundary }

    public var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    public mutating func add(_ name: String, _ value: String) {
        add(headers: ["Content-Disposition: form-data; name=\"\(name)\""], bytes: Array(value.utf8))
    }

    public mutating func add(_ name: String, file: String, type: String, bytes: [UInt8]) {
        add(
            headers: [
                "Content-Disposition: form-data; name=\"\(name)\"; filename=\"\(file)\"", "Content-Type: \(type)",
            ],
            bytes: bytes
        )
    }

    public mutating func add(headers: [String], bytes content: [UInt8]) {
        bytes += Array("--\(boundary)\r\n\(headers.joined(separator: "\r\n"))\r\n\r\n".utf8) + content + [13, 10]
    }

    /// The whole body, with the closing delimiter.
    public func finished() -> [UInt8] { bytes + Array("--\(boundary)--\r\n".utf8) }
}
