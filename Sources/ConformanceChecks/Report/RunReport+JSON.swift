import JSON

/// The report for programs: `spec/schemas/conformance-report.schema.json`.
extension RunReport {
    public var json: JSONValue {
        [
            "format": 1, "run_id": .string(runID), "started_at": .string(started.description),
            "duration_ms": .integer(Int64(durationMs)), "hub": .string(hub),
            "exchange": .string(topology.exchange), "queue": .string(topology.queue),
            "storage_url": storageURL.map(JSONValue.string) ?? .null, "service": announcement ?? .null,
            "complete": .bool(isComplete), "cut_short": cutShort.map(JSONValue.string) ?? .null,
            "exit_status": .integer(Int64(exitStatus)), "verdict": .string(verdict),
            "counts": .object(
                Dictionary(
                    uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, .integer(Int64(count($0)))) }
                )
            ),
            "made": ["images": .integer(Int64(imagesMade)), "assets": .integer(Int64(assetsMade))],
            "leftovers": .array(leftovers.map(JSONValue.string)), "faults": .array(faults.map(JSONValue.string)),
            "stale_baseline": .array(
                stale.map { ["check": .string($0.check), "message": .string($0.message)] }
            ),
            "diagnosis": .array(guesses.map(\.json)), "checks": .array(results.map(\.json)),
        ]
    }
}

extension Guess {
    fileprivate var json: JSONValue {
        [
            "mode": .string(mode), "title": .string(title), "requirement": .string(requirement),
            "percent": .integer(Int64(percent)),
        ]
    }
}

extension CheckResult {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "title": .string(title), "profile": .string(profile.rawValue),
            "requirements": .array(requirements.map(JSONValue.string)), "outcome": .string(outcome.rawValue),
            "reason": reason.map(JSONValue.string) ?? .null, "message": message.map(JSONValue.string) ?? .null,
            "started_ms": .integer(Int64(startedMs)), "duration_ms": .integer(Int64(durationMs)),
            "messages": .array(evidence.map(\.json)), "messages_omitted": .integer(Int64(evidenceOmitted)),
        ]
        if let expected { members["expected"] = expected }
        if let actual { members["actual"] = actual }
        if let difference = firstDifference {
            var json: [String: JSONValue] = ["path": .string(difference.path)]
            json["expected"] = difference.expected
            json["actual"] = difference.actual
            members["first_difference"] = .object(json)
        }
        return .object(members)
    }
}

extension Evidence {
    fileprivate var json: JSONValue {
        [
            "way": .string(way.rawValue), "at_ms": .integer(Int64(atMs)), "address": .string(address),
            "fields": .array(fields.map { ["name": .string($0.name), "value": .string($0.value)] }),
            "body": .string(text), "body_bytes": .integer(Int64(bodyBytes)),
        ]
    }
}
