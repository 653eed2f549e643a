import AsyncHTTPClient
import HTTPServing
import HubProtocol
import ImageService
import NIOPosix
import Synchronization
import TestSupport

/// Runs the service's core behind an HTTP server of its own, over a scripted storage.
///
/// - Parameter hub: carries out operations in the place of `storage`.
func withService<Value: Sendable>(
    _ storage: FakeStorage = FakeStorage(),
    hub: (any OperationRequester)? = nil,
    settings: ServiceSettings = ServiceSettings(),
    hubState: HealthReport.HubState = .connected,
    announced: StorageSigns.Announced = .up,
    askHub: @escaping @Sendable () async throws -> Int? = { nil },
    _ body: @Sendable @escaping (ServiceClient) async throws -> Value
) async throws -> Value {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let count = Mutex(0)
    let core = ServiceCore(
        settings: settings,
        parts: ServiceCore.Parts(
            hub: hub ?? storage,
            assets: storage,
            prober: storage,
            hubState: { hubState },
            announced: { announced },
            askHub: askHub,
            threads: threads,
            time: .real,
            makeOperationID: {
                count.withLock {
                    $0 += 1; return "op-\($0)"
                }
            },
            version: "1.2.3",
            logger: .silent
        )
    )
    let result: Result<Value, any Error>
    do {
        result = .success(
            try await withServer(core.routes, middleware: core.middleware) { url, _ in
                try await body(ServiceClient(url))
            }
        )
    } catch {
        result = .failure(error)
    }
    try await threads.shutdownGracefully()
    return try result.get()
}

/// What the service routes.
func withServiceRoutes<Value: Sendable>(_ body: (RouteTable) -> Value) async throws -> Value {
    let threads = NIOThreadPool(numberOfThreads: 1)
    let storage = FakeStorage()
    let core = ServiceCore(
        settings: ServiceSettings(),
        parts: ServiceCore.Parts(
            hub: storage,
            assets: storage,
            prober: storage,
            hubState: { .connected },
            announced: { .up },
            threads: threads,
            time: .real,
            makeOperationID: { "op" },
            version: "1.2.3",
            logger: .silent
        )
    )
    return body(core.routes)
}
