/// Where the text of settings comes from: flag before environment before `.env` file.
///
/// An empty text is unset, wherever it stands.
public struct SettingSources: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let dotEnv: DotEnvFile

    /// - Parameters:
    ///   - flags: by setting name, as the command line was read.
    ///   - environment: all variables of the process.
    ///   - dotEnv: the file in the working directory; an empty one where there is none.
    public init(flags: [String: String] = [:], environment: [String: String] = [:], dotEnv: DotEnvFile = .empty) {
        self.flags = flags
        self.environment = environment
        self.dotEnv = dotEnv
    }

    /// The text for a setting and where it stands; `nil` where nobody sets it.
    func text(for setting: SettingDescription) -> (text: String, origin: SettingOrigin)? {
        if let text = flags[setting.name], !text.isEmpty { return (text, .flag(setting.flag)) }
        if let text = environment[setting.name], !text.isEmpty { return (text, .environment(setting.name)) }
        if let entry = dotEnv.entries[setting.name], !entry.text.isEmpty {
            return (entry.text, .dotEnv(line: entry.line))
        }
        return nil
    }
}

/// Where the text of a setting stood.
public enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    case dotEnv(line: Int)

    public var description: String {
        switch self {
        case .flag(let flag): "the flag \(flag)"
        case .environment(let name): "the environment variable \(name)"
        case .dotEnv(let line): "line \(line) of .env"
        }
    }
}
