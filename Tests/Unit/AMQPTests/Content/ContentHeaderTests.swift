import AMQP
import Testing

/// The fixed part of a content header, and what surrounds it.
@Suite struct ContentHeaderTests {
    @Test func decodes() throws {
        try bytes("003C 0000 FFFFFFFFFFFFFFFF 1000 02").withUnsafeBytes { payload in
            let header = try ContentHeader(decoding: payload)
            #expect(header == ContentHeader(bodySize: .max, properties: BasicProperties(deliveryMode: 2)))
            let view = try ContentHeaderView(payload)
            #expect(view.classID == 60)
            #expect(view.bodySize == .max)
            #expect(Array(view.propertyOctets) == bytes("1000 02"))
            #expect(try view.properties() == header.properties)
        }
    }

    @Test func anotherClassIsForTheReceiverToRefuse() throws {
        let octets = frame(2, bytes("0032 0000 0000000000000001 0000"))
        let header = ContentHeader(classID: 50, bodySize: 1)
        #expect(Decoding(octets).frames == [.header(channel: 1, header)])
        #expect(try encoded(.header(channel: 1, header)) == octets)
        #expect(header.description == "class 50 body-size=1")
    }

    @Test func aWeightIsUnexpected() throws {
        let payload = bytes("003C 0001 0000000000000001 0000")
        let decoding = Decoding(frame(2, payload))
        #expect(decoding.error == ProtocolError(.unexpectedFrame, "content weight 1; it must be 0"))
        let weight = try payload.withUnsafeBytes { try ContentHeaderView($0).weight }
        #expect(weight == 1)
    }

    @Test(arguments: 12..<14)
    func aHeaderWithoutItsFlagsIsASyntaxError(_ size: Int) {
        #expect(Decoding(frame(2, [UInt8](repeating: 0, count: size))).error?.code == .syntaxError)
    }

    @Test(arguments: 0..<12)
    func aHeaderTooShortIsAFrameError(_ size: Int) {
        #expect(Decoding(frame(2, [UInt8](repeating: 0, count: size))).error?.code == .frameError)
    }

    /// Properties that came from one peer go to another as they were, even those that we would encode otherwise.
    @Test func propertyOctetsAreHandedOnUntouched() throws {
        // A value of type L, which our own encoder writes as l.
        let octets = frame(2, bytes("003C 0000 0000000000000000 2000 0000000B 016B 4C 0000000000000001"))
        var writer = FrameWriter(frameMax: 4096)
        try octets.withUnsafeBytes { octets in
            var decoder = FrameDecoder()
            var input = octets
            let view = try #require(try decoder.next(&input)).contentHeader()
            try writer.header(channel: 1, bodySize: view.bodySize, propertyOctets: view.propertyOctets)
            try writer.header(channel: 1, bodySize: view.bodySize, propertyOctets: Array(view.propertyOctets))
        }
        #expect(writer.bytes == octets + octets)
    }
}
