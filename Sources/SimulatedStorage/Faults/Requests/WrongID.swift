/// Another id in the place of the right one.
struct WrongID: Sendable, Equatable {
    /// Which one.
    enum Mode: String, Sendable {
        /// One that nobody has.
        case random
        /// None at all.
        case missing
        /// The right one with its letters in the other case.
        case recased
        /// That of another request: the last other one that came and is not answered, or else that came at all.
        case otherInFlight = "other_in_flight"
    }

    private let mode: Mode
    private let draw: UInt64

    /// - Parameter draw: where a random one comes from.
    init(mode: String?, draw: UInt64) {
        self.mode = mode.flatMap(Mode.init(rawValue:)) ?? .random
        self.draw = draw
    }

    /// What takes the place of `id`; nil for nothing. It is never `id` itself: where the mode gives that (an id without
    /// letters, no other request), the random one is taken.
    func replacement(of id: String, otherInFlight: String?) -> String? {
        let random = IDSource.uuid(draw, ~draw)
        switch mode {
        case .missing: return nil
        case .random: return random
        case .recased:
            let recased = id.map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined()
            return recased == id ? random : recased
        case .otherInFlight: return otherInFlight ?? random
        }
    }
}
