import SimulatedStorage
import Testing

@Suite struct IDSourceTests {
    @Test(arguments: [
        (0 as UInt64, 0 as UInt64, "00000000-0000-4000-8000-000000000000"),
        (.max, .max, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        (0x0123_4567_89AB_CDEF, 0x0123_4567_89AB_CDEF, "01234567-89ab-4def-8123-456789abcdef"),
    ])
    func writesBitsAsAUUID(high: UInt64, low: UInt64, text: String) {
        #expect(IDSource.uuid(high, low) == text)
    }

    @Test func randomOnesDiffer() {
        #expect(Set((0..<1000).map { _ in IDSource.random.next() }).count == 1000)
    }
}
