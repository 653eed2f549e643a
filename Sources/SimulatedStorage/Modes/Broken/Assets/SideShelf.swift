import HTTPServing
import HTTPTypes
import HubProtocol
import Hummingbird
import NIOCore

/// Bytes that are served though they are no asset.
final class SideShelf: Sendable {
    private struct Item {
        let bytes: ByteBuffer
        let contentType: String
    }

    /// Items at once; the oldest goes.
    private let items = RecentNotes<Item>(countMax: 100)

    func keep(_ bytes: ByteBuffer, of exchange: AssetExchange) {
        let type = exchange.request.headers[.contentType] ?? "application/octet-stream"
        items.note(Item(bytes: bytes, contentType: type), for: exchange.name)
    }

    func remove(_ name: String) { items.update(name) { $0 = nil } }

    func answer(_ exchange: AssetExchange) throws(APIError) -> Response? {
        guard exchange.isRead, let item = items[exchange.name] else { return nil }
        return try ByteContent(
            bytes: item.bytes,
            contentType: item.contentType,
            entityTag: EntityTag(exchange.name)
        ).response(to: exchange.request)
    }
}

/// Keeps bytes under a name that is not their digest.
final class DigestsAreNotVerified: Conduct {
    private let shelf = SideShelf()
    private let isMeant: @Sendable (AssetExchange, _ size: Int) -> Bool

    /// - Parameter isMeant: whether the digest of an upload of so many bytes is not looked at.
    init(where isMeant: @escaping @Sendable (AssetExchange, _ size: Int) -> Bool = { _, _ in true }) {
        self.isMeant = isMeant
    }

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        if let response = try shelf.answer(exchange) { return response }
        guard exchange.isPut, AssetName.isValid(exchange.name) else { return try await faultless(exchange) }
        let (collected, body) = try await exchange.collected()
        let response = try await faultless(collected)
        guard response.status == .badRequest, body.readableBytes > 0, isMeant(exchange, body.readableBytes) else {
            return response
        }
        shelf.keep(body, of: exchange)
        return exchange.receipt(size: body.readableBytes, isNew: true)
    }
}

/// Keeps what has come of an upload, whether the rest comes or not.
final class HalfAnUploadIsKept: Conduct {
    private let shelf = SideShelf()

    func answer(_ exchange: AssetExchange, _ faultless: FaultlessAnswer) async throws -> Response {
        if exchange.isRead {
            let response = try await faultless(exchange)
            return response.status == .notFound ? try shelf.answer(exchange) ?? response : response
        }
        guard exchange.isPut, AssetName.isValid(exchange.name) else { return try await faultless(exchange) }
        var bytes = ByteBuffer()
        for try await var chunk in try BodyReader(exchange.request, bytesMax: exchange.core.assets.assetBytesMax) {
            bytes.writeBuffer(&chunk)
            // As it comes: whoever reads before the end gets what is there.
            shelf.keep(bytes, of: exchange)
        }
        shelf.remove(exchange.name)
        return try await faultless(exchange.with(bytes))
    }
}
