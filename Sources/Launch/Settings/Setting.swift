/// One setting of a program, declared once: its name, what it takes, what it means and what it is without being set.
///
/// The name is that of the environment variable; the flag follows from it: `STORAGE_TIMEOUT_MS` is
/// `--storage-timeout-ms`.
///
///     static let port = Setting.integer("PORT", in: 0...65_535, default: 8000, help: "where HTTP listens; 0 takes a free port")
public struct Setting<Value: Sendable>: Sendable {
    public let description: SettingDescription
    /// The value where nobody sets one; `nil` where there is none.
    public let defaultValue: Value?
    let parse: @Sendable (String) throws(SettingProblem) -> Value

    /// Declares a setting of any type.
    ///
    /// - Parameters:
    ///   - name: in the environment's spelling.
    ///   - flag: another flag than the one that follows from the name, such as `--user` for `HUB_USER`.
    ///   - takes: stands for the value in the help: `URL`, `MS`, `HOST:PORT`.
    ///   - defaultText: the default for the help; without one, the default value as it describes itself.
    ///   - isSecret: the value is shown nowhere, not even in an error about it.
    ///   - parse: reads the text, or says what would be right (`must be …`).
    public init(
        _ name: String,
        flag: String? = nil,
        takes: String,
        default defaultValue: Value? = nil,
        defaultText: String? = nil,
        isSecret: Bool = false,
        help: String,
        parse: @escaping @Sendable (String) throws(SettingProblem) -> Value
    ) {
        description = SettingDescription(
            name: name,
            flag: flag,
            takes: takes,
            defaultText: defaultText ?? defaultValue.map { "\($0)" },
            isSecret: isSecret,
            isSwitch: Value.self == Bool.self,
            help: help
        )
        self.defaultValue = defaultValue
        self.parse = parse
    }
}

/// What can be said of a setting without its type: for the help and for reading the command line.
public struct SettingDescription: Sendable, Hashable {
    /// The environment variable.
    public let name: String
    /// What stands for the value in the help.
    public let takes: String
    public let defaultText: String?
    public let isSecret: Bool
    /// Whether the flag may stand alone, meaning `true`.
    public let isSwitch: Bool
    public let help: String

    /// The flag: `--storage-timeout-ms`.
    public let flag: String
    /// Whether a word without a flag is its value.
    public private(set) var isOperand = false

    /// The same, as what a command takes without a flag: `replay FILE`. One of a command's settings can be so.
    public var asOperand: SettingDescription {
        var operand = self
        operand.isOperand = true
        return operand
    }

    /// Whether its flag may be given several times; the values are joined with commas.
    public private(set) var isRepeatable = false

    /// The same, as a setting whose flag may be given several times.
    public var asRepeatable: SettingDescription {
        var repeatable = self
        repeatable.isRepeatable = true
        return repeatable
    }

    init(
        name: String,
        flag: String?,
        takes: String,
        defaultText: String?,
        isSecret: Bool,
        isSwitch: Bool,
        help: String
    ) {
        self.name = name
        self.flag = flag ?? "--" + name.lowercased().replacing("_", with: "-")
        self.takes = takes
        self.defaultText = defaultText
        self.isSecret = isSecret
        self.isSwitch = isSwitch
        self.help = help
    }
}

/// What is wrong with a value, as the rest of a sentence: `must be a whole number from 0 to 65535`.
public struct SettingProblem: Error, Sendable, Hashable {
    public let text: String

    public init(_ text: String) { self.text = text }
}
