/// Both ends of a connection, as a packet names them.
struct WireAddresses: Sendable, Hashable {
    struct End: Sendable, Hashable {
        /// 4 octets of IPv4, or 16 of IPv6.
        var address: [UInt8]
        var port: UInt16
    }

    var client: End
    var server: End

    /// Ends with addresses of one family; where they are not, or neither IPv4 nor IPv6, both become loopback.
    init(client: End, server: End) {
        self.client = client
        self.server = server
        guard client.address.count != server.address.count || ![4, 16].contains(client.address.count) else { return }
        self.client.address = [127, 0, 0, 1]
        self.server.address = [127, 0, 0, 1]
    }

    /// What is on no wire.
    static let none = WireAddresses(client: End(address: [], port: 0), server: End(address: [], port: 0))

    /// The port of AMQP, at which Wireshark looks for it.
    static let amqpPort: UInt16 = 5672
}
