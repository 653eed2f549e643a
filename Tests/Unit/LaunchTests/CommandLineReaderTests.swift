import Testing

@testable import Launch

@Suite("The command line")
struct CommandLineReaderTests {
    static let port = Setting<Int>.port("PORT", help: "p").description
    static let trace = Setting<Bool>.flag("TRACE", help: "t").description
    static let user = Setting<String>("HUB_USER", flag: "--user", takes: "NAME", help: "u") { $0 }.description
    static let tags = Setting<String>.text("TAGS", help: "several").description.asRepeatable
    static let one = CommandLineReader(commands: [(nil, [port, trace, user, tags])])
    static let two = CommandLineReader(commands: [("run", [port]), ("dev", [port, trace])])

    @Test(arguments: [
        ([], CommandLineReader.Request.run(command: nil, flags: [:])),
        (["--port", "1"], .run(command: nil, flags: ["PORT": "1"])),
        (["--port=1", "--trace"], .run(command: nil, flags: ["PORT": "1", "TRACE": "true"])),
        (["--trace=false"], .run(command: nil, flags: ["TRACE": "false"])),
        (["--port", "-1"], .run(command: nil, flags: ["PORT": "-1"])),
        (["--user", "me"], .run(command: nil, flags: ["HUB_USER": "me"])),
        (["--port="], .run(command: nil, flags: ["PORT": ""])),
        (["--tags", "a,b", "--tags=c"], .run(command: nil, flags: ["TAGS": "a,b,c"])),
        (["--help"], .help(command: nil)), (["--port", "1", "--version"], .version),
    ])
    func aProgramThatDoesOneThing(words: [String], request: CommandLineReader.Request) throws {
        #expect(try Self.one.read(words) == request)
    }

    @Test(arguments: [
        (["run"], CommandLineReader.Request.run(command: "run", flags: [:])),
        (["dev", "--trace"], .run(command: "dev", flags: ["TRACE": "true"])),
        (["dev", "--help"], .help(command: "dev")),
        (["--help"], .help(command: nil)), (["--version"], .version),
    ])
    func aProgramWithCommands(words: [String], request: CommandLineReader.Request) throws {
        #expect(try Self.two.read(words) == request)
    }

    @Test(arguments: [
        (["--prot", "1"], "unknown flag '--prot'"), (["--hub-user", "me"], "unknown flag '--hub-user'"),
        (["x"], "unexpected argument 'x'"),
        (["--port"], "--port needs a value (PORT)"), (["--port", "--trace"], "--port needs a value (PORT)"),
        (["--port=1", "--port=2"], "--port is given twice"), (["-p", "1"], "unknown flag '-p'"),
    ])
    func mistakes(words: [String], message: String) {
        #expect(throws: UsageError(message)) { try Self.one.read(words) }
    }

    @Test(arguments: [
        ([], "a command is missing: run or dev"), (["fly"], "unknown command 'fly'"),
        (["run", "--trace"], "unknown flag '--trace'"), (["--port", "1"], "a command is missing: run or dev"),
    ])
    func mistakesWithCommands(words: [String], message: String) {
        #expect(throws: UsageError(message)) { try Self.two.read(words) }
    }
}
