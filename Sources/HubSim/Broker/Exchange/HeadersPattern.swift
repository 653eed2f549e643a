import AMQP
import Octets

/// The arguments of a binding to a headers exchange, as a test of a message's headers.
struct HeadersPattern {
    /// `x-match`: whether all headers must match or one is enough, and whether names that begin with `x-` count.
    enum Mode: String {
        case all
        case any
        case allWithX = "all-with-x"
        case anyWithX = "any-with-x"
    }

    private let mode: Mode
    private let wanted: [FieldTable.Entry]

    /// The pattern of a binding that was checked when it was made; without `x-match`, all must match.
    init(_ arguments: FieldTable) {
        let mode = arguments["x-match"]?.string.flatMap(Mode.init) ?? .all
        self.mode = mode
        wanted = arguments.entries.filter { entry in
            switch mode {
            case .all, .any: !entry.key.beginsExactly(with: "x-")
            case .allWithX, .anyWithX: !entry.key.isExactly("x-match")
            }
        }
    }

    func matches(_ headers: HeaderLookup) -> Bool {
        switch mode {
        case .all, .allWithX: wanted.allSatisfy { Self.matches($0.value, headers[$0.key]) }
        case .any, .anyWithX: wanted.contains { Self.matches($0.value, headers[$0.key]) }
        }
    }

    /// A value without a type asks only whether the header is there; numbers are compared whatever their width.
    private static func matches(_ wanted: FieldValue, _ found: FieldValue?) -> Bool {
        guard let found else { return false }
        if wanted == .void || wanted == found { return true }
        if let left = wanted.number, let right = found.number { return left == right }
        return false
    }
}

extension FieldValue {
    /// The number, if this is one of any kind; what RabbitMQ compares as numbers, timestamps too.
    fileprivate var number: Double? {
        switch self {
        case .float(let value): Double(value)
        case .double(let value): value
        case .timestamp(let value): Double(value)
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64: integer.map(Double.init)
        case .bool, .decimal, .string, .octets, .array, .table, .void, .bytes: nil
        }
    }
}
