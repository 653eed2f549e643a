import JSON

/// One rule of a short form, on its way to the JSON that says the same: so both are checked by the same reader.
struct ShortFormRule {
    private var members: [String: JSONValue] = [:]
    private var match: [String: JSONValue] = [:]
    private var fault: [String: JSONValue] = [:]
    /// Where in the text each value stands.
    private(set) var places: [String: Int] = [:]
    private let number: Int

    private static let numbers: Set<String> = [
        "ms", "after_deadline_ms", "count", "status", "bytes", "bytes_per_s", "down_ms",
    ]

    init(number: Int) { self.number = number }

    /// As a plan in JSON has it.
    var json: JSONValue {
        var members = members
        if !match.isEmpty { members["match"] = .object(match) }
        members["fault"] = .object(fault)
        if members["id"] == nil { members["id"] = .string("\(fault["kind"]?.string ?? "rule")-\(number)") }
        return .object(members)
    }

    mutating func read(_ piece: ShortFormPiece) throws(ShortFormError) {
        let parts = piece.split(":")
        guard parts.count > 1 else {
            throw mistake(piece, "a rule is match:kind, such as get_image:delay:200ms or *:drop_message")
        }
        try readMatch(parts[0])
        guard let kind = FaultKind(rawValue: parts[1].text) else {
            throw mistake(parts[1], "'\(parts[1].text)' is no kind of fault")
        }
        try set("kind", .string(kind.rawValue), in: \.fault, "fault.kind", parts[1])
        for part in parts[2...] { try readSetting(part, kind) }
    }

    private mutating func readMatch(_ piece: ShortFormPiece) throws(ShortFormError) {
        if piece.text == "*" { return }
        for term in piece.split(",") {
            guard !term.isEmpty else { throw mistake(term, "a term of the match is empty; * fits everything") }
            // It fits everything, beside other terms too.
            if term.text == "*" { continue }
            guard let (key, value) = term.assignment else {
                try set("operation", .string(term.text), in: \.match, "match.operation", term)
                continue
            }
            switch key {
            case "nth": try set("nth", nth(value), in: \.match, "match.nth", value)
            case "at", "id": try set(key, .string(value.text), in: \.members, key, value)
            default:
                guard FaultMatch.fields.contains(key) else {
                    let known = (FaultMatch.fields + ["nth", "at", "id"]).joined(separator: ", ")
                    throw mistake(term, "'\(key)' is nothing that can be matched; known are \(known)")
                }
                try set(key, .string(value.text), in: \.match, "match.\(key)", value)
            }
        }
    }

    private mutating func readSetting(_ piece: ShortFormPiece, _ kind: FaultKind) throws(ShortFormError) {
        let text = piece.text
        if let (key, value) = piece.assignment {
            try readParameter(key, value, piece)
        } else if let ms = Self.milliseconds(text) {
            guard let key = ["after_deadline_ms", "down_ms", "ms"].first(where: kind.parameters.contains) else {
                throw mistake(piece, "\(kind.rawValue) takes no time")
            }
            try set(key, .integer(ms), in: \.fault, "fault.\(key)", piece)
        } else if text.contains("/") {
            try set("chance", .string(text), in: \.members, "chance", piece)
        } else if text.hasPrefix("x"), let count = Int64(text.dropFirst()) {
            try set("count", .integer(count), in: \.members, "count", piece)
        } else if kind.modes.contains(text) {
            try set("mode", .string(text), in: \.fault, "fault.mode", piece)
        } else {
            let modes = kind.modes.isEmpty ? "" : ", one of \(kind.modes.joined(separator: ", "))"
            throw mistake(
                piece,
                "'\(text)' is no time (200ms), chance (1/10), number of times (x3), name=value\(modes)"
            )
        }
    }

    private mutating func readParameter(
        _ key: String,
        _ value: ShortFormPiece,
        _ piece: ShortFormPiece
    ) throws(ShortFormError) {
        if key == "ttl_ms" || Self.numbers.contains(key) {
            guard let number = Int64(value.text) else { throw mistake(value, "\(key) must be a whole number") }
            if key == "ttl_ms" {
                try set(key, .integer(number), in: \.members, key, value)
            } else {
                try set(key, .integer(number), in: \.fault, "fault.\(key)", value)
            }
        } else {
            try set(key, .string(value.text), in: \.fault, "fault.\(key)", value)
        }
    }

    /// `3` is the third alone, `3..` all from there, `3..5` the third to the fifth.
    private func nth(_ piece: ShortFormPiece) throws(ShortFormError) -> JSONValue {
        let wrong = mistake(piece, "nth must be N, N.. or N..M")
        let text = piece.text
        guard let dots = text.firstRange(of: "..") else {
            guard let from = Int64(text) else { throw wrong }
            return ["from": .integer(from), "count": 1]
        }
        guard let from = Int64(text[..<dots.lowerBound]), from > 0 else { throw wrong }
        if dots.upperBound == text.endIndex { return ["from": .integer(from)] }
        guard let to = Int64(text[dots.upperBound...]), to >= from else { throw wrong }
        return ["from": .integer(from), "count": .integer(to - from + 1)]
    }

    private static func milliseconds(_ text: String) -> Int64? {
        for (unit, ms) in [("ms", Int64(1)), ("s", 1000), ("m", 60_000)] where text.hasSuffix(unit) {
            guard let number = Int64(text.dropLast(unit.count)), number >= 0 else { continue }
            let (product, isTooMuch) = number.multipliedReportingOverflow(by: ms)
            return isTooMuch ? nil : product
        }
        return nil
    }

    private mutating func set(
        _ key: String,
        _ value: JSONValue,
        in part: WritableKeyPath<ShortFormRule, [String: JSONValue]>,
        _ path: String,
        _ piece: ShortFormPiece
    ) throws(ShortFormError) {
        if places[path] != nil { throw mistake(piece, "\(key) is given twice") }
        self[keyPath: part][key] = value
        places[path] = piece.offset
    }

    private func mistake(_ piece: ShortFormPiece, _ reason: String) -> ShortFormError {
        ShortFormError(text: "", offset: piece.offset, reason: reason)
    }
}
