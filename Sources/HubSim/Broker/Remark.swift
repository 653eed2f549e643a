/// Something that whoever runs the hub should know, for the log and not for a client.
package enum Remark: Sendable, Equatable {
    /// A queue of another type was asked for; it is kept as a classic one.
    case keptAsClassic(queue: String, type: String)
    /// A queue was declared with arguments that are taken and have no effect.
    case argumentsWithoutEffect(queue: String, names: [String])
}
