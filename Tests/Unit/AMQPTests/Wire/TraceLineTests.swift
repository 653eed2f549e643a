import AMQP
import Testing

/// What tracing shows, and what it must not.
@Suite struct TraceLineTests {
    @Test(
        arguments: [
            .connectionStartOk(ConnectionStartOk(mechanism: "PLAIN", response: Array("\0guest\0hunter2".utf8))),
            .connectionSecureOk(ConnectionSecureOk(response: Array("hunter2".utf8))),
            .connectionUpdateSecret(ConnectionUpdateSecret(newSecret: Array("hunter2".utf8))),
        ] as [Method]
    )
    func secretsAreNotShown(_ method: Method) {
        #expect(!method.description.contains("hunter2"))
        #expect(method.description.contains("octets>"))
    }

    @Test func textStaysOnOneLine() {
        let method = Method.queuePurge(QueuePurge(queue: "a\"b\\c\n\u{1B}[31m\u{2028}é"))
        #expect(method.description == #"queue.purge queue="a\"b\\c\u{a}\u{1b}[31m\u{2028}é""#)
    }

    @Test func keysAreQuotedWhereTheyMustBe() {
        let method = Method.queueDeclare(
            QueueDeclare(queue: "q", arguments: ["a.b-c_D9": true, "two words": true, "": true])
        )
        #expect(
            method.description
                == #"queue.declare queue="q" arguments={a.b-c_D9: true, "two words": true, "": true}"#
        )
    }

    @Test func bodiesAreShownBySize() {
        #expect(Frame.body(channel: 2, [1, 2, 3]).description == "2 body <3 octets>")
        #expect(Frame.heartbeat.description == "0 heartbeat")
    }

    @Test func aFrameThatCannotBeDecodedIsShownWithItsError() throws {
        try frame(1, bytes("0032 000C 00")).withUnsafeBytes { octets in
            var decoder = FrameDecoder()
            var input = octets
            let raw = try #require(try decoder.next(&input))
            #expect(raw.description == "1 method <5 octets> 503 COMMAND_INVALID - no method 12 in class 50")
        }
    }
}
