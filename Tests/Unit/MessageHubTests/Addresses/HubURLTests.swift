import Testing

@testable import MessageHub

@Suite struct HubURLTests {
    struct Reading: Sendable, CustomTestStringConvertible {
        var text: String
        var host = "host"
        var port = 5672
        var user = "guest"
        var password = "guest"
        var vhost = "/"
        var isTLS = false
        var testDescription: String { text }
    }

    // The examples of RabbitMQ's URI specification, and beyond.
    @Test(arguments: [
        Reading(
            text: "amqp://user:pass@host:10000/vhost",
            port: 10_000,
            user: "user",
            password: "pass",
            vhost: "vhost"
        ),
        Reading(
            text: "amqp://user%61:%61pass@ho%61st:10000/v%2fhost",
            host: "hoast",
            port: 10_000,
            user: "usera",
            password: "apass",
            vhost: "v/host"
        ),
        Reading(text: "amqp://", host: "localhost"),
        Reading(text: "amqp://:@/", host: "localhost", user: "", password: "", vhost: ""),
        Reading(text: "amqp://user@", host: "localhost", user: "user", password: ""),
        Reading(text: "amqp://user:pass@", host: "localhost", user: "user", password: "pass"),
        Reading(text: "amqp://host"),
        Reading(text: "amqp://:10000", host: "localhost", port: 10_000),
        Reading(text: "amqp:///vhost", host: "localhost", vhost: "vhost"),
        Reading(text: "amqp://host/", vhost: ""),
        Reading(text: "amqp://host/%2f"),
        Reading(text: "amqp://[::1]", host: "::1"),
        Reading(
            text: "amqp://u:p@[2001:db8::7]:5673/v",
            host: "2001:db8::7",
            port: 5673,
            user: "u",
            password: "p",
            vhost: "v"
        ),
        Reading(text: "amqps://host", port: 5671, isTLS: true),
        Reading(text: "AMQPS://host:5672", isTLS: true),
        Reading(text: "amqp://host:"),
        Reading(text: "amqp://u:p@ss,w:ord%2C@host", user: "u", password: "p@ss,w:ord,"),
        Reading(text: "amqp://gr%C3%B6%C3%9Fe:%E2%82%AC@host", user: "größe", password: "€"),
    ])
    func `reads`(reading: Reading) throws {
        let endpoint = try #require(HubURL(reading.text).endpoints.first)
        #expect(endpoint.host == reading.host)
        #expect(endpoint.port == reading.port)
        #expect(endpoint.user == reading.user)
        #expect(endpoint.password == reading.password)
        #expect(endpoint.vhost == reading.vhost)
        #expect((endpoint.tls != nil) == reading.isTLS)
    }

    @Test(arguments: [
        ("", "the URL is empty"),
        ("host:5672", "the URL must start with amqp:// or amqps://"),
        ("http://host", "the URL must start with amqp:// or amqps://"),
        ("amqp:host", "the URL must start with amqp:// or amqps://"),
        ("amqp://host:0", "port must be a number from 1 to 65535"),
        ("amqp://host:65536", "port must be a number from 1 to 65535"),
        ("amqp://host:+1", "port must be a number from 1 to 65535"),
        ("amqp://host:56x", "port must be a number from 1 to 65535"),
        ("amqp://host/a/b", "a / in the vhost must be written %2F"),
        ("amqp://host/%2", "the vhost is not percent-encoded UTF-8"),
        ("amqp://host/%ff", "the vhost is not percent-encoded UTF-8"),
        ("amqp://u:%00@host", "the password is not percent-encoded UTF-8"),
        ("amqp://ho st", "the host has a character that no host name has"),
        ("amqp://[::1", "the IPv6 address has no ]"),
        ("amqp://[]", "the IPv6 address is malformed"),
        ("amqp://[::g]", "the IPv6 address is malformed"),
        ("amqp://[::1]x", "only a port may follow the ]"),
        ("amqp://host#f", "the URL has a fragment (#), which means nothing here"),
        ("amqp://host?heartbeat=-1", "heartbeat must be a number from 0 to 65535"),
        ("amqp://host?cacertfile=/ca.pem", "cacertfile needs amqps://"),
        ("amqps://host?certfile=/c.pem", "certfile and keyfile go together"),
        ("amqps://host?verify=maybe", "verify must be verify_peer or verify_none"),
        ("amqp://host,", "URL 2: the URL is empty"),
        ("amqp://a,amqp://b:x", "URL 2: port must be a number from 1 to 65535"),
        ("amqp://a,http://b", "URL 2: the URL must start with amqp:// or amqps://"),
    ])
    func `refuses`(text: String, problem: String) {
        let error = #expect(throws: HubURLError.self) { try HubURL(text) }
        #expect(error?.description == problem)
    }

    @Test func `reads several, with spaces around the commas`() throws {
        let url = try HubURL("amqp://a:1@one:1/x , amqps://two")
        #expect(url.description == "amqp://one:1/x,amqps://two:5671/%2F")
    }

    @Test func `reads parameters`() throws {
        let text = "amqps://h/v?heartbeat=5&connection_timeout=1500&cacertfile=%2Fca.pem&certfile=/c&keyfile=/k"
        let endpoint = try HubURL(text + "&verify=verify_none&auth_mechanism=PLAIN").endpoints[0]
        #expect(endpoint.heartbeatS == 5)
        #expect(endpoint.connectTimeoutMs == 1500)
        let tls = HubEndpoint.TLS(verifiesPeer: false, caFile: "/ca.pem", certificateFile: "/c", keyFile: "/k")
        #expect(endpoint.tls == tls)
    }

    @Test func `no description shows user or password`() throws {
        let url = try HubURL("amqp://admin:hunter2@host/v%2Fh")
        var dumped = ""
        dump(url, to: &dumped)
        dump(Optional(url.endpoints[0]), to: &dumped)
        for text in ["\(url)", "\(url.endpoints)", "\(Optional(url.endpoints[0]) as Any)", dumped] {
            #expect(!text.contains("hunter2") && !text.contains("admin"))
        }
    }

    @Test(arguments: [
        "amqp://u:hunter2@host:x", "amqp:/u:hunter2@host", "u:hunter2@host", "amqp://u:hunter2@h st",
        "amqp://u:hunter2%@host", "amqp://u:hunter2@host?password=hunter2", "amqp://u:hunter2/@host",
        "amqp://u:hunter2#@host", "amqp://u:hunter2,http://x", "amqp://u:hunter2",
    ])
    func `no error shows the password`(text: String) {
        let error = #expect(throws: HubURLError.self) { try HubURL(text) }
        #expect(!String(reflecting: error).contains("hunter2"))
    }
}
