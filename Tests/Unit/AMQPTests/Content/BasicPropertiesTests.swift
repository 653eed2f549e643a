import AMQP
import Testing

/// Properties and content headers, as octets and as values.
@Suite struct BasicPropertiesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var properties: BasicProperties
        var digits: String
        var testDescription: String { name }
    }

    /// One property each, in the order of the specification, with its flag.
    static let single = [
        Case(name: "content-type", properties: BasicProperties(contentType: "a"), digits: "8000 0161"),
        Case(name: "content-encoding", properties: BasicProperties(contentEncoding: "a"), digits: "4000 0161"),
        Case(name: "headers", properties: BasicProperties(headers: ["a": .void]), digits: "2000 00000003 016156"),
        Case(name: "delivery-mode", properties: BasicProperties(deliveryMode: 2), digits: "1000 02"),
        Case(name: "priority", properties: BasicProperties(priority: 9), digits: "0800 09"),
        Case(name: "correlation-id", properties: BasicProperties(correlationID: "a"), digits: "0400 0161"),
        Case(name: "reply-to", properties: BasicProperties(replyTo: "a"), digits: "0200 0161"),
        Case(name: "expiration", properties: BasicProperties(expiration: "1"), digits: "0100 0131"),
        Case(name: "message-id", properties: BasicProperties(messageID: "a"), digits: "0080 0161"),
        Case(name: "timestamp", properties: BasicProperties(timestamp: 1), digits: "0040 0000000000000001"),
        Case(name: "type", properties: BasicProperties(type: "a"), digits: "0020 0161"),
        Case(name: "user-id", properties: BasicProperties(userID: "a"), digits: "0010 0161"),
        Case(name: "app-id", properties: BasicProperties(appID: "a"), digits: "0008 0161"),
        Case(name: "cluster-id", properties: BasicProperties(clusterID: "a"), digits: "0004 0161"),
    ]

    @Test func theOrderIsTheSpecifications() {
        // 0-9-1 renamed the last one; see BasicProperties.clusterID.
        let names = SpecificationFixture.standard.properties.map { $0.name == "reserved" ? "cluster-id" : $0.name }
        #expect(Self.single.map(\.name) == names)
    }

    @Test(arguments: single)
    func onePropertyAlone(_ sample: Case) throws {
        let octets = bytes(sample.digits)
        #expect(try BasicProperties(decoding: octets) == sample.properties)
        #expect(try sample.properties.encoded() == octets)
        let line = ContentHeader(bodySize: 5, properties: sample.properties).description
        #expect(line.hasPrefix("basic body-size=5 \(sample.name)="))
    }

    /// Every combination of the 14, as octets put together from the single ones.
    @Test func everyCombination() throws {
        for mask in 0..<1 << 14 {
            let chosen = Self.single.indices.filter { mask & (1 << $0) != 0 }.map { bytes(Self.single[$0].digits) }
            let flags = chosen.reduce(into: UInt16(0)) { $0 |= UInt16($1[0]) << 8 | UInt16($1[1]) }
            let octets = bigEndian(flags) + chosen.flatMap { $0[2...] }
            guard try BasicProperties(decoding: octets).encoded() == octets else {
                Issue.record("flags \(flags)")
                return
            }
        }
    }

    @Test func noneAtAll() throws {
        #expect(try BasicProperties(decoding: [0, 0]) == BasicProperties())
        #expect(try BasicProperties().encoded() == [0, 0])
        #expect(ContentHeader(bodySize: 0).description == "basic body-size=0")
    }

    @Test(arguments: ["1001 02", "1002 02", "1003 02"])
    func theLastTwoFlagsMeanNothing(_ digits: String) throws {
        #expect(try BasicProperties(decoding: bytes(digits)) == BasicProperties(deliveryMode: 2))
    }

    @Test func aStringMustBeUTF8() {
        let error = syntaxError(bytes("8000 01FF"), as: .frameError)
        #expect(error?.reason == "Malformed UTF-8 in shortstr")
        #expect(error?.detail == "content-type is not UTF-8")
    }

    @Test(
        arguments: [
            "", "10",  // no flags, half of them
            "0001 0000", "0001 8000 0161",  // continued flags are octets left over
            "1000",  // a property announced, nothing there
            "0000 00", "1000 02 00",  // octets left over
            "0040 00000000000000",  // half a timestamp
        ]
    )
    func malformedPropertiesAreASyntaxError(_ digits: String) {
        #expect(syntaxError(bytes(digits)) != nil)
    }

    @Test func persistentIsDeliveryModeTwo() {
        #expect(BasicProperties(deliveryMode: 2).isPersistent)
        #expect(!BasicProperties(deliveryMode: 1).isPersistent)
        #expect(!BasicProperties().isPersistent)
    }

    @Test func aStringTooLongCannotBeEncoded() {
        let properties = BasicProperties(contentType: "a", correlationID: String(repeating: "x", count: 256))
        #expect(
            throws: ProtocolError(.internalError, "correlation-id has 256 octets, a short string at most 255")
        ) { try properties.encoded() }
    }

    @Test func aStringOf255OctetsCan() throws {
        let properties = BasicProperties(correlationID: String(repeating: "é", count: 127) + "x")
        #expect(try BasicProperties(decoding: properties.encoded()) == properties)
    }
}
