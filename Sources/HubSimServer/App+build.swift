import DeploymentSettings
import Files
import FoundationEssentials
import HubManagement
import HubSim
import Launch
import ServiceLifecycle

extension App {
    /// Starts the hub and keeps it until the program is asked to stop.
    static func run(_ settings: HubSettings, _ launch: Launch) async throws {
        var configuration = settings.configuration
        configuration.logger = launch.logger
        let hub = try await start(configuration, settings)
        if let file = settings.tlsAuthorityFile { try writeAuthority(hub, file) }
        let record = try settings.recordPath.map { path throws(UsageError) in
            try JournalFile(recording: hub.journal, to: path)
        }
        var addresses = ["amqp"]
        if !hub.tlsURL.isEmpty { addresses.append("amqps") }
        if settings.admin != nil { addresses.append("admin") }
        let board = launch.readyBoard(expecting: addresses, notes: [FaultSettings.note(configuration.faultPlan)])
        var services: [any Service] = [
            HubService(hub: hub, logger: launch.logger),
            WhenBound {
                try await board.bound("amqp", at: hub.url)
                if !hub.tlsURL.isEmpty { try await board.bound("amqps", at: hub.tlsURL) }
            },
        ]
        if let address = settings.admin {
            let admin = HubAdmin(
                hub: hub,
                host: address.host,
                port: address.port,
                faults: hub.faultNamespaces(),
                clock: settings.virtualClock,
                logger: launch.logger
            )
            services += admin.services + [WhenBound { try await board.bound("admin", at: admin.boundURL()) }]
        }
        try await launch.run(services)
        record?.finish(hub.journal)
    }

    private static func start(_ configuration: HubConfiguration, _ settings: HubSettings) async throws -> HubSim {
        do {
            return try await HubSim.start(configuration)
        } catch let error as OutputFileError {
            // The capture is the only file that the hub itself makes.
            throw settings.values.refusal(of: HubSettings.pcap, because: "\(error)")
        } catch let error as HubTLSError {
            throw settings.values.refusal(of: setting(of: error.part), because: error.reason)
        }
    }

    /// What names the file.
    private static func setting(of part: HubTLSError.Part) -> Setting<String> {
        switch part {
        case .certificate: HubSettings.tlsCert
        case .key: HubSettings.tlsKey
        case .clientAuthorities: HubSettings.tlsClientCA
        }
    }

    private static func writeAuthority(_ hub: HubSim, _ file: String) throws {
        guard let pem = hub.tlsAuthorityPEM else { return }
        do {
            try Data(pem.utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw UsageError("TLS_CA_OUT (--tls-ca-out) is '\(file)', but it cannot be written there")
        }
    }
}
