import FoundationEssentials
import HubSim
import JSON
import Launch

/// Who may log in, what there is from the beginning, and what the hub is taken for.
extension HubSettings {
    static let users = Setting<[HubUser]>(
        // Not USER: that is whoever is logged in to the machine.
        "HUB_USER",
        flag: "--user",
        takes: "NAME:PASSWORD,…",
        defaultText: "guest:guest",
        isSecret: true,
        help: "who may log in and do everything"
    ) { text throws(SettingProblem) in
        var users: [HubUser] = []
        var names: Set<[UInt8]> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let colon = part.firstIndex(of: ":"), colon != part.startIndex,
                part.index(after: colon) < part.endIndex
            else { throw SettingProblem("must be NAME:PASSWORD, or several of these with commas between them") }
            guard names.insert(Array(part[..<colon].utf8)).inserted else {
                throw SettingProblem("must name every user once, not '\(part[..<colon])' twice")
            }
            users.append(HubUser(name: String(part[..<colon]), password: String(part[part.index(after: colon)...])))
        }
        return users
    }

    static let vhosts = Setting<[String]>(
        "VHOST",
        takes: "NAME,…",
        defaultText: "/",
        help: "the vhosts"
    ) { text throws(SettingProblem) in
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard !names.contains("") else {
            throw SettingProblem("must be a vhost's name, or several with commas between them")
        }
        var known: Set<[UInt8]> = []
        if let twice = names.first(where: { !known.insert(Array($0.utf8)).inserted }) {
            throw SettingProblem("must name every vhost once, not '\(twice)' twice")
        }
        return names
    }

    static let definitions = Setting<String>.path(
        "DEFINITIONS",
        help: "users, vhosts, permissions, exchanges, queues, bindings and policies, as RabbitMQ exports them (JSON)"
    )

    static let personality = Setting<Personality>(
        "PERSONALITY",
        takes: Personality.named.map(\.name).joined(separator: "|"),
        default: .rabbitMQ310,
        defaultText: "rabbitmq-3.10",
        help: "which RabbitMQ the hub is taken for, where versions differ to a client"
    ) { text throws(SettingProblem) in
        guard let known = Personality.named.first(where: { $0.name == text }) else {
            throw SettingProblem("must be one of \(Personality.named.map(\.name).joined(separator: ", "))")
        }
        return known.personality
    }

    static let accessSettings = [users.description, vhosts.description, definitions.description]

    static func readAccess(_ values: SettingValues, into configuration: inout HubConfiguration) throws(UsageError) {
        if let users = try values.optional(users) { configuration.users = users }
        if let vhosts = try values.optional(vhosts) { configuration.virtualHosts = vhosts }
        guard let file = try values.optional(definitions) else { return }
        guard let text = FileManager.default.contents(atPath: file) else {
            throw UsageError("DEFINITIONS (--definitions) is '\(file)', but it cannot be read")
        }
        do throws(InvalidFields) {
            configuration.definitions = try Definitions(json: Array(text))
        } catch {
            throw UsageError("DEFINITIONS (--definitions) is '\(file)', but \(error)")
        }
    }
}
