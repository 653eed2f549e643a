import AMQP

extension Scenario {
    /// From the protocol header to `connection.open`, and closing.
    static let handshakes: [Scenario] = [
        shaking("handshake", logIn(), tune(), open()),
        shaking("handshake: limits lowered", logIn(), tune(channelMax: 10, frameMax: 4096), open()),
        shaking("handshake: frames too small", logIn(), tune(frameMax: 4095)),
        shaking("handshake: frames too large", logIn(), tune(frameMax: 131_073)),
        shaking("handshake: frames without a limit", logIn(), tune(frameMax: 0)),
        shaking("handshake: too many channels", logIn(), tune(channelMax: 2048)),
        shaking("handshake: channels without a limit", logIn(), tune(channelMax: 0)),
        shaking("handshake: AMQPLAIN", logIn("AMQPLAIN", [], amqplain: true), tune(), open()),
        shaking("handshake: mechanism that nobody knows", logIn("X", [])),
        shaking("handshake: EXTERNAL", logIn("EXTERNAL", [])),
        shaking("handshake: wrong password", logIn("PLAIN", Array("\0guest\0wrong".utf8))),
        shaking("handshake: nobody of that name", logIn("PLAIN", Array("\0nobody\0guest".utf8))),
        shaking("handshake: vhost that is not there", logIn(), tune(), open("nowhere")),
        shaking("handshake: close instead of open", logIn(), tune(), onConnection(farewell)),
        shaking("handshake: channel before open", logIn(), tune(), say(.channelOpen)),
        shaking("handshake: open before tune", logIn(), open()),
        shaking("handshake: heartbeat in between", logIn(), tune(), [.heartbeat], open()),
        shaking(
            "handshake: more channels than agreed",
            logIn(),
            tune(channelMax: 1),
            open(),
            say(.channelOpen),
            say(.channelOpen).on(2)
        ),
        asking("handshake: 0-9 in the older form", [1, 1, 0, 9]),
        asking("handshake: 0-8", [1, 1, 8, 0]),
        asking("handshake: 0-8 in the other form", [1, 1, 9, 1]),
        asking("handshake: 0-10", [1, 1, 0, 10]),
        Scenario(
            "a header larger than the consumer's frames",
            clients: ["b": .silent],
            steps: [Step(client: "b", frames: [], hasHeader: true)]
                + [logIn(), tune(frameMax: 4096), open(), say(.channelOpen), declare(), consume("t")].map { $0.by("b") }
                + [
                    publish("m", BasicProperties(headers: ["h": .string(String(repeating: "x", count: 4100))])),
                    count(),
                ]
        ),
        Scenario("close", onConnection(farewell)),
        Scenario("close with a channel open", declare(), consume("t"), publish("1"), onConnection(farewell)),
        Scenario("close-ok nobody waits for", onConnection(.connectionCloseOk)),
        Scenario(
            "connection.start by a client",
            onConnection(.connectionTune(ConnectionTune(channelMax: 1, frameMax: 1, heartbeat: 1)))
        ),
    ]

    private static let farewell = AMQP.Method.connectionClose(
        ConnectionClose(replyCode: 200, replyText: "bye", classID: 0, methodID: 0)
    )

    private static func shaking(_ name: String, _ steps: Step...) -> Scenario {
        Scenario(name, clients: ["a": .silent], steps: [Step(frames: [], hasHeader: true)] + steps)
    }

    /// Asks for a version.
    private static func asking(_ name: String, _ version: [UInt8]) -> Scenario {
        Scenario(name, clients: ["a": .silent], Step(frames: [], octets: Array("AMQP".utf8) + version))
    }

    private static func onConnection(_ method: AMQP.Method) -> Step { say(method).on(0) }

    private static func logIn(
        _ mechanism: String = "PLAIN",
        _ response: [UInt8] = Array("\0guest\0guest".utf8),
        amqplain: Bool = false
    ) -> Step {
        var startOk = ConnectionStartOk.plain()
        startOk.mechanism = mechanism
        startOk.response =
            amqplain
            ? [5] + Array("LOGINS".utf8) + [0, 0, 0, 5] + Array("guest".utf8) + [8] + Array("PASSWORDS".utf8) + [
                0, 0, 0, 5,
            ] + Array("guest".utf8) : response
        return onConnection(.connectionStartOk(startOk))
    }

    private static func tune(channelMax: UInt16 = 2047, frameMax: UInt32 = 131_072) -> Step {
        onConnection(.connectionTuneOk(ConnectionTuneOk(channelMax: channelMax, frameMax: frameMax, heartbeat: 0)))
    }

    private static func open(_ host: String = "/") -> Step {
        onConnection(.connectionOpen(ConnectionOpen(virtualHost: host)))
    }
}
