import ImageFormats
import NIOCore
import Testing

@testable import ImageService

@Suite("Variants that are remembered")
struct VariantCacheTests {
    private static func key(_ name: String) throws -> VariantKey {
        VariantKey(original: name, options: try RenderOptions(width: 1))
    }

    private static func variant(_ size: Int) -> Variant {
        Variant(bytes: ByteBuffer(repeating: 1, count: size), format: .png)
    }

    @Test func whatWasNotAskedForTheLongestGoesFirst() throws {
        var cache = VariantCache(bytesMax: 100)
        for name in ["a", "b", "c", "d"] { cache.keep(Self.variant(25), as: try Self.key(name)) }
        #expect(cache.variant(try Self.key("a")) != nil)
        cache.keep(Self.variant(25), as: try Self.key("e"))
        #expect(cache.variant(try Self.key("b")) == nil)
        #expect(cache.variant(try Self.key("a")) != nil)
        #expect(cache.usedBytes == 100)
    }

    @Test func whatIsTooLargeIsNotKept() throws {
        var cache = VariantCache(bytesMax: 100)
        cache.keep(Self.variant(26), as: try Self.key("a"))
        #expect(cache.count == 0)
        #expect(cache.usedBytes == 0)
    }

    @Test func keptAgainItIsCountedOnce() throws {
        var cache = VariantCache(bytesMax: 100)
        for size in [10, 20] { cache.keep(Self.variant(size), as: try Self.key("a")) }
        #expect(cache.usedBytes == 20)
        #expect(cache.variant(try Self.key("a")) == Self.variant(20))
    }

    @Test func itsBookOfUsesStaysShort() throws {
        var cache = VariantCache(bytesMax: 1000)
        for name in ["a", "b"] { cache.keep(Self.variant(10), as: try Self.key(name)) }
        for _ in 0..<10_000 { _ = cache.variant(try Self.key("a")) }
        #expect(cache.usesCount <= 128)
        for index in 0..<200 { cache.keep(Self.variant(10), as: try Self.key("\(index)")) }
        #expect(cache.usedBytes == 1000)
        #expect(cache.count == 100)
    }

    @Test func differentOptionsAreDifferentVariants() throws {
        let options = [
            try RenderOptions(width: 1), try RenderOptions(height: 1), try RenderOptions(width: 1, fit: .cover),
            try RenderOptions(width: 1, format: .png), try RenderOptions(width: 1, quality: 1),
            try RenderOptions(width: 1, enlarge: true),
        ]
        #expect(Set(options.map(\.tag)).count == options.count)
    }
}
