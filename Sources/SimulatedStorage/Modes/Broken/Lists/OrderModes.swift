import HubProtocol
import Octets

extension StorageMode {
    /// Mistakes in which images are listed, and in which order.
    static let ofOrder: [StorageMode] = [
        .broken(
            "newest-first",
            breaks: "HUB-LST-001",
            "Lists the newest images first.",
            Lists { images, filter in images.filter(filter.matches).reversed() }
        ),
        .broken(
            "sorted-by-id",
            breaks: "HUB-LST-001",
            "Lists images by their id alone: the order of its primary key.",
            Lists { images, filter in
                images.filter(filter.matches).sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
            }
        ),
        .broken(
            "last-changed-last",
            breaks: "HUB-LST-001",
            "Lists images by `updated_at`: what is changed moves to the end.",
            Lists { images, filter in images.filter(filter.matches).sorted { $0.updatedAt < $1.updatedAt } }
        ),
        .broken(
            "filters-without-case",
            breaks: "HUB-LST-002",
            "Compares `type` and `theme` without regard to upper and lower case.",
            Lists { images, filter in
                images.filter { image in
                    (filter.type.map { $0.lowercased() == image.type.lowercased() } ?? true)
                        && (filter.theme.map { $0.lowercased() == image.theme.lowercased() } ?? true)
                }
            }
        ),
        .broken(
            "filters-are-patterns",
            breaks: "HUB-LST-002",
            "Compares `type` and `theme` as patterns, in which `*` stands for any text.",
            Lists { images, filter in
                images.filter { image in
                    (filter.type.map { image.type.fits($0) } ?? true)
                        && (filter.theme.map { image.theme.fits($0) } ?? true)
                }
            }
        ),
        .broken(
            "any-filter-matches",
            breaks: "HUB-LST-002",
            "Lists an image that has the `type` or the `theme`, where both are asked for.",
            Lists { images, filter in
                images.filter { image in
                    guard let type = filter.type, let theme = filter.theme else { return filter.matches(image) }
                    return image.type == type || image.theme == theme
                }
            }
        ),
    ]
}

extension String {
    /// Whether it is the text, where a star at the end of the text stands for anything.
    fileprivate func fits(_ pattern: String) -> Bool {
        guard pattern.utf8.last == UInt8(ascii: "*") else { return isExactly(pattern) }
        return utf8.starts(with: pattern.utf8.dropLast())
    }
}

/// Lists by rules of its own; total and pages go with them.
private struct Lists: Conduct {
    let arrange: @Sendable ([ImageRecord], ImageFilter) -> [ImageRecord]

    init(_ arrange: @escaping @Sendable ([ImageRecord], ImageFilter) -> [ImageRecord]) { self.arrange = arrange }

    func decide(_ question: Question) throws(RecordStoreError) -> Decision {
        guard question.operation == .listImages else { return try question.decide() }
        return try question.decide(reading: ReaderOfLists(present: question.reader, arrange: arrange))
    }
}
