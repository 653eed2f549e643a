import AMQP

/// Says what a scenario says, and listens.
struct ScenarioPlayer {
    /// How long a silence means that a hub has said all: nothing on the wire does. Only recording hangs on it.
    private static let silence = Duration.milliseconds(400)
    /// The same before a client has logged in: RabbitMQ lets one that it does not trust wait for three seconds.
    private static let longSilence = Duration.milliseconds(3500)
    /// How long an answer that was recorded is waited for before it counts as missing.
    private static let patience = Duration.seconds(60)

    private var clients: [String: RawClient] = [:]
    /// Whom the server has closed or is no longer listening to.
    private var closed: Set<String> = []
    /// Who began with nothing said, and may not have logged in.
    private var silent: Set<String> = []

    /// Plays a scenario.
    /// - Parameter expected: what was heard after each step; nil: listen until there is silence.
    /// - Returns: what was heard after each step, and, where it is not what was expected, nothing after that.
    static func play(
        _ scenario: Scenario,
        on port: Int,
        hearing expected: [[String]]? = nil
    ) async throws -> [[String]] {
        var player = ScenarioPlayer()
        for (name, client) in scenario.clients.sorted(by: { $0.key < $1.key }) {
            player.clients[name] =
                switch client {
                case .ready: try await RawClient.withChannel(port: port)
                case .withoutCapabilities:
                    try await RawClient.withChannel(port: port, properties: ["capabilities": [:]])
                case .silent: try await RawClient(port: port)
                }
            if case .silent = client { player.silent.insert(name) }
        }
        let heard: [[String]]
        do {
            heard = try await player.play(scenario, hearing: expected)
        } catch {
            for client in player.clients.values { await client.close() }
            throw error
        }
        for (name, client) in player.clients {
            if player.silent.contains(name) {
                await client.close()
            } else {
                try await client.leave(isClosed: player.closed.contains(name))
            }
        }
        return heard
    }

    /// Removes from a hub what scenarios make.
    static func clean(_ port: Int) async throws {
        let client = try await RawClient.withChannel(port: port)
        for step in Scenario.clean {
            try await client.send(frames: step.frames)
            _ = try await client.next()
        }
        try await client.leave(isClosed: false)
    }

    private mutating func play(_ scenario: Scenario, hearing expected: [[String]]?) async throws -> [[String]] {
        var heard: [[String]] = []
        for (index, step) in scenario.steps.enumerated() {
            guard let client = clients[step.client], !closed.contains(step.client) else { break }
            if step.hasHeader { try await client.sendHeader() }
            if !step.frames.isEmpty { try await client.send(frames: step.frames) }
            if !step.octets.isEmpty { try await client.send(bytes: step.octets) }
            if let expected {
                guard index < expected.count else { break }
                heard.append(try await listen(for: expected[index]))
                if heard[index] != expected[index] { return heard }
                let next = scenario.steps.dropFirst(index + 1).first?.client ?? step.client
                if next != step.client, expected[index].isEmpty, step.octets.isEmpty { try await settle(step.client) }
            } else {
                let isLast = index == scenario.steps.count - 1
                heard.append(try await listen(isLast && silent.contains(step.client) ? Self.longSilence : Self.silence))
            }
        }
        if let extra = try await listenToTheRest() { heard.append(extra) }
        return heard
    }

    /// Hears everybody until all are silent.
    private mutating func listen(_ silence: Duration) async throws -> [String] {
        var lines: [String] = []
        for (name, client) in clients.sorted(by: { $0.key < $1.key }) {
            var events: [RawClient.Event] = []
            // The one who spoke is heard until there is silence; by then the others have what came of it.
            while !closed.contains(name), let event = try await client.next(within: silence) {
                events.append(event)
                note(event, of: name)
            }
            lines += Self.lines(events, of: name)
        }
        return lines
    }

    /// Hears from everybody as much as is expected.
    private mutating func listen(for expected: [String]) async throws -> [String] {
        var lines: [String] = []
        for (name, client) in clients.sorted(by: { $0.key < $1.key }) {
            let count = expected.count { Self.speaker(of: $0) == name }
            var events: [RawClient.Event] = []
            while events.count < count, !closed.contains(name),
                let event = try await client.next(within: Self.patience)
            {
                events.append(event)
                note(event, of: name)
            }
            lines += Self.lines(events, of: name)
        }
        return lines
    }

    /// Waits until the hub has done what a client said that has no answer: between connections there is no order.
    private func settle(_ name: String) async throws {
        guard let client = clients[name], !silent.contains(name), !closed.contains(name) else { return }
        for method: AMQP.Method in [.channelOpen, .channelClose(ChannelClose(replyCode: 200, replyText: "settled"))] {
            try await client.send(method, channel: 98)
            // Only the answer can come: nothing was expected.
            _ = try await client.next(within: Self.patience)
        }
    }

    /// Makes sure that nothing else comes: asks on a channel of its own, and the answer must be the next thing.
    private mutating func listenToTheRest() async throws -> [String]? {
        for (name, client) in clients.sorted(by: { $0.key < $1.key })
        where !closed.contains(name) && !silent.contains(name) {
            try await client.send(.channelOpen, channel: 99)
            guard let event = try await client.next(within: Self.patience) else { continue }
            note(event, of: name)
            if event != .frame(.method(channel: 99, .channelOpenOk)) { return Self.lines([event], of: name) }
        }
        return nil
    }

    private mutating func note(_ event: RawClient.Event, of name: String) {
        switch event {
        case .frame(.method(_, .connectionClose)), .frame(.method(_, .connectionCloseOk)), .protocolHeader, .end:
            closed.insert(name)
        case .frame: break
        }
    }

    /// What a client heard, channel by channel: between channels there is no order.
    private static func lines(_ events: [RawClient.Event], of name: String) -> [String] {
        let prefix = name == "a" ? "" : "\(name): "
        var channels: [UInt16: [String]] = [:]
        for event in events {
            if case .frame(let frame) = event {
                channels[frame.channel, default: []].append(prefix + frame.line)
            } else {
                channels[.max, default: []].append(prefix + "\(event)")
            }
        }
        return channels.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private static func speaker(of line: String) -> String {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")),
            line.utf8.distance(from: line.startIndex, to: colon) == 1
        else { return "a" }
        return String(line[..<colon])
    }
}
