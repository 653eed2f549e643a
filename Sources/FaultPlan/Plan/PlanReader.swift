import JSON

/// Reads a plan from JSON and refuses a bad one with the path of each mistake.
///
///     try FaultPlan(json)   // InvalidFields: rules[2].fault.kind must be …
extension FaultPlan {
    /// Rules in a plan. More: refused.
    public static let rulesMax = 1000

    public init(_ json: JSONValue) throws(InvalidFields) {
        var plan = PlanObject(json, path: "", allowed: ["seed", "rules"])
        let seed = plan.fields.optionalInteger("seed", in: 0...Int.max) ?? 0
        // Without rules it is some other document, most likely.
        let elements = plan.isObject ? plan.fields.array("rules") : []
        if elements.count > Self.rulesMax { plan.fields.report("rules", "must be at most \(Self.rulesMax)") }
        var rules: [FaultRule] = []
        var ids: Set<String> = []
        for (index, element) in elements.prefix(Self.rulesMax).enumerated() {
            let (rule, reader) = FaultRule.read(element, path: "rules[\(index)].")
            plan.fields.adopt(reader)
            // One without an id has its mistake already.
            if !rule.id.isEmpty, !ids.insert(rule.id).inserted {
                plan.fields.report("rules[\(index)].id", "is taken by an earlier rule")
            }
            rules.append(rule)
        }
        try plan.fields.finish()
        self.init(seed: UInt64(seed), rules: rules)
    }
}

