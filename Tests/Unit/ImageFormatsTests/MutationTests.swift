import FoundationEssentials
import Testing

@testable import ImageFormats

/// Damaged files of every kind: the answer may be yes or no, but there must be one, within the limits.
///
/// `IMAGE_FUZZ_ROUNDS` and `IMAGE_FUZZ_SEED` make the runs longer and others.
@Suite struct MutationTests {
    static let environment = ProcessInfo.processInfo.environment
    static let rounds = environment["IMAGE_FUZZ_ROUNDS"].flatMap(Int.init) ?? 60
    static let seed = environment["IMAGE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test(arguments: try Fixture.names(in: "good") + Fixture.names(in: "bad"))
    func noBytesCrash(_ name: String) throws {
        let original = try Fixture.bytes(name)
        var limits = everyFormat
        limits.pixelsMax = 1_000_000
        for round in 0..<Self.rounds {
            var random = SplitMix64(seed: Self.seed &+ UInt64(round) &* 1_000_003)
            let bytes = Mutation.apply(to: original, &random)
            do {
                let header = try ImageValidator.validate(bytes, limits: limits)
                #expect(header.width > 0 && header.height > 0 && header.frames > 0)
                #expect(header.width * header.height * header.frames <= limits.pixelsMax)
                #expect(1...8 ~= header.orientation)
                // What decodes whole can be rendered.
                if round.isMultiple(of: 4) { try render(bytes, limits) }
            } catch {
                #expect(!error.message.isEmpty)
                // And what does not may be drawn in part or refused.
                if round.isMultiple(of: 4) { try? render(bytes, limits) }
            }
        }
    }

    private func render(_ bytes: [UInt8], _ limits: ImageLimits) throws(ImageRejection) {
        guard let options = try? RenderOptions(width: 9, height: 9, fit: .cover) else { preconditionFailure() }
        let plan = try ImageRenderer.plan(bytes.span, options, limits: limits)
        let rendered = try ImageRenderer.render(bytes.span, plan, limits: limits)
        #expect(HeaderReader.recognise(rendered.span) == plan.format)
    }
}

/// A small generator whose runs can be repeated.
struct SplitMix64: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
        seed &+= 0x9E37_79B9_7F4A_7C15
        var value = seed
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// Damage as transports, disks and attackers do it.
enum Mutation {
    static func apply(to original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let length = Int.random(in: 1...min(16, bytes.count - at), using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[at] = .random(in: 0...255, using: &random)
            case 2:
                for index in at..<at + length { bytes[index] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &random)! }
            case 3: bytes.removeSubrange(at..<at + length)
            case 4: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
            case 5: bytes.removeLast(bytes.count - at)
            default: bytes.insert(.random(in: 0...255, using: &random), at: at)
            }
        }
        return mendChecksums(bytes, using: &random)
    }

    /// Every other time a damaged PNG gets right checksums again, else no mutation would come past the first CRC.
    private static func mendChecksums(_ original: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        guard Bool.random(using: &random), original.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return original }
        var bytes = original
        var offset = 8
        while offset + 12 <= bytes.count {
            let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - offset - 12 else { break }
            let crc = crc32(bytes[offset + 4..<offset + 8 + length])
            for index in 0..<4 {
                bytes[offset + 8 + length + index] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * index))
            }
            offset += length + 12
        }
        return bytes
    }

    /// CRC-32 of PNG §5.5, bit by bit.
    static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
