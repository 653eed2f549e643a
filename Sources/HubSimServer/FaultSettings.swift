import FaultPlan
import FoundationEssentials
import JSON
import Launch

/// What shall go wrong, as the command line says it.
enum FaultSettings {
    static let file = Setting<FaultPlan>(
        "FAULTS",
        takes: "FILE",
        help: "a fault plan in JSON (docs/faults.md)"
    ) { path throws(SettingProblem) in try read(path) }

    static let shortForm = Setting<FaultPlan>(
        "FAULT",
        takes: "RULES",
        help: "fault rules in short form, such as 'queue=q,nth=3:close_channel'; after those of FAULTS"
    ) { text throws(SettingProblem) in
        let plan: FaultPlan
        do throws(ShortFormError) {
            plan = try FaultPlan(shortForm: text)
        } catch {
            throw SettingProblem("has a mistake \(error)")
        }
        return try forHub(plan)
    }

    static let all = [file.description, shortForm.description]

    /// Both together, the file's rules first.
    static func plan(_ values: SettingValues) throws(UsageError) -> FaultPlan {
        var plan = try values.optional(file) ?? .none
        let further = try values.optional(shortForm)?.rules ?? []
        if let twice = further.first(where: { rule in plan.rules.contains { $0.id == rule.id } }) {
            throw UsageError("FAULT has a rule '\(twice.id)', and so has the plan in FAULTS")
        }
        plan.rules += further
        return plan
    }

    private static func read(_ path: String) throws(SettingProblem) -> FaultPlan {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw SettingProblem("must be a file that can be read")
        }
        let plan: FaultPlan
        do {
            plan = try FaultPlan(JSONValue(parsing: Array(data)))
        } catch {
            throw SettingProblem("holds no fault plan: \(error)")
        }
        return try forHub(plan)
    }

    /// A rule of the storage side could never fire here.
    private static func forHub(_ plan: FaultPlan) throws(SettingProblem) -> FaultPlan {
        guard let index = plan.rules.firstIndex(where: { $0.fault.kind.side != .hub }) else { return plan }
        let rule = plan.rules[index]
        throw SettingProblem(
            "rules[\(index)] ('\(rule.id)') is of kind \(rule.fault.kind.rawValue), which strikes the \(rule.fault.kind.side.rawValue), never the hub alone"
        )
    }
}
