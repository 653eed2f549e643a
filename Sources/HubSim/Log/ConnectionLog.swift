import AMQP
import Logging

/// What the log says of one connection.
struct ConnectionLog {
    private var logger: Logger

    init(_ logger: Logger, peer: String) {
        self.logger = logger
        self.logger[metadataKey: LogKey.peer.rawValue] = "\(peer)"
    }

    mutating func opened(_ profile: ConnectionProfile) {
        logger[metadataKey: LogKey.user.rawValue] = "\(profile.user)"
        logger[metadataKey: LogKey.vhost.rawValue] = "\(profile.virtualHost)"
        logger[metadataKey: LogKey.connection.rawValue] = "\(profile.name)"
        logger.info("connection opened")
    }

    func closed() { logger.info("connection closed by its client") }
    func lost() { logger.info("connection lost: its client left without a word") }
    func cut(_ reason: String) { logger.warning("connection cut off", metadata: [LogKey.reason.rawValue: "\(reason)"]) }

    func failed(_ error: ProtocolError) {
        logger.notice("connection closed on its client", metadata: Self.metadata(error))
    }

    func channelClosed(_ channel: UInt16, _ error: ProtocolError) {
        var metadata = Self.metadata(error)
        metadata[LogKey.channel.rawValue] = "\(channel)"
        logger.info("channel closed on its client", metadata: metadata)
    }

    private static func metadata(_ error: ProtocolError) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            LogKey.code.rawValue: "\(error.code.rawValue)", LogKey.reason.rawValue: "\(error.replyText)",
        ]
        if let detail = error.detail { metadata[LogKey.detail.rawValue] = "\(detail)" }
        return metadata
    }
}
