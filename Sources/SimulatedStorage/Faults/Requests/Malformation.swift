import JSON

/// A body that is no reply, made of one that is.
enum Malformation: String, Sendable {
    case notJSON = "not_json"
    /// Its first bytes alone.
    case truncated
    /// Every value in `data` or `error` is of another JSON type.
    case wrongTypes = "wrong_types"
    case missingStatus = "missing_status"
    /// No bytes.
    case empty
    /// A byte that no UTF-8 text has.
    case invalidUTF8 = "invalid_utf8"
    /// A reply with so much more in it that nobody can want it.
    case huge

    /// Bytes of a `huge` body where the rule says nothing.
    static let hugeBytes = 16 << 20

    /// - Parameter bytes: how long a `truncated` (half of it where nil, never all of it) or `huge` body is.
    func body(from body: [UInt8], bytes: Int?) -> [UInt8] {
        switch self {
        case .notJSON: return Array("this is no JSON".utf8)
        // Never the whole of it: then nothing would be wrong with it.
        case .truncated: return Array(body.prefix(min(bytes ?? body.count / 2, max(0, body.count - 1))))
        case .empty: return []
        case .invalidUTF8: return body.prefix(2) + [0xFF] + body.dropFirst(2)
        case .missingStatus:
            return change(body) { $0["status"] = nil }
        case .wrongTypes:
            return change(body) { members in
                for key in ["data", "error"] { members[key] = members[key].map(Self.ofAnotherType) }
            }
        case .huge:
            let missing = max(0, (bytes ?? Self.hugeBytes) - body.count - #","padding":"""#.utf8.count)
            return change(body) { $0["padding"] = .string(String(repeating: "x", count: missing)) }
        }
    }

    private func change(_ body: [UInt8], _ change: (inout [String: JSONValue]) -> Void) -> [UInt8] {
        guard var members = (try? JSONValue(parsing: body))?.object else {
            preconditionFailure("Cannot change a reply that is no JSON object")
        }
        change(&members)
        return JSONValue.object(members).encoded()
    }

    private static func ofAnotherType(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.mapValues(ofAnotherType))
        case .array: [:]
        case .string(let text): .integer(Int64(text.utf8.count))
        case .null: true
        default: .string("of another type")
        }
    }
}
