import Logging

/// The keys of this module's log lines. Values are names, ids and numbers; never a payload, never a secret.
enum LogKey: String {
    case hub
    case error
    case pauseMs = "pause_ms"
    case reason
    case operationID = "operation_id"
    case correlationID = "correlation_id"
    case service
    case instanceID = "instance_id"
    case status
}

extension Logger {
    /// A line with metadata under the module's own keys.
    func line(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ metadata: @autoclosure () -> [LogKey: any CustomStringConvertible & Sendable] = [:]
    ) {
        guard logLevel <= level else { return }
        let pairs = metadata().map { ($0.key.rawValue, Logger.MetadataValue.stringConvertible($0.value)) }
        log(level: level, message, metadata: Dictionary(uniqueKeysWithValues: pairs))
    }
}
