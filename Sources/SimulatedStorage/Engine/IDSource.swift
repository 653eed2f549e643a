/// Where ids come from: a parameter, so that a simulation gives the same ones again.
public struct IDSource: Sendable {
    private let make: @Sendable () -> String
    private let makeForImage: @Sendable () -> String

    public init(_ make: @escaping @Sendable () -> String) { self.init(images: make, others: make) }

    /// Ids of images come from another place than those of events and messages.
    init(images: @escaping @Sendable () -> String, others: @escaping @Sendable () -> String) {
        make = others
        makeForImage = images
    }

    /// The next id; never the same twice.
    public func next() -> String { make() }

    /// The next id for an image. One that has it already may be met where a store outlives its process: then the next one
    /// is to be taken.
    func nextForImage() -> String { makeForImage() }

    /// Random UUIDs (RFC 9562 §5.4, version 4), in lower case.
    public static let random = IDSource {
        var generator = SystemRandomNumberGenerator()
        return uuid(generator.next(), generator.next())
    }

    /// 128 bits as a UUID of version 4: six of them are overwritten by version and variant.
    public static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = index < 16 ? high : low
                text[position] = digits[Int(half >> UInt64((15 - index % 16) * 4) & 15)]
                position += 1
            }
            return position
        }
    }
}
