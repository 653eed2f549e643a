import DeploymentSettings
import FaultPlan
import HubProtocol
import Launch
import MessageHub
import SimulatedStorage

/// What the storage side can be told (contract §1).
struct StorageSettings {
    static let hubListen = Setting<ListenAddress>.listenAddress(
        "HUB_LISTEN",
        help: "host the hub in this process, listening here; then no other hub is needed"
    )
    static let host = Setting<String>.host("HOST", default: "127.0.0.1", help: "where the asset API listens")
    static let port = Setting<Int>.port("PORT", default: 8001, help: "the asset API's port; 0 takes a free one")
    static let publicURL = Setting<String>.url(
        "PUBLIC_URL",
        schemes: ["http", "https"],
        help: "base URL of the asset API that is announced to image services; the bound address where it is not set"
    )

    static let instances = Setting<Int>.integer(
        "INSTANCES",
        in: 1...instancesMax,
        default: 1,
        help:
            "so many instances on one store and one queue, each with a connection and an asset API of its own: the first at PORT, the others at the ports after it"
    )
    /// Instances in one process; more would share its processors and show nothing more.
    static let instancesMax = 32

    static let data = Setting<String>.path(
        "DATA",
        help: "keep everything in this directory, so that it survives the process; in memory where it is not set"
    )

    static let mode = Setting<StorageMode>(
        "MODE",
        takes: "NAME",
        help: "break the protocol in one way, or keep it in an odd one, to try a checker with; `modes` lists them"
    ) { text throws(SettingProblem) in
        guard let mode = StorageMode.named(text) else {
            let names = StorageMode.all.map(\.name).joined(separator: ", ")
            throw SettingProblem("must be the name of a mode: \(names)")
        }
        return mode
    }

    static let all =
        [
            DeploymentSettings.hubURL.description, hubListen.description, DeploymentSettings.exchange.description,
            DeploymentSettings.queue.description, DeploymentSettings.storageToken.description, host.description,
            port.description, instances.description, publicURL.description, AdminSettings.port.description,
            AdminSettings.host.description,
            data.description, JournalFile.record.description, mode.description,
        ] + FaultSettings.both.all

    /// Which hub it consumes.
    enum HubChoice {
        case hosted(ListenAddress)
        case remote(HubURL)
    }

    let hub: HubChoice
    let topology: Topology
    let token: String?
    let host: String
    /// The first instance's; the others' follow it, or are free ones where it is 0.
    let port: Int
    /// How many instances share the store and the queue.
    let instances: Int
    let publicURL: String?
    /// What goes wrong from the start; with a hosted hub, there too.
    let faultPlan: FaultPlan
    /// Where the ids of images come from while no plan is armed; nil: they are random then.
    let seed: UInt64?
    /// Where the journal is written.
    let recordPath: String?
    /// Where the admin interface listens; nil: there is none.
    let admin: ListenAddress?
    /// How it is not the usual one; `nil`: it is.
    let mode: StorageMode?
    /// `nil`: in memory.
    let dataDirectory: String?

    init(_ values: SettingValues) throws(UsageError) {
        switch (try values.optional(Self.hubListen), try values.optional(DeploymentSettings.hubURL)) {
        case (let listen?, nil): hub = .hosted(listen)
        case (nil, let url?): hub = .remote(url)
        case (nil, nil):
            throw UsageError("MESSAGE_HUB_URL must be set (--message-hub-url), or --hub-listen to host the hub here")
        case (_?, _?): throw UsageError("MESSAGE_HUB_URL and HUB_LISTEN are both set; one hub is enough")
        }
        topology = Topology(
            exchange: try values[DeploymentSettings.exchange],
            queue: try values[DeploymentSettings.queue]
        )
        token = try values.optional(DeploymentSettings.storageToken)
        host = try values[Self.host]
        port = try values[Self.port]
        instances = try values[Self.instances]
        guard port + instances - 1 <= 65_535 else {
            throw UsageError("INSTANCES is \(instances), and PORT \(port) has not so many ports after it")
        }
        publicURL = try values.optional(Self.publicURL)
        let faults: FaultSettings =
            switch hub {
            case .hosted: .both
            case .remote: .storage
            }
        faultPlan = try faults.plan(values)
        seed = try faults.givenSeed(values)
        recordPath = try values.optional(JournalFile.record)
        admin = try AdminSettings.address(values)
        mode = try values.optional(Self.mode)
        dataDirectory = try values.optional(Self.data)
    }

    /// Whether what would be announced is an address that no other machine can reach.
    var announcesWildcard: Bool { publicURL == nil && ["0.0.0.0", "::"].contains(host) }
}
