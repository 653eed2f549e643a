/// The settings of one start, read where they are asked for.
///
///     let port = try values[ServiceSettings.port]            // the default where nobody sets it
///     let url = try values.optional(ServiceSettings.hubURL)  // nil where nobody sets it and it has no default
public struct SettingValues: Sendable {
    private let sources: SettingSources

    public init(_ sources: SettingSources) { self.sources = sources }

    /// The value of a setting that has a default. Throws where a text is set that is malformed or out of range.
    public subscript<Value>(_ setting: Setting<Value>) -> Value {
        get throws(UsageError) {
            guard let value = try optional(setting) else {
                throw UsageError(
                    "\(setting.description.name) must be set (\(setting.description.flag)): \(setting.description.help)"
                )
            }
            return value
        }
    }

    /// The value of a setting; `nil` where nobody sets it and it has no default.
    public func optional<Value>(_ setting: Setting<Value>) throws(UsageError) -> Value? {
        guard let (text, origin) = sources.text(for: setting.description) else { return setting.defaultValue }
        do {
            return try setting.parse(text)
        } catch {
            throw Self.refusal(of: setting.description, text, origin, because: error.text)
        }
    }

    /// Whether anybody sets it.
    public func isSet<Value>(_ setting: Setting<Value>) -> Bool { sources.text(for: setting.description) != nil }

    /// Why the value that is set cannot be used, where only its use could tell: the same line as for a malformed one.
    public func refusal<Value>(of setting: Setting<Value>, because problem: String) -> UsageError {
        guard let (text, origin) = sources.text(for: setting.description) else {
            return UsageError("\(setting.description.name) (\(setting.description.flag)) \(problem)")
        }
        return Self.refusal(of: setting.description, text, origin, because: problem)
    }

    private static func refusal(
        of setting: SettingDescription,
        _ text: String,
        _ origin: SettingOrigin,
        because problem: String
    ) -> UsageError {
        let shown = setting.isSecret ? "(hidden)" : "'\(onOneLine(text))'"
        return UsageError("\(setting.name) is \(shown) (from \(origin)), but \(problem)")
    }

    private static func onOneLine(_ text: String) -> String {
        let short = text.unicodeScalars.count > 200 ? String(text.prefix(200)) + "…" : text
        return String(
            String.UnicodeScalarView(short.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })
        )
    }
}

/// The program was called in a way that it does not understand: one line for standard error, exit status 64.
public struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
