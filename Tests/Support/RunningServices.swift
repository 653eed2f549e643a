import Logging
import ServiceLifecycle

/// Runs services beside `body`, and stops them in order when it has ended, however it has.
public func running<Value: Sendable>(
    _ services: [any Service],
    _ body: @Sendable @escaping () async throws -> Value
) async throws -> Value {
    let group = ServiceGroup(configuration: .init(services: services, logger: .silent))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}

extension Logger {
    /// Says nothing.
    public static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
