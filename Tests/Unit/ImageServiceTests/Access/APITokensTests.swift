import ImageService
import Testing

@Suite struct APITokensTests {
    @Test(arguments: [
        "reader:aaa:read,writer:bbb:write", " reader:aaa:read , writer:bbb:write ",
        "# who may what\nreader:aaa:read\n\nwriter:bbb:write\n",
        "reader:aaa:read\r\nwriter:bbb:write",
    ])
    func knowsWhoIsWho(text: String) throws {
        let tokens = try APITokens(parsing: text)
        #expect(tokens.caller(token: "aaa") == Caller(name: "reader", right: .read))
        #expect(tokens.caller(token: "bbb") == Caller(name: "writer", right: .write))
        #expect(tokens.caller(token: "reader") == nil)
        #expect(tokens.caller(token: "") == nil)
    }

    @Test(arguments: [
        ("", "holds no token"), ("secret", "entry 1 must be"), ("a:secret", "entry 1 must be"),
        ("a:b:c:read", "entry 1 must be"), ("a:secret:admin", "entry 1 must end in read or write"),
        ("a:secret:Read", "entry 1 must end in read or write"), (":secret:read", "entry 1 has an empty"),
        ("a::read", "entry 1 has an empty"), ("a:x:read,", "entry 2 must be"),
        ("a:secret:read,a:secret2:read", "entry 2 has a name"), ("a:secret:read,b:secret:write", "entry 2 has a token"),
        ("a:se cret:read", "entry 1 has a token with"), ("a:sécret:read", "entry 1 has a token with"),
    ])
    func refuses(text: String, message: String) throws {
        let error = try #require(throws: APITokens.Malformed.self) { try APITokens(parsing: text) }
        #expect(error.message.hasPrefix(message))
        #expect(!error.message.contains("secret"))
    }

    @Test func writeIncludesRead() {
        #expect(AccessRight.write > AccessRight.read)
    }
}
