import AMQP
import DequeModule

/// What faults do to the bytes of one socket, without the socket: bytes in, parcels with their times out.
///
/// Parcels keep their order. A connection that was never struck does not come here.
struct FaultyWire {
    /// Bytes that go out together.
    struct Parcel: Equatable {
        var due: Instant
        var bytes: [UInt8]
        var ending = Ending.none
    }

    /// What becomes of the socket after a parcel.
    enum Ending: Equatable {
        case none
        /// It is reset.
        case reset
        /// It is closed in order, in the middle of a frame.
        case closed
    }

    private var latencyMs: Int?
    private var bytesPerSecond: Int?
    private var sliceBytes: Int?
    private var damage: (part: FrameDamage, draw: UInt64, count: Int)?
    private var truncation: (bytes: Int?, isWanted: Bool) = (nil, false)
    private var resetAfterBytes: Int?
    private(set) var sendsNoHeartbeats = false
    /// Since when the client is not heard; nil: it is.
    private(set) var isDeafSince: Instant?
    private(set) var stalledUntil = Instant.start
    /// The plan that what lasts belongs to: with it, that ends.
    private var generation: UInt64 = 0
    private var parcels = Deque<Parcel>()
    /// Bytes of the parcels that wait.
    private(set) var waitingBytes = 0
    /// Nothing is written any more.
    private(set) var hasEnded = false

    mutating func strike(_ fault: WireFault, at now: Instant, generation: UInt64) {
        end(unless: generation)
        self.generation = generation
        switch fault {
        case .latency(let ms): latencyMs = ms
        case .bandwidth(let rate): bytesPerSecond = rate
        case .slices(let bytes): sliceBytes = bytes
        case .halfOpen(let ms): stalledUntil = ms.map { now.adding(milliseconds: Int64($0)) } ?? .never
        case .reset(let bytes): resetAfterBytes = bytes
        case .corrupt(let part, let draw, let count): damage = (part, draw, count)
        case .truncate(let bytes): truncation = (bytes, true)
        case .heartbeatsUnsent: sendsNoHeartbeats = true
        case .heartbeatsUnheard: isDeafSince = now
        }
    }

    /// What lasts as long as its plan is armed ends with it.
    private mutating func end(unless generation: UInt64) {
        guard generation != self.generation else { return }
        (latencyMs, bytesPerSecond, sliceBytes) = (nil, nil, nil)
        (sendsNoHeartbeats, isDeafSince) = (false, nil)
    }

    /// Whether bytes wait here.
    var isIdle: Bool { parcels.isEmpty }

    /// Whether the socket is to be reset before anything else is written.
    var resetsNow: Bool { resetAfterBytes == 0 && parcels.isEmpty }

    /// Whether what goes through could come out other than it went in.
    var isClear: Bool {
        latencyMs == nil && bytesPerSecond == nil && sliceBytes == nil && damage == nil && !truncation.isWanted
            && resetAfterBytes == nil && stalledUntil == .start && parcels.isEmpty && !hasEnded
    }

    /// Takes bytes on their way to the client.
    mutating func put(_ bytes: [UInt8], at now: Instant, generation: UInt64) {
        end(unless: generation)
        // For ever: there is nobody to keep them for.
        if hasEnded || stalledUntil == .never { return }
        var bytes = bytes
        var ending = Ending.none
        if let damage {
            bytes = FrameDamaging.damage(bytes, damage.part, draw: damage.draw, count: damage.count)
            self.damage = nil
        }
        if truncation.isWanted {
            let frame = FrameDamaging.firstFrameCount(bytes)
            bytes = Array(bytes.prefix(min(truncation.bytes ?? frame / 2, frame)))
            ending = .closed
        }
        if let most = resetAfterBytes {
            resetAfterBytes = max(0, most - bytes.count)
            if bytes.count >= most {
                bytes = Array(bytes.prefix(most))
                ending = .reset
            }
        }
        if ending != .none { hasEnded = true }
        cut(bytes, ending, at: now)
    }

    private mutating func cut(_ bytes: [UInt8], _ ending: Ending, at now: Instant) {
        let earliest = now.adding(milliseconds: Int64(latencyMs ?? 0))
        var due = max(earliest, parcels.last?.due ?? .start)
        // A twentieth of a second's worth at once, so that a slow wire is slow and does not stutter.
        let most = [sliceBytes, bytesPerSecond.map { max(1, $0 / 20) }].compactMap { $0 }.min() ?? bytes.count
        waitingBytes += bytes.count
        var rest = bytes[...]
        repeat {
            let piece = Array(rest.prefix(max(1, most)))
            rest = rest.dropFirst(piece.count)
            if let rate = bytesPerSecond {
                due = Instant(microseconds: due.microseconds + Int64(piece.count) * 1_000_000 / Int64(rate))
            }
            parcels.append(Parcel(due: due, bytes: piece, ending: rest.isEmpty ? ending : .none))
        } while !rest.isEmpty
    }

    /// The next parcel, if its time has come.
    mutating func next(at now: Instant) -> Parcel? {
        guard let first = parcels.first, max(first.due, stalledUntil) <= now else { return nil }
        if stalledUntil <= now { stalledUntil = .start }
        waitingBytes -= first.bytes.count
        return parcels.popFirst()
    }

    /// When there is something to do; nil: nothing waits.
    var nextDue: Instant? { parcels.first.map { max($0.due, stalledUntil) } }
}
