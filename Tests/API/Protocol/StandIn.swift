import Foundation
import HubProtocol
import HubSim
import ImageService
import MessageHub
import RabbitMQ
import ServiceLifecycle
import TestSupport

/// The storage side, played by a test: it sees what the Image Service sends, and answers by hand.
///
/// It stands on a plain connection and a plain HTTP server, so that nothing of this house's own storage side can hide a
/// mistake of the service.
struct StandIn: Sendable {
    /// Speaks to the service as its users do.
    let client: ServiceClient
    let hub: StandInHub
    let assets: StandInAssets
    /// Base URL of the stand-in's asset API.
    let assetsURL: String
    /// Where the service listens.
    let serviceURL: String
    /// `nil` where the hub is another program.
    let hubSim: HubSim?

    private static let externalHubURL = ProcessInfo.processInfo.environment["TEST_HUB_URL"]
    /// Whether the hub is ours, to look into and to do harm to.
    static let ownsItsHub = externalHubURL == nil

    /// Starts hub, stand-in and service, runs `body` once the service is on the hub, and stops the service.
    ///
    /// - Parameters:
    ///   - knowsStorageURL: whether the service is told where the asset API is, or has to learn it by discovery.
    ///   - consumes: whether the storage queue is there.
    ///   - afterwards: runs when the service has stopped, with the stand-in still listening.
    static func run(
        _ settings: ServiceSettings = .patient,
        knowsStorageURL: Bool = true,
        consumes: Bool = true,
        afterwards: @Sendable @escaping (StandInHub) async throws -> Void = { _ in },
        _ body: @Sendable @escaping (StandIn) async throws -> Void
    ) async throws {
        let hubSim = ownsItsHub ? try await HubSim.start() : nil
        let hubURL = try HubURL(externalHubURL ?? hubSim?.url ?? "")
        let name = "stand-in-\(UUID().uuidString.lowercased())"
        var settings = settings
        settings.port = 0
        settings.topology = Topology(exchange: name, queue: name)
        let hub = StandInHub(
            RabbitMQHub(hubURL, RabbitMQOptions(connectionName: "stand-in")),
            topology: settings.topology
        )
        try await hub.whileListening(consumes: consumes) { [settings] in
            let assets = StandInAssets()
            try await running([assets.server]) {
                let assetsURL = try await assets.server.boundAddress().url
                let (bound, continuation) = AsyncStream.makeStream(of: String.self)
                let service = ServiceStack(
                    settings: settings,
                    hubURL: hubURL,
                    storageURL: knowsStorageURL ? assetsURL : nil,
                    logger: .silent,
                    onBound: { continuation.yield($0) }
                )
                try await service.whileOpen {
                    try await running(service.services) {
                        var addresses = bound.makeAsyncIterator()
                        guard let url = await addresses.next() else { throw CancellationError() }
                        // The last thing that the service does on a new connection.
                        try await hub.announcements.waitUntil { !$0.isEmpty }
                        let standIn = StandIn(
                            client: ServiceClient(url),
                            hub: hub,
                            assets: assets,
                            assetsURL: assetsURL,
                            serviceURL: url,
                            hubSim: hubSim
                        )
                        try await body(standIn)
                    }
                }
            }
            try await afterwards(hub)
        }
        await hubSim?.shutdown()
    }
}
