import FaultPlan
import HTTPServing
import HTTPTypes
import Hummingbird
import MessageHub
import NIOCore
import Synchronization

/// The course of one request to the asset API, with what a fault does at each point of it.
struct AssetCourse: Sendable {
    let strike: Strike<AssetEffect>?
    let method: HTTPRequest.Method
    let context: ServingContext
    let time: TimeSource
    let trouble: Trouble
    /// What its waits are ended by.
    let mark: Trouble.Mark

    /// A body that comes slowly comes in so many pieces a second, and no more.
    private static let piecesPerSecond = 10

    /// Waits as a fault has it. False where the namespace was reset meanwhile: the request is dropped.
    private func wait(for duration: Duration) async throws -> Bool {
        try await trouble.wait(for: duration, since: mark, on: time)
        return !trouble.wasReset(since: mark)
    }

    /// The request as it is carried out; nil: its connection is reset.
    func request(_ request: Request) async throws -> Request? {
        guard let strike else { return request }
        switch (strike.effect, strike.phase) {
        case (.wait(let ms), .received):
            return try await wait(for: .milliseconds(ms)) ? request : nil
        case (.reset, .received): return nil
        case (.corrupt(let bits, let draw), .beforeEffect):
            let body = try await BodyReader(request, bytesMax: StorageLimits().assetBytesMax).collect()
            return Request(head: request.head, body: RequestBody(buffer: body.flipping(bits, draw: draw)))
        default: return request
        }
    }

    /// The answer where there is to be no effect.
    var answerBeforeEffect: Response? {
        strike?.phase == .beforeEffect ? errorAnswer : nil
    }

    private var errorAnswer: Response? {
        switch strike?.effect {
        case .answer(let status, let code):
            let status = HTTPResponse.Status(code: status)
            return APIError(status, code ?? ErrorCode.forStatus(status), "A fault has it so.").response
        case .full: return APIError(AssetError.full).response
        case .wait, .reset, .truncate, .dribble, .corrupt, nil: return nil
        }
    }

    /// The answer as it goes out; nil: the connection is reset in its place.
    func response(_ response: Response) async throws -> Response? {
        guard let strike, strike.phase == .afterEffect || strike.phase == .beforeReply else { return response }
        var response = response
        switch strike.effect {
        case .answer, .full: return errorAnswer
        case .wait(let ms): if try await !wait(for: .milliseconds(ms)) { return nil }
        case .reset(let bytes):
            // Without a body there are no first bytes of it.
            guard let bytes, try await hasBody(response) else { return nil }
            try await change(&response) { [context] body, writer in
                try await writer.write(body.getSlice(at: 0, length: min(bytes, body.readableBytes)) ?? body)
                await context.resetConnection()
                throw BrokenOff()
            }
        case .truncate(let bytes):
            try await change(&response) { body, writer in
                let length = min(bytes ?? body.readableBytes / 2, max(0, body.readableBytes - 1))
                try await writer.write(body.getSlice(at: 0, length: length) ?? body)
                throw BrokenOff()
            }
        case .dribble(let bytesPerSecond):
            try await change(&response) { body, writer in
                var body = body
                let piece = max(1, bytesPerSecond / Self.piecesPerSecond)
                while let bytes = body.readSlice(length: min(piece, body.readableBytes)), bytes.readableBytes > 0 {
                    let duration = Duration.microseconds(Int64(bytes.readableBytes) * 1_000_000 / Int64(bytesPerSecond))
                    guard try await wait(for: duration) else { throw BrokenOff() }
                    try await writer.write(bytes)
                }
                try await writer.finish(nil)
            }
        case .corrupt(let bits, let draw):
            let body = try await BodyCollector.collect(response.body)
            response.body = ResponseBody(byteBuffer: body.flipping(bits, draw: draw))
        }
        return response
    }

    private func hasBody(_ response: Response) async throws -> Bool {
        guard method != .head else { return false }
        return try await BodyCollector.collect(response.body).readableBytes > 0
    }

    /// Puts another way of writing it in the place of a body; its length stays as it was said.
    private func change(
        _ response: inout Response,
        _ write: @escaping @Sendable (ByteBuffer, inout any ResponseBodyWriter) async throws -> Void
    ) async throws {
        let body = try await BodyCollector.collect(response.body)
        guard body.readableBytes > 0 else { return }
        response.headers[.contentLength] = "\(body.readableBytes)"
        response.body = ResponseBody(contentLength: body.readableBytes) { writer in try await write(body, &writer) }
    }

    /// Ends the connection before the end of a body.
    private struct BrokenOff: Error {}
}

/// Reads the body of an answer that was made in this process.
final class BodyCollector: ResponseBodyWriter, Sendable {
    private let bytes = Mutex(ByteBuffer())

    func write(_ buffer: ByteBuffer) { bytes.withLock { _ = $0.writeImmutableBuffer(buffer) } }

    func finish(_ trailingHeaders: HTTPFields?) {}

    static func collect(_ body: ResponseBody) async throws -> ByteBuffer {
        let collector = BodyCollector()
        try await body.write(collector)
        return collector.bytes.withLock { $0 }
    }
}

extension ByteBuffer {
    /// The same with some of its bits flipped: neighbours from the drawn one on, so that no two undo each other.
    func flipping(_ bits: Int, draw: UInt64) -> ByteBuffer {
        guard readableBytes > 0 else { return self }
        var bytes = Array(readableBytesView)
        let count = UInt64(bytes.count) * 8
        for step in 0..<min(UInt64(bits), count) {
            let bit = (draw % count + step) % count
            bytes[Int(bit / 8)] ^= UInt8(1) << UInt8(bit % 8)
        }
        return ByteBuffer(bytes: bytes)
    }
}
