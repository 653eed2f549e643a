import Logging

extension Logger {
    /// Says what the broker has noticed.
    func say(_ remark: Remark) {
        switch remark {
        case .keptAsClassic(let queue, let type):
            warning(
                "queue is kept as a classic one",
                metadata: [LogKey.queue.rawValue: "\(queue)", LogKey.type.rawValue: "\(type)"]
            )
        case .argumentsWithoutEffect(let queue, let names):
            notice(
                "arguments of a queue are taken and have no effect",
                metadata: [
                    LogKey.queue.rawValue: "\(queue)", LogKey.arguments.rawValue: "\(names.joined(separator: ","))",
                ]
            )
        }
    }
}
