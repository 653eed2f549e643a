import FaultPlan
import FoundationEssentials
import JSON
import Launch

/// What shall go wrong, as the command line says it: a plan in a file, rules in short form, and the seed of both.
public struct FaultSettings: Sendable {
    /// Which kinds a program can carry out. Others could never fire there, and are refused.
    private let sides: Set<FaultKind.Side>
    private let file: Setting<FaultPlan>
    private let shortForm: Setting<FaultPlan>
    private let seed: Setting<Int>

    /// For a hub alone.
    public static let hub = FaultSettings([.hub])
    /// For a storage whose hub is elsewhere.
    public static let storage = FaultSettings([.storageHub, .storageAssets])
    /// For both in one process.
    public static let both = FaultSettings([.storageHub, .storageAssets, .hub])

    public init(_ sides: Set<FaultKind.Side>) {
        self.sides = sides
        file = Setting<FaultPlan>("FAULTS", takes: "FILE", help: "a fault plan in JSON (docs/faults.md)") {
            path throws(SettingProblem) in try Self.check(Self.read(path), sides)
        }
        let example = sides == [.hub] ? "queue=q,nth=3:close_channel" : "get_image:delay:200ms"
        shortForm = Setting<FaultPlan>(
            "FAULT",
            takes: "RULES",
            help:
                "fault rules in short form, such as '\(example)'; after those of FAULTS. A rule is MATCH:KIND and any of :200ms :1/10 (chance) :x3 (times, then it ends) :MODE :name=value; MATCH is * or terms with commas between: an operation, field=pattern, nth=3 (or 3.., 3..5), at=PHASE, id=NAME"
        ) { text throws(SettingProblem) in
            let plan: FaultPlan
            do throws(ShortFormError) {
                plan = try FaultPlan(shortForm: text)
            } catch {
                throw SettingProblem("has a mistake \(error)")
            }
            return try Self.check(plan, sides)
        }
        seed = Setting<Int>.integer(
            "SEED",
            in: 0...Int.max,
            help: "where the chances of all fault rules come from; in place of the seed in FAULTS"
        )
    }

    /// For the help.
    public var all: [SettingDescription] { [file.description, shortForm.description, seed.description] }

    /// Both together, the file's rules first.
    public func plan(_ values: SettingValues) throws(UsageError) -> FaultPlan {
        var plan = try values.optional(file) ?? .none
        let further = try values.optional(shortForm)?.rules ?? []
        if let twice = further.first(where: { rule in plan.rules.contains { $0.id == rule.id } }) {
            throw UsageError("FAULT has a rule '\(twice.id)', and so has the plan in FAULTS")
        }
        plan.rules += further
        if let seed = try values.optional(seed) { plan.seed = UInt64(seed) }
        return plan
    }

    /// The seed that was given, or that of the plan that was; nil where neither was.
    public func givenSeed(_ values: SettingValues) throws(UsageError) -> UInt64? {
        let (file, rules) = (try values.optional(file), try values.optional(shortForm))
        let seed = try values.optional(seed)
        return file == nil && rules == nil && seed == nil ? nil : try plan(values).seed
    }

    /// What a program says at its start, always: with this seed and the same requests, the same goes wrong again.
    public static func note(_ plan: FaultPlan) -> ReadyNote {
        let rules = plan.rules.count == 1 ? "1 fault rule" : "\(plan.rules.count) fault rules"
        return ReadyNote(name: "seed", value: "\(plan.seed) (\(rules))")
    }

    private static func read(_ path: String) throws(SettingProblem) -> FaultPlan {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw SettingProblem("must be a file that can be read")
        }
        do {
            return try FaultPlan(JSONValue(parsing: Array(data), refusingRepeatedKeys: true))
        } catch {
            throw SettingProblem("holds no fault plan: \(error)")
        }
    }

    /// A rule of another side could never fire here.
    private static func check(_ plan: FaultPlan, _ sides: Set<FaultKind.Side>) throws(SettingProblem) -> FaultPlan {
        guard let index = plan.rules.firstIndex(where: { !sides.contains($0.fault.kind.side) }) else { return plan }
        let (rule, kind) = (plan.rules[index], plan.rules[index].fault.kind)
        let here = sides == [.hub] ? "the hub" : "the storage side"
        throw SettingProblem(
            "rules[\(index)] ('\(rule.id)') is of kind \(kind.rawValue), which strikes the \(kind.side.rawValue), never \(here) alone"
        )
    }
}
