import AsyncHTTPClient
import Crypto
import HubProtocol
import JSON
import Logging
import MessageHub
import NIOCore
import ServiceLifecycle
import SimulatedStorage

/// A storage instance on a real loopback socket, with time in the test's hand. Pauses are over at once, and counted.
struct AssetBench: Sendable {
    let storage: SimulatedStorage
    let time: HandTime
    /// Shows how long was paused in all.
    let clock: InstantClock
    let url: String
    let client = HTTPClient.shared

    /// Runs an instance while `body` plays.
    /// - Parameter endsByItself: `body` has it drain, and it is waited for.
    static func run(
        limits: StorageLimits = StorageLimits(),
        token: String? = nil,
        hasRealClock: Bool = false,
        endsByItself: Bool = false,
        _ body: @Sendable (AssetBench) async throws -> Void
    ) async throws {
        let (time, clock) = (HandTime(), InstantClock())
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        var configuration = SimulatedStorage.Configuration(instanceID: "instance", version: "1.2.3")
        configuration.limits = limits
        configuration.token = token
        let source =
            hasRealClock
            ? TimeSource(clock: ContinuousClock()) { time.now } : TimeSource(clock: clock) { time.now }
        let storage = SimulatedStorage(configuration: configuration, time: source, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await storage.assetServer.run() }
            let bench = AssetBench(storage: storage, time: time, clock: clock, url: try await storage.boundURL())
            try await body(bench)
            if endsByItself { try await group.waitForAll() }
            group.cancelAll()
        }
    }

    /// Sends a request and collects the answer.
    func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        let response = try await client.execute(request, timeout: .seconds(120))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: { name in response.headers.first(name: name) },
            bytes: Array(bytes.readableBytesView)
        )
    }

    /// Puts bytes under their own name.
    @discardableResult
    func put(_ bytes: [UInt8], type: String? = "image/png", chunked: Bool = false) async throws -> Answer {
        let headers = type.map { [("Content-Type", $0)] } ?? []
        let body: HTTPClientRequest.Body =
            chunked
            ? .stream(
                [ByteBuffer(bytes: bytes.prefix(1)), ByteBuffer(bytes: bytes.dropFirst())].async,
                length: .unknown
            )
            : .bytes(ByteBuffer(bytes: bytes))
        return try await send("PUT", "/api/v2/assets/\(name(of: bytes))", headers: headers, body: body)
    }

    func get(_ name: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send("GET", "/api/v2/assets/\(name)", headers: headers)
    }

    /// Carries out an operation on the same store.
    func ask(_ operation: String, _ data: [String: JSONValue], id: String) async -> Reply {
        let request = StorageRequest(operation: operation, operationID: id, data: data)
        return Reply(await storage.core.carryOut(request).replyBody(operationID: id))
    }
}

/// An answer over HTTP.
struct Answer: Sendable {
    let status: Int
    let headers: @Sendable (String) -> String?
    let bytes: [UInt8]

    var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }
    var code: String? { json["error"]?["code"]?.string }
}

/// The name of an asset of these bytes.
func name(of bytes: [UInt8]) -> String { AssetName.from(digest: SHA256.hash(data: bytes)) }

extension Array where Element: Sendable {
    /// The elements one by one.
    fileprivate var async: AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
