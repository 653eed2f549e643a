import NIOCore

/// A part of an asset, as it was asked for with `Range`.
struct AssetPart: Sendable, Hashable {
    let range: Range<Int>
    /// Bytes of the whole asset.
    let size: Int

    init(range: Range<Int>, of size: Int) {
        self.range = range
        self.size = size
    }

    /// Holds the `Content-Range` of a 206 against what was asked for (RFC 9110 §14.4).
    func check(_ contentRange: String?) throws(StorageTrouble) {
        let expected = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
        guard contentRange == expected else {
            throw .invalidResponse("a range of \(contentRange ?? "nothing") instead of \(expected)")
        }
    }

    /// Takes the part out of the body of an answer as it comes in. A server may answer a range with the whole (RFC 9110
    /// §14.2); then what is before the part is passed over, and what is behind it is not waited for.
    struct Cut {
        private var toSkip: Int
        private var toTake: Int
        private let isWhole: Bool

        init(_ part: AssetPart, isWhole: Bool) {
            toSkip = isWhole ? part.range.lowerBound : 0
            toTake = part.range.count
            self.isWhole = isWhole
        }

        /// Whether more is needed. Throws where a 206 has more than it announced.
        mutating func take(_ chunk: ByteBuffer, into body: inout ByteBuffer) throws(StorageTrouble) -> Bool {
            var chunk = chunk
            let skipped = min(toSkip, chunk.readableBytes)
            chunk.moveReaderIndex(forwardBy: skipped)
            toSkip -= skipped
            guard isWhole || chunk.readableBytes <= toTake else { throw .invalidResponse("more bytes than its range") }
            let taken = min(toTake, chunk.readableBytes)
            if var slice = chunk.readSlice(length: taken) { body.writeBuffer(&slice) }
            toTake -= taken
            return toTake > 0 || !isWhole
        }
    }
}
