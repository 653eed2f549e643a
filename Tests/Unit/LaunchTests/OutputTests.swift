import JSON
import Logging
import Synchronization
import Testing

@testable import Launch

@Suite("What a program says")
struct OutputTests {
    @Test func helpNamesEveryFlagVariableAndDefault() {
        let program = Program(
            "HubSimServer",
            summary: "a hub",
            commands: [
                Command(settings: [Setting<Int>.port("PORT", default: 5672, help: "where AMQP listens").description]) {
                    _,
                    _ in
                }
            ]
        )
        let text = HelpPage(program: program, command: nil).text
        #expect(text.hasPrefix("HubSimServer \(Version.current): a hub\n\nUsage: HubSimServer [--flag value …]\n"))
        #expect(text.contains("  --port PORT\n      PORT: where AMQP listens (default 5672)\n"))
        #expect(text.contains("  --log-format text|json\n      LOG_FORMAT: "))
        #expect(text.contains("  --ready-file PATH\n"))
    }

    @Test func aJSONLogLineIsOneObject() throws {
        let lines = Mutex<[[UInt8]]>([])
        let logger = Logger(label: "test") { label in
            JSONLogHandler(label: label, logLevel: .info) { line in lines.withLock { $0.append(line) } }
        }
        logger.debug("not this one")
        logger.warning("two\nlines", metadata: ["operation_id": "\"1\"", "list": ["a"]])
        logger.info(
            "numbers",
            metadata: ["ms": .stringConvertible(12), "share": .stringConvertible(0.5), "text": "12"]
        )
        let written = lines.withLock { $0 }
        #expect(written.count == 2)
        #expect(written[0].last == 10)
        #expect(!written[0].dropLast().contains(10))
        let json = try JSONValue(parsing: Array(written[0].dropLast()))
        #expect(json["level"] == "warning")
        #expect(json["message"] == "two\nlines")
        #expect(json["fields"] == ["operation_id": "\"1\"", "list": ["a"]])
        let numbers = try JSONValue(parsing: Array(written[1].dropLast()))
        #expect(numbers["fields"] == ["ms": 12, "share": 0.5, "text": "12"])
        #expect(json["time"]?.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }
}
