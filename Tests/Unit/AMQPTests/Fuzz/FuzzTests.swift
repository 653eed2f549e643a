import AMQP
import Testing

/// Seeded damage to good streams: whatever comes, decoding throws or decodes, the same however the stream is split.
@Suite struct FuzzTests {
    static let good = (FrameFixture.fromSpecification + FrameFixture.fromPika).map(\.octets)

    @Test(arguments: 0..<20 as Range<UInt64>)
    func damagedStreams(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            var octets = Array(Self.good.shuffled(using: &random).prefix(3).joined())
            for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&octets, &random) }
            try check(octets, &random)
        }
    }

    /// The frame stays whole, so that the damage reaches the decoders of payloads.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func damagedPayloads(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            guard let good = Self.good.randomElement(using: &random), good.count > 8 else { continue }
            var payload = Array(good[7..<good.count - 1])
            for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&payload, &random) }
            try check(frame(good[0], payload), &random)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func randomPayloads(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let id = MethodDescriptor.all.randomElement(using: &random)?.id ?? .none
            // Small numbers make lengths that fit now and then.
            let top: UInt8 = Bool.random(using: &random) ? 0xFF : 8
            let noise = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...top, using: &random)
            }
            try check(frame(1, bigEndian(id.classID) + bigEndian(id.methodID) + noise), &random)
            try check(frame(2, bytes("003C 0000 0000000000000000") + noise), &random)
        }
    }

    /// Decodes whole and in pieces, and encodes what came out.
    private func check(_ octets: [UInt8], _ random: inout SeededGenerator) throws {
        let whole = Decoding(octets)
        let splits = (0..<3).map { _ in Int.random(in: 0...octets.count, using: &random) }.sorted()
        #expect(Decoding(octets, splits: splits) == whole, "\(octets) at \(splits)")
        if let error = whole.error { #expect(error.code.severity == .connection) }
        for frame in whole.frames {
            // What decodes has a form on the wire that decodes to the same; NaN is unequal to itself, so octets count.
            let again = try encoded(frame)
            let decoded = try #require(Decoding(again).frames.first)
            #expect(try encoded(decoded) == again, "\(frame)")
            #expect(!frame.description.isEmpty)
        }
    }

    private func damage(_ octets: inout [UInt8], _ random: inout SeededGenerator) {
        guard !octets.isEmpty else { return }
        let index = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: octets[index] ^= 1 << Int.random(in: 0..<8, using: &random)
        case 1: octets[index] = UInt8.random(in: 0...255, using: &random)
        case 2: octets.remove(at: index)
        case 3: octets.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 4: octets.removeSubrange(index..<min(octets.count, index + 8))
        default: octets[index] = [0, 1, 0x7F, 0x80, 0xFF, 0xCE].randomElement(using: &random) ?? 0
        }
    }
}
