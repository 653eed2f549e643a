import AMQP
import Testing

/// The table as a value.
@Suite struct FieldTableTests {
    @Test func keepsTheOrderOfKeys() {
        let table: FieldTable = ["z": true, "a": .int8(2), "m": "3"]
        #expect(table.entries.map(\.key) == ["z", "a", "m"])
        #expect(table.count == 3)
        #expect(!table.isEmpty)
        #expect(FieldTable().isEmpty)
    }

    @Test func looksUpByKey() {
        let table: FieldTable = ["a": "one", "b": .int32(2)]
        #expect(table["a"] == .string("one"))
        #expect(table["b"]?.integer == 2)
        #expect(table["A"] == nil)
    }

    @Test func ofARepeatedKeyTheFirstCounts() {
        let table = FieldTable(entries: [.init(key: "a", value: .int8(1)), .init(key: "a", value: .int8(2))])
        #expect(table["a"] == .int8(1))
        #expect(table.count == 2)
    }

    @Test func settingReplacesAppendsAndRemoves() {
        var table: FieldTable = ["a": .int32(1), "b": .int32(2)]
        table["a"] = "new"
        table["c"] = .void
        #expect(table.entries.map(\.key) == ["a", "b", "c"])
        #expect(table["a"] == "new")
        table["b"] = nil
        table["none"] = nil
        #expect(table.entries.map(\.key) == ["a", "c"])
        var repeated = FieldTable([("a", true), ("b", true), ("a", false)])
        repeated["a"] = nil
        #expect(repeated == ["b": true])
    }

    @Test func orderDoesNotMatterForEquality() {
        let one: FieldTable = ["a": .int32(1), "b": .table(["x": true, "y": false])]
        let other: FieldTable = ["b": .table(["y": false, "x": true]), "a": .int32(1)]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(Set([one, other]).count == 1)
    }

    @Test(
        arguments: [
            ["a": .int32(2)], ["a": .int64(1)], ["b": .int32(1)], ["a": .int32(1), "b": .void], [:], ["a": "1"],
            FieldTable(entries: [.init(key: "a", value: .int32(1)), .init(key: "a", value: .int32(1))]),
        ] as [FieldTable]
    )
    func whatDiffersIsNotEqual(_ other: FieldTable) {
        #expect(other != ["a": .int32(1)])
    }

    @Test func repeatedKeysAreComparedInTheirOrder() {
        let one = FieldTable([("a", true), ("b", true), ("a", false)])
        #expect(one == FieldTable([("b", true), ("a", true), ("a", false)]))
        #expect(one != FieldTable([("b", true), ("a", false), ("a", true)]))
    }

    @Test(
        arguments: [
            (.int8(-1), -1), (.uint8(255), 255), (.int16(-2), -2), (.uint16(65535), 65535), (.int32(-3), -3),
            (.uint32(4_294_967_295), 4_294_967_295), (.int64(.min), .min), (.bool(true), nil), (.string("1"), nil),
            (.timestamp(1), nil), (.double(1), nil), (.void, nil),
        ] as [(FieldValue, Int64?)]
    )
    func integersOfAnyWidth(_ value: FieldValue, _ integer: Int64?) {
        #expect(value.integer == integer)
    }

    @Test func accessorsGiveTheirOwnTypeOnly() {
        #expect(FieldValue.string("a").string == "a")
        #expect(FieldValue.octets([0xFF]).string == nil)
        #expect(FieldValue.bool(true).bool == true)
        #expect(FieldValue.int8(1).bool == nil)
        #expect(FieldValue.table(["a": true]).table == ["a": true])
        #expect(FieldValue.array([true]).table == nil)
        #expect(FieldValue.array([true, "b"]).array == [.bool(true), .string("b")])
        #expect(FieldValue.void.array == nil)
    }

    /// The response of AMQPLAIN for guest, guest.
    @Test func entriesWithoutTheirLength() throws {
        let octets = bytes("05 4C4F47494E 53 00000005 6775657374 08 50415353574F5244 53 00000005 6775657374")
        let table = try FieldTable(decodingEntries: octets)
        #expect(table == ["LOGIN": "guest", "PASSWORD": "guest"])
        #expect(try table.encodedEntries() == octets)
        #expect(try FieldTable(decodingEntries: []) == [:])
        for size in 1..<octets.count where size != 16 {
            #expect(throws: ProtocolError.self) { try FieldTable(decodingEntries: Array(octets[..<size])) }
        }
    }

    /// A binding is found again by its arguments, whatever they are.
    @Test(arguments: [
        FieldValue.double(.nan), .float(.nan), .array([.double(.nan)]), .table(["n": .float(.signalingNaN)]),
    ])
    func whatIsNotANumberEqualsItself(_ value: FieldValue) {
        let table: FieldTable = ["x": value]
        // Memory of its own, for arrays that share theirs are equal without a look.
        let same = FieldTable([("x", value)])
        #expect(table == same)
        var tables: [FieldTable: Int] = [table: 1]
        #expect(tables.removeValue(forKey: same) == 1)
    }

    @Test func floatsAreEqualWhereTheirBitsAre() {
        #expect(FieldValue.double(0) != .double(-0.0))
        #expect(FieldValue.float(1) != .double(1))
        #expect(FieldValue.double(1.5) == .double(1.5))
        #expect(FieldValue.double(.nan) != .double(.signalingNaN))
    }
}
