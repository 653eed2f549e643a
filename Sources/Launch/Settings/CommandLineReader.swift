/// Reads the words after a program's name: an optional command, then an operand where it takes one, `--flag value`, `--flag=value` or `--switch`.
struct CommandLineReader {
    /// What the words ask for.
    enum Request: Equatable {
        case run(command: String?, flags: [String: String])
        case help(command: String?)
        case version
    }

    /// The settings that each command takes; the one command of a program without commands has the name `nil`.
    let commands: [(name: String?, settings: [SettingDescription])]

    func read(_ words: [String]) throws(UsageError) -> Request {
        var words = words[...]
        if words.contains("--version") { return .version }
        var command: (name: String?, settings: [SettingDescription])? = commands.first { $0.name == nil }
        if let word = words.first, !word.hasPrefix("-") {
            guard let named = commands.first(where: { $0.name == word }) else {
                throw UsageError(
                    commands.contains { $0.name != nil } ? "unknown command '\(word)'" : "unexpected argument '\(word)'"
                )
            }
            command = named
            words = words.dropFirst()
        }
        if words.contains("--help") || words.contains("-h") { return .help(command: command?.name) }
        guard let command else {
            throw UsageError("a command is missing: \(commands.compactMap(\.name).joined(separator: " or "))")
        }
        var flags: [String: String] = [:]
        while let word = words.popFirst() {
            if !word.hasPrefix("-"), let operand = command.settings.first(where: \.isOperand),
                flags[operand.name] == nil
            {
                flags[operand.name] = word
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts.first ?? "")
            guard flag.hasPrefix("--"), let setting = command.settings.first(where: { $0.flag == flag }) else {
                throw UsageError(word.hasPrefix("-") ? "unknown flag '\(flag)'" : "unexpected argument '\(word)'")
            }
            guard flags[setting.name] == nil || setting.isRepeatable else {
                throw UsageError("\(flag) is given twice")
            }
            let earlier = flags[setting.name].map { $0 + "," } ?? ""
            if parts.count == 2 {
                flags[setting.name] = earlier + parts[1]
            } else if setting.isSwitch {
                flags[setting.name] = "true"
            } else if let value = words.first, !value.hasPrefix("--") {
                flags[setting.name] = earlier + value
                words = words.dropFirst()
            } else {
                throw UsageError("\(flag) needs a value (\(setting.takes))")
            }
        }
        return .run(command: command.name, flags: flags)
    }
}
