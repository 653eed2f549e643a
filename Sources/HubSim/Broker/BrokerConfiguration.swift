import Octets

/// What a broker is made with.
package struct BrokerConfiguration: Sendable {
    package var virtualHosts: [String]
    package var limits: HubSimLimits
    /// Where random names begin; the same seed and the same commands give the same names.
    package var seed: UInt64
    /// The wall time at the hub's beginning, in seconds since 1970, for the timestamps in `x-death`.
    package var wallSecondsAtStart: Int64
    package var personality: Personality
    /// What users may do at the beginning, by their names and by vhost. Who is not here may do everything.
    package var permissions: [ExactText: [ExactText: HubPermissions]] = [:]
    /// What there is from the beginning.
    package var definitions: Definitions?

    package init(
        virtualHosts: [String] = ["/"],
        limits: HubSimLimits = HubSimLimits(),
        seed: UInt64 = 0,
        wallSecondsAtStart: Int64 = 0,
        personality: Personality = .rabbitMQ310
    ) {
        self.virtualHosts = virtualHosts
        self.limits = limits
        self.seed = seed
        self.wallSecondsAtStart = wallSecondsAtStart
        self.personality = personality
    }
}
