import AMQP
import Testing

/// Every type of value, as octets.
@Suite struct FieldValueWireTests {
    /// A value, its octets with the type's letter first, and how it is traced.
    struct Case: CustomTestStringConvertible, Sendable {
        var value: FieldValue
        var octets: [UInt8]
        var shown: String
        var testDescription: String { shown }

        init(_ value: FieldValue, _ letter: Character, _ digits: String, _ shown: String) {
            self.value = value
            octets = [letter.asciiValue!] + bytes(digits)
            self.shown = shown
        }
    }

    static let cases = [
        Case(.bool(true), "t", "01", "true"),
        Case(.bool(false), "t", "00", "false"),
        Case(.int8(-128), "b", "80", "-128"),
        Case(.uint8(200), "B", "C8", "200"),
        Case(.int16(-2), "s", "FFFE", "-2"),
        Case(.uint16(65534), "u", "FFFE", "65534"),
        Case(.int32(-60_000), "I", "FFFF15A0", "-60000"),
        Case(.uint32(0xFFFF_15A0), "i", "FFFF15A0", "4294907296"),
        Case(.int64(.min), "l", "8000000000000000", "-9223372036854775808"),
        Case(.float(1.5), "f", "3FC00000", "1.5"),
        Case(.double(-0.1), "d", "BFB999999999999A", "-0.1"),
        Case(.decimal(DecimalValue(scale: 2, value: 314)), "D", "02 0000013A", "314e-2"),
        Case(.string("grüß"), "S", "00000006 6772C3BCC39F", "\"grüß\""),
        Case(.string(""), "S", "00000000", "\"\""),
        Case(.octets([0xC3, 0x28]), "S", "00000002 C328", "<2 octets>"),
        Case(.array([]), "A", "00000000", "[]"),
        Case(
            .array([.int8(1), "a", .array([.void])]),
            "A",
            "0000000E 6201 530000000161 410000000156",
            "[1, \"a\", [void]]"
        ),
        Case(.timestamp(.max), "T", "FFFFFFFFFFFFFFFF", "@18446744073709551615"),
        Case(.table([:]), "F", "00000000", "{}"),
        Case(.table(["k": .table(["l": true])]), "F", "0000000B 016B 46 00000004 016C7401", "{k: {l: true}}"),
        Case(.void, "V", "", "void"),
        Case(.bytes([0, 255]), "x", "00000002 00FF", "<2 octets>"),
    ]

    @Test(arguments: cases)
    func decodesAndEncodes(_ sample: Case) throws {
        let octets = table([1] + Array("k".utf8) + sample.octets)
        let properties = try BasicProperties(decoding: headers(octets))
        #expect(properties == BasicProperties(headers: ["k": sample.value]))
        #expect(try properties.encoded() == headers(octets))
        let header = ContentHeader(bodySize: 0, properties: properties)
        #expect(header.description == "basic body-size=0 headers={k: \(sample.shown)}")
    }

    @Test func everyTypeInOneTableInItsOrder() throws {
        var octets: [UInt8] = []
        for (index, sample) in Self.cases.enumerated() {
            let key = "key \(index)"
            octets += [UInt8(key.utf8.count)] + key.utf8 + sample.octets
        }
        let properties = try BasicProperties(decoding: headers(table(octets)))
        #expect(properties.headers?.entries.map(\.value) == Self.cases.map(\.value))
        #expect(properties.headers?.entries.map(\.key) == Self.cases.indices.map { "key \($0)" })
        #expect(try properties.encoded() == headers(table(octets)))
    }

    @Test(arguments: cases.filter { $0.octets.count > 1 })
    func aValueCutShortIsASyntaxError(_ sample: Case) {
        for size in 1..<sample.octets.count {
            // Once with lengths that are true to what is there, so that only the value's own size is wrong.
            #expect(syntaxError(headers(table([1, 0x6B] + sample.octets[..<size]))) != nil, "\(size) octets")
        }
    }

    @Test func capitalLIsASigned64BitIntegerToo() throws {
        let octets = headers(table(bytes("016B 4C FFFFFFFFFFFFFFFE")))
        let properties = try BasicProperties(decoding: octets)
        #expect(properties.headers == ["k": .int64(-2)])
        #expect(try properties.encoded() == headers(table(bytes("016B 6C FFFFFFFFFFFFFFFE"))))
    }

    @Test func anyOctetButZeroIsTrue() throws {
        #expect(try BasicProperties(decoding: headers(table(bytes("016B 74 02")))).headers == ["k": true])
    }

    @Test func theBitsOfANaNSurvive() throws {
        let octets = headers(table(bytes("016B 64 7FF8000000000001 016C 66 7FC00001")))
        #expect(try BasicProperties(decoding: octets).encoded() == octets)
    }

    @Test(arguments: Array(UInt8.min...UInt8.max).filter { !"tbBsuIilLfdDSATFVx".utf8.contains($0) })
    func anUnknownTypeIsASyntaxError(_ type: UInt8) {
        let error = syntaxError(headers(table([1, 0x6B, type] + [UInt8](repeating: 0, count: 8))))
        #expect(error?.reason == "headers has a value of unknown type \(type)")
    }

    @Test func aKeyMustBeUTF8() {
        #expect(syntaxError(headers(table(bytes("01FF 56"))), as: .frameError) != nil)
    }

    @Test func aRepeatedKeyIsKept() throws {
        let octets = headers(table(bytes("016B 7401 016B 7400")))
        let properties = try BasicProperties(decoding: octets)
        #expect(properties.headers?.entries.map(\.value) == [true, false])
        #expect(try properties.encoded() == octets)
    }

    /// Octets of properties that have only headers: flag and table.
    private func headers(_ table: [UInt8]) -> [UInt8] { bytes("2000") + table }

    private func table(_ entries: [UInt8]) -> [UInt8] { bigEndian(UInt32(entries.count)) + entries }
}

/// The error of decoding these properties, which must be a syntax error, or of the code that is named.
func syntaxError(
    _ octets: [UInt8],
    limits: Limits = .standard,
    as code: ReplyCode = .syntaxError
) -> ProtocolError? {
    do throws(ProtocolError) {
        _ = try BasicProperties(decoding: octets, limits: limits)
        return nil
    } catch {
        #expect(error.code == code)
        return error
    }
}
