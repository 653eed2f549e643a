import JSON

/// The JSON Schema of plans (draft 2020-12), made from the same tables that the reader goes by. It stands in
/// `docs/fault-plan.schema.json`, for editors and for whoever writes plans in another language.
///
/// What a schema cannot say, the reader says alone: ids are unique, a chance is at most 1, what is known at the
/// point that `at` names, which operations and routes a rule can meet, lengths count Unicode scalars.
extension FaultPlan {
    public static var schema: JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Fault plan",
            "type": "object",
            "required": ["rules"],
            "additionalProperties": false,
            "properties": [
                "seed": ["type": "integer", "minimum": 0, "maximum": .integer(.max)],
                "rules": ["type": "array", "maxItems": .integer(Int64(rulesMax)), "items": FaultRule.schema],
            ],
        ]
    }
}

extension FaultRule {
    fileprivate static var schema: JSONValue {
        [
            "type": "object",
            "required": ["id", "fault"],
            "additionalProperties": false,
            "properties": [
                "id": text(100),
                "match": match,
                "chance": ["type": "string", "pattern": "^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}$"],
                "at": ["enum": .array(FaultPhase.allCases.map { .string($0.rawValue) })],
                "ttl_ms": whole(1, 86_400_000),
                "count": whole(1, 1_000_000_000),
                "fault": ["oneOf": .array(FaultKind.allCases.map(\.schema))],
            ],
            "allOf": .array(FaultKind.allCases.map(phases)),
        ]
    }

    private static var match: JSONValue {
        var properties: [String: JSONValue] = [:]
        for field in FaultMatch.fields { properties[field] = text(1000) }
        properties["nth"] = [
            "type": "object", "required": ["from"], "additionalProperties": false,
            "properties": ["from": whole(1, 1_000_000_000), "count": whole(1, 1_000_000_000)],
        ]
        return ["type": "object", "additionalProperties": false, "properties": .object(properties)]
    }

    /// Where a kind can strike, and what can be known there.
    private static func phases(of kind: FaultKind) -> JSONValue {
        let known = FaultMatch.fields.filter { field in
            kind.phases.contains { kind.fieldsKnown(at: $0).contains(field) }
        }
        return [
            "if": ["properties": ["fault": ["properties": ["kind": ["const": .string(kind.rawValue)]]]]],
            "then": [
                "properties": [
                    "at": ["enum": .array(kind.phases.map { .string($0.rawValue) })],
                    "match": ["propertyNames": ["enum": .array((known + ["nth"]).map(JSONValue.string))]],
                ]
            ],
        ]
    }
}

extension FaultKind {
    fileprivate var schema: JSONValue {
        var properties: [String: JSONValue] = ["kind": ["const": .string(rawValue)]]
        for parameter in parameters { properties[parameter] = schema(of: parameter) }
        var schema: [String: JSONValue] = [
            "type": "object", "additionalProperties": false,
            "required": .array((["kind"] + required).map(JSONValue.string)), "properties": .object(properties),
        ]
        let bound = parameters.sorted().compactMap { parameter in modes(taking: parameter).map { (parameter, $0) } }
        if !bound.isEmpty {
            schema["dependentSchemas"] = .object(Dictionary(uniqueKeysWithValues: bound.map(dependence)))
        }
        if !replyCodes.isEmpty { schema["not"] = ["required": ["code", "status"]] }
        return .object(schema)
    }

    /// A parameter that says something in some modes alone.
    private func dependence(_ parameter: String, on modes: [String]) -> (String, JSONValue) {
        var rule: [String: JSONValue] = ["properties": ["mode": ["enum": .array(modes.map(JSONValue.string))]]]
        // The mode where none is named.
        if let usual = self.modes.first, !modes.contains(usual) { rule["required"] = ["mode"] }
        return (parameter, .object(rule))
    }

    private func schema(of parameter: String) -> JSONValue {
        switch parameter {
        case "mode": ["enum": .array(modes.map(JSONValue.string))]
        case "code", "status":
            if !replyCodes.isEmpty {
                [
                    "enum": .array(
                        replyCodes.flatMap { [.integer(Int64($0.number)), .string("\($0.number)"), .string($0.name)] }
                    )
                ]
            } else if parameter == "code" {
                text(100)
            } else {
                whole(400, 599)
            }
        case "count": whole(1, 1000)
        case "bytes": whole(Int64(bytesMin), 1_073_741_824)
        case "bytes_per_s": whole(1, 1_073_741_824)
        default: whole(0, 3_600_000)
        }
    }
}

private func text(_ most: Int64) -> JSONValue { ["type": "string", "minLength": 1, "maxLength": .integer(most)] }

private func whole(_ least: Int64, _ most: Int64) -> JSONValue {
    ["type": "integer", "minimum": .integer(least), "maximum": .integer(most)]
}
