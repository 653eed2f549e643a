/// The path of a route, as a template.
///
/// `/api/v2/images/{image_id}` has one parameter; `/api/v2/images[/]` answers alike with and without the slash.
/// A parameter takes exactly one segment, which is never empty, `.` or `..`.
public struct RoutePath: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// One segment between slashes.
    enum Segment: Sendable, Hashable {
        /// This text and no other.
        case literal(String)
        /// Any text, kept under this name.
        case parameter(String)
    }

    /// Whether the path ends in a slash.
    enum TrailingSlash: Sendable, Hashable {
        case required
        case absent
        case optional
    }

    let segments: [Segment]
    let trailingSlash: TrailingSlash
    /// The template without the mark of the optional slash: `/api/v2/images/{image_id}`.
    public let description: String

    /// Reads a template. It is part of the program, so a wrong one is a programmer's mistake.
    public init(stringLiteral template: String) {
        var rest = Substring(template)
        precondition(rest.first == "/", "Cannot route \(template): a path starts with a slash")
        if rest.hasSuffix("[/]") {
            rest = rest.dropLast(3)
            trailingSlash = .optional
        } else if rest.hasSuffix("/"), rest.count > 1 {
            rest = rest.dropLast()
            trailingSlash = .required
        } else {
            trailingSlash = .absent
        }
        description = trailingSlash == .required ? rest + "/" : String(rest)
        segments = rest.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .filter { !$0.isEmpty || rest.count > 1 }
            .map { part in
                part.hasPrefix("{") && part.hasSuffix("}")
                    ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
            }
    }

    /// Whether the request's path is one of this route.
    func matches(_ path: RequestPath) -> Bool {
        guard path.segments.count == segments.count else { return false }
        switch trailingSlash {
        case .required where !path.hasTrailingSlash: return false
        case .absent where path.hasTrailingSlash: return false
        case .required, .absent, .optional: break
        }
        return zip(segments, path.segments).allSatisfy { segment, text in
            switch segment {
            case .literal(let literal): literal == text
            case .parameter: true
            }
        }
    }

    /// The parameters' values in a path that matches.
    func parameters(of path: RequestPath) -> [String: String] {
        var parameters: [String: String] = [:]
        for case (.parameter(let name), let text) in zip(segments, path.segments) { parameters[name] = text }
        return parameters
    }
}
