import NIOCore
import NIOHTTP1

/// An answer of the asset API as it comes in: no more of it is kept than was asked for.
struct AssetAnswer: Sendable {
    /// What an answer may be.
    struct Expectation: Sendable {
        /// The most bytes of the body; past it: `invalidResponse`.
        var bytesMax: Int
        /// What was asked for with a range: of the whole, where storage gives that, no more than the part is kept.
        var part: AssetPart?
        /// The `Content-Length` that a 200 has to have.
        var lengthWanted: Int?
    }

    let status: Int
    private(set) var body = ByteBuffer()
    private let bytesMax: Int
    private var cut: AssetPart.Cut?

    /// Reads the header. Throws where the answer is none to what was asked.
    init(status: Int, headers: HTTPHeaders, _ expected: Expectation) throws(StorageTrouble) {
        self.status = status
        bytesMax = expected.bytesMax
        let length = headers.first(name: "Content-Length").flatMap { Int($0) }
        if let wanted = expected.lengthWanted, status == 200, length != wanted {
            throw .invalidResponse("a length of \(length ?? -1) instead of \(wanted)")
        }
        if let part = expected.part, status == 200 || status == 206 {
            if status == 206 { try part.check(headers.first(name: "Content-Range")) }
            cut = AssetPart.Cut(part, isWhole: status == 200)
            body.reserveCapacity(part.range.count)
        } else if let length, length <= bytesMax {
            body.reserveCapacity(length)
        }
    }

    /// Takes some of the body; whether more of it is wanted.
    mutating func take(_ chunk: ByteBuffer) throws(StorageTrouble) -> Bool {
        if cut != nil { return try cut?.take(chunk, into: &body) ?? true }
        guard body.readableBytes + chunk.readableBytes <= bytesMax else {
            throw .invalidResponse("more than \(bytesMax) bytes")
        }
        var chunk = chunk
        body.writeBuffer(&chunk)
        return true
    }
}
