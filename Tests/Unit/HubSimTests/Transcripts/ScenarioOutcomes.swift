@testable import HubSim

/// What every scenario heard from the hub in this run. Each is played once, whoever asks.
actor ScenarioOutcomes {
    static let ofThisRun = ScenarioOutcomes()

    private var plays: [String: Task<[[String]], any Error>] = [:]

    /// Plays a scenario on a hub of its own, unless that has been done.
    /// - Parameter expected: what was recorded.
    /// - Returns: what was heard after each step, and, where it is not what was recorded, nothing after that.
    func heard(_ scenario: Scenario, hearing expected: [[String]]) async throws -> [[String]] {
        if let play = plays[scenario.name] { return try await play.value }
        // A task, so that others who ask meanwhile wait for the same.
        let play = Task {
            try await HubSim.withHub(.forTests) { hub in
                try await ScenarioPlayer.play(scenario, on: hub.port, hearing: expected)
            }
        }
        plays[scenario.name] = play
        return try await play.value
    }
}
