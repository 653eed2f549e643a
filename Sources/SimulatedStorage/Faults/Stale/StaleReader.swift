import HubProtocol
import Octets

/// A state in which one image is as it was before: what a replica shows that lags behind.
struct StaleReader: PassingReader {
    let present: any RecordReader
    let past: ImagePast

    private func isPast(_ id: String) -> Bool { id.isExactly(past.imageID) }

    func image(_ id: String) throws(RecordStoreError) -> ImageRecord? {
        isPast(id) ? past.record : try present.image(id)
    }

    func version(_ number: Int, of imageID: String) throws(RecordStoreError) -> ImageVersion? {
        guard isPast(imageID) else { return try present.version(number, of: imageID) }
        return past.versions.first { $0.version == number }
    }

    func versions(of imageID: String, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageVersion] {
        guard isPast(imageID) else { return try present.versions(of: imageID, skip: skip, limit: limit) }
        return Array(past.versions.dropFirst(skip).prefix(limit))
    }

    func images(matching filter: ImageFilter, skip: Int, limit: Int) throws(RecordStoreError) -> [ImageRecord] {
        // One image more or less can move the page by one.
        let first = max(0, skip - 1)
        var page = try present.images(matching: filter, skip: first, limit: limit + 2)
        let now = try present.image(past.imageID).flatMap { filter.matches($0) ? $0 : nil }
        let then = past.record.flatMap { filter.matches($0) ? $0 : nil }
        // How many of the present ones stand before the page, once the image is taken out and put in where it was.
        var before = first
        if let now {
            if let index = page.firstIndex(where: { $0.id.isExactly(now.id) }) {
                page.remove(at: index)
            } else if let head = page.first, now.isListed(before: head) {
                before -= 1
            }
        }
        if let then {
            if let head = page.first, first > 0, then.isListed(before: head) {
                before += 1
            } else {
                page.insert(then, at: page.firstIndex { then.isListed(before: $0) } ?? page.endIndex)
            }
        }
        return Array(page.dropFirst(max(0, skip - before)).prefix(limit))
    }

    func imageCount(matching filter: ImageFilter) throws(RecordStoreError) -> Int {
        let now = try present.image(past.imageID).map(filter.matches) ?? false
        let then = past.record.map(filter.matches) ?? false
        return try present.imageCount(matching: filter) - (now ? 1 : 0) + (then ? 1 : 0)
    }
}

extension ImageRecord {
    /// The order of lists: by `created_at`, then by the bytes of `id`.
    func isListed(before other: ImageRecord) -> Bool {
        createdAt != other.createdAt
            ? createdAt < other.createdAt : id.utf8.lexicographicallyPrecedes(other.id.utf8)
    }
}
