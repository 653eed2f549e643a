import MessageHub
import Testing

@testable import RabbitMQ

/// RabbitMQHub against a peer that says what the test wants: the opening of connections.
@Suite(.timeLimit(.minutes(5)))
struct HandshakeTests {
    private func errorOfConnecting(_ hub: RabbitMQHub) async -> HubError? {
        do throws(HubError) {
            await (try hub.connect()).close()
            return nil
        } catch {
            return error
        }
    }

    @Test func `tells who it is and what it can`() async throws {
        let seen = Observed<[UInt8]>([])
        let peer = try ScriptedPeer { socket in
            let properties = try socket.accept()
            seen.update { $0 = properties }
            try socket.acceptClose()
        }
        await (try await peer.hub().connect()).close()
        try await peer.played()
        let text = String(decoding: seen.value, as: Unicode.ASCII.self)
        for capability in [
            "connection.blocked", "consumer_cancel_notify", "publisher_confirms", "basic.nack",
            "authentication_failure_close",
        ] {
            #expect(text.contains("\(capability)t\u{1}"), "\(capability)")
        }
        for (key, value) in [("product", "tests"), ("version", "7"), ("connection_name", "a test")] {
            #expect(text.contains("\(key)S\0\0\0\(Unicode.Scalar(UInt8(value.utf8.count)))\(value)"))
        }
        // PLAIN (RFC 4616): nothing, user, password, apart by NUL.
        #expect(text.contains("PLAIN\0\0\0\u{C}\0guest\0guest"))
    }

    @Test func `a login that is refused carries code and text`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.greet()
            let text = "ACCESS_REFUSED - Login was refused"
            try socket.sendMethod(0, 10, 50, Wired.u16(403) + Wired.short(text) + Wired.u16(0) + Wired.u16(0))
            _ = try? socket.readFrame()
        }
        let error = await errorOfConnecting(try peer.hub())
        #expect(error == .refused(code: 403, text: "ACCESS_REFUSED - Login was refused"))
    }

    @Test func `a channel that is refused carries code and text`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.greet()
            try socket.sendMethod(0, 10, 30, Wired.u16(0) + Wired.u32(0) + Wired.u16(0))
            try socket.expect("10.31", channel: 0)
            try socket.expect("10.40", channel: 0)
            try socket.sendMethod(0, 10, 41, Wired.short(""))
            try socket.expect("20.10", channel: 1)
            let why = Wired.u16(506) + Wired.short("RESOURCE_ERROR")
            try socket.sendMethod(0, 10, 50, why + Wired.u16(20) + Wired.u16(10))
        }
        #expect(await errorOfConnecting(try peer.hub()) == .refused(code: 506, text: "RESOURCE_ERROR"))
    }

    @Test func `a peer that says nothing is given up`() async throws {
        let peer = try ScriptedPeer { socket in _ = try? socket.read(1000) }
        let error = await errorOfConnecting(try peer.hub { $0.handshakeTimeoutMs = 100 })
        guard case .timedOut = error else {
            Issue.record("expected a time-out, not \(String(describing: error))")
            return
        }
    }

    struct Words: CustomTestStringConvertible {
        var testDescription: String
        var text: String
    }

    @Test(arguments: [
        Words(testDescription: "HTTP", text: "HTTP/1.1 400 Bad Request\r\n\r\n"),
        Words(testDescription: "another AMQP", text: "AMQP\0\0\u{9}\u{1}"),
        Words(testDescription: "SSH", text: "SSH-2.0-OpenSSH_9.2\r\n"),
        Words(testDescription: "nothing", text: ""),
    ])
    func `a peer that speaks something else is an error`(words: Words) async throws {
        let peer = try ScriptedPeer { socket in
            _ = try socket.read(8)
            try socket.send(Array(words.text.utf8))
        }
        let error = await errorOfConnecting(try peer.hub { $0.handshakeTimeoutMs = 2000 })
        guard case .unreachable = error else {
            Issue.record("expected unreachable, not \(String(describing: error))")
            return
        }
    }

    @Test func `a cancelled task waits for no handshake`() async throws {
        let peer = try ScriptedPeer { socket in _ = try? socket.read(1000) }
        let hub = try peer.hub()
        let connecting = Task { await errorOfConnecting(hub) }
        connecting.cancel()
        #expect(await connecting.value == .cancelled)
    }

    @Test func `what the hub says right behind its last answer is not lost`() async throws {
        let peer = try ScriptedPeer { socket in
            try socket.greet()
            try socket.sendMethod(0, 10, 30, Wired.u16(2047) + Wired.u32(131_072) + Wired.u16(0))
            try socket.expect("10.31", channel: 0)
            try socket.expect("10.40", channel: 0)
            try socket.sendMethod(0, 10, 41, Wired.short(""))
            // While the channels are opened, as an alarm that is on already makes RabbitMQ do.
            try socket.sendMethod(0, 10, 60, Wired.short("low on memory"))
            try socket.expect("20.10", channel: 1)
            try socket.sendMethod(1, 20, 11, Wired.long(""))
            try socket.expect("85.10", channel: 1)
            try socket.sendMethod(1, 85, 11)
            try socket.expect("20.10", channel: 2)
            try socket.sendMethod(2, 20, 11, Wired.long(""))
            try socket.acceptClose()
        }
        let connection = try await peer.hub().connect()
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next() == .blocked(reason: "low on memory"))
        await connection.close()
        try await peer.played()
    }
}
