import HubSim
import JSON
import Testing

@Suite struct PatternTests {
    /// The search goes on for ever, or longer than anybody waits.
    static let endless = [
        "(a+)+$", "^(a*)*b", "(a|aa)+$", "(.*){2,}x", "((a?){30})+", "(a{1,9}){1,99}$", "(?:x+)+y", "(?<n>x*)*y",
        "(?i:a+)+b", "(?=(a+)+b)", #"(a)\1+"#, #"(?<n>a)\k<n>"#, #"[\]](a+)+"#, "[[:alpha:](]+(a+)+", "[^x](a+)+b",
        "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaa", ".*.*.*.*.*.*x",
        "(?x)#[\n(a+)+b#]", #"\Q[\E(a+)+]"#, "(a+){ 2, 9 }b",
        // Though something stands between the repetitions, it may be part of them.
        "^a+[^b]a+[^b]a+[^b]a+$", "([^.]+.)+x", "([^.]+\\.?)+x", "([^.]+[.a])+x", "([a&&b]+c)+([^c]+[a-d])+x",
        "(?i)([a]+A)+",
        "([^a]+A)+x", "([^.]+|a\\.)+x", "([^\\.]+\\w)+x", "^.*.*.*.*x",
    ]
    static let brief = [
        "", "^a", ".*", "^amq\\.", "^(?!amq\\.).*", "^(one|two|three)-[0-9]+$", "^(ha|lazy)?q+$", "(ab)+", "(ab){3}",
        "[a+*]{2,}", "^.*a.*b.*$", #"\(a+\)"#, "x{y}", "[^.]+\\.[^.]+", "(?:amq\\.gen.*|amq\\.default)",
        // What is repeated ends where something else begins.
        "^[^.]+\\.[^.]+\\.[^.]+\\.[^.]+$", "^([^.]+\\.){3}[a-z]+$", "^([a-z]+-)*[0-9]+$", "[^/]*/[^/]*/[^/]*/x",
    ]

    @Test(arguments: endless) func whatNeverEndsIsRefused(pattern: String) {
        #expect(throws: PatternCost.Refusal.self) { try PatternCost.check(pattern) }
        #expect(throws: NamePattern.Malformed.self) { try NamePattern(pattern) }
    }

    @Test(arguments: brief) func whatEndsSoonIsTaken(pattern: String) throws {
        try PatternCost.check(pattern)
        #expect(try NamePattern(pattern).text == pattern)
    }

    @Test func aSearchThatNeverEndsIsAnsweredAtOnce() async throws {
        try await HubUnderTest.with { hub async throws in
            let name = String(repeating: "a", count: 60)
            #expect(try await hub.api("PUT", "queues/%2F/\(name)", [:]).status == 201)
            for pattern in ["(a%2B)%2B%24", "(a)%5C1"] {
                let answer = try await hub.api("GET", "queues?page=1&use_regex=true&name=\(pattern)")
                #expect(answer.status == 400)
                #expect(answer.json["reason"]?.string?.contains("pattern") == true)
            }
            let long = String(repeating: "a", count: 201)
            #expect(try await hub.api("GET", "queues?page=1&use_regex=true&name=\(long)").status == 400)
        }
    }

    /// What is taken, but could go on for long with many names that hardly fit.
    @Test func aSearchThatTakesTooLongIsGivenUp() async throws {
        var configuration = HubConfiguration()
        let queues = (0..<300).map { #"{"name": "\#(String(repeating: "a", count: 250))\#($0)"}"# }
        configuration.definitions = try Definitions(
            json: Array(#"{"queues": [\#(queues.joined(separator: ","))]}"#.utf8)
        )
        try await HubUnderTest.with(configuration) { hub async throws in
            let answer = try await hub.api("GET", "queues?page=1&use_regex=true&name=a.*a.*x&columns=name")
            #expect(answer.status == 400)
            #expect(answer.json["reason"]?.string?.hasSuffix("the pattern takes longer than 1.0 seconds") == true)
            let quick = try await hub.api("GET", "queues?page=1&use_regex=true&name=%5Ea.*7%24&columns=name")
            #expect(quick.json["filtered_count"] == 30)
        }
    }

    @Test(arguments: [
        String(repeating: "(", count: 51) + String(repeating: ")", count: 51), String(repeating: "(", count: 4000),
        String(repeating: "a", count: 4097), "((((a{100}){100}){100}){100})", "[a",
    ])
    func whatIsNotEvenCompiledIsRefused(pattern: String) {
        #expect(throws: NamePattern.Malformed.self) { try NamePattern(pattern) }
    }

    @Test func definitionsWithOneTellWhy() {
        let json = #"{"policies": [{"name": "p", "pattern": "(a+)+$", "definition": {}}]}"#
        let problems = #expect(throws: InvalidFields.self) { try Definitions(json: Array(json.utf8)) }?.problems ?? []
        #expect(problems.map(\.path) == ["policies[0].pattern"])
        #expect(problems.first?.message.contains("too many ways") == true)
    }
}
