extension Scenario {
    /// All of them.
    static let all: [Scenario] =
        queues + redeclarations + bindings + exchanges + publishing + routing + consuming + settling + channels + limits
        + deadLetters + frames + handshakes + sharing + names + equivalences + deaths + illegal + settledTogether
        + found + undecodable
}
