import Foundation
import JSON
import Testing

@testable import FaultPlan

@Suite("The schema of plans")
struct PlanSchemaTests {
    /// The folder that holds `Package.swift`.
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
        } while !FileManager.default.fileExists(
            atPath: folder.appendingPathComponent("Package.swift").path
        )
        return folder
    }()

    static func files(_ folder: String) -> [URL] {
        let place = root.appendingPathComponent("fixtures/faults/\(folder)")
        let files = try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }

    static func json(_ file: URL) throws -> JSONValue { try JSONValue(parsing: Array(Data(contentsOf: file))) }

    /// `UPDATE_SCHEMA=1` writes it anew after the tables have changed.
    @Test func theFileSaysWhatTheTablesSay() throws {
        let file = Self.root.appendingPathComponent("docs/fault-plan.schema.json")
        if ProcessInfo.processInfo.environment["UPDATE_SCHEMA"] != nil {
            let object = try JSONSerialization.jsonObject(with: Data(FaultPlan.schema.encoded()))
            let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try (JSONSerialization.data(withJSONObject: object, options: options) + Data("\n".utf8)).write(to: file)
        }
        #expect(try Self.json(file) == FaultPlan.schema, "run the test with UPDATE_SCHEMA=1")
    }

    @Test func thereAreExamples() {
        #expect(Self.files("valid").count >= 4 && Self.files("invalid").count >= 10)
    }

    @Test(arguments: files("valid"))
    func aGoodPlanIsTakenByBoth(file: URL) throws {
        let json = try Self.json(file)
        #expect(SchemaCheck.fits(json, FaultPlan.schema))
        let plan = try FaultPlan(json)
        #expect(SchemaCheck.fits(plan.json, FaultPlan.schema))
        #expect(try FaultPlan(plan.json) == plan)
    }

    @Test(arguments: files("invalid"))
    func aBadPlanIsRefusedByBoth(file: URL) throws {
        let json = try Self.json(file)
        #expect(!SchemaCheck.fits(json, FaultPlan.schema))
        #expect(throws: InvalidFields.self) { try FaultPlan(json) }
    }

    @Test(arguments: files("beyond-schema"))
    func someMistakesOnlyTheReaderSees(file: URL) throws {
        let json = try Self.json(file)
        #expect(SchemaCheck.fits(json, FaultPlan.schema))
        #expect(throws: InvalidFields.self) { try FaultPlan(json) }
    }
}

/// As much of JSON Schema as the plan's schema uses.
private enum SchemaCheck {
    static func fits(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        (schema.object ?? [:]).allSatisfy { keyword, rule in fits(value, keyword, rule, schema) }
    }

    private static func fits(_ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue) -> Bool {
        switch keyword {
        case "type":
            rule == "integer" ? value.integer != nil : value.kind == rule.string
        case "const": value == rule
        case "enum": rule.array?.contains(value) ?? false
        case "minimum": value.integer.map { $0 >= rule.integer ?? .max } ?? true
        case "maximum": value.integer.map { $0 <= rule.integer ?? .min } ?? true
        case "minLength": value.string.map { $0.unicodeScalars.count >= Int(rule.integer ?? .max) } ?? true
        case "maxLength": value.string.map { $0.unicodeScalars.count <= Int(rule.integer ?? 0) } ?? true
        case "maxItems": value.array.map { $0.count <= Int(rule.integer ?? 0) } ?? true
        case "pattern":
            value.string.map { $0.range(of: rule.string ?? "", options: .regularExpression) != nil } ?? true
        case "required":
            value.object.map { object in (rule.array ?? []).allSatisfy { object[$0.string ?? ""] != nil } } ?? true
        case "additionalProperties":
            value.object.map { $0.keys.allSatisfy { schema["properties"]?[$0] != nil } } ?? true
        case "properties":
            (rule.object ?? [:]).allSatisfy { key, inner in value[key].map { fits($0, inner) } ?? true }
        case "propertyNames": (value.object ?? [:]).keys.allSatisfy { fits(.string($0), rule) }
        case "items": (value.array ?? []).allSatisfy { fits($0, rule) }
        case "oneOf": (rule.array ?? []).count { fits(value, $0) } == 1
        case "allOf": (rule.array ?? []).allSatisfy { fits(value, $0) }
        case "if": !fits(value, rule) || fits(value, schema["then"] ?? [:])
        case "dependentSchemas":
            (rule.object ?? [:]).allSatisfy { key, inner in value[key] == nil || fits(value, inner) }
        case "not": !fits(value, rule)
        case "then", "title", "$schema": true
        default: preconditionFailure("Cannot check the keyword \(keyword)")
        }
    }
}
