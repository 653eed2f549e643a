import MessageHub
import Testing

@testable import RabbitMQ

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A hub on a loopback socket that says exactly what the test wants, right or wrong. It takes one connection and runs its
/// script on a thread of its own; frames are written by hand here, so that no other part of this project vouches for them.
final class ScriptedPeer: Sendable {
    let port: Int
    private let result = Observed<String?>(nil)

    /// - Parameter receiveBufferBytes: the kernel's buffer; small where the peer is to read nothing.
    init(receiveBufferBytes: Int32? = nil, _ script: @escaping @Sendable (PeerSocket) throws -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBufferBytes {
            setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, size) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, pointer, &size) == 0
            }
        }
        try #require(bound)
        port = Int(UInt16(bigEndian: address.sin_port))
        try OwnerThread.start { [result] in
            var timeout = timeval(tv_sec: 120, tv_usec: 0)
            setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            let descriptor = accept(listener, nil, nil)
            close(listener)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            var outcome = "played"
            do { try script(PeerSocket(descriptor: descriptor)) } catch { outcome = "\(error)" }
            close(descriptor)
            result.update { $0 = outcome }
        }
    }

    func hub(_ change: (inout RabbitMQOptions) -> Void = { _ in }) throws -> RabbitMQHub {
        var options = RabbitMQOptions(connectionName: "a test", product: "tests", version: "7")
        options.heartbeatS = 0
        change(&options)
        return RabbitMQHub(try HubURL("amqp://127.0.0.1:\(port)"), options)
    }

    /// Waits until the script is through; what went wrong in it is an issue of the test.
    func played() async throws {
        let outcome = try await result.waitUntil { $0 != nil }
        #expect(outcome == "played")
    }
}

/// A frame as it is on the wire (AMQP 0-9-1 §4.2.3).
struct PeerFrame: Equatable {
    var type: UInt8
    var channel: UInt16
    var payload: [UInt8]

    /// Class and method of a method frame: `60.40` is basic.publish.
    var method: String? {
        guard type == 1, payload.count >= 4 else { return nil }
        return "\(Int(payload[0]) << 8 | Int(payload[1])).\(Int(payload[2]) << 8 | Int(payload[3]))"
    }
}

struct PeerError: Error, CustomStringConvertible {
    var description: String
}

/// The script's end of the connection. Blocks; gives up after two minutes.
struct PeerSocket {
    let descriptor: Int32

