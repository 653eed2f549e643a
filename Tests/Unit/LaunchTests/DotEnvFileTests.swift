import Testing

@testable import Launch

@Suite("The .env file")
struct DotEnvFileTests {
    @Test(arguments: [
        ("A=b", "b"), ("A = b ", "b"), ("export A=b", "b"), ("A=", ""), ("A=b # c", "b"), ("A=b#c", "b#c"),
        ("A=#c", ""),
        ("A=\"b # c\"", "b # c"), ("A=\"b\\\"c\\\\d\\ne\"", "b\"c\\d\ne"), ("A='b\\n'", "b\\n"), ("A='b' # c", "b"),
        ("A=b\r\n", "b"), ("A=1\nA=2", "2"), ("A=amqp://u:p@h/x?y=z", "amqp://u:p@h/x?y=z"),
    ])
    func values(text: String, value: String) throws {
        #expect(try DotEnvFile(parsing: text).entries["A"]?.text == value)
    }

    @Test(arguments: [
        ("A", "line 1 of .env has no '='"), ("\n=b", "line 2 of .env does not start with a name"),
        ("A B=c", "line 1 of .env does not start with a name"), ("A=\"b", "line 1 of .env has no closing quote"),
        ("A='b'c", "line 1 of .env goes on after the closing quote"),
    ])
    func mistakes(text: String, message: String) {
        #expect(throws: UsageError(message)) { try DotEnvFile(parsing: text) }
    }
}
