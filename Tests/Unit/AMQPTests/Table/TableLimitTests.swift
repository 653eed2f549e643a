import AMQP
import Testing

/// Tables that lie about their lengths, or would fill memory or the stack.
@Suite struct TableLimitTests {
    /// Tables (or arrays) in tables, `depth` in all.
    private func nested(_ depth: Int, arrays: Bool) -> [UInt8] {
        var octets = bigEndian(UInt32(0))
        for _ in 1..<depth {
            let entry = (arrays ? [UInt8(ascii: "A")] : [1, 0x6B, UInt8(ascii: "F")]) + octets
            octets = bigEndian(UInt32(entry.count)) + entry
        }
        guard arrays else { return bytes("2000") + octets }
        let entry = [1, 0x6B, UInt8(ascii: "A")] + octets
        return bytes("2000") + bigEndian(UInt32(entry.count)) + entry
    }

    @Test func sixteenDeepIsAllowedAndSeventeenNot() throws {
        #expect(try BasicProperties(decoding: nested(16, arrays: false)).headers?.count == 1)
        #expect(
            syntaxError(nested(17, arrays: false), as: .resourceError)?.reason == "headers is nested deeper than 16"
        )
        // The arrays lie in a table, which counts.
        #expect(try BasicProperties(decoding: nested(15, arrays: true)).headers?.count == 1)
        #expect(syntaxError(nested(16, arrays: true), as: .resourceError)?.reason == "headers is nested deeper than 16")
    }

    @Test(arguments: [false, true])
    func aDepthBombThrows(arrays: Bool) {
        #expect(syntaxError(nested(5000, arrays: arrays), as: .resourceError) != nil)
    }

    @Test func theDepthIsALimit() throws {
        let limits = Limits(tableDepthMax: 1)
        #expect(try BasicProperties(decoding: nested(1, arrays: false), limits: limits).headers == [:])
        #expect(syntaxError(nested(2, arrays: false), limits: limits, as: .resourceError) != nil)
    }

    @Test func entriesAreCountedThroughoutATable() throws {
        // Three in all: the outer entry, and two elements of its array.
        let octets = bytes("2000 00000009 016B 41 00000002 56 56")
        #expect(try BasicProperties(decoding: octets, limits: Limits(tableEntriesMax: 3)).headers?.count == 1)
        let error = syntaxError(octets, limits: Limits(tableEntriesMax: 2), as: .resourceError)
        #expect(error?.reason == "headers has more than 2 entries")
    }

    @Test func anEntryBombThrows() {
        let array = [UInt8](repeating: UInt8(ascii: "V"), count: 100_000)
        let entry = [1, 0x6B, UInt8(ascii: "A")] + bigEndian(UInt32(array.count)) + array
        #expect(syntaxError(bytes("2000") + bigEndian(UInt32(entry.count)) + entry, as: .resourceError) != nil)
    }

    /// Lengths that say more, or less, than is there.
    @Test(
        arguments: [
            "2000",  // headers announced, nothing there
            "2000 000000",  // half a length
            "2000 00000001",  // a table longer than what is left
            "2000 FFFFFFFF 016B 56",
            "2000 7FFFFFFF 016B 56",
            "2000 00000002 016B 56",  // ends within the entry
            "2000 00000004 016B 56 FF",  // the next key is longer than the table
            "2000 00000003 056B 56",  // a key longer than the table
            "2000 00000007 016B 53 00000001",  // a string longer than the table
            "2000 00000007 016B 53 00000001 61",  // which may not lend from what follows the table
            "2000 00000007 016B 53 FFFFFFFF",
            "2000 00000007 016B 78 80000000",
            "2000 00000007 016B 41 00000001",  // an array longer than the table
            "2000 00000007 016B 46 00000001",
            "2000 00000009 016B 46 00000001 016C",  // an inner table that ends within its entry
            "2000 00000008 016B 41 00000001 49",  // an array that ends within its element
            "8000 05 616263",  // a short string longer than what is left
        ]
    )
    func aLengthThatLiesIsASyntaxError(_ digits: String) {
        #expect(syntaxError(bytes(digits)) != nil)
    }
}
