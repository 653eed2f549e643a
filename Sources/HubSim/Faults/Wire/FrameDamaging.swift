import AMQP

/// Damage to frames as they stand on the wire (AMQP 0-9-1 §4.2.3).
enum FrameDamaging {
    /// How many bytes the first frame has; all of them where they are no frame (a protocol header).
    static func firstFrameCount(_ bytes: [UInt8]) -> Int {
        guard bytes.count >= FrameType.overhead, bytes[0] != UInt8(ascii: "A") else { return bytes.count }
        let size = bytes[3..<7].reduce(0) { $0 << 8 | Int($1) }
        return min(bytes.count, size + FrameType.overhead)
    }

    /// Damages the first frame.
    /// - Parameters:
    ///   - draw: says where; the same draw does the same damage.
    ///   - count: how many bits of the payload are flipped.
    static func damage(_ bytes: [UInt8], _ part: FrameDamage, draw: UInt64, count: Int) -> [UInt8] {
        let frame = firstFrameCount(bytes)
        guard frame > 0 else { return bytes }
        var bytes = bytes
        switch part {
        // No frame type has its high bit set.
        case .type: bytes[0] ^= 0x80 | UInt8(draw & 0x70)
        case .end: bytes[frame - 1] ^= UInt8(1) << UInt8(draw % 8)
        case .payload:
            let payload = frame - FrameType.overhead
            guard payload > 0 else { return damage(bytes, .end, draw: draw, count: count) }
            let bits = UInt64(payload) * 8
            // Neighbours from the drawn one on, so that no two flips undo each other.
            for step in 0..<min(UInt64(count), bits) {
                let bit = (draw % bits + step) % bits
                bytes[7 + Int(bit / 8)] ^= UInt8(1) << UInt8(bit % 8)
            }
        }
        return bytes
    }
}
