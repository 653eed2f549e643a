import ConformanceChecks
import DeploymentSettings
import Files
import FoundationEssentials
import HubProtocol
import Launch
import MessageHub
import SimulatedStorage

/// What the checker can be told (contract §6).
struct ConformanceSettings {
    static let hubURL = Setting<HubURL>(
        "MESSAGE_HUB_URL",
        flag: "--hub",
        takes: "URL",
        isSecret: true,
        help: "the hub that the service consumes: amqp://user:pass@host:5672/vhost or amqps://…"
    ) { text throws(SettingProblem) in
        do throws(HubURLError) {
            return try HubURL(text)
        } catch {
            throw SettingProblem("must be an amqp:// or amqps:// URL: \(error.description)")
        }
    }
    static let hubListen = Setting<ListenAddress>.listenAddress(
        "HUB_LISTEN",
        help: "host the hub here instead, and wait for the service to consume its queue"
    )
    static let storageURL = Setting<String>(
        "STORAGE_SERVICE_URL",
        flag: "--storage",
        takes: "URL",
        help: "base URL of the asset API; what the service announces where it is not set"
    ) { text throws(SettingProblem) in
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw SettingProblem("must be a URL that starts with http:// or https://")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
    static let profile = names("PROFILE", takes: "NAME", help: "check these profiles only: \(profileNames)")
    static let only = names("ONLY", takes: "ID", help: "run these checks only, by their id or that of a sentence")
    static let skip = names("SKIP", takes: "ID", help: "leave these checks out, by their id or that of a sentence")
    static let baseline = Setting<String>.path("BASELINE", help: "failures that are known, with their messages (JSON)")
    static let junit = Setting<String>.path("JUNIT", help: "write a report as JUnit XML here")
    static let json = Setting<String>.path("JSON", help: "write a report as JSON here")
    static let html = Setting<String>.path("HTML", help: "write a report as one HTML page here")
    static let restart = Setting<String>.text(
        "RESTART_COMMAND",
        takes: "CMD",
        help: "ends the service, starts it again in the background and returns (/bin/sh); else nothing is restarted"
    )
    static let timeoutMs = Setting<Int>.integer(
        "TIMEOUT_MS",
        takes: "MS",
        in: 50...600_000,
        default: 5000,
        help: "the longest that a reply, an event or an answer may take"
    )
    static let quietMs = Setting<Int>.integer(
        "QUIET_MS",
        takes: "MS",
        in: 0...60_000,
        default: 150,
        help: "how long nothing must come, after a barrier, where there must be no second one"
    )
    static let deadlineSeconds = Setting<Int>.integer(
        "DEADLINE_SECONDS",
        takes: "S",
        in: 1...86_400,
        default: 300,
        help: "the longest that all checks may take"
    )
    static let waitSeconds = Setting<Int>.integer(
        "WAIT_SECONDS",
        takes: "S",
        in: 0...86_400,
        help: "how long to wait for a service to consume the queue (default 0, and 60 with --hub-listen)"
    )
    static let littleRoom = Setting<Bool>.flag(
        "LITTLE_ROOM",
        help: "the service has little room and may be filled up: up to 1000 images, and 64 MiB of assets"
    )
    static let parallel = Setting<Int>.integer(
        "PARALLEL",
        in: 1...64,
        default: 12,
        help: "how many checks are under way at a time"
    )
    static let list = Setting<Bool>.flag("LIST", help: "print the checks and their sentences, and run none")
    static let selfTest = Setting<Bool>.flag(
        "SELF_TEST",
        help: "run all checks against the simulator's broken and legal modes instead, and print which check kills which"
    )
    static let mode = names("MODE", takes: "NAME", help: "with --self-test: these modes of the simulator only")

    static let all = [
        hubURL.description, hubListen.description, storageURL.description, DeploymentSettings.storageToken.description,
        DeploymentSettings.exchange.description, DeploymentSettings.queue.description,
        profile.description.asRepeatable, only.description.asRepeatable, skip.description.asRepeatable,
        baseline.description, junit.description, json.description, html.description, restart.description,
        timeoutMs.description, quietMs.description, deadlineSeconds.description, waitSeconds.description,
        littleRoom.description,
        parallel.description, list.description, selfTest.description, mode.description.asRepeatable,
    ]

    enum HubChoice {
        case hosted(ListenAddress)
        case remote(HubURL)
    }

    /// What it is to do.
    enum Task {
        case check(HubChoice)
        case list
        case selfTest([StorageMode])
    }

    let task: Task
    let topology: Topology
    let storageURL: String?
    let token: String?
    let checks: [Check]
    let baseline: Baseline
    let reports: ReportFiles
    /// Where the self-test writes the known mistakes.
    let knownMistakesPath: String?
    let restartCommand: String?
    let hasLittleRoom: Bool
    let options: RunOptions

    init(_ values: SettingValues) throws(UsageError) {
        topology = Topology(
            exchange: try values[DeploymentSettings.exchange],
            queue: try values[DeploymentSettings.queue]
        )
        storageURL = try values.optional(Self.storageURL)
        token = try values.optional(DeploymentSettings.storageToken)
        checks = try Self.checks(values)
        baseline = try Self.baseline(values)
        let json = try Self.reportPath(Self.json, values)
        reports = ReportFiles(
            junit: try Self.reportPath(Self.junit, values),
            json: json,
            html: try Self.reportPath(Self.html, values)
        )
        knownMistakesPath = json
        restartCommand = try values.optional(Self.restart)
        hasLittleRoom = try values[Self.littleRoom]
        let listen = try values.optional(Self.hubListen)
        var options = RunOptions()
        options.timeoutMs = try values[Self.timeoutMs]
        options.quietMs = try values[Self.quietMs]
        options.deadlineSeconds = try values[Self.deadlineSeconds]
        options.waitSeconds = try values.optional(Self.waitSeconds) ?? (listen == nil ? 0 : 60)
        options.checksAtATime = try values[Self.parallel]
        self.options = options
        if try values[Self.list] {
            task = .list
        } else if try values[Self.selfTest] {
            task = .selfTest(try Self.modes(values))
        } else if try values.optional(Self.mode) != nil {
            throw values.refusal(of: Self.mode, because: "it is for --self-test; the service under test has no modes")
        } else {
            switch (listen, try values.optional(Self.hubURL)) {
            case (let listen?, nil): task = .check(.hosted(listen))
            case (nil, let url?): task = .check(.remote(url))
            case (nil, nil):
                throw UsageError("MESSAGE_HUB_URL must be set (--hub), or --hub-listen to host the hub here")
            case (_?, _?): throw UsageError("MESSAGE_HUB_URL and HUB_LISTEN are both set; one hub is enough")
            }
        }
    }

    private static var profileNames: String { Profile.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func names(_ name: String, takes: String, help: String) -> Setting<[String]> {
        Setting(name, takes: takes, help: help + "; several, by commas or by repeating the flag") {
            text throws(SettingProblem) in
            let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard !names.contains("") else { throw SettingProblem("must be names, separated by commas") }
            return names
        }
    }

    private static func checks(_ values: SettingValues) throws(UsageError) -> [Check] {
        var selection = Selection(
            only: try values.optional(only) ?? [],
            skip: try values.optional(skip) ?? []
        )
        for name in try values.optional(profile) ?? [] {
            guard let profile = Profile(rawValue: name) else {
                throw values.refusal(of: Self.profile, because: "'\(name)' is no profile; there are \(profileNames)")
            }
            selection.profiles.append(profile)
        }
        if let name = selection.unknown.first {
            let setting = selection.only.contains(name) ? only : skip
            throw values.refusal(
                of: setting,
                because: "'\(name)' is neither a check nor a sentence that one is for (--list)"
            )
        }
        return selection.apply(to: Catalogue.checks)
    }

    /// Where a report is to go. One that cannot be written there is better said before the run than after it.
    private static func reportPath(
        _ setting: Setting<String>,
        _ values: SettingValues
    ) throws(UsageError) -> String? {
        guard let path = try values.optional(setting) else { return nil }
        do throws(OutputFileError) {
            try FileReplacement(path: path).check()
        } catch {
            throw values.refusal(of: setting, because: "\(error)")
        }
        return path
    }

    private static func modes(_ values: SettingValues) throws(UsageError) -> [StorageMode] {
        guard let names = try values.optional(mode) else { return StorageMode.legal + StorageMode.broken }
        var modes: [StorageMode] = []
        for name in names {
            guard let mode = StorageMode.named(name) else {
                throw values.refusal(of: Self.mode, because: "'\(name)' is no mode (docs/modes.md)")
            }
            modes.append(mode)
        }
        return modes
    }

    private static func baseline(_ values: SettingValues) throws(UsageError) -> Baseline {
        guard let path = try values.optional(baseline) else { return .none }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw values.refusal(of: baseline, because: "it cannot be read")
        }
        do throws(BaselineError) {
            return try Baseline(parsing: Array(data))
        } catch {
            throw values.refusal(of: baseline, because: "\(error)")
        }
    }
}
