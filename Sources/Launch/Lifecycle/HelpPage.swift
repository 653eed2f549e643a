/// What `--help` prints.
struct HelpPage {
    let program: Program
    /// The command that help was asked for; `nil` for all.
    let command: String?

    var text: String {
        let shown = command == nil ? program.commands : program.commands.filter { $0.name == command }
        var text = "\(program.name) \(Version.current): \(program.summary)\n"
        for command in shown {
            text +=
                "\nUsage: \(program.name) \(command.name.map { $0 + " " } ?? "")\(Self.operand(of: command))[--flag value …]\n"
            if !command.summary.isEmpty { text += "  \(command.summary)\n" }
            text += "\n" + command.allSettings.map(Self.line).joined()
        }
        text += """

            Each flag is also an environment variable and a line of a .env file in the working directory;
            the flag counts before the environment, the environment before .env. An empty value is unset.
            --help and --version say what they say and exit.

            """
        return text
    }

    private static func operand(of command: Command) -> String {
        command.settings.first(where: \.isOperand).map { $0.takes + " " } ?? ""
    }

    private static func line(_ setting: SettingDescription) -> String {
        let usage = setting.isSwitch ? setting.flag : "\(setting.flag) \(setting.takes)"
        let fallback = setting.defaultText.flatMap { $0.isEmpty ? nil : " (default \($0))" } ?? ""
        return "  \(usage)\n      \(setting.name): \(setting.help)\(fallback)\n"
    }
}
