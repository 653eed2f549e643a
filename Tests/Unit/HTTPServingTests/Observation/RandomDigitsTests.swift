import HTTPServing
import Testing

@Suite("Random ids") struct RandomDigitsTests {
    @Test func everyNumberHasSixteenDigits() {
        #expect(RandomDigits.hex(0) == "0000000000000000")
        #expect(RandomDigits.hex(0x0123_4567_89AB_CDEF, .max) == "0123456789abcdefffffffffffffffff")
    }

    @Test func uuidsAreOfVersion4AndNeverTheSame() throws {
        let form = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        var seen: Set<String> = []
        // More than come from the system at a time.
        for _ in 0..<2000 {
            let id = RandomDigits.uuid()
            #expect(id.wholeMatch(of: form) != nil, "\(id)")
            #expect(seen.insert(id).inserted)
        }
    }
}
