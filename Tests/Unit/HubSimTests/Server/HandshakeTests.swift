import AMQP
import Testing

@testable import HubSim

@Suite("Handshake", .timeLimit(.minutes(5)))
struct HandshakeTests {
    @Test func theServerIntroducesItself() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        guard case .frame(.method(0, .connectionStart(let start))) = try await client.next() else {
            Issue.record("no connection.start")
            return
        }
        #expect(start.mechanisms == "PLAIN AMQPLAIN")
        #expect(start.serverProperties["product"] == "RabbitMQ")
        #expect(start.serverProperties["version"] == "3.10.8")
        #expect(start.serverProperties["capabilities"]?.table?["consumer_cancel_notify"] == true)
        try await client.send(.connectionStartOk(.plain()))
        #expect(
            "\(try await client.next())" == "0 method connection.tune channel-max=2047 frame-max=131072 heartbeat=60"
        )
        await hub.shutdown()
    }

    @Test(
        .keeps(.connections, "another protocol header is answered with `AMQP 0-0-9-1`"),
        arguments: [
            "GET / HTTP/1.1\r\n\r\n", "AMQP\u{0}\u{1}\u{0}\u{0}", "AMQP\u{3}\u{1}\u{0}\u{0}",
            "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
        ]
    )
    func anotherProtocolIsAnsweredWithOurs(_ header: String) async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient(port: hub.port)
        try await client.send(bytes: Array(header.utf8))
        #expect(try await client.next() == .protocolHeader)
        await hub.shutdown()
    }

    @Test(
        .keeps(.connections, "a wrong password is 403 to a client with the capability `authentication_failure_close`")
    ) func whoIsNotKnownIsRefused() async throws {
        let hub = try await HubSim.start(.forTests)
        for properties in [FieldTable(), ["capabilities": [:]]] {
            let client = try await RawClient(port: hub.port)
            try await client.sendHeader()
            _ = try await client.next()
            try await client.send(.connectionStartOk(.plain(password: "wrong", properties: properties)))
            let answer = try await client.next()
            if properties.isEmpty {
                #expect(
                    "\(answer)"
                        == "0 method connection.close reply-code=403 reply-text=\"ACCESS_REFUSED - Login was refused"
                        + " using authentication mechanism PLAIN. For details see the broker logfile.\" class-id=0 method-id=0"
                )
            } else {
                #expect(answer == .end, "the client does not expect to be told")
            }
        }
        await hub.shutdown()
    }

    @Test(arguments: [
        ("PLAIN", "\u{0}guest\u{0}guest"),
        ("AMQPLAIN", "\u{5}LOGINS\u{0}\u{0}\u{0}\u{5}guest\u{8}PASSWORDS\u{0}\u{0}\u{0}\u{5}guest"),
        ("EXTERNAL", ""),
    ])
    func mechanisms(_ mechanism: String, _ response: String) async throws {
        var configuration = HubConfiguration.forTests
        configuration.externalUser = "certificate"
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        let startOk = ConnectionStartOk(
            clientProperties: [:],
            mechanism: mechanism,
            response: Array(response.utf8),
            locale: "en_US"
        )
        try await client.send(.connectionStartOk(startOk))
        guard case .frame(.method(0, .connectionTune)) = try await client.next() else {
            Issue.record("no connection.tune")
            return
        }
        await hub.shutdown()
    }

    /// RabbitMQ 3.10.8 closes the socket on each of these without a word, whatever the client could be told.
    @Test(arguments: [
        ("PLAIN", ""), ("PLAIN", "guest\u{0}guest"), ("PLAIN", "other\u{0}guest\u{0}guest"),
        ("PLAIN", "\u{0}guest\u{0}gu\u{0}est"), ("plain", "\u{0}guest\u{0}guest"), ("ANONYMOUS", ""), ("EXTERNAL", ""),
        ("RABBIT-CR-DEMO", "guest"), ("AMQPLAIN", "\u{7f}\u{7f}"), ("AMQPLAIN", "\u{5}LOGINS\u{0}\u{0}\u{0}\u{5}guest"),
    ])
    func aResponseThatIsNoLoginEndsTheConnection(_ mechanism: String, _ response: String) async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        var startOk = ConnectionStartOk.plain()
        (startOk.mechanism, startOk.response) = (mechanism, Array(response.utf8))
        try await client.send(.connectionStartOk(startOk))
        #expect(try await client.hearsTheEnd())
        await hub.shutdown()
    }

    @Test func amqplainWithAWrongPasswordIsRefused() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        var startOk = ConnectionStartOk.plain()
        startOk.mechanism = "AMQPLAIN"
        startOk.response = Array("\u{5}LOGINS\u{0}\u{0}\u{0}\u{5}guest\u{8}PASSWORDS\u{0}\u{0}\u{0}\u{1}x".utf8)
        try await client.send(.connectionStartOk(startOk))
        let answer = "\(try await client.next())"
        #expect(answer.contains("refused using authentication mechanism AMQPLAIN"), "\(answer)")
        await hub.shutdown()
    }

    @Test func anEmptyPasswordIsNobodys() async throws {
        var configuration = HubConfiguration.forTests
        configuration.users = [HubUser(name: "guest", password: "")]
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        try await client.send(.connectionStartOk(.plain(password: "")))
        #expect("\(try await client.next())".contains("reply-code=403"))
        await hub.shutdown()
    }

    @Test(.keeps(.connections, "`connection.update-secret` is answered")) func aSecretMayBeUpdated() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.withChannel(port: hub.port)
        for secret in ["new", ""] {
            let update = ConnectionUpdateSecret(newSecret: Array(secret.utf8), reason: "it is time")
            try await client.send(.connectionUpdateSecret(update))
            #expect("\(try await client.next())" == "0 method connection.update-secret-ok")
        }
        let update = ConnectionUpdateSecret(newSecret: [], reason: "")
        try await client.send(.connectionUpdateSecret(update), channel: 1)
        #expect(
            "\(try await client.next())" == "0 method connection.close reply-code=503"
                + " reply-text=\"COMMAND_INVALID - unimplemented method\" class-id=10 method-id=70"
        )
        await hub.shutdown()
    }

    @Test(
        arguments: [
            (2047, 0, "negotiated frame_max = 0 is higher than the maximum allowed value (131072)"),
            (2047, 100, "negotiated frame_max = 100 is lower than the minimum allowed value (4096)"),
            (0, 131_072, "negotiated channel_max = 0 is higher than the maximum allowed value (2047)"),
            (3000, 131_072, "negotiated channel_max = 3000 is higher than the maximum allowed value (2047)"),
        ] as [(UInt16, UInt32, String)]
    )
    func nobodyMayWantMoreThanWasProposed(_ channelMax: UInt16, _ frameMax: UInt32, _ reason: String) async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        try await client.send(.connectionStartOk(.plain()))
        _ = try await client.next()
        try await client.send(
            .connectionTuneOk(ConnectionTuneOk(channelMax: channelMax, frameMax: frameMax, heartbeat: 0))
        )
        #expect(
            "\(try await client.next())"
                == "0 method connection.close reply-code=530 reply-text=\"NOT_ALLOWED - \(reason)\" class-id=10 method-id=30"
        )
        await hub.shutdown()
    }

    @Test func aVirtualHostMustBeThere() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        try await client.send(.connectionStartOk(.plain()))
        _ = try await client.next()
        try await client.send(.connectionTuneOk(ConnectionTuneOk(channelMax: 10, frameMax: 8192, heartbeat: 0)))
        try await client.send(.connectionOpen(ConnectionOpen(virtualHost: "nope")))
        #expect(
            "\(try await client.next())" == "0 method connection.close reply-code=530"
                + " reply-text=\"NOT_ALLOWED - vhost nope not found\" class-id=10 method-id=40"
        )
        try await client.send(.connectionCloseOk)
        #expect(try await client.hearsTheEnd())
        await hub.shutdown()
    }

    @Test(.keeps(.time, "who takes too long to log in is cut off")) func whoTakesTooLongIsCutOff() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        configuration.limits.handshakeMs = 10_000
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient(port: hub.port)
        try await client.sendHeader()
        _ = try await client.next()
        await clock.advance(by: .seconds(10))
        #expect(try await client.hearsTheEnd())
        await hub.shutdown()
    }

    @Test func theClientMayCloseAtAnyTime() async throws {
        let hub = try await HubSim.start(.forTests)
        let client = try await RawClient.loggedIn(port: hub.port)
        try await client.send(
            .connectionClose(ConnectionClose(replyCode: 200, replyText: "bye", classID: 0, methodID: 0))
        )
        #expect("\(try await client.next())" == "0 method connection.close-ok")
        #expect(try await client.hearsTheEnd())
        #expect(await hub.waitUntil(.connections(0)))
        await hub.shutdown()
    }

    @Test("After close-ok the socket is the client's to close, as in RabbitMQ; one that does not is cut off")
    func theClientClosesTheSocket() async throws {
        let clock = VirtualClock()
        var configuration = HubConfiguration.forTests
        configuration.time = clock.timeSource()
        let hub = try await HubSim.start(configuration)
        let client = try await RawClient.loggedIn(port: hub.port)
        try await client.send(
            .connectionClose(ConnectionClose(replyCode: 200, replyText: "bye", classID: 0, methodID: 0))
        )
        #expect("\(try await client.next())" == "0 method connection.close-ok")
        // Whatever the hub would do at once, it has done by the time that another client is logged in.
        let other = try await RawClient.loggedIn(port: hub.port)
        #expect(await !client.hasHeardTheEnd())
        await clock.advance(by: .milliseconds(50))
        #expect(try await client.hearsTheEnd())
        await other.close()
        await hub.shutdown()
    }
}
