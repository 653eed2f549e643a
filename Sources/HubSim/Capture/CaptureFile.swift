import Files
import Logging
import Synchronization

/// Writes packets into a file of the format pcap, version 2.4, with microseconds.
final class CaptureFile: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var bytes: Int
        var isFull = false
    }

    private let file: OutputFile
    private let bytesMax: Int
    /// Wall time in microseconds since 1970 when the hub's time was zero.
    private let wallStartMicroseconds: Int64
    private let logger: Logger
    private let state: Mutex<State>

    /// Throws `OutputFileError` where the file cannot be made.
    init(_ capture: PacketCapture, wallStartMicroseconds: Int64, logger: Logger) throws(OutputFileError) {
        file = try OutputFile(path: capture.path)
        bytesMax = capture.bytesMax
        self.wallStartMicroseconds = wallStartMicroseconds
        self.logger = logger
        let header = Self.header
        state = Mutex(State(pending: header, bytes: header.count))
        flush()
    }

    /// Magic number, version, no correction of time, packets up to 262144 octets, Ethernet.
    static let header = little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0) + little(262_144) + little(1)

    /// Writes what an event is on the wire; nothing for what is in-process.
    func write(_ event: WireEvent) {
        guard !event.party.isInProcess else { return }
        let addresses = event.party.addresses
        let packets = event.party.notes.withLock { notes -> [TCPPacket] in
            switch event.matter {
            case .opened: return notes.stream.begin(addresses)
            case .protocolHeader(let octets):
                return notes.stream.packets(octets[...], at: event.offset, event.direction, addresses)
            case .frame(let octets, _):
                let masked = Masking.frame(octets)
                return notes.stream.packets(masked[...], at: event.offset, event.direction, addresses)
            case .rest(let octets):
                let masked = notes.isHiding ? Masking.everything(octets) : Masking.rest(octets)
                notes.isHiding = notes.isHiding || Masking.isOfConnection(octets[...])
                return notes.stream.packets(masked[...], at: event.offset, event.direction, addresses)
            case .closed: return notes.stream.end(event.direction, addresses)
            case .method, .header, .body: return []
            }
        }
        let microseconds = wallStartMicroseconds + event.at.microseconds
        for packet in packets { write(packet.octets, at: microseconds) }
    }

    private func write(_ packet: [UInt8], at microseconds: Int64) {
        let isFullNow = state.withLock { state in
            guard !state.isFull else { return false }
            guard state.bytes + 16 + packet.count <= bytesMax else {
                state.isFull = true
                return true
            }
            let length = UInt32(packet.count)
            state.pending += Self.little(UInt32(truncatingIfNeeded: microseconds / 1_000_000))
            state.pending += Self.little(UInt32(microseconds % 1_000_000))
            state.pending += Self.little(length) + Self.little(length) + packet
            state.bytes += 16 + packet.count
            return false
        }
        guard isFullNow else { return }
        logger.warning(
            "packet capture has reached its limit and stops",
            metadata: ["path": "\(file.path)", "limit": "\(bytesMax)"]
        )
    }

    /// Hands the system what has gathered.
    func flush() {
        let pending = state.withLock { state in
            defer { state.pending.removeAll(keepingCapacity: state.pending.capacity <= 1 << 20) }
            return state.pending
        }
        guard !pending.isEmpty else { return }
        do throws(OutputFileError) {
            try file.write(pending)
        } catch {
            let isFirst = state.withLock { state in
                defer { state.isFull = true }
                return !state.isFull
            }
            if isFirst { logger.error("packet capture cannot be written and stops", metadata: ["error": "\(error)"]) }
        }
    }

    private static func little(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}
