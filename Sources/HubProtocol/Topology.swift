/// The names on the hub that both sides share (contract §3). Several deployments in one vhost set exchange and queue.
public struct Topology: Sendable, Hashable {
    /// The durable topic exchange.
    public var exchange: String
    /// The durable queue that all storage instances consume.
    public var queue: String

    public init(exchange: String = Topology.defaultExchange, queue: String = Topology.defaultQueue) {
        self.exchange = exchange
        self.queue = queue
    }

    public static let defaultExchange = "message_hub"
    public static let defaultQueue = "storage_service"

    /// Routing keys, and `type` of the messages that they route.
    public enum Key {
        public static let request = "storage.request"
        public static let response = "storage.response"
        public static let announce = "discovery.announce"
        public static let query = "discovery.query"
    }

    /// `app_id` of what each side publishes.
    public enum App {
        public static let imageService = "image_service"
        public static let storageService = "storage_service"
    }

    public static let contentType = "application/json"
}
