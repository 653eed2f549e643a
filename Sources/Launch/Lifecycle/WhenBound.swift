import ServiceLifecycle

/// Does one thing once a server is bound, and then only waits for the end: a service that never ends the others.
public struct WhenBound: Service {
    private let act: @Sendable () async throws -> Void

    /// - Parameter act: waits for the address by itself, then uses it.
    public init(_ act: @escaping @Sendable () async throws -> Void) { self.act = act }

    public func run() async throws {
        do {
            try await act()
        } catch is CancellationError {
            // The program was stopped before there was an address.
            return
        }
        // Cancelled instead of shut down: the end all the same.
        try? await gracefulShutdown()
    }
}
