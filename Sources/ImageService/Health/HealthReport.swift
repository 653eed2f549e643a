import HubProtocol
import JSON

/// How the service is, from what it knows of its two dependencies (contract §2, §7).
///
///     HealthReport(hub: .connected, storage: .notSeen).status   // .degraded
package struct HealthReport: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable {
        case healthy
        /// The hub is there, and takes nothing for now; or storage is not there, or not well.
        case degraded
        /// No hub: nothing works.
        case unhealthy
    }

    package enum HubState: String, Sendable, Hashable {
        case connected
        /// Connected, but it takes no messages for now (`connection.blocked`).
        case blocked
        /// Connected, but it does not answer.
        case silent
        case disconnected
    }

    package enum StorageState: String, Sendable, Hashable {
        case available
        /// No instance has announced itself, and none has answered lately; or none consumes the queue.
        case notSeen = "not_seen"
        /// All instances that are known are about to stop.
        case draining
        /// The asset API is not well; or of operations, of writing or of reading assets the last failed, or clients wait for
        /// it, and nothing has been answered since.
        case failing
    }

    package var hub: HubState
    package var storage: StorageState

    package init(hub: HubState, storage: StorageState) {
        self.hub = hub
        self.storage = storage
    }

    package var status: Status {
        switch (hub, storage) {
        case (.disconnected, _), (.silent, _): .unhealthy
        case (.blocked, _): .degraded
        case (.connected, .available): .healthy
        case (.connected, .notSeen), (.connected, .draining), (.connected, .failing): .degraded
        }
    }

    /// The `dependencies` of the answer.
    package var dependencies: JSONValue {
        ["message_hub": .string(hub.rawValue), "storage": .string(storage.rawValue)]
    }
}

/// What is known of storage, from all sides, at one moment.
package struct StorageSigns: Sendable, Hashable {
    /// What the announcements say that have not run out.
    package enum Announced: Sendable, Hashable {
        case nothing
        case draining
        case up
    }

    package var announced: Announced
    /// Whether an operation was answered lately.
    package var hasAnswered: Bool
    /// Whether of operations, of writing or of reading assets the last failed, or clients wait for it, and storage has not
    /// answered one since.
    package var isFailing: Bool
    /// Whether the asset API says that it is well.
    package var assetsAreHealthy: Bool
    /// How many consume storage's queue; `nil` where that is not known.
    package var consumers: Int?

    package init(
        announced: Announced,
        hasAnswered: Bool,
        isFailing: Bool,
        assetsAreHealthy: Bool,
        consumers: Int? = nil
    ) {
        self.announced = announced
        self.hasAnswered = hasAnswered
        self.isFailing = isFailing
        self.assetsAreHealthy = assetsAreHealthy
        self.consumers = consumers
    }

    /// An answer counts as much as an announcement: a Storage Service of somebody else's may not announce itself.
    package var state: HealthReport.StorageState {
        switch announced {
        case .nothing: hasAnswered ? working : .notSeen
        case .draining: .draining
        // Gone without a word: what it announced has not run out yet.
        case .up where consumers == 0: .notSeen
        case .up: working
        }
    }

    private var working: HealthReport.StorageState { isFailing || !assetsAreHealthy ? .failing : .available }
}
