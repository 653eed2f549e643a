import NIOCore

/// Bytes as a sequence of buffers for a socket, copied a piece at a time: the whole is in memory once.
struct ByteChunks: AsyncSequence, Sendable {
    private let bytes: [UInt8]
    private let chunkBytes: Int

    init(_ bytes: [UInt8], chunkBytes: Int) {
        precondition(chunkBytes > 0, "Cannot cut into nothing")
        self.bytes = bytes
        self.chunkBytes = chunkBytes
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], chunkBytes: chunkBytes) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var rest: ArraySlice<UInt8>
        fileprivate let chunkBytes: Int

        mutating func next() async -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(chunkBytes) }
            return ByteBuffer(bytes: rest.prefix(chunkBytes))
        }
    }
}
