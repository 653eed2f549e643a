import NIOCore
import NIOPosix

/// Sends bytes as they are and reads the one answer to them, whatever it is.
enum FuzzClient {
    struct Answer: Sendable {
        /// `nil` where the connection was closed without an answer.
        var status: Int?
        var head: String
        var body: String
    }

    /// Nothing came for so long that the server must be hanging.
    struct Hangs: Error {}

    /// How long an answer may take, on however busy a machine.
    static let patience = Duration.seconds(30)

    /// - Parameter request: with `Connection: close` in it, so that the end of the answer is that of the connection.
    static func exchange(_ request: [UInt8], with url: String) async throws -> Answer {
        let port = Int(url.split(separator: ":").last ?? "") ?? 0
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await talk(request, port: port) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw Hangs() }
            return answer
        }
    }

    private static func talk(_ request: [UInt8], port: Int) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        let heard = try await channel.executeThenClose { inbound, outbound in
            do {
                try await outbound.write(ByteBuffer(bytes: request))
                // Whoever announced more than it sends is not waited for.
                outbound.finish()
            } catch {
                // Refused while it was sent: the answer is there.
            }
            var heard: [UInt8] = []
            do {
                for try await more in inbound { heard += Array(more.readableBytesView) }
            } catch {
                // Reset: what came until then counts.
            }
            return heard
        }
        return answer(String(decoding: heard, as: UTF8.self))
    }

    private static func answer(_ text: String) -> Answer {
        var rest = Substring(text)
        while rest.hasPrefix("HTTP/1.1 100"), let end = rest.range(of: "\r\n\r\n") { rest = rest[end.upperBound...] }
        let parts = rest.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let status = rest.hasPrefix("HTTP/1.") ? Int(rest.dropFirst("HTTP/1.1 ".count).prefix(3)) : nil
        return Answer(status: status, head: String(parts[0]), body: parts.count > 1 ? String(parts[1]) : "")
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
