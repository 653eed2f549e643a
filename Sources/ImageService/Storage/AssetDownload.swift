import Crypto
import HubProtocol
import NIOCore

/// The bytes of an asset on their way to a client, piece by piece: as much is in memory as a piece has, however large the
/// asset is and however slow the client.
///
/// Each piece is a request of its own to storage, with a deadline and attempts of its own, so that no connection to
/// storage waits for a client. The first is fetched before anybody is answered: what is wrong by then has a status.
/// Of a whole asset the digest is known by its last piece, which is held back where it is another than the record's: the
/// client then sees an answer that breaks off.
package struct AssetDownload: Sendable, AsyncSequence {
    package typealias Element = ByteBuffer
    package typealias Fetch = @Sendable (Range<Int>) async throws -> ByteBuffer

    package enum Limits {
        /// Bytes of a piece.
        package static let pieceBytes = 1 << 20
        /// What a download holds in memory: the piece that is being sent, and the next one.
        package static func memoryBytes(of length: Int) -> Int { Swift.min(length, 2 * pieceBytes) }
    }

    private let first: ByteBuffer
    private let rest: Range<Int>
    private let sha256: String?
    private let fetch: Fetch

    /// - Parameters:
    ///   - first: the first bytes of the range.
    ///   - rest: the range that is still to be fetched.
    ///   - sha256: what all of it together has to be, where the whole asset is asked for and there is more than `first`.
    package init(first: ByteBuffer, rest: Range<Int>, sha256: String?, fetch: @escaping Fetch) {
        self.first = first
        self.rest = rest
        self.sha256 = sha256
        self.fetch = fetch
    }

    /// All of it, where there is no more than one piece.
    package var onlyPiece: ByteBuffer? { rest.isEmpty ? first : nil }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(first: first, rest: rest, sha256: sha256, fetch: fetch)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var first: ByteBuffer?
        fileprivate var rest: Range<Int>
        fileprivate let sha256: String?
        fileprivate let fetch: Fetch
        private var hash = SHA256()

        fileprivate init(first: ByteBuffer, rest: Range<Int>, sha256: String?, fetch: @escaping Fetch) {
            self.first = first
            self.rest = rest
            self.sha256 = sha256
            self.fetch = fetch
        }

        /// The next piece. Throws a `StorageFault` where storage does not give it, or gave others than the record says.
        package mutating func next() async throws -> ByteBuffer? {
            if let piece = first.take() {
                if sha256 != nil { hash.update(data: piece.readableBytesView) }
                return piece
            }
            guard !rest.isEmpty else { return nil }
            let range = rest.prefix(Limits.pieceBytes)
            let piece = try await fetch(range)
            rest = range.upperBound..<rest.upperBound
            guard let sha256 else { return piece }
            hash.update(data: piece.readableBytesView)
            if rest.isEmpty, AssetName.from(digest: hash.finalize()) != sha256 {
                throw StorageTrouble.invalidResponse("the bytes have another digest")
            }
            return piece
        }
    }
}
