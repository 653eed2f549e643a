/// A whole form: its parts in the order they were sent, the ignored ones included.
public struct Form: Sendable, Equatable {
    /// All parts. No more than ``MultipartLimits/partsMax``.
    public internal(set) var parts: [FormPart] = []

    /// The parts of that name. Two or more are a repeated field, which is the caller's to report.
    public subscript(name: String) -> [FormPart] {
        parts.filter { $0.name == name }
    }
}
