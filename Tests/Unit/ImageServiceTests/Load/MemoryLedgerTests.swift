import ImageService
import MessageHub
import Testing

@Suite struct MemoryLedgerTests {
    @Test func transfersGetWhatIsThereAndNoMore() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 4)
        #expect(ledger.transferAsked(100) == true)
        #expect(ledger.transferAsked(1) == false)
        #expect(ledger.transferAsked(0) == true)
        #expect(ledger.released(100, of: .transfer) == [])
        #expect(ledger.transferAsked(101) == false)
        #expect(ledger.usedBytes == 0)
    }

    @Test func severalTransfersLeaveRoomToDecode() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 4)
        #expect(ledger.transferAsked(70) == true)
        #expect(ledger.transferAsked(6) == false)
        #expect(ledger.transferAsked(5) == true)
        #expect(ledger.decodeAsked(25, waiter: 1) == .granted)
        #expect(ledger.decodeAsked(1, waiter: 2) == .queued)
    }

    @Test func decodesGoInTheirOrder() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 4)
        #expect(ledger.decodeAsked(60, waiter: 1) == .granted)
        #expect(ledger.decodeAsked(90, waiter: 2) == .queued)
        // It would fit, and waits all the same: the large one before it came first.
        #expect(ledger.decodeAsked(10, waiter: 3) == .queued)
        #expect(ledger.released(60, of: .decode) == [2, 3])
        #expect(ledger.decodeBytes == 100)
    }

    @Test func aDecodeThatWillNotWaitOvertakesNobody() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 4)
        #expect(ledger.decodeAskedAtOnce(60) == true)
        #expect(ledger.decodeAskedAtOnce(41) == false)
        #expect(ledger.decodeAsked(90, waiter: 1) == .queued)
        #expect(ledger.decodeAskedAtOnce(10) == false)
        #expect(ledger.released(60, of: .decode) == [1])
        #expect(ledger.decodeAskedAtOnce(10) == true)
    }

    @Test func aTransferThatEndsLetsADecodeIn() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 4)
        #expect(ledger.transferAsked(60) == true)
        #expect(ledger.decodeAsked(50, waiter: 1) == .queued)
        #expect(ledger.released(60, of: .transfer) == [1])
    }

    @Test func whoGivesUpLetsOthersMoveUp() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 4)
        #expect(ledger.decodeAsked(50, waiter: 1) == .granted)
        #expect(ledger.decodeAsked(80, waiter: 2) == .queued)
        #expect(ledger.decodeAsked(50, waiter: 3) == .queued)
        #expect(ledger.gaveUp(2) == [3])
        #expect(ledger.gaveUp(2) == nil)
        #expect(ledger.gaveUp(3) == nil)
        #expect(ledger.usedBytes == 100)
    }

    @Test func refusesWhatCanNeverBe() {
        var ledger = MemoryLedger(bytesMax: 100, waitersMax: 1)
        #expect(ledger.decodeAsked(101, waiter: 1) == .refused)
        #expect(ledger.decodeAsked(100, waiter: 2) == .granted)
        #expect(ledger.decodeAsked(1, waiter: 3) == .queued)
        #expect(ledger.decodeAsked(1, waiter: 4) == .refused)
    }

    /// Random askings and givings back never hold more than there is, and leave nothing behind.
    @Test(arguments: 0..<20)
    func neverHoldsTooMuch(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ledger = MemoryLedger(bytesMax: 1000, waitersMax: 5)
        var held: [(bytes: Int, kind: MemoryLedger.Kind)] = []
        var waiting: [UInt64: Int] = [:]
        func granted(_ ids: [UInt64]) {
            for id in ids { held.append((waiting.removeValue(forKey: id) ?? -1, .decode)) }
        }
        for step in 0..<2000 {
            let bytes = Int.random(in: 0...600, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: if ledger.transferAsked(bytes) { held.append((bytes, .transfer)) }
            case 1:
                switch ledger.decodeAsked(bytes, waiter: UInt64(step)) {
                case .granted: held.append((bytes, .decode))
                case .queued: waiting[UInt64(step)] = bytes
                case .refused: break
                }
            case 2:
                if let id = waiting.keys.min(), let moved = ledger.gaveUp(id) {
                    waiting[id] = nil
                    granted(moved)
                }
            default:
                if let index = held.indices.randomElement(using: &random) {
                    let one = held.remove(at: index)
                    granted(ledger.released(one.bytes, of: one.kind))
                }
            }
            #expect(ledger.usedBytes == held.map(\.bytes).reduce(0, +))
            #expect(ledger.usedBytes <= 1000)
            // Whoever waits, waits for a reason.
            #expect(waiting.isEmpty || !held.isEmpty)
        }
    }
}
