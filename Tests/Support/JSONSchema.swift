import Foundation
import JSON

/// As much of JSON Schema 2020-12 as the schemas of this repository's reports use.
public struct JSONSchema {
    private let root: JSONValue

    public init(_ root: JSONValue) { self.root = root }

    /// Reads a schema of the folder `spec/schemas`.
    public init(named name: String) throws {
        let file = Fixtures.folder.deletingLastPathComponent().appending(path: "spec/schemas/\(name)")
        try self.init(JSONValue(parsing: Array(Data(contentsOf: file))))
    }

    /// Where a value does not fit, and why; empty: it fits.
    public func problems(of value: JSONValue) -> [String] { problems(value, root, "") }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        (schema.object ?? [:]).sorted { $0.key < $1.key }.flatMap { keyword, rule in
            problems(value, keyword, rule, schema, place)
        }
    }

    private func problems(
        _ value: JSONValue,
        _ keyword: String,
        _ rule: JSONValue,
        _ schema: JSONValue,
        _ place: String
    ) -> [String] {
        func unless(_ fits: Bool) -> [String] { fits ? [] : ["\(place): \(keyword)"] }
        switch keyword {
        case "$ref":
            let path = (rule.string ?? "").split(separator: "/").dropFirst()
            return problems(value, path.reduce(root) { $0[String($1)] ?? .null }, place)
        case "type":
            let names = rule.array?.compactMap(\.string) ?? [rule.string ?? ""]
            return unless(names.contains { $0 == "integer" ? value.integer != nil : value.kind == $0 })
        case "const": return unless(value == rule)
        case "enum": return unless(rule.array?.contains(value) ?? false)
        case "minimum": return unless((value.integer ?? .max) >= (rule.integer ?? .max))
        case "maximum": return unless((value.integer ?? .min) <= (rule.integer ?? .min))
        case "maxItems": return unless((value.array?.count ?? 0) <= Int(rule.integer ?? 0))
        case "pattern":
            guard let text = value.string else { return [] }
            return unless(text.range(of: rule.string ?? "", options: .regularExpression) != nil)
        case "required":
            guard let members = value.object else { return [] }
            return (rule.array ?? []).compactMap(\.string).filter { members[$0] == nil }.map { "\(place): no \($0)" }
        case "additionalProperties":
            let extra = (value.object ?? [:]).keys.filter { schema["properties"]?[$0] == nil }
            return extra.map { "\(place): unexpected \($0)" }
        case "properties":
            return (rule.object ?? [:]).flatMap { key, inner in
                value[key].map { problems($0, inner, "\(place)/\(key)") } ?? []
            }
        case "items":
            return (value.array ?? []).enumerated().flatMap { problems($1, rule, "\(place)/\($0)") }
        case "title", "description", "$schema", "$id", "$defs": return []
        default: return ["\(place): the keyword \(keyword) cannot be checked"]
        }
    }
}