    func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + done, count - done, 0) }
            guard got > 0 else {
                throw PeerError(description: got == 0 ? "the client hung up" : "the client is silent")
            }
            done += got
        }
        return bytes
    }

    func readFrame() throws -> PeerFrame {
        let head = try read(7)
        let size = head[3...6].reduce(0) { $0 << 8 | Int($1) }
        let payload = try read(size + 1)
        guard payload.last == 0xCE else { throw PeerError(description: "a frame does not end in 0xCE") }
        return PeerFrame(type: head[0], channel: UInt16(head[1]) << 8 | UInt16(head[2]), payload: payload.dropLast())
    }

    /// Reads a frame that must carry this method.
    @discardableResult
    func expect(_ method: String, channel: UInt16? = nil) throws -> PeerFrame {
        // A client that waits long enough gives a sign of life between any two methods.
        var frame = try readFrame()
        while frame.type == 8 { frame = try readFrame() }
        guard frame.method == method, channel == nil || channel == frame.channel else {
            let what = "\(frame.method ?? "frame type \(frame.type)") on channel \(frame.channel)"
            throw PeerError(description: "expected \(method), not \(what)")
        }
        return frame
    }

    /// Reads a message: basic.publish, header, body; gives the body.
    @discardableResult
    func expectPublish() throws -> [UInt8] {
        try expect("60.40", channel: 1)
        let header = try readFrame()
        let size = header.payload[4..<12].reduce(0) { $0 << 8 | Int($1) }
        var body: [UInt8] = []
        while body.count < size { body += try readFrame().payload }
        return body
    }

    func send(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw PeerError(description: "the client is gone") }
            done += sent
        }
    }

    func sendFrame(_ type: UInt8, _ channel: UInt16, _ payload: [UInt8]) throws {
        try send([type] + Wired.u16(channel) + Wired.u32(UInt32(payload.count)) + payload + [0xCE])
    }

    func sendMethod(_ channel: UInt16, _ classID: UInt16, _ methodID: UInt16, _ arguments: [UInt8] = []) throws {
        try sendFrame(1, channel, Wired.u16(classID) + Wired.u16(methodID) + arguments)
    }

    /// A delivery with a body in one frame.
    func deliver(_ channel: UInt16, tag: UInt64, body: [UInt8]) throws {
        let arguments = Wired.short("ctag") + Wired.u64(tag) + [0] + Wired.short("") + Wired.short("q")
        try sendMethod(channel, 60, 60, arguments)
        try sendContent(channel, body: body)
    }

    /// Header without properties, and the body.
    func sendContent(_ channel: UInt16, body: [UInt8]) throws {
        try sendFrame(2, channel, Wired.u16(60) + Wired.u16(0) + Wired.u64(UInt64(body.count)) + Wired.u16(0))
        if !body.isEmpty { try sendFrame(3, channel, body) }
    }

    /// Confirms, or refuses, messages up to `tag`.
    func confirm(_ tag: UInt64, multiple: Bool = false, isAck: Bool = true) throws {
        try sendMethod(1, 60, isAck ? 80 : 120, Wired.u64(tag) + [multiple ? 1 : 0])
    }

    /// Plays the hub's part up to the client's credentials; gives the client's properties as they came.
    @discardableResult
    func greet() throws -> [UInt8] {
        guard try read(8) == Array("AMQP".utf8) + [0, 0, 9, 1] else { throw PeerError(description: "no AMQP header") }
        try sendMethod(0, 10, 10, [0, 9] + Wired.u32(0) + Wired.long("PLAIN AMQPLAIN") + Wired.long("en_US"))
        return try expect("10.11", channel: 0).payload
    }

    /// Plays the whole handshake: login, channel 1 with confirms, channel 2.
    @discardableResult
    func accept(heartbeatS: UInt16 = 0) throws -> [UInt8] {
        let properties = try greet()
        try sendMethod(0, 10, 30, Wired.u16(2047) + Wired.u32(131_072) + Wired.u16(heartbeatS))
        try expect("10.31", channel: 0)
        try expect("10.40", channel: 0)
        try sendMethod(0, 10, 41, Wired.short(""))
        try expect("20.10", channel: 1)
        try sendMethod(1, 20, 11, Wired.long(""))
        try expect("85.10", channel: 1)
        try sendMethod(1, 85, 11)
        try expect("20.10", channel: 2)
        try sendMethod(2, 20, 11, Wired.long(""))
        return properties
    }

    /// Answers a declaration of a queue.
    func declareQueue(_ name: String = "q") throws {
        try expect("50.10", channel: 2)
        try sendMethod(2, 50, 11, Wired.short(name) + Wired.u32(0) + Wired.u32(0))
    }

    /// Answers the start of a consumer up to its last step.
    func startConsumer(_ channel: UInt16 = 3) throws {
        try expect("20.10", channel: channel)
        try sendMethod(channel, 20, 11, Wired.long(""))
        try expect("60.10", channel: channel)
        try sendMethod(channel, 60, 11)
        try expect("60.20", channel: channel)
    }

    func finishConsumer(_ channel: UInt16 = 3) throws { try sendMethod(channel, 60, 21, Wired.short("ctag")) }

    /// Answers the client's orderly close.
    func acceptClose() throws {
        try expect("10.50", channel: 0)
        try sendMethod(0, 10, 51)
    }
}

/// AMQP's elementary types (AMQP 0-9-1 §4.2.5).
enum Wired {
    static func u16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
    static func u32(_ value: UInt32) -> [UInt8] {
        u16(UInt16(value >> 16)) + u16(UInt16(truncatingIfNeeded: value))
    }
    static func u64(_ value: UInt64) -> [UInt8] {
        u32(UInt32(value >> 32)) + u32(UInt32(truncatingIfNeeded: value))
    }
    static func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
    static func long(_ text: String) -> [UInt8] { u32(UInt32(text.utf8.count)) + Array(text.utf8) }
}

extension Observed {
    /// Blocks a thread that is not Swift's own until the value is this one.
    func wait(for value: Value) {
        while self.value != value { usleep(1000) }
    }
}
