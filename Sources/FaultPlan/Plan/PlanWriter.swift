import JSON

extension FaultPlan {
    /// The plan as it is read: `FaultPlan(plan.json) == plan`.
    public var json: JSONValue {
        ["seed": .integer(Int64(clamping: seed)), "rules": .array(rules.map(\.json))]
    }
}

extension FaultRule {
    var json: JSONValue {
        var members: [String: JSONValue] = ["id": .string(id), "fault": fault.json]
        let match = match.json
        if match != [:] { members["match"] = match }
        members["chance"] = chance.map { .string($0.description) }
        members["at"] = phase.map { .string($0.rawValue) }
        members["ttl_ms"] = ttlMs.map { .integer(Int64($0)) }
        members["count"] = count.map { .integer(Int64($0)) }
        return .object(members)
    }
}

extension FaultMatch {
    var json: JSONValue {
        var members: [String: JSONValue] = [:]
        for (field, glob) in patterns { members[field] = .string(glob.pattern) }
        if let nth {
            var range: [String: JSONValue] = ["from": .integer(Int64(nth.from))]
            range["count"] = nth.count.map { .integer(Int64($0)) }
            members["nth"] = .object(range)
        }
        return .object(members)
    }
}

extension FaultSpecification {
    var json: JSONValue {
        var members: [String: JSONValue] = ["kind": .string(kind.rawValue)]
        let numbers: [(String, Int?)] = [
            ("ms", parameters.ms), ("after_deadline_ms", parameters.afterDeadlineMs), ("count", parameters.count),
            ("status", parameters.status), ("bytes", parameters.bytes), ("bytes_per_s", parameters.bytesPerSecond),
            ("down_ms", parameters.downMs),
        ]
        for (key, number) in numbers { members[key] = number.map { .integer(Int64($0)) } }
        members["code"] = parameters.code.map(JSONValue.string)
        members["mode"] = parameters.mode.map(JSONValue.string)
        return .object(members)
    }
}
