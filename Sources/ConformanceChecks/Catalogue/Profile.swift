/// A part of the protocol that a Storage Service can be held to by itself.
public enum Profile: String, Sendable, Hashable, CaseIterable {
    case core, listing, versions, assets, events, discovery, durability, concurrency
}

/// What a check needs beside a hub and a service that answers.
public enum Capability: Sendable, Hashable {
    /// The service knows this operation; those that it may be without as yet are asked for before the checks.
    case operation(String)
    /// The base URL of the asset API is known.
    case assets
    /// The asset API is known to ask for a token.
    case token
    /// The implementer has given a way to restart the service.
    case restart
    /// The service has little room, and may be filled up.
    case littleRoom
    /// The checker sees into the hub, because it hosts the hub itself.
    case insideHub
}
