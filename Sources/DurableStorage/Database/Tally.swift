import SimulatedStorage

/// By how much counts have changed and are not yet written: they are, once, before a group of decisions is committed.
struct Tally {
    /// A filter as the table of counts has it: '' for any.
    struct FilterKey: Hashable {
        let type: String
        let theme: String

        init(type: String, theme: String) {
            self.type = type
            self.theme = theme
        }

        init(_ filter: ImageFilter) { self.init(type: filter.type ?? "", theme: filter.theme ?? "") }

        // Exact, where Swift's own comparison is coarser.
        static func == (left: FilterKey, right: FilterKey) -> Bool {
            left.type.utf8.elementsEqual(right.type.utf8) && left.theme.utf8.elementsEqual(right.theme.utf8)
        }
    }

    var versions = 0
    var operations = 0
    var events = 0
    var assets = 0
    private(set) var images: [FilterKey: Int] = [:]

    /// Counts an image of this type and theme under every filter that matches it.
    mutating func addImages(_ count: Int, type: String, theme: String) {
        for key in [
            FilterKey(type: "", theme: ""), FilterKey(type: type, theme: ""), FilterKey(type: "", theme: theme),
            FilterKey(type: type, theme: theme),
        ] {
            images[key, default: 0] += count
        }
    }

    mutating func add(_ other: Tally) {
        versions += other.versions
        operations += other.operations
        events += other.events
        assets += other.assets
        images.merge(other.images, uniquingKeysWith: +)
    }

    /// Writes the counts into the tables.
    func write(to connection: SQLConnection) throws(RecordStoreError) {
        if versions != 0 || operations != 0 || events != 0 || assets != 0 {
            try connection.run(
                """
                UPDATE tally SET versions = versions + ?, operations = operations + ?, events = events + ?,
                assets = assets + ?
                """,
                .integer(versions),
                .integer(operations),
                .integer(events),
                .integer(assets)
            )
        }
        for (key, count) in images where count != 0 {
            try connection.run(
                """
                INSERT INTO image_count VALUES (?, ?, ?)
                ON CONFLICT (type, theme) DO UPDATE SET images = images + excluded.images
                """,
                .text(key.type),
                .text(key.theme),
                .integer(count)
            )
            // Types and themes that nobody uses any more take no room.
            guard count < 0 else { continue }
            try connection.run(
                "DELETE FROM image_count WHERE type = ? AND theme = ? AND images = 0",
                .text(key.type),
                .text(key.theme)
            )
        }
    }
}
