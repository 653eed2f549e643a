import AMQP
import MessageHub
import NIOSSL
import RabbitMQ
import TestSupport
import Testing

@testable import HubSim

@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
    let files: TLSFiles

    init() throws { files = try TLSFiles() }

    private func start(_ configure: (inout HubConfiguration) throws -> Void = { _ in }) async throws -> HubSim {
        var configuration = HubConfiguration.forTests
        configuration.tls = HubTLS()
        try configure(&configuration)
        return try await HubSim.start(configuration)
    }

    /// Sends the header and takes `connection.start`.
    private func greet(_ client: RawClient) async throws -> ConnectionStart {
        try await client.sendHeader()
        guard case .frame(.method(0, .connectionStart(let start))) = try await client.next() else {
            throw RawClient.ClientError.notOpened
        }
        return start
    }

    private func logIn(_ client: RawClient, _ mechanism: String) async throws -> RawClient.Event {
        var startOk = ConnectionStartOk.plain()
        (startOk.mechanism, startOk.response) = (mechanism, [])
        try await client.send(.connectionStartOk(startOk))
        return try await client.next()
    }

    @Test func librabbitmqTrustsTheAuthorityThatWasMade() async throws {
        let hub = try await start()
        let authority = try files.write(try #require(hub.tlsAuthorityPEM), "ca.pem")
        for host in ["localhost", "127.0.0.1"] {
            let url = "amqps://guest:guest@\(host):\(hub.tlsPort)/%2F?cacertfile=\(authority)"
            let client = RabbitMQHub(try HubURL(url), .patient("tls"))
            let connection = try await client.connect()
            let body = [UInt8](repeating: 7, count: 3 << 20)
            _ = try await connection.declareQueue(QueueDeclaration(name: "q-\(host)"))
            try await connection.publish(HubMessage(body: body), to: .queue("q-\(host)"), mandatory: true)
            #expect(hub.messages(in: "q-\(host)").map(\.body) == [body])
            await connection.close()
        }
        #expect(await hub.waitUntil(.connections(0)))
        await hub.shutdown()
    }

    @Test func whoTrustsAnotherAuthorityStaysAway() async throws {
        let hub = try await start()
        let authority = try files.write(files.authority.pem, "other.pem")
        let url = "amqps://guest:guest@localhost:\(hub.tlsPort)/%2F?cacertfile=\(authority)"
        let client = RabbitMQHub(try HubURL(url), .patient("tls"))
        await #expect(throws: HubError.self) { _ = try await client.connect() }
        await hub.shutdown()
    }

    @Test func aCertificateOfOnesOwn() async throws {
        let identity = files.authority.issue("hub", for: .server(names: ["localhost"], addresses: []))
        let (certificate, key) = try files.write(identity, "server")
        let hub = try await start { $0.tls?.identity = .files(certificate: certificate, key: key) }
        #expect(hub.tlsAuthorityPEM == nil)
        let client = try await RawClient(port: hub.tlsPort, tls: .client(trusting: files.authority.pem))
        #expect(try await greet(client).mechanisms == "PLAIN AMQPLAIN")
        await hub.shutdown()
    }

    @Test(arguments: ["no file", "no certificate", "another's key"])
    func whatCannotBeUsedIsSaidAtTheStart(_ what: String) async throws {
        let server = CertificateAuthority.Purpose.server(names: ["localhost"], addresses: [])
        let (certificate, key) = try files.write(files.authority.issue("hub", for: server), "server")
        let (_, otherKey) = try files.write(files.authority.issue("other", for: server), "other")
        let used: HubTLS.Identity =
            switch what {
            case "no file": .files(certificate: files.folder + "/nope.pem", key: key)
            case "no certificate": .files(certificate: key, key: key)
            default: .files(certificate: certificate, key: otherKey)
            }
        let error = await #expect(throws: HubTLSError.self) { _ = try await start { $0.tls?.identity = used } }
        #expect(error?.description.hasPrefix("cannot use the certificate in '\(files.folder)/") == true, "\(what)")
        #expect(error?.part == .certificate)
    }

    @Test(arguments: [HubTLSError.Part.certificate, .key, .clientAuthorities], ["", "junk", "-----BEGIN JUNK-----\n"])
    func junkIsNamedByWhatItWasToBe(part: HubTLSError.Part, text: String) async throws {
        let purpose = CertificateAuthority.Purpose.server(names: ["localhost"], addresses: [])
        let (certificate, key) = try files.write(files.authority.issue("hub", for: purpose), "server")
        let junk = try files.write(text, "junk.pem")
        let error = await #expect(throws: HubTLSError.self) {
            _ = try await start { configuration in
                configuration.tls?.identity = .files(
                    certificate: part == .certificate ? junk : certificate,
                    key: part == .key ? junk : key
                )
                if part == .clientAuthorities { configuration.tls?.clientAuthoritiesFile = junk }
            }
        }
        #expect(error?.part == part)
        #expect(error?.description.contains("'\(junk)'") == true && error?.description.contains("\n") == false)
    }

    @Test(.keeps(.access, "`EXTERNAL` logs in by the common name of a client certificate"))
    func aCertificateLogsInByItsCommonName() async throws {
        let ca = try files.write(files.authority.pem, "clients.pem")
        let hub = try await start {
            $0.tls?.clientAuthoritiesFile = ca
            $0.users = [.guest, HubUser(name: "worker", password: "")]
        }
        let pem = try #require(hub.tlsAuthorityPEM)
        let worker = try NIOSSLContext.client(
            trusting: pem,
            showing: files.authority.issue("worker", for: .client)
        )
        let client = try await RawClient(port: hub.tlsPort, tls: worker)
        #expect(try await greet(client).mechanisms == "PLAIN AMQPLAIN EXTERNAL")
        guard case .frame(.method(0, .connectionTune)) = try await logIn(client, "EXTERNAL") else {
            Issue.record("the worker is not let in")
            return
        }
        try await client.send(.connectionTuneOk(ConnectionTuneOk(channelMax: 10, frameMax: 8192, heartbeat: 0)))
        try await client.send(.connectionOpen(ConnectionOpen(virtualHost: "/")))
        #expect("\(try await client.next())" == "0 method connection.open-ok")
        #expect(hub.snapshot().connections.map(\.user) == ["worker"])

        let stranger = try NIOSSLContext.client(
            trusting: pem,
            showing: files.authority.issue("stranger", for: .client)
        )
        let unknown = try await RawClient(port: hub.tlsPort, tls: stranger)
        _ = try await greet(unknown)
        #expect(
            "\(try await logIn(unknown, "EXTERNAL"))" == "0 method connection.close reply-code=403"
                + " reply-text=\"ACCESS_REFUSED - Login was refused using authentication mechanism EXTERNAL. For details"
                + " see the broker logfile.\" class-id=0 method-id=0"
        )
        await hub.shutdown()
    }

    @Test(arguments: [false, true])
    func whoShowsNoCertificate(_ isRequired: Bool) async throws {
        let ca = try files.write(files.authority.pem, "clients.pem")
        let hub = try await start {
            $0.tls?.clientAuthoritiesFile = ca
            $0.tls?.requiresClientCertificate = isRequired
        }
        let client = try await RawClient(port: hub.tlsPort, tls: .client(trusting: hub.tlsAuthorityPEM ?? ""))
        if isRequired {
            try? await client.sendHeader()
            #expect(try await client.hearsTheEnd())
        } else {
            #expect(try await greet(client).mechanisms == "PLAIN AMQPLAIN")
            #expect(try await logIn(client, "EXTERNAL") == .end)
        }
        await hub.shutdown()
    }

    @Test func aCertificateOfAnyoneElsesIsRefused() async throws {
        let ca = try files.write(files.authority.pem, "clients.pem")
        let hub = try await start { $0.tls?.clientAuthoritiesFile = ca }
        let other = CertificateAuthority(commonName: "other", at: TLSFiles.now).issue("guest", for: .client)
        let context = try NIOSSLContext.client(trusting: hub.tlsAuthorityPEM ?? "", showing: other)
        let client = try await RawClient(port: hub.tlsPort, tls: context)
        try? await client.sendHeader()
        #expect(try await client.hearsTheEnd())
        await hub.shutdown()
    }

    @Test func whoSpeaksTheWrongWayEndsAlone() async throws {
        let hub = try await start()
        let tls = try NIOSSLContext.client(trusting: hub.tlsAuthorityPEM ?? "")
        let neighbour = try await RawClient(port: hub.tlsPort, tls: tls)
        _ = try await greet(neighbour)

        let plain = try await RawClient(port: hub.tlsPort)
        try await plain.sendHeader()
        // TLS may answer with an alert; there is no AMQP in it.
        var event = try? await plain.next()
        while let some = event, some != .end {
            if case .frame = some { Issue.record("a plain client was answered: \(some)") }
            event = try? await plain.next()
        }
        let wrapped = try await RawClient(port: hub.port, tls: tls)
        try? await wrapped.sendHeader()
        #expect(try await wrapped.hearsTheEnd())

        try await neighbour.send(.connectionStartOk(.plain()))
        guard case .frame(.method(0, .connectionTune)) = try await neighbour.next() else {
            Issue.record("the neighbour is gone")
            return
        }
        await hub.shutdown()
    }

    @Test func aHandshakeThatHangsIsCutOff() async throws {
        let clock = VirtualClock()
        let hub = try await start {
            $0.time = clock.timeSource()
            $0.limits.handshakeMs = 10_000
        }
        // Nothing is said at all, and half of a ClientHello.
        let silent = try await RawClient(port: hub.tlsPort)
        let halting = try await RawClient(port: hub.tlsPort)
        try await halting.send(bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
        // One who has come through tells that the others are there as well: they came before.
        let neighbour = try await RawClient(port: hub.tlsPort, tls: .client(trusting: hub.tlsAuthorityPEM ?? ""))
        _ = try await greet(neighbour)
        await clock.advance(by: .seconds(10))
        #expect(try await silent.hearsTheEnd())
        #expect(try await halting.hearsTheEnd())
        await hub.shutdown()
    }

    @Test func theHubEndsForEverybody() async throws {
        let hub = try await start()
        let client = try await RawClient(port: hub.tlsPort, tls: .client(trusting: hub.tlsAuthorityPEM ?? ""))
        _ = try await greet(client)
        try await client.send(.connectionStartOk(.plain()))
        _ = try await client.next()
        try await client.send(.connectionTuneOk(ConnectionTuneOk(channelMax: 10, frameMax: 8192, heartbeat: 0)))
        try await client.send(.connectionOpen(ConnectionOpen(virtualHost: "/")))
        _ = try await client.next()
        async let left = hub.shutdown()
        #expect("\(try await client.next())".contains("reply-code=320"))
        try await client.send(.connectionCloseOk)
        #expect(try await client.hearsTheEnd())
        #expect(await left.connections.count == 1)
    }
}
