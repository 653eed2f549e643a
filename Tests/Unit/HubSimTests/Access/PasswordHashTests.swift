import Testing

@testable import HubSim

@Suite("Password hashes")
struct PasswordHashTests {
    /// The first is of RabbitMQ 3.10.8's own making; the others by `hashlib`, as RabbitMQ's modules do it.
    @Test(arguments: [
        ("o03w1zOPe1VQtoBjNWpNvZtip4aAw1oJTBYXcaEY4eGz5VjP", PasswordHash.Algorithm.sha256, "limpw"),
        (
            "AQIDBPhTH2L5HGYB1LWOrn+YpvuQmVOXKGqgsuiJRIZTILRoEvblSJo/WAsym3IZTfuaIaK5KR2o5KwFfTv6KsxfMIE=",
            PasswordHash.Algorithm.sha512, "secret"
        ),
        ("AQIDBDgk9ci8Lfh6CKE9Y0AUfmU=", PasswordHash.Algorithm.md5, "secret"),
    ])
    func aPasswordIsKnownByItsHash(_ text: String, _ algorithm: PasswordHash.Algorithm, _ password: String) throws {
        let hash = try #require(PasswordHash(text, algorithm: algorithm))
        #expect(hash.isMade(from: password))
        #expect(!hash.isMade(from: password + "x"))
        let user = HubUser(name: "u", password: "", passwordHash: hash)
        #expect(user.isLetIn(by: password))
        #expect(!user.isLetIn(by: ""))
    }

    @Test(arguments: ["", "AQID", "AQIDBA==", "!!!!", "o03w1zOPe1VQtoBjNWpNvZtip4aAw1oJTBYXcaEY4eGz5VjPAAAA"])
    func whatIsNoHashIsRefused(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ])
    func base64(_ text: String, _ encoded: String) {
        // RFC 4648 §10.
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "=", "Z=g=", "Zg==Zg==", "Zm9v\n"])
    func whatIsNoBase64IsRefused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
