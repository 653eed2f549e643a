import AMQP

/// What a rule is about: the headings of `docs/hubsim-rules.md`, in its order.
enum RuleGroup: String, CaseIterable {
    case connections = "Connections"
    case channels = "Channels"
    case sharing = "Several clients or channels"
    case frames = "Frames"
    case undecodable = "Octets that cannot be decoded"
    case exchanges = "Exchanges"
    case bindings = "Bindings"
    case queues = "Queues"
    case redeclarations = "Queues declared again"
    case publishing = "Publishing"
    case routing = "Routing"
    case confirms = "Confirms"
    case transactions = "Transactions"
    case consumers = "Consumers"
    case acknowledgements = "Acknowledgements"
    case limits = "Limits of queues"
    case deadLetters = "Dead letters"
    case names = "Names"
    case time = "Time"
    case memory = "Memory and flow"
    case access = "Who may do what"
    case versions = "Versions of RabbitMQ"

    /// The lists of scenarios that are about one thing; scenarios of all other lists are told by what they say.
    private static let lists: [(RuleGroup, [Scenario])] = [
        (.connections, Scenario.handshakes), (.channels, Scenario.channels), (.sharing, Scenario.sharing),
        (.frames, Scenario.frames), (.undecodable, Scenario.undecodable), (.exchanges, Scenario.exchanges),
        (.bindings, Scenario.bindings),
        (.queues, Scenario.queues), (.redeclarations, Scenario.redeclarations + Scenario.equivalences),
        (.routing, Scenario.routing), (.consumers, Scenario.consuming), (.acknowledgements, Scenario.settling),
        (.limits, Scenario.limits), (.deadLetters, Scenario.deadLetters + Scenario.deaths), (.names, Scenario.names),
    ]

    private static let byName = Dictionary(
        lists.flatMap { group, scenarios in scenarios.map { ($0.name, group) } },
        uniquingKeysWith: { first, _ in first }
    )

    /// What a scenario is about.
    init(_ scenario: Scenario) {
        if let group = Self.byName[scenario.name] { self = group } else { self = Self(saying: scenario.methodNames) }
    }

    /// What somebody is about who says these methods: the rarest of them tells.
    private init(saying methods: [String]) {
        func says(_ prefixes: String...) -> Bool {
            methods.contains { name in prefixes.contains { name.hasPrefix($0) } }
        }
        self =
            switch true {
            case says("connection."): .connections
            case says("tx."): .transactions
            case says("confirm."): .confirms
            case says("exchange.bind", "exchange.unbind", "queue.bind", "queue.unbind"):
                says("basic.publish") ? .routing : .bindings
            case says("exchange."): says("basic.publish") ? .routing : .exchanges
            case says("basic.ack", "basic.nack", "basic.reject", "basic.recover"): .acknowledgements
            case says("basic.consume", "basic.cancel", "basic.qos"): .consumers
            case says("basic.publish"): .publishing
            case says("queue.", "basic.get"): .queues
            default: .channels
            }
    }
}

extension Scenario {
    /// The methods that its clients say, such as `queue.declare`.
    fileprivate var methodNames: [String] {
        steps.flatMap(\.frames).compactMap { frame in
            guard case .method = frame else { return nil }
            return TranscriptLine(frame.line).name
        }
    }
}