extension FaultRule {
    fileprivate static func read(_ json: JSONValue, path: String) -> (FaultRule, FieldReader) {
        var rule = PlanObject(json, path: path, allowed: ["id", "match", "chance", "at", "ttl_ms", "count", "fault"])
        guard rule.isObject else { return (FaultRule(id: "", fault: FaultSpecification(.delay)), rule.fields) }
        let id = rule.fields.string("id", length: 1...100)
        var match = FaultMatch()
        if let value = rule.fields.value("match") {
            let (read, reader) = FaultMatch.read(value, path: path + "match.")
            match = read
            rule.fields.adopt(reader)
        }
        let chance = rule.fields.optionalString("chance", length: 1...30).flatMap { text in
            let chance = FaultChance(text)
            if chance == nil { rule.fields.report("chance", "must be a ratio such as 1/10, at most 1") }
            if chance?.numerator == 0 { rule.fields.report("chance", "must be more than 0: such a rule never fires") }
            return chance
        }
        let phase = rule.fields.optionalString("at", length: 1...30).flatMap { text in
            let phase = FaultPhase(rawValue: text)
            if phase == nil {
                rule.fields.report(
                    "at",
                    "must be one of \(FaultPhase.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            return phase
        }
        let ttlMs = rule.fields.optionalInteger("ttl_ms", in: 1...86_400_000)
        let count = rule.fields.optionalInteger("count", in: 1...1_000_000_000)
        var fault = FaultSpecification(.delay)
        if let value = rule.fields.value("fault") {
            let (read, reader) = FaultSpecification.read(value, path: path + "fault.")
            fault = read
            rule.fields.adopt(reader)
        } else if json["fault"] == nil {
            rule.fields.report("fault", "is missing")
        }
        if let phase, !fault.kind.phases.contains(phase), rule.fields.problems.isEmpty {
            let known = fault.kind.phases.map(\.rawValue).joined(separator: ", ")
            rule.fields.report("at", "must be one of \(known) for \(fault.kind.rawValue)")
        }
        if rule.fields.problems.isEmpty {
            let phases = phase.map { [$0] } ?? fault.kind.phases
            for field in fault.kind.fieldsNeverKnown(in: match, at: phases) {
                rule.fields.report(
                    "match.\(field)",
                    "is never known where \(fault.kind.rawValue) strikes (\(phases.map(\.rawValue).joined(separator: ", ")))"
                )
            }
        }
        let read = FaultRule(
            id: id,
            match: match,
            chance: chance,
            phase: phase,
            ttlMs: ttlMs,
            count: count,
            fault: fault
        )
        if rule.fields.problems.isEmpty {
            for (field, message) in read.unreachable { rule.fields.report("match.\(field)", message) }
        }
        return (read, rule.fields)
    }
}

extension FaultMatch {
    fileprivate static func read(_ json: JSONValue, path: String) -> (FaultMatch, FieldReader) {
        var match = PlanObject(
            json,
            path: path,
            allowed: Set(FaultMatch.fields).union(["nth"])
        )
        func glob(_ key: String) -> Glob? { match.fields.optionalString(key, length: 1...1000).map { Glob($0) } }
        var read = FaultMatch(
            operation: glob("operation"),
            imageID: glob("image_id"),
            name: glob("name"),
            type: glob("type"),
            theme: glob("theme"),
            route: glob("route"),
            queue: glob("queue"),
            routingKey: glob("routing_key"),
            connection: glob("connection")
        )
        if let value = match.fields.value("nth") {
            var nth = PlanObject(value, path: path + "nth.", allowed: ["from", "count"])
            if nth.isObject {
                let from = nth.fields.integer("from", in: 1...1_000_000_000)
                let count = nth.fields.optionalInteger("count", in: 1...1_000_000_000)
                read.nth = NthRange(from: from, count: count)
            }
            match.fields.adopt(nth.fields)
        }
        return (read, match.fields)
    }
}

extension FaultSpecification {
    fileprivate static func read(_ json: JSONValue, path: String) -> (FaultSpecification, FieldReader) {
        let kindText = json["kind"]?.string
        let kind = kindText.flatMap(FaultKind.init(rawValue:))
        var fault = PlanObject(
            json,
            path: path,
            allowed: (kind?.parameters ?? FaultParameters.names).union(["kind"])
        )
        guard fault.isObject else { return (FaultSpecification(.delay), fault.fields) }
        guard let kind else {
            if json["kind"] != .null {
                fault.fields.report(
                    "kind",
                    kindText == nil ? "is missing or no string" : "is no kind of fault: \(kindText ?? "")"
                )
            }
            return (FaultSpecification(.delay), fault.fields)
        }
        let isReplyCode = !kind.replyCodes.isEmpty
        let code = isReplyCode ? fault.replyCode(of: kind) : fault.fields.optionalString("code", length: 1...100)
        let status = isReplyCode ? nil : fault.fields.optionalInteger("status", in: 400...599)
        let parameters = FaultParameters(
            ms: fault.fields.optionalInteger("ms", in: 0...3_600_000),
            afterDeadlineMs: fault.fields.optionalInteger("after_deadline_ms", in: 0...3_600_000),
            count: fault.fields.optionalInteger("count", in: 1...1000),
            code: code,
            status: status,
            bytes: fault.fields.optionalInteger("bytes", in: kind.bytesMin...1_073_741_824),
            bytesPerSecond: fault.fields.optionalInteger("bytes_per_s", in: 1...1_073_741_824),
            mode: fault.fields.optionalString("mode", length: 1...100),
            downMs: fault.fields.optionalInteger("down_ms", in: 0...3_600_000)
        )
        for key in kind.required where json[key] == nil {
            fault.fields.report(key, "is missing: \(kind.rawValue) has no usual one")
        }
        if let mode = parameters.mode, !kind.modes.contains(mode) {
            fault.fields.report("mode", "must be one of \(kind.modes.joined(separator: ", "))")
        } else {
            for key in kind.parameters.sorted() where fault.fields.value(key) != nil {
                guard let modes = kind.modes(taking: key), let mode = parameters.mode ?? kind.modes.first,
                    !modes.contains(mode)
                else { continue }
                fault.fields.report(key, "says nothing in the mode \(mode); it is for \(modes.joined(separator: ", "))")
            }
        }
        return (FaultSpecification(kind, parameters), fault.fields)
    }
}

extension FaultParameters {
    fileprivate static let names: Set<String> = [
        "ms", "after_deadline_ms", "count", "code", "status", "bytes", "bytes_per_s", "mode", "down_ms",
    ]
}

/// One object of a plan, whose unknown keys are reported (contract §7: unknown keys are refused).
private struct PlanObject {
    var fields: FieldReader
    /// Whether there is anything to be read; if not, that is its one mistake.
    let isObject: Bool

    /// - Parameter path: of its fields: with a dot at its end, or empty.
    init(_ json: JSONValue, path: String, allowed: Set<String>) {
        isObject = json.object != nil
        guard let members = json.object else {
            fields = FieldReader([:], path: path.hasSuffix(".") ? String(path.dropLast()) : path)
            fields.report("", "must be an object, not \(json.kind)")
            return
        }
        fields = FieldReader(members, path: path)
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            if !allowed.contains(key) {
                fields.report(key, "is not known here; known are \(allowed.sorted().joined(separator: ", "))")
            } else if value == .null {
                // It may be meant as nothing, or be a mistake in whatever made the plan.
                fields.report(key, "must not be null; leave it out")
            }
        }
    }

    /// An AMQP reply code, as `code` or `status`, as a number, its digits or its name.
    mutating func replyCode(of kind: FaultKind) -> String? {
        if fields.value("code") != nil, fields.value("status") != nil {
            fields.report("status", "says the same as code; one of the two is enough")
        }
        for key in ["code", "status"] {
            guard let value = fields.value(key) else { continue }
            let text = value.integer.map(String.init) ?? value.string
            if let code = kind.replyCodes.first(where: { "\($0.number)" == text || $0.name == text }) {
                return code.name
            }
            let known = kind.replyCodes.map { "\($0.number) \($0.name)" }.joined(separator: ", ")
            fields.report(key, "must be one of \(known)")
            return nil
        }
        return nil
    }
}
