import AMQP

extension ReplyCode {
    /// A code by the name that it has in a plan.
    init?(named name: String?) {
        guard let code = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = code
    }
}
