import Testing

@testable import Launch

@Suite("Where a setting's value comes from")
struct SettingValuesTests {
    static let port = Setting<Int>.port("PORT", default: 8000, help: "where it listens")
    static let token = Setting<Int>.init("TOKEN", takes: "N", isSecret: true, help: "a secret") {
        _ throws(SettingProblem) in
        throw SettingProblem("must be right")
    }
    static let hub = Setting<String>.url("MESSAGE_HUB_URL", schemes: ["amqp", "amqps"], help: "the hub")

    @Test(
        arguments: [
            (nil, nil, nil, 8000), (nil, nil, "PORT=1", 1), (nil, "2", "PORT=1", 2), ("3", "2", "PORT=1", 3),
            ("", "2", "PORT=1", 2), ("", "", "PORT=1", 1), ("", "", "PORT=", 8000),
        ] as [(String?, String?, String?, Int)]
    )
    func flagBeforeEnvironmentBeforeFileBeforeDefault(flag: String?, variable: String?, file: String?, port: Int) throws
    {
        let sources = SettingSources(
            flags: flag.map { ["PORT": $0] } ?? [:],
            environment: variable.map { ["PORT": $0] } ?? [:],
            dotEnv: try DotEnvFile(parsing: file ?? "")
        )
        #expect(try SettingValues(sources)[Self.port] == port)
    }

    @Test(arguments: [
        (
            SettingSources(flags: ["PORT": "80a"]),
            "PORT is '80a' (from the flag --port), but must be a whole number from 0 to 65535"
        ),
        (
            SettingSources(environment: ["PORT": "65536"]),
            "PORT is '65536' (from the environment variable PORT), but must be a whole number from 0 to 65535"
        ),
        (
            SettingSources(environment: ["PORT": "-1\n"]),
            "PORT is '-1 ' (from the environment variable PORT), but must be a whole number from 0 to 65535"
        ),
    ])
    func aBadValueIsNamedWithItsOriginOnOneLine(sources: SettingSources, message: String) {
        #expect(throws: UsageError(message)) { try SettingValues(sources)[Self.port] }
    }

    @Test func theLineOfTheFileIsNamed() throws {
        let file = try DotEnvFile(parsing: "# comment\n\nPORT=x\n")
        #expect(throws: UsageError("PORT is 'x' (from line 3 of .env), but must be a whole number from 0 to 65535")) {
            try SettingValues(SettingSources(dotEnv: file))[Self.port]
        }
    }

    @Test func aValueThatOnlyItsUseShowsToBeBadIsNamedAlike() {
        let values = SettingValues(SettingSources(flags: ["PORT": "80"], environment: ["TOKEN": "s3cret"]))
        #expect(
            values.refusal(of: Self.port, because: "is taken").description
                == "PORT is '80' (from the flag --port), but is taken"
        )
        #expect(
            values.refusal(of: Self.token, because: "is old").description
                == "TOKEN is (hidden) (from the environment variable TOKEN), but is old"
        )
        #expect(
            values.refusal(of: Self.hub, because: "is missing").description
                == "MESSAGE_HUB_URL (--message-hub-url) is missing"
        )
    }

    @Test func anAdminHostAloneSaysNothing() throws {
        let host = SettingValues(SettingSources(flags: ["ADMIN_HOST": "127.0.0.2"]))
        #expect(throws: UsageError("ADMIN_PORT must be set (--admin-port): ADMIN_HOST says nothing without it")) {
            try AdminSettings.address(host)
        }
        #expect(try AdminSettings.addressAlways(host) == ListenAddress(host: "127.0.0.2", port: 0))
        #expect(try AdminSettings.address(SettingValues(SettingSources())) == nil)
        let port = SettingValues(SettingSources(flags: ["ADMIN_PORT": "7"]))
        #expect(try AdminSettings.address(port) == ListenAddress(host: "127.0.0.1", port: 7))
        #expect(try AdminSettings.addressAlways(port) == ListenAddress(host: "127.0.0.1", port: 7))
    }

    @Test func aSecretIsNotShown() {
        #expect(throws: UsageError("TOKEN is (hidden) (from the flag --token), but must be right")) {
            try SettingValues(SettingSources(flags: ["TOKEN": "s3cret"]))[Self.token]
        }
    }

    @Test func aMissingValueIsNamed() {
        #expect(throws: UsageError("MESSAGE_HUB_URL must be set (--message-hub-url): the hub")) {
            try SettingValues(SettingSources())[Self.hub]
        }
    }

    @Test(arguments: [
        ("amqp://h", true), ("amqps://u:p@h:1/v", true), ("http://h", false), ("amqp:/h", false), ("amqp://", false),
        ("amqp:///x", false), ("amqp://h h", false), ("", false),
    ])
    func urls(text: String, isGood: Bool) {
        let isTaken = (try? Self.hub.parse(text)) != nil
        #expect(isTaken == isGood)
    }

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:5672", "::1", 5672), ("localhost:65535", "localhost", 65_535),
    ])
    func listenAddresses(text: String, host: String, port: Int) throws {
        let address = try #require(ListenAddress(text))
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.description == text)
    }

    @Test(arguments: ["", ":1", "host", "host:", "host:x", "host:65536", "ho st:1", "host:-1", "host:+1"])
    func badListenAddresses(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
