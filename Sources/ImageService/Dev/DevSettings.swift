import DeploymentSettings
import FaultPlan
import Launch

/// What `dev` takes besides: where its hub, its storage and its admin interface listen.
package struct DevSettings: Sendable {
    package static let hubListen = Setting<ListenAddress>.listenAddress(
        "HUB_LISTEN",
        help: "where the hub listens; without it, a free port of the loopback"
    )
    package static let storageListen = Setting<ListenAddress>.listenAddress(
        "STORAGE_LISTEN",
        help: "where the asset API listens; without it, a free port of the loopback"
    )
    package static let data = Setting<String>.path(
        "DATA",
        help: "keep images in this directory, so that they survive the process; in memory where it is not set"
    )

    static let all =
        [hubListen.description, storageListen.description, data.description] + AdminSettings.all
        + [JournalFile.record.description] + FaultSettings.both.all

    package var hub = ListenAddress(host: "127.0.0.1", port: 0)
    package var storage = ListenAddress(host: "127.0.0.1", port: 0)
    /// Where the admin interface listens: a free port where nothing is said.
    package var admin = ListenAddress(host: "127.0.0.1", port: 0)
    /// `nil`: in memory.
    package var dataDirectory: String?
    /// What goes wrong from the start, in the hub and in the storage.
    package var faultPlan = FaultPlan.none
    /// Where the ids of images come from while no plan is armed; `nil`: they are random then.
    package var seed: UInt64?
    /// Where the journal of both is written.
    package var recordPath: String?

    package init() {}

    package init(_ values: SettingValues) throws(UsageError) {
        if let address = try values.optional(Self.hubListen) { hub = address }
        if let address = try values.optional(Self.storageListen) { storage = address }
        admin = try AdminSettings.addressAlways(values)
        dataDirectory = try values.optional(Self.data)
        faultPlan = try FaultSettings.both.plan(values)
        seed = try FaultSettings.both.givenSeed(values)
        recordPath = try values.optional(JournalFile.record)
    }
}
