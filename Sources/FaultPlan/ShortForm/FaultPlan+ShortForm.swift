import JSON

/// Plans for the command line.
///
///     get_image:delay:200ms                     every get_image waits 200 ms
///     create_image:crash                        the first sight of create_image kills storage, and every further one
///     *:drop_message:1/10                       one message in ten is lost
///     queue=q,nth=3:close_channel:code=406      the third publish to q costs its channel
///
/// The grammar, in which `{…}` may come any number of times:
///
///     plan     = rule { ";" rule }
///     rule     = match ":" kind { ":" setting }
///     match    = "*" | term { "," term }
///     term     = pattern                        the operation
///              | field "=" pattern              operation, image_id, name, type, theme, route, queue, routing_key, connection
///              | "nth=" N [ ".." [ N ] ]        the N-th alone; from the N-th on; from one to the other
///              | "at=" point | "id=" text
///     setting  = N ("ms" | "s" | "m")           how long
///              | N "/" N                        with this chance
///              | "x" N                          so often, then the rule ends
///              | parameter "=" value            any parameter of the kind; also ttl_ms
///              | mode                           one of the kind's modes
///
/// A pattern knows `*` and `?`. A backslash takes the meaning from the character after it: `connection=host\:5000*`.
/// Rules without an `id` are called by their kind and number: `delay-1`.
extension FaultPlan {
    /// Reads the short form. Throws with the place of the first mistake.
    public init(shortForm text: String, seed: UInt64 = 0) throws(ShortFormError) {
        let pieces = ShortFormPiece(text).split(";")
        var rules: [JSONValue] = []
        var places: [String: Int] = [:]
        for (index, piece) in pieces.enumerated() {
            var rule = ShortFormRule(number: index + 1)
            do throws(ShortFormError) {
                try rule.read(piece)
            } catch {
                throw ShortFormError(text: text, offset: error.offset, reason: error.reason)
            }
            rules.append(rule.json)
            for (path, offset) in rule.places { places["rules[\(index)].\(path)"] = offset }
            places["rules[\(index)]"] = piece.offset
        }
        do throws(InvalidFields) {
            self = try FaultPlan(["rules": .array(rules)])
            self.seed = seed
        } catch {
            let problem = error.problems.first
            let path = problem?.path ?? ""
            throw ShortFormError(
                text: text,
                offset: Self.place(of: path, in: places),
                reason:
                    "\(path.split(separator: ".").last.map(String.init) ?? "it") \(problem?.message ?? "is no plan")"
            )
        }
    }

    /// Where the value of a path stands, or else what it is a part of.
    private static func place(of path: String, in places: [String: Int]) -> Int {
        var names = path.split(separator: ".")
        while !names.isEmpty {
            if let offset = places[names.joined(separator: ".")] { return offset }
            names.removeLast()
        }
        return 0
    }
}

/// A mistake in the short form of a plan, and where it is.
public struct ShortFormError: Error, Sendable, Hashable, CustomStringConvertible {
    public let text: String
    /// In characters from the beginning, the first being 0.
    public let offset: Int
    public let reason: String

    /// `at 14 of 'get_image:delya': …`, counted from 1 as people do.
    public var description: String { "at \(offset + 1) of '\(text)': \(reason)" }
}
