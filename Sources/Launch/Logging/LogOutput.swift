import Files
import FoundationEssentials
import JSON
import Logging

/// How log lines look (`LOG_FORMAT`).
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// For people.
    case text
    /// One JSON object a line: `time`, `level`, `logger`, `message` and the metadata under `fields`.
    case json
}

/// Where log lines go: standard error.
enum LogOutput {
    static func handler(label: String, level: Logger.Level, format: LogFormat) -> any LogHandler {
        switch format {
        case .text:
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        case .json:
            return JSONLogHandler(label: label, logLevel: level) { line in StandardStream.error.write(line) }
        }
    }
}

/// Writes each log entry as one JSON object on one line.
struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable ([UInt8]) -> Void

    init(label: String, logLevel: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.label = label
        self.logLevel = logLevel
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var line: [String: JSONValue] = [
            "time": .string(time),
            "level": .string(event.level.rawValue), "logger": .string(label), "message": .string("\(event.message)"),
        ]
        if !fields.isEmpty { line["fields"] = .object(fields.mapValues(Self.json)) }
        write(JSONValue.object(line).encoded() + Array("\n".utf8))
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        // A number is written as one, so that whoever reads the log can reckon with it.
        case .stringConvertible(let value): number(value) ?? .string("\(value)")
        case .array(let values): .array(values.map(json))
        case .dictionary(let values): .object(values.mapValues(json))
        }
    }

    private static func number(_ value: any Sendable) -> JSONValue? {
        switch value {
        case let value as Bool: .bool(value)
        case let value as any BinaryInteger: Int64(exactly: value).map { .integer($0) }
        case let value as any BinaryFloatingPoint: Double(value).isFinite ? .number(Double(value)) : nil
        default: nil
        }
    }
}
