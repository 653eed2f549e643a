/// A file into which every byte of every socket goes, as packets that Wireshark opens (`--pcap`).
///
/// The packets are made up around real bytes: Ethernet, IP and TCP with right numbers and checksums, the client's real
/// address and port, the bytes as they are before TLS, a packet for each AMQP frame. The hub's port is written as 5672
/// whatever it is, because that is the port at which Wireshark looks for AMQP. SASL responses and secrets are
/// overwritten with as many `x`. In-process connections have no bytes, so they are not in it.
///
///     configuration.capture = PacketCapture(path: "hub.pcap")
///     // tshark -r hub.pcap -Y amqp
public struct PacketCapture: Sendable, Hashable {
    /// The file; it is made anew, readable by its owner alone.
    public var path: String
    /// How long it may become. What would go over it is not written, nor is anything after it, and the log says so.
    public var bytesMax: Int

    public init(path: String, bytesMax: Int = 256 << 20) {
        self.path = path
        self.bytesMax = bytesMax
    }
}
