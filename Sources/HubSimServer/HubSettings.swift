import DeploymentSettings
import Files
import HubSim
import Launch

/// What the hub can be told.
struct HubSettings {
    static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where AMQP listens")
    static let port = Setting<Int>.port("PORT", default: 5672, help: "the AMQP port; 0 takes a free one")

    static let memoryHigh = Setting<Int>.integer(
        "MEMORY_HIGH_BYTES",
        in: 1...(1 << 40),
        default: HubSimLimits().totalBytesHigh,
        help: "bytes of messages at which publishers are blocked (connection.blocked)"
    )

    static let trace = Setting<Bool>.flag(
        "TRACE",
        help: "write every frame to standard error, decoded, without secrets"
    )
    static let traceFile = Setting<TraceOutput>(
        "TRACE_FILE",
        takes: "PATH",
        help: "write every frame into this file instead"
    ) { path throws(SettingProblem) in
        do throws(OutputFileError) {
            return try TraceOutput(path: path)
        } catch {
            throw SettingProblem("\(error)")
        }
    }
    static let pcap = Setting<String>.path(
        "PCAP",
        help: "keep every byte of every connection as packets in this file, for Wireshark; the hub's port is 5672 there"
    )
    static let pcapBytesMax = Setting<Int>.integer(
        "PCAP_BYTES_MAX",
        takes: "BYTES",
        in: 1024...Int.max,
        default: PacketCapture(path: "").bytesMax,
        help: "how long that file may become; then nothing more is kept"
    )

    static let journalMessages = Setting<Bool>.flag(
        "JOURNAL_MESSAGES",
        help: "write every message into the journal too, without its body"
    )

    static let clock = Setting<HubClock>.choice(
        "CLOCK",
        default: .real,
        help: "virtual: time stands still until the admin interface turns it, and nothing expires before"
    )

    static let all =
        [
            host.description, port.description, trace.description, traceFile.description, pcap.description,
            pcapBytesMax.description, memoryHigh.description, JournalFile.record.description,
            journalMessages.description, clock.description, AdminSettings.port.description,
            AdminSettings.host.description,
        ] + tlsSettings + accessSettings + [personality.description] + FaultSettings.hub.all

    /// What they were read from.
    let values: SettingValues
    let configuration: HubConfiguration
    /// Where the journal is written.
    let recordPath: String?
    /// The clock that everything hangs on, where it is turned by hand.
    let virtualClock: VirtualClock?
    /// Where the admin interface listens; nil: there is none.
    let admin: ListenAddress?
    /// Where the authority that is made for the run is written.
    let tlsAuthorityFile: String?

    init(_ values: SettingValues) throws(UsageError) {
        self.values = values
        var configuration = HubConfiguration()
        configuration.host = try values[Self.host]
        configuration.port = try values[Self.port]
        // Above it stays the same room as there is by default, for what was under way when publishers were blocked.
        let room = configuration.limits.totalBytesMax - configuration.limits.totalBytesHigh
        configuration.limits.totalBytesHigh = try values[Self.memoryHigh]
        configuration.limits.totalBytesMax = configuration.limits.totalBytesHigh + room
        configuration.personality = try values[Self.personality]
        configuration.tls = try Self.tls(values)
        try Self.readAccess(values, into: &configuration)
        tlsAuthorityFile = try values.optional(Self.tlsCAOut)
        if try values[Self.trace] { configuration.trace = { TraceOutput.standardError.write($0) } }
        if let file = try values.optional(Self.traceFile) { configuration.trace = { file.write($0) } }
        configuration.capture = try values.optional(Self.pcap).map { path throws(UsageError) in
            PacketCapture(path: path, bytesMax: try values[Self.pcapBytesMax])
        }
        configuration.faultPlan = try FaultSettings.hub.plan(values)
        configuration.journalMessages = try values[Self.journalMessages]
        recordPath = try values.optional(JournalFile.record)
        admin = try AdminSettings.address(values)
        switch try values[Self.clock] {
        case .real: virtualClock = nil
        case .virtual:
            let clock = VirtualClock()
            configuration.time = clock.timeSource()
            virtualClock = clock
        }
        self.configuration = configuration
    }
}

/// What the hub's time is (`CLOCK`).
enum HubClock: String, Sendable, CaseIterable {
    /// The machine's.
    case real
    /// One that is turned by hand, over the admin interface.
    case virtual
}
