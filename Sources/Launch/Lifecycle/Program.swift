import Files
import FoundationEssentials
import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A program of this house, from its arguments to its exit status.
///
///     @main struct App {
///         static func main() async {
///             await Program("HubSimServer", summary: "…", commands: [Command(settings: [port]) { … }]).main()
///         }
///     }
///
/// Exit statuses: 0 after a clean stop, 64 for bad usage (a value that cannot be read included), 1 when the program
/// could not start or go on, or that of an `ExitStatus`.
public struct Program: Sendable {
    public let name: String
    public let summary: String
    public let commands: [Command]

    public init(_ name: String, summary: String, commands: [Command]) {
        self.name = name
        self.summary = summary
        self.commands = commands
    }

    /// Reads the process's arguments, runs, and ends the process.
    public func main() async -> Never {
        StandardStream.ignoreBrokenPipes()
        let status = await run(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment,
            folder: FileManager.default.currentDirectoryPath
        )
        exit(status)
    }

    private func run(arguments: [String], environment: [String: String], folder: String) async -> Int32 {
        do {
            switch try request(in: arguments) {
            case .version:
                StandardStream.output.write(Array("\(name) \(Version.current)\n".utf8))
            case .help(let command):
                StandardStream.output.write(Array(HelpPage(program: self, command: command).text.utf8))
            case .run(let commandName, let flags):
                guard let command = commands.first(where: { $0.name == commandName }) else {
                    preconditionFailure("Cannot run a command that is not there")
                }
                let sources = SettingSources(
                    flags: flags,
                    environment: environment,
                    dotEnv: try DotEnvFile.load(inFolder: folder)
                )
                try await run(command, with: SettingValues(sources))
            }
            return 0
        } catch let error as UsageError {
            Self.complain("\(name): \(error)\n")
            return 64
        } catch let status as ExitStatus {
            if let message = status.message { Self.complain("\(name): \(message)\n") }
            return status.code
        } catch {
            Self.complain("\(name): \(error)\n")
            return 1
        }
    }

    /// What the arguments ask for. A mistake in them also says where help is, because there is no value to mend.
    private func request(in arguments: [String]) throws(UsageError) -> CommandLineReader.Request {
        do {
            return try CommandLineReader(commands: commands.map { ($0.name, $0.allSettings) }).read(arguments)
        } catch {
            throw UsageError("\(error); see \(name) --help")
        }
    }

    private func run(_ command: Command, with values: SettingValues) async throws {
        let level = try values[CommonSettings.logLevel]
        let format = try values[CommonSettings.logFormat]
        LoggingSystem.bootstrap { label in LogOutput.handler(label: label, level: level, format: format) }
        let readyFile = try values.optional(CommonSettings.readyFile)
        if let readyFile, !ReadyFile(path: readyFile).canBeWritten {
            throw values.refusal(of: CommonSettings.readyFile, because: "it cannot be written there")
        }
        let launch = Launch(program: name, logger: Logger(label: name), readyFile: readyFile)
        try await command.body(values, launch)
    }

    /// One line on standard error.
    static func complain(_ line: String) {
        StandardStream.error.write(Array(line.utf8))
    }
}

/// What a program can be told to do.
public struct Command: Sendable {
    /// The word after the program's name; `nil` for a program that does one thing.
    public let name: String?
    public let summary: String
    /// The command's own settings; the common ones come to them.
    public let settings: [SettingDescription]
    let body: @Sendable (SettingValues, Launch) async throws -> Void

    /// - Parameter body: reads its settings, builds its services and runs them with `Launch.run`.
    public init(
        _ name: String? = nil,
        summary: String = "",
        settings: [SettingDescription],
        body: @escaping @Sendable (SettingValues, Launch) async throws -> Void
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.body = body
    }

    var allSettings: [SettingDescription] { settings + CommonSettings.all }
}

/// The settings of every program.
public enum CommonSettings {
    public static let logLevel = Setting<Logger.Level>.choice(
        "LOG_LEVEL",
        default: .info,
        help: "the least important messages to log"
    )
    public static let logFormat = Setting<LogFormat>.choice(
        "LOG_FORMAT",
        default: .text,
        help: "how log lines on standard error look; json = one object a line"
    )
    public static let readyFile = Setting<String>.path(
        "READY_FILE",
        help: "write one JSON line with every bound address here once ready"
    )

    static let all = [logLevel.description, logFormat.description, readyFile.description]
}
