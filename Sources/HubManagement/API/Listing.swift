import HTTPServing
import HubSim
import Hummingbird
import JSON

/// A list of the management API: sorted, cut into pages and reduced to columns as the query asks.
enum Listing {
    /// Items of a page at most.
    private static let pageSizeMax = 500
    /// Octets of a pattern to search names by.
    private static let patternOctetsMax = 200
    /// How long one request may search all names for a pattern. Longer: 400.
    private static let searchMax = Duration.seconds(1)

    static func response(_ items: [[String: JSONValue]], _ request: Request) throws -> Response {
        let query = try QueryItems(request)
        let items = sorted(items, query)
        let columns = columns(query)
        func shown(_ items: some Sequence<[String: JSONValue]>) -> JSONValue {
            .array(items.map { item in columns.map { reduced(item, to: $0) } ?? .object(item) })
        }
        guard query["page"] != nil else { return JSONResponse(shown(items)).response }
        let page = try page(query)
        let found = try filtered(items, query)
        let pageCount = max(1, (found.count + page.size - 1) / page.size)
        guard page.number <= pageCount else {
            throw ManagementError(
                .badRequest,
                "page_out_of_range",
                .string("Page out of range, page: \(page.number) page size: \(page.size), len: \(found.count)")
            )
        }
        let part = found.dropFirst((page.number - 1) * page.size).prefix(page.size)
        return JSONResponse([
            "filtered_count": .integer(Int64(found.count)), "item_count": .integer(Int64(part.count)),
            "items": shown(part), "page": .integer(Int64(page.number)), "page_count": .integer(Int64(pageCount)),
            "page_size": .integer(Int64(page.size)), "total_count": .integer(Int64(items.count)),
        ]).response
    }

    /// One object, reduced to the columns that the query asks for.
    static func response(_ item: [String: JSONValue], _ request: Request) throws -> Response {
        let columns = columns(try QueryItems(request))
        return JSONResponse(columns.map { reduced(item, to: $0) } ?? .object(item)).response
    }

    private static func page(_ query: QueryItems) throws(ManagementError) -> (number: Int, size: Int) {
        let number = Int(query["page"] ?? "")
        let size = query["page_size"].map { Int($0) } ?? 100
        guard let number, let size, number >= 1, (1...pageSizeMax).contains(size) else {
            throw ManagementError(
                .badRequest,
                "invalid_pagination_parameters",
                .string(
                    "Invalid pagination parameters: page number \(query["page"] ?? "undefined"),"
                        + " page size \(query["page_size"] ?? "undefined")"
                )
            )
        }
        return (number, size)
    }

    /// Those whose name holds the text, or fits the regular expression.
    private static func filtered(
        _ items: [[String: JSONValue]],
        _ query: QueryItems
    ) throws(ManagementError) -> [[String: JSONValue]] {
        guard let name = query["name"], !name.isEmpty else { return items }
        guard query["use_regex"] == "true" else {
            let text = name.lowercased()
            return items.filter { $0["name"]?.string?.lowercased().contains(text) ?? false }
        }
        let pattern = try pattern(name)
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: searchMax)
        var found: [[String: JSONValue]] = []
        for item in items {
            guard clock.now < deadline else { throw invalid("takes longer than \(searchMax)") }
            if let name = item["name"]?.string, name.contains(pattern) { found.append(item) }
        }
        return found
    }

    private static func pattern(_ text: String) throws(ManagementError) -> Regex<AnyRegexOutput> {
        guard text.utf8.count <= patternOctetsMax else { throw invalid("has more than \(patternOctetsMax) octets") }
        do throws(PatternCost.Refusal) {
            try PatternCost.check(text)
        } catch {
            throw invalid(error.description)
        }
        do {
            return try Regex(text).ignoresCase()
        } catch {
            throw invalid("is no regular expression")
        }
    }

    /// - Parameter problem: what is wrong with the pattern, to be read after its name.
    private static func invalid(_ problem: String) -> ManagementError {
        .badRequest(.string("Pagination parameters are invalid: the pattern \(problem)"))
    }

    private static func sorted(_ items: [[String: JSONValue]], _ query: QueryItems) -> [[String: JSONValue]] {
        guard let key = query["sort"], !key.isEmpty else { return items }
        let path = key.split(separator: ".").map(String.init)
        let sorted = items.enumerated().sorted { left, right in
            let (first, second) = (value(left.element, path), value(right.element, path))
            return comesBefore(first, second) || !comesBefore(second, first) && left.offset < right.offset
        }.map(\.element)
        return query["sort_reverse"] == "true" ? sorted.reversed() : sorted
    }

    /// Numbers before texts, as Erlang has it.
    private static func comesBefore(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        func rank(_ value: JSONValue?) -> (Int, Double, String) {
            switch value {
            case .integer(let number): (0, Double(number), "")
            case .number(let number): (0, number, "")
            case .bool(let flag): (1, flag ? 1 : 0, "")
            case .string(let text): (2, 0, text)
            case .null, .array, .object, nil: (3, 0, "")
            }
        }
        return rank(left) < rank(right)
    }

    private static func columns(_ query: QueryItems) -> [[String]]? {
        query["columns"].map { text in
            text.split(separator: ",").map { $0.split(separator: ".").map(String.init) }
        }
    }

    private static func reduced(_ item: [String: JSONValue], to columns: [[String]]) -> JSONValue {
        var reduced = JSONValue.object([:])
        for path in columns {
            guard let value = value(item, path) else { continue }
            reduced = put(value, at: path[...], in: reduced)
        }
        return reduced
    }

    private static func put(_ value: JSONValue, at path: ArraySlice<String>, in json: JSONValue) -> JSONValue {
        guard let key = path.first else { return value }
        var members = json.object ?? [:]
        members[key] = put(value, at: path.dropFirst(), in: members[key] ?? .object([:]))
        return .object(members)
    }

    private static func value(_ item: [String: JSONValue], _ path: [String]) -> JSONValue? {
        guard let first = path.first, var value = item[first] else { return nil }
        for key in path.dropFirst() {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }
}
