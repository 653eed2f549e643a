import HubProtocol
import Octets

/// The images in the order of lists, once for every filter: a page or a total costs the same with a filter as without.
struct ImageIndex: Sendable {
    /// A place in the order of lists: by `created_at`, then by the bytes of `id`.
    struct Place: Sendable, Comparable {
        let createdAt: Timestamp
        let id: ExactText

        static func < (left: Place, right: Place) -> Bool {
            left.createdAt != right.createdAt ? left.createdAt < right.createdAt : left.id < right.id
        }
    }

    /// A filter as a key.
    private struct FilterKey: Hashable {
        let type: ExactText?
        let theme: ExactText?
    }

    // An index that becomes empty goes, so that types and themes that nobody uses any more take no room.
    private var indexes: [FilterKey: SortedIndex<Place>] = [:]

    mutating func insert(_ image: ImageRecord) {
        let place = Self.place(of: image)
        for key in Self.keys(of: image) { indexes[key, default: SortedIndex()].insert(place) }
    }

    mutating func remove(_ image: ImageRecord) {
        let place = Self.place(of: image)
        for key in Self.keys(of: image) {
            indexes[key]?.remove(place)
            if indexes[key]?.isEmpty == true { indexes[key] = nil }
        }
    }

    func count(matching filter: ImageFilter) -> Int {
        indexes[Self.key(of: filter)]?.count ?? 0
    }

    func ids(matching filter: ImageFilter, skip: Int, limit: Int) -> [ExactText] {
        indexes[Self.key(of: filter)]?.page(skip: skip, limit: limit).map(\.id) ?? []
    }

    private static func place(of image: ImageRecord) -> Place {
        Place(createdAt: image.createdAt, id: ExactText(image.id))
    }

    private static func key(of filter: ImageFilter) -> FilterKey {
        FilterKey(type: filter.type.map(ExactText.init), theme: filter.theme.map(ExactText.init))
    }

    private static func keys(of image: ImageRecord) -> [FilterKey] {
        let type = ExactText(image.type)
        let theme = ExactText(image.theme)
        return [
            FilterKey(type: nil, theme: nil), FilterKey(type: type, theme: nil), FilterKey(type: nil, theme: theme),
            FilterKey(type: type, theme: theme),
        ]
    }
}
