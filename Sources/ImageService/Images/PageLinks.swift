/// The `Link` header of a page (RFC 8288): where the next and the previous one are, the filters kept.
package struct PageLinks: Sendable {
    /// The absolute path of the list, with the prefix of `PUBLIC_URL`.
    package var path: String
    /// Parameters that every page keeps, in order.
    package var filters: [(name: String, value: String)]
    package var skip: Int
    package var limit: Int

    package init(path: String, filters: [(name: String, value: String)] = [], skip: Int, limit: Int) {
        self.path = path
        self.filters = filters
        self.skip = skip
        self.limit = limit
    }

    /// The header's value; `nil` where this page is the only one.
    ///
    /// - Parameter total: how many there are on all pages; a page past the end has the last one before it.
    package func value(hasNext: Bool, total: Int? = nil) -> String? {
        var links: [String] = []
        let (next, isTooFar) = skip.addingReportingOverflow(limit)
        if hasNext, !isTooFar { links.append(link(to: next, relation: "next")) }
        if skip > 0 { links.append(link(to: max(0, min(skip, total ?? skip) - limit), relation: "prev")) }
        return links.isEmpty ? nil : links.joined(separator: ", ")
    }

    private func link(to skip: Int, relation: String) -> String {
        let items = filters + [("skip", String(skip)), ("limit", String(limit))]
        let query = items.map { "\($0.name)=\(ImagePaths.encoded($0.value))" }.joined(separator: "&")
        return "<\(path)?\(query)>; rel=\"\(relation)\""
    }
}
